"""Formations and the law as data: mistakes are named with file, rule and mend; a third formation needs no code."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from checks_bench import Bench, licence, reading_of

from pipeline.checks import all_rules, check_rules, controls, legal_rules
from pipeline.core.agreed import agreed
from pipeline.core.errors import ConfigError
from pipeline.core.formation import Formation, load_formation
from pipeline.core.gratification import gratification
from pipeline.core.law import Law, first_day, is_abroad, is_host_abroad, is_minor
from pipeline.core.models import Record
from pipeline.core.workspace import Workspace
from pipeline.dossier.life.life_rules import CONTROLS

ALL_IDS = [
    *(f"S1-{n:02}" for n in range(1, 30)),
    *(f"S2-{n:02}" for n in range(1, 27)),
    *(f"L-{n:02}" for n in range(1, 34)),
]
OF_LIFE = {f"S1-{n}" for n in range(26, 30)} | {f"S2-{n:02}" for n in (9, 10, 11, 12, 20, 22, 23)}
LATER = OF_LIFE | {"L-13", "L-22"}


def with_rules(formation: Formation, *rules: dict[str, Any]) -> Formation:
    """The formation with these rules instead of its own."""
    return Formation(formation.code, formation.folder, {**formation.settings, "regles": list(rules)})


def test_every_rule_is_documented(workspace: Workspace) -> None:
    """Each number of the two formations and of the law has its line in docs/regles.md."""
    text = (workspace.root / "docs" / "regles.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| ([A-Z0-9]+-\d\d) \|", text, re.MULTILINE))
    assert set(ALL_IDS) - documented == set()
    assert {"F-01", "F-02", "F-03", "F-04", "F-05"} <= documented


def test_every_rule_decided_now_is_asked(cnam: Bench, coord: Bench) -> None:
    """Each number not left for later life is a rule of the law or of a formation, and none left for later is."""
    asked = {rule.id for bench in (cnam, coord) for rule in all_rules(bench.formation, bench.dictionary)}
    assert asked - {"F-01", "F-02", "F-03", "F-04", "F-05"} == set(ALL_IDS) - LATER


def test_every_rule_of_a_life_is_asked_then(cnam: Bench, coord: Bench) -> None:
    """What no form can show is asked of the dossier's life, by a control that is there; nothing is left over."""
    lines = [line for bench in (cnam, coord) for line in bench.formation.settings["vie"]]
    assert {line["id"] for line in lines} >= OF_LIFE
    assert {line["controle"] for line in lines} <= CONTROLS.keys()
    assert [bench.formation.settings.get("a_venir", []) for bench in (cnam, coord)] == [[], []]


def test_every_control_is_documented(workspace: Workspace) -> None:
    """docs/regles.md names each control and each of its parameters; the code says what it verifies."""
    text = (workspace.root / "docs" / "regles.md").read_text(encoding="utf-8")
    for name, control in controls().items():
        line = next((line for line in text.splitlines() if line.startswith(f"| `{name}` |")), "")
        assert all(f"`{key}`" in line for key in control.parameters), (name, line)
        assert f"`{name}`" in line
        assert control.function.__doc__


def test_the_law_names_its_articles() -> None:
    """A rule of the law carries a French title and its source."""
    assert [rule.id for rule in legal_rules() if not rule.title or not rule.source] == []
    assert [rule.id for rule in legal_rules() if rule.overridable] == ["L-15", "L-23", "L-24", "L-27", "L-31", "L-32"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"controle": "duree_exate"}, "controle = 'duree_exate' does not exist"),
        ({"heures": None}, "needs the parameter 'heures'"),
        ({"heure": 140}, "has no parameter 'heure' (it has: heures, si_facultatif)"),
        ({"heures": "140"}, "heures = '140' is wrong: a number is expected"),
        ({"si_facultatif": "grave"}, "si_facultatif = 'grave' is wrong"),
        ({"id": "L-03"}, "this number is already taken"),
    ],
)
def test_a_rule_that_cannot_be_followed_names_file_and_rule(coord: Bench, change: dict[str, Any], said: str) -> None:
    """An unknown control, a missing, unknown or wrong parameter, a number taken: ConfigError says where and what."""
    line = {"id": "S9-01", "controle": "duree_exacte", "heures": 140, "gravite": "bloquante", "source": "essai"}
    line = {key: value for key, value in (line | change).items() if value is not None}
    formation = with_rules(coord.formation, line)
    with pytest.raises(ConfigError) as caught:
        coord.having(formation=formation).outcome()
    assert f"coordination-essms/formation.toml, rule {line['id']}" in str(caught.value)
    assert said in str(caught.value)
    assert len(check_rules(formation)) == 1


def test_a_rule_on_an_unknown_field_is_refused(coord: Bench) -> None:
    """A misspelt path would make a rule that never speaks."""
    line = {
        "id": "S9-01",
        "controle": "texte_minimum",
        "champ": "stage.projet",
        "caracteres": 3,
        "gravite": "bloquante",
        "source": "essai",
    }
    (fault,) = check_rules(with_rules(coord.formation, line), coord.dictionary)
    assert "'stage.projet' is no field" in fault


def test_all_faults_of_a_formation_come_at_once(coord: Bench) -> None:
    """Two wrong lines are two faults."""
    wrong = {"controle": "inconnu", "gravite": "bloquante", "source": "essai"}
    assert len(check_rules(with_rules(coord.formation, {"id": "S9-01", **wrong}, {"id": "S9-02", **wrong}))) == 2


def test_the_shipped_formations_have_no_fault(cnam: Bench, coord: Bench) -> None:
    """What comes with liasse can be followed."""
    assert check_rules(cnam.formation, cnam.dictionary) == ()
    assert check_rules(coord.formation, coord.dictionary) == ()


def test_a_third_formation_takes_no_code(cnam: Bench, copy_of: Callable[[str], Path]) -> None:
    """A folder with other figures: 210 hours, twenty days before the start, other words."""
    text = copy_of("templates/cnam-lp-insertion/formation.toml").read_text(encoding="utf-8")
    head = text.partition("[[regles]]")[0].replace('code = "cnam-lp-insertion"', 'code = "autre"')
    rules = (
        '[[regles]]\nid = "X-01"\ncontrole = "duree_exacte"\nheures = 210\ngravite = "bloquante"\nsource = "guide"\n'
        '[[regles]]\nid = "X-02"\ncontrole = "delai_avant_debut"\njours = 20\n'
        'gravite = "avertissement"\nsource = "guide"\n'
    )
    root = copy_of("schemas/formation.schema.json").parents[1]
    (root / "templates" / "autre").mkdir()
    (root / "templates" / "autre" / "formation.toml").write_text(head + rules, encoding="utf-8")
    formation = load_formation(Workspace.at(root), "autre")
    form = cnam.having(formation=formation, reading=reading_of(licence(), formation, formation.session("2025-2026")))
    assert form.blocking() == ["X-01"]
    assert form.severities("X-02") == ["warning"]
    right = form.having({"stage.duree_heures": 210, "stage.date_fin": "2026-03-13"})
    assert isinstance(right.outcome(), Record)


def test_the_schema_of_formations_still_refuses_a_rule_without_source(workspace: Workspace) -> None:
    """A rule says where it comes from."""
    schema = json.loads((workspace.schemas / "formation.schema.json").read_text(encoding="utf-8"))
    rules = jsonschema.Draft202012Validator(schema["properties"]["regles"])
    line = {"id": "X-01", "controle": "etalement", "gravite": "bloquante", "semaines": 3}
    assert not rules.is_valid([line])
    assert rules.is_valid([line | {"source": "guide du stage"}])


def test_the_figures_of_the_law(law: Law) -> None:
    """The three years known, exact to the cent."""
    found = {year: (c.monthly, c.hourly, c.hourly * law.rate) for year, c in law.ceilings.items()}
    assert found == {
        2024: (Decimal(3864), Decimal(29), Decimal("4.35")),
        2025: (Decimal(3925), Decimal(29), Decimal("4.35")),
        2026: (Decimal(4005), Decimal(30), Decimal("4.50")),
    }
    assert (law.threshold, law.longest, law.least_volume) == (308, 924, 200)


@pytest.mark.parametrize(("staff", "expected"), [(19, 3), (20, 3), (21, 4), (48, 8), (100, 15)])
def test_the_quota_of_a_host(law: Law, staff: int, expected: int) -> None:
    """Three under twenty, then 15 % rounded up."""
    assert law.hosting.quota(staff) == expected


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("horaire = 30", "horaire = 31", "mensuel × 12 / 1607 is 30"),
        ("taux = 0.15 ", "tau = 0.15 ", "'taux' is missing"),
        ('annee_du_plafond = "debut"', 'annee_du_plafond = "signature"', "annee_du_plafond must be"),
        ("[duree]", "[duree", "cannot be read"),
    ],
)
def test_a_slip_in_the_table_of_the_law_is_named(
    copy_of: Callable[[str], Path], old: str, new: str, said: str
) -> None:
    """A wrong plafond, a missing key, an unknown choice, broken TOML: ConfigError names the file and the fault."""
    path = copy_of("templates/commun/droit.toml")
    copy_of("schemas/formation.schema.json")
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        Law.load(Workspace.at(path.parents[2]))
    assert said in str(caught.value)
    assert "droit.toml" in str(caught.value)


def test_the_year_of_the_ceiling_is_a_setting(law: Law) -> None:
    """A stage across 1 January takes the ceiling of its first day, or of its last."""
    data = licence("FI_ETUDIANT")
    data["stage"]["date_debut"] = "2025-12-01"
    last = Law(**{**vars(law), "ceiling_year": "fin"})
    assert gratification(law, data, None).minimum == Decimal("4.35")
    assert gratification(last, data, None).minimum == Decimal("4.50")


def test_an_amount_refused_by_the_form_is_not_agreed() -> None:
    """« Non » with an amount left in the box grants nothing."""
    data = licence("FI_ETUDIANT")
    assert agreed(data, None) is not None
    data["gratification"]["prevue"] = False
    assert agreed(data, None) is None


def test_small_questions_of_the_law() -> None:
    """Abroad by the place of the stage before the siège; a host abroad by both; minor on the first day."""
    data = licence()
    assert not is_abroad(data)
    data["organisme"]["adresse"] = {"pays": "Suisse"}
    assert is_abroad(data)
    data["organisme"]["lieu_stage"] = {"pays": "France"}
    assert not is_abroad(data)
    assert not is_host_abroad(data)  # a stage in France is under French law, wherever the seat is
    data["organisme"]["lieu_stage"] = {"pays": "Belgique"}
    assert is_host_abroad(data)
    data["organisme"]["adresse"] = {"pays": "France"}
    assert not is_host_abroad(data)
    assert not is_minor(data, first_day(data))
    data["stagiaire"]["date_naissance"] = "2008-02-03"
    assert is_minor(data, first_day(data))


def test_a_session_without_dates_has_no_window(cnam: Bench) -> None:
    """The control of the window does not apply to a formation without session dates."""
    line = {"id": "X-01", "controle": "dans_la_session", "gravite": "bloquante", "source": "essai"}
    form = cnam.having(formation=with_rules(cnam.formation, line))
    assert not form.verdict("X-01").applies


def test_an_impossible_wait(coord: Bench) -> None:
    """A formation without accord never waits for one."""
    line = {"id": "X-01", "controle": "accord_favorable", "gravite": "bloquante", "source": "essai"}
    form = coord.having(formation=with_rules(coord.formation, line), today=dt.date(2025, 3, 21))
    assert not form.verdict("X-01").applies
