"""What the check says of a template: every fault at once, with its place, its field and what to write."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import docx
import people
import pytest
import template_kit
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from pipeline.core.errors import ConfigError
from pipeline.core.programme import Programme
from pipeline.core.workspace import Workspace
from pipeline.documents.libreoffice import convert
from pipeline.documents.proof import page_texts
from pipeline.documents.rehearsal.on_paper import faults_on_paper
from pipeline.documents.rehearsal.written import W
from pipeline.maintenance.formations import inspect

pytestmark = pytest.mark.sampled(4)

House = Callable[[str], Programme]


@pytest.fixture
def faults(programme: House, tmp_path: Path) -> Callable[..., tuple[str, ...]]:
    """What the check says of a template of these paragraphs."""

    def found(*paragraphs: str) -> tuple[str, ...]:
        path = template_kit.write(tmp_path / "ecole" / "essai.docx", *paragraphs)
        return template_kit.tried(path, programme(people.CNAM))[0].faults

    return found


@pytest.mark.parametrize(
    ("written", "field", "told"),
    [
        (
            "Activités : {{ stage.activites }}",
            "stage.activites",
            "est une liste : écrivez {{ stage.activites | lignes }}",
        ),
        ("Périodes : {{ stage.interruptions }}", "stage.interruptions", "une boucle"),
        (
            "Signe : {{ organisme.signataire }}",
            "organisme.signataire",
            "groupe de champs : nommez l’un d’eux (organisme",
        ),
        ("Le mot {{ mot.stagiaire }}", "mot.stagiaire", "groupe de champs"),
        ("Nom : {{r stagiaire.nom }}", "stagiaire.nom", "écrivez {{ stagiaire.nom }}"),
        ("{{p stagiaire.nom }}", "stagiaire.nom", "écrivez {{ stagiaire.nom }}"),
        ("{{tr stagiaire.nom }}", "stagiaire.nom", "écrivez {{ stagiaire.nom }}"),
        ("Prénom : {{ stagiaire.prenon }}", "stagiaire.prenon", "vouliez-vous dire stagiaire.prenom ?"),
        ("{{ stagaire.nom }}", "stagaire.nom", "vouliez-vous dire stagiaire.nom ?"),
        ("{% if stagiaire.prenon %}ici{% endif %}", "stagiaire.prenon", "vouliez-vous dire stagiaire.prenom ?"),
        ("{% for a in stage.activite %}{{ a }}{% endfor %}", "stage.activite", "vouliez-vous dire stage.activites ?"),
        ("Service : {{ organisme.service }}", "organisme.service", 'écrivez {{ organisme.service or "—" }}'),
        ("{{ organisme.service | upper }}", "organisme.service", "valeur brute"),
        ('{{ "Fait : " ~ stage.activites }}', '« "Fait : " ~ stage.activites »', "valeur brute"),
        ("{{ stage.sujet | majuscules }}", "majuscules", "vouliez-vous dire majuscule ?"),
        ("{{ stage.activites | join(« , ») }}", "join(« , »)", "guillemets français"),
        ("{{ employeur.adresse.ville }}", "ville", "peut être sans valeur : entourez-le de {% if"),
        ("Rien : {{ }}", "Rien", "une balise est vide"),
        ("Date : {{ stage.date_debut.foo.bar }}", "stage.date_debut", "n’existe pas"),
        ("De «Nom_stagiaire»", "«Nom_stagiaire»", "place d’un autre logiciel"),
        ("De ${studentLastname}", "${studentLastname}", "place d’un autre logiciel"),
        ("De {ETUDIANTNOM}", "{ETUDIANTNOM}", "place d’un autre logiciel"),
        ("De [NOM]", "[NOM]", "place d’un autre logiciel"),
        ("De [Nom du stagiaire]", "[Nom du stagiaire]", "place d’un autre logiciel"),
        ("De %NOM%", "%NOM%", "place d’un autre logiciel"),
        ("De <<nom>>", "<<nom>>", "place d’un autre logiciel"),
        ("Nom : { stagiaire.nom }}", "{ stagiaire.nom }", "place d’un autre logiciel"),
    ],
)
def test_a_fault_is_told_with_its_place_and_its_field(
    faults: Callable[..., tuple[str, ...]], written: str, field: str, told: str
) -> None:
    """Each kind of fault, once, with the paragraph’s words; the sound paragraph beside it is not told."""
    found = faults("Bonjour {{ stagiaire.nom }}", written)

    assert len(found) == 1, found
    assert found[0].startswith("ecole/essai.docx, « ")
    assert written[:20] in found[0]
    assert field in found[0]
    assert told in found[0]


@pytest.mark.parametrize(
    "written",
    [
        "{% if stagiaire.regime == “FI_ETUDIANT” %}oui{% endif %}",
        "Mention « Lu et approuvé », cachet",
        "[Papier à en-tête de l’employeur] et [sic]",
        '{{ stage.activites | join(", ") }} {{ stage.activites | length }}',
        "{% for a in stage.activites %}{{ loop.index }}. {{ a }}{% if not loop.last %} ; {% endif %}{% endfor %}",
        "{% set x = stagiaire.nom %}{{ x }}",
        '{{ organisme.service or "—" }}',
        "{{ mot.stagiaire.le }} à 50 % ou 15 % de la somme",
        "{% if immersion %}{{ immersion.debut }}{% endif %}",
    ],
)
def test_what_is_right_is_not_told(faults: Callable[..., tuple[str, ...]], written: str) -> None:
    """What a school may write, and the check lets it."""
    assert faults(written) == ()


def test_all_faults_are_told_at_once(faults: Callable[..., tuple[str, ...]]) -> None:
    """Seven faults of seven kinds in one template are seven lines, each of its paragraph."""
    found = faults(
        "A {{ stage.activites }}",
        "B {{ stagiaire.prenon }}",
        "C «Nom»",
        "D {{ organisme.service }}",
        "E {{ stage.date_debut.foo.bar }}",
        "F {{ stage.sujet | inconnu }}",
        "G {{r stagiaire.nom }} et {{ tuteur.nim }}",
    )

    assert sorted({re.search(r"« ([A-G])", one)[1] for one in found}) == list("ABCDEFG")  # type: ignore[index]
    assert len(found) == 8


def test_merge_fields_tracked_changes_headers_and_boxes_are_looked_at(programme: House, tmp_path: Path) -> None:
    """What is not plain text of the body: a field of Word’s mailing, a header, a text box, a tracked change."""
    document = docx.Document()
    template_kit.merge_field(document.add_paragraph("Nom : "), "Nom")
    template_kit.merge_field(document.add_paragraph("Prénom : "), "Prenom", simple=True)
    document.sections[0].header.paragraphs[0].text = "École ${ville}"
    document.sections[0].footer.paragraphs[0].text = "{{ etablissement.ville }}"
    changed = document.add_paragraph("Texte ")
    inserted = "<w:r><w:t>ajouté</w:t></w:r>"
    changed._p.append(parse_xml(f'<w:ins {nsdecls("w")} w:id="1" w:author="a">{inserted}</w:ins>'))
    path = tmp_path / "essai.docx"
    document.save(str(path))

    found = "\n".join(template_kit.tried(path, programme(people.CNAM))[0].faults)

    assert "MERGEFIELD Nom »" in found
    assert "MERGEFIELD Prenom »" in found
    assert "en-tête, « École ${ville} »" in found
    assert "pied de page, « {{ etablissement.ville }} » : « etablissement.ville » n’existe pas" in found
    assert "suivi des modifications" in found


@pytest.mark.parametrize("broken", [b"", b"PK\3\4 rien", b"%PDF-1.7"])
def test_what_is_no_word_file_is_told(programme: House, tmp_path: Path, broken: bytes) -> None:
    """A file that does not open, or that is not there: one fault, no traceback."""
    (tmp_path / "essai.docx").write_bytes(broken)

    opened, absent = (
        template_kit.tried(tmp_path / name, programme(people.CNAM))[0] for name in ("essai.docx", "non.docx")
    )

    assert "ne s’ouvre pas" in opened.faults[0]
    assert "manque" in absent.faults[0]


def test_the_paper_is_looked_at(programme: House, tmp_path: Path) -> None:
    """A long value in a cell of a fixed height is not whole on the paper: told with its place; a free cell is not."""
    document = docx.Document()
    table = document.add_table(rows=2, cols=2)
    table.cell(0, 0).text = "Objectifs fixes"
    table.cell(0, 1).text = "{{ stage.objectifs }}"
    table.cell(1, 0).text = "Sujet libre"
    table.cell(1, 1).text = "{{ stage.sujet }} {{ stage.date_debut.year }}"
    row = table.rows[0]._tr.get_or_add_trPr()
    row.append(parse_xml(f'<w:trHeight {nsdecls("w")} w:val="400" w:hRule="exact"/>'))
    path = tmp_path / "essai.docx"
    document.save(str(path))
    trial, runs = template_kit.tried(path, programme(people.CNAM))

    assert trial.faults == ()
    found = list(faults_on_paper(runs, pdfa=False))

    assert len(found) == 1
    assert "« {{ stage.objectifs }} » : « stage.objectifs » ne tient pas sur le papier" in found[0]
    assert "dossier complet" in found[0]


def test_colours_years_lists_and_lines_are_printed(programme: House, tmp_path: Path) -> None:
    """What the language gives: a colour typed in the template, a year without a space, a list in lines."""
    document = docx.Document()
    table = document.add_table(rows=1, cols=2)
    table.cell(
        0, 0
    ).text = '{% cellbg "FFCC00" %}Année {{ stage.date_debut.year }}, puis {{ stage.date_debut.year + 1 }}'
    document.add_paragraph("{{ stage.activites | lignes }}")
    document.add_paragraph("{{p stage.competences }}", style="List Bullet")
    document.add_paragraph("Suit : {{r stage.objectifs }}.")
    path = tmp_path / "essai.docx"
    document.save(str(path))
    trial, runs = template_kit.tried(path, programme(people.CNAM))

    assert trial.faults == ()
    assert list(faults_on_paper(runs, pdfa=False)) == []
    full = next(one for one in runs if not one.dossier.bare)
    text = page_texts(convert({"a": full.filled.docx})["a"])[0]
    assert "Année 2025, puis 2026" in text
    assert "FFCC00" not in text
    filled = docx.Document(__import__("io").BytesIO(full.filled.docx))
    assert 'w:fill="FFCC00"' in filled.element.xml
    assert sum(one.style.name == "List Bullet" for one in filled.paragraphs) == 6


@pytest.mark.parametrize(
    "path", ["stage.competences", "stage.avantages", "assurance_rc.compagnie", "formation.volume_horaire"]
)
def test_a_convention_without_a_mention_of_the_law_is_told(own_workspace: Workspace, path: str) -> None:
    """D124-4: what no paper that the student signs prints any more is told with its number."""
    for file in (
        *own_workspace.templates.glob("commun/convention-fi.docx"),
        *own_workspace.templates.glob("cnam*/*.docx"),
    ):
        _without(file, path)

    found = next(one for one in inspect(own_workspace, people.CNAM) if one.formation == people.CNAM)

    told = [one for one in found.faults if "D124-4" in one]
    assert len(told) == 1, found.faults
    assert f"{{{{ {path} }}}}" in told[0]


def _without(file: Path, path: str) -> None:
    """Make a template speak of the subject where it printed that field, in its loops too."""
    document = docx.Document(str(file))
    for text in document.element.body.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"):
        if path in (text.text or ""):
            text.text = text.text.replace(path, "[stage.sujet]" if "for " in text.text else "stage.sujet")
    document.save(str(file))


def test_check_looks_at_one_formation(own_workspace: Workspace) -> None:
    """Named, a formation is inspected alone; one that is not there is told with the nearest."""
    assert [one.formation for one in inspect(own_workspace, people.COORDINATION)] == [people.COORDINATION]
    with pytest.raises(ConfigError, match="vouliez-vous dire coordination-essms"):
        list(inspect(own_workspace, "coordination-esms"))


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (
            'personne = "organisme.signataire"',
            'personne = "organisme.signataire2"',
            "vouliez-vous dire organisme.signataire ?",
        ),
        ('titre = "Le Cnam"', 'titr = "Le Cnam"', "la clé « titr » n’est pas connue : vouliez-vous dire titre ?"),
        ("duree_heures = 560", 'duree_heures = "beaucoup"', "n’est pas un nombre"),
        ('remise = "fin-de-stage"', 'remise = "fin-du-stage"', "vouliez-vous dire fin-de-stage ?"),
        ('intitule_court = "LP', '#court = "LP', "il manque « intitule_court »"),
    ],
)
def test_a_wrong_setting_is_told_with_its_line(own_workspace: Workspace, before: str, after: str, told: str) -> None:
    """What a formation.toml says that cannot be followed: the line of it, and what was meant; never a traceback."""
    path = own_workspace.templates / people.CNAM / "formation.toml"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    line = text[: text.index(before)].count("\n") + 1

    (found,) = inspect(own_workspace, people.CNAM)

    assert told in found.faults[0]
    assert f"ligne {1 if 'manque' in told else line}, " in found.faults[0]


def test_signature_cells_are_measured(own_workspace: Workspace) -> None:
    """A cell too small to sign in, and a mark that is gone, are told of the template before any packet is made."""
    small = own_workspace.templates / "commun" / "convention-fi.docx"
    document = docx.Document(str(small))
    for height in document.element.body.iter(f"{W}trHeight"):
        height.set(f"{W}val", "300")
        height.set(f"{W}hRule", "exact")
    document.save(str(small))
    without = own_workspace.templates / people.CNAM / "contrat-pedagogique.docx"
    document = docx.Document(str(without))
    for text in document.element.body.iter(f"{W}t"):
        text.text = re.sub(r"\{\{\s*s\.ancre\s*\}\}", "", text.text or "")
    document.save(str(without))

    (found,) = inspect(own_workspace, people.CNAM, on_paper=True)

    assert any("convention-fi.docx" in one and "trop peu pour signer" in one for one in found.faults)
    assert any("contrat-pedagogique.docx n’imprime pas la marque sign1-stagiaire" in one for one in found.faults)
