"""What keeps a packet from being signed: F-05 and its part of L-02, on both sides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from checks_bench import Bench, licence

from pipeline.checks.setting_formats import OF_A_PERSON, fault_of
from pipeline.core.errors import ConfigError
from pipeline.core.formation import load_formation
from pipeline.core.models import Record, get, put
from pipeline.core.school import BY_KEY, SETTINGS, Setting, read_settings
from pipeline.core.workspace import SCHOOL, Workspace
from pipeline.documents.template_context import school_settings

NEEDED = [setting for setting in SETTINGS if setting.needed]


def without(bench: Bench, *keys: str, **values: Any) -> Bench:
    """The same form at a school that has not given these settings, or has written them otherwise."""
    settings = dict(bench.formation.settings)
    for root in ("etablissement", "referent"):
        settings[root] = {name: dict(one) if isinstance(one, dict) else one for name, one in settings[root].items()}
    for key, value in {**dict.fromkeys(keys, ""), **values}.items():
        put(settings, key.replace("__", "."), value)
    return replace(bench, formation=replace(bench.formation, settings=settings))


def lacks(bench: Bench) -> list[str]:
    """What the record lacks to be signed; the test fails if it is refused."""
    record = bench.outcome()
    assert isinstance(record, Record)
    return [problem.message for problem in record.lacks]


def test_a_school_that_gave_everything_signs(coord: Bench, cnam: Bench) -> None:
    """With the settings of the invented school nothing is missing, for both formations."""
    assert (lacks(coord), lacks(cnam)) == ([], [])


@pytest.mark.parametrize("setting", NEEDED, ids=lambda setting: setting.key)
def test_each_needed_setting_is_missed(cnam: Bench, setting: Setting) -> None:
    """Without one of them, and with all the others, the packet is a projet and says which."""
    (said,) = lacks(without(cnam, setting.key))

    assert setting.key in said
    own = setting.of_formation or setting.key in cnam.formation.own  # the samples' Cnam has its own name
    assert said.endswith(f" : liasse setup{' cnam-lp-insertion' if own else ''}")


def test_an_optional_setting_is_not_missed(cnam: Bench) -> None:
    """Neither the UAI nor a telephone keeps anybody from signing; F-02 says that they are left out."""
    optional = [setting.key for setting in SETTINGS if not setting.needed]
    bare = without(cnam, *optional)

    assert lacks(bare) == []
    (problem,) = bare.problems("F-02")
    assert "Code UAI" in problem.message
    assert "Civilité" not in problem.message


def test_mentions_of_a_student_s_convention_are_told_by_the_law(bench: Callable[..., Bench], cnam: Bench) -> None:
    """D124-4 1° and 2°: L-02 does not say « conforme » over a convention without the volume or the référent."""
    student = bench("cnam-lp-insertion", licence("FI_ETUDIANT"), cnam.today, "2025-2026")
    bare = without(student, "volume_horaire", "referent.nom", "etablissement.nom")

    assert not student.problems("L-02")
    assert ["1°" in one.message or "2°" in one.message for one in bare.problems("L-02")] == [True, True]
    assert [("etablissement.nom" in one.message) for one in bare.problems("F-05")] == [True]
    assert len(without(cnam, "volume_horaire").problems("F-05")) == 1  # no student: no mention of D124-4, and missing


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("etablissement.siret", "12345678200011"),
        ("etablissement.courriel", "scolarite@"),
        ("etablissement.signataire.courriel", "à compléter"),
        ("etablissement.signataire.nom", "À\nCOMPLÉTER"),
        ("etablissement.telephone", "0298"),
        ("etablissement.nda", "5329"),
        ("etablissement.uai", "029"),
        ("referent.civilite", "Dr"),
        ("referent.nom", "Bureau 12"),
        ("referent.prenom", "x" * 81),
        ("referent.fonction", "Responsable " * 11),
        ("etablissement.signataire.nom", "{{ x }}"),
        ("etablissement.adresse", "sign1-stagiaire"),
        ("volume_horaire", 0),
        ("volume_horaire", "beaucoup"),
    ],
)
def test_a_setting_that_is_badly_written_is_missed(cnam: Bench, key: str, value: Any) -> None:
    """What no signing tool, register or reader could use is as good as missing, also where it is optional."""
    assert fault_of(BY_KEY[key], value)
    assert any(key in said for said in lacks(without(cnam, **{key: value})))


@pytest.mark.parametrize("name", ["École «\u00a0Exemple\u00a0»", "Stages\u202f: l’école", "Institut"])
def test_the_spaces_of_french_typography_suit(cnam: Bench, name: str) -> None:
    """The other side, of what is written by hand: « … » and « : » bear spaces that do not break."""
    assert lacks(without(cnam, etablissement__nom=name)) == []
    for wrong in ("\u00a0", "a\tb", "a\u2028b", "a\x7fb"):
        assert fault_of(BY_KEY["etablissement.nom"], wrong)
    assert fault_of(BY_KEY["etablissement.courriel"], "a\u00a0@example.org")


def test_the_settings_of_the_samples_are_well_written(cnam: Bench, coord: Bench) -> None:
    """The other side: each given value passes."""
    for one in (cnam, coord):
        given = {setting: get(one.formation.settings, setting.key) for setting in SETTINGS}
        assert [
            fault_of(setting, value) for setting, value in given.items() if value != "" and fault_of(setting, value)
        ] == []


def test_a_referent_whom_the_form_names_is_named(cnam: Bench) -> None:
    """A school's own form may say who follows the stage."""
    form = {"referent.nom": "ROY", "referent.prenom": "Ada", "referent.courriel": "ada.roy@example.org"}
    bare = without(cnam, "referent.nom", "referent.prenom", "referent.courriel")

    assert len(lacks(bare)) == 3
    assert lacks(bare.having(form)) == []


def test_a_signatory_without_a_name_or_an_address_is_missed(coord: Bench) -> None:
    """A minor's representative, whom the form of the coordination does not ask for: nobody can sign."""
    young = coord.having({"stagiaire.date_naissance": "2008-01-01"})
    said = [problem for problem in young.problems("F-05") if problem.field == "stagiaire.representant_legal"]
    named = young.having(
        {
            "stagiaire.representant_legal.nom": "LE GOFF",
            "stagiaire.representant_legal.prenom": "Yann",
            "stagiaire.representant_legal.courriel": "yann.legoff@example.org",
        }
    )

    assert ["représentant légal : nom, prénom et courriel" in one.message for one in said] == [True]
    assert not named.problems("F-05")


def test_a_piece_whose_pdf_is_not_there_is_missed(
    bench: Callable[..., Bench], coord: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    """The référentiel is looked for in etablissement/, then in templates/; nowhere, nothing is signed without it."""
    del bench
    monkeypatch.setenv(SCHOOL, str(tmp_path))
    assert load_formation(workspace, "coordination-essms").absent == {"coordination-essms/referentiel.pdf"}
    absent = replace(
        coord, formation=replace(coord.formation, absent=frozenset({"coordination-essms/referentiel.pdf"}))
    )

    (said,) = lacks(absent)
    assert "Annexe 5" in said
    assert "--referentiel" in said
    (tmp_path / "coordination-essms").mkdir()
    (tmp_path / "coordination-essms" / "referentiel.pdf").write_bytes(b"%PDF-1.7")
    assert load_formation(workspace, "coordination-essms").absent == frozenset()


def test_a_file_of_the_school_that_cannot_be_used_is_missed(coord: Bench) -> None:
    """A PDF or a logo that was looked at and does not open: where it lies, and the command that takes another."""
    name = "coordination-essms/referentiel.pdf"
    unfit = {name: f"etablissement/{name} ne convient pas, il est endommagé", "logo": "logo.png ne convient pas"}
    formation = replace(coord.formation, absent=frozenset({name}), unfit=unfit)

    piece, logo = lacks(replace(coord, formation=formation))
    assert unfit[name] in piece
    assert logo.endswith("logo.png ne convient pas : liasse setup --logo FICHIER")


def test_settings_of_the_school_and_of_a_formation(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The school's hold for all; what formation.toml says, then what a formation's own file says, wins."""
    monkeypatch.setenv(SCHOOL, str(tmp_path))
    (tmp_path / "etablissement.toml").write_text(
        '[etablissement]\nnom = "Institut"\ntelephone = "02 98 00 99 00"\n[referent]\nfonction = "Formatrice"\n',
        encoding="utf-8",
    )
    (tmp_path / "cnam-lp-insertion").mkdir()
    (tmp_path / "cnam-lp-insertion" / "etablissement.toml").write_text(
        'volume_horaire = 450\n[etablissement]\nnom = "Centre"\n', encoding="utf-8"
    )
    cnam, coordination = (
        load_formation(workspace, code).settings for code in ("cnam-lp-insertion", "coordination-essms")
    )

    assert (cnam["etablissement"]["nom"], coordination["etablissement"]["nom"]) == ("Centre", "Institut")
    assert (cnam["volume_horaire"], coordination["volume_horaire"]) == (450, "")
    assert coordination["referent"]["fonction"] == "Référent pédagogique"  # the formation's
    assert cnam["etablissement"]["telephone"] == "+33298009900"


def test_no_letter_asks_a_student_for_what_the_school_wrote(cnam: Bench) -> None:
    """Whatever a setting of the référent says, the form passes: what does not suit is the school’s to mend (F-05)."""
    for key, value in (
        ("nom", "Bureau 12"),
        ("prenom", "4"),
        ("fonction", "f" * 121),
        ("courriel", "x@"),
        ("nom", 7),
    ):
        assert lacks(without(cnam, **{f"referent.{key}": value}))
    assert not lacks(without(cnam, **{"referent.fonction": "f" * 120}))


def test_settings_of_persons_are_held_to_the_form_s_own_limits(cnam: Bench) -> None:
    """Where the schema of the form changes, so do the settings of the référent."""
    for name, (longest, shape, _) in OF_A_PERSON.items():
        node = cnam.dictionary.schema["properties"]["referent"]["properties"][name]
        assert node["maxLength"] == longest
        assert "pattern" not in node or node["pattern"] == f"^{shape.pattern}$"


def test_a_misspelt_setting_is_named(tmp_path: Path) -> None:
    """A name that is no setting, and a file that is no TOML: the file is told, and what there is."""
    path = tmp_path / "etablissement.toml"
    path.write_text('[etablissement]\nsirett = "1"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"etablissement\.sirett is no setting\. There are etablissement\.nom"):
        read_settings(path)
    path.write_text("nom = ", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"etablissement\.toml cannot be read"):
        read_settings(path)
    assert read_settings(tmp_path / "nowhere.toml") == {}


def test_a_value_of_another_kind_makes_a_projet_and_stops_nothing(
    bench: Callable[..., Bench], cnam: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    """A number where a name belongs, a SIRET with spaces, half an address: no student is asked to mend them."""
    monkeypatch.setenv(SCHOOL, str(tmp_path))
    (tmp_path / "etablissement.toml").write_text(
        '[etablissement]\nnom = 5\nsiret = "123 456 782 00010"\ntelephone = 6\n'
        '[referent]\nnom = "ROY"\ncourriel = "ada.roy@"\n',
        encoding="utf-8",
    )
    said = lacks(bench("cnam-lp-insertion", licence(), cnam.today, "2025-2026"))

    for key in ("nom)", "siret)", "telephone)", "referent.courriel)"):
        assert sum(key in one and "ne convient pas" in one for one in said) == 1
    settings = school_settings(load_formation(workspace, "cnam-lp-insertion"), draft=True)
    assert [settings["etablissement"][name] for name in ("nom", "telephone")] == ["5", "6"]
