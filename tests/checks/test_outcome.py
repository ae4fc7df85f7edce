"""The step as a whole: what passes, all errors at once, what an override lifts, what waits for a person."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from checks_bench import Bench

from pipeline.core.decisions import Decisions, Override
from pipeline.core.models import Record, Refused, Severity, Who


@pytest.mark.parametrize("name", ["coord", "cnam", "student", "jobless"])
def test_a_valid_form_of_each_public_becomes_a_record(name: str, request: pytest.FixtureRequest) -> None:
    """Nothing blocks the four valid forms."""
    form: Bench = request.getfixturevalue(name)
    assert form.blocking() == []
    assert isinstance(form.outcome(), Record)


def test_every_rule_gives_a_verdict_even_when_it_holds(coord: Bench) -> None:
    """The control sheet lists all rules: those that hold, and those that do not apply."""
    verdicts = {verdict.rule: verdict for verdict in coord.outcome().verdicts}
    assert verdicts["S2-01"].applies
    assert verdicts["S2-01"].problems == ()
    assert not verdicts["L-04"].applies
    assert "D124-4" in verdicts["L-02"].source


def test_all_errors_come_at_once(coord: Bench) -> None:
    """Seven faults of seven kinds are all reported, each at its place and to who can mend it.

    The total is against the formation, and against the calendar.
    """
    spoiled = coord.having(
        {
            "stagiaire.nom": None,
            "stagiaire.telephone": "06",
            "organisme.siret": "73282932000079",
            "tuteur.fonction": "Secrétaire",
            "employeur.signataire.courriel": "zoe@",
            "stage.duree_heures": 139,
            "stage.date_debut": "2025-04-31",
        }
    )
    outcome = spoiled.outcome()
    assert isinstance(outcome, Refused)
    found = {(p.rule, p.field, p.who) for p in outcome.problems if p.severity is Severity.BLOCKING}
    assert found == {
        ("F-01", "stagiaire.nom", Who.STAGIAIRE),
        ("L-19", "stagiaire.telephone", Who.STAGIAIRE),
        ("L-19", "organisme.siret", Who.ORGANISME),
        ("S2-13", "tuteur.fonction", Who.TUTEUR),
        ("L-19", "employeur.signataire.courriel", Who.EMPLOYEUR),
        ("S2-01", "stage.duree_heures", Who.STAGIAIRE),
        ("L-20", "stage.calendrier", Who.STAGIAIRE),
        ("L-19", "stage.date_debut", Who.STAGIAIRE),
    }


def test_an_empty_reading_is_refused_without_failing(coord: Bench) -> None:
    """A form from which nothing was read asks for everything, and for the régime first among the law's rules."""
    nothing = coord.having({entry.path: None for entry in coord.reading.fields})
    outcome = nothing.outcome()
    assert isinstance(outcome, Refused)
    assert not outcome.waits
    assert len(nothing.problems("F-01")) > 30
    assert [p.field for p in nothing.problems("L-01")] == ["stagiaire.regime"]


def test_an_overridable_rule_is_lifted_by_a_named_person(coord: Bench) -> None:
    """S2-13 lifted with a reason: the problem stays on the sheet and the record passes."""
    lifted = Override("S2-13", "A. Petit", "coordonne de fait l’équipe", dt.date(2025, 3, 20))
    form = coord.having({"tuteur.fonction": "Secrétaire"})
    assert form.blocking() == ["S2-13"]
    allowed = form.having(decisions=Decisions(overrides=(lifted,)))
    assert isinstance(allowed.outcome(), Record)
    assert allowed.verdict("S2-13").lifted == lifted
    assert allowed.severities("S2-13") == ["blocking"]


def test_a_rule_that_is_not_overridable_stays(coord: Bench) -> None:
    """S2-01 is not overridable: an override of it lifts nothing."""
    lifted = Override("S2-01", "A. Petit", "exception", dt.date(2025, 3, 20))
    form = coord.having({"stage.duree_heures": 139}, decisions=Decisions(overrides=(lifted,)))
    assert form.verdict("S2-01").lifted is None
    assert isinstance(form.outcome(), Refused)


def test_an_override_does_not_touch_a_rule_that_holds(coord: Bench) -> None:
    """Nothing is marked lifted when there was nothing to lift."""
    lifted = Override("S2-13", "A. Petit", "au cas où", dt.date(2025, 3, 20))
    assert coord.having(decisions=Decisions(overrides=(lifted,))).verdict("S2-13").lifted is None


def test_without_accord_the_form_waits_for_the_responsable(cnam: Bench) -> None:
    """No accord: nothing is asked of the sender, the responsable decides."""
    form = cnam.having({"accord_pedagogique.decision": None})
    outcome = form.outcome()
    assert isinstance(outcome, Refused)
    assert outcome.waits
    assert [(p.waits, p.who) for p in form.problems("S1-22")] == [(True, Who.RESPONSABLE)]


def test_an_accord_missing_beside_another_fault_does_not_wait(cnam: Bench) -> None:
    """The sender has something to mend: the form goes back at once."""
    outcome = cnam.having({"accord_pedagogique.decision": None, "stagiaire.nom": None}).outcome()
    assert isinstance(outcome, Refused)
    assert not outcome.waits


def test_the_accord_of_the_house_wins_over_the_form(cnam: Bench) -> None:
    """Unfavourable on the form, favourable in the ledger: the record says what the house decided."""
    programme = Decisions(accord={"decision": "favorable", "date": "2026-01-14", "par": "F. GARÇON"})
    form = cnam.having({"accord_pedagogique.decision": "defavorable"})
    assert form.severities("S1-22") == ["blocking"]
    assert not form.problems("S1-22")[0].waits
    outcome = form.having(decisions=programme).outcome()
    assert isinstance(outcome, Record)
    assert outcome.get("accord_pedagogique.date") == "2026-01-14"


@pytest.mark.parametrize("ticked", ["favorable", "defavorable"])
def test_a_formation_may_believe_a_persons_word_alone(cnam: Bench, ticked: str) -> None:
    """What is ticked on the form is a proposal then: it waits for the responsable, whose word is the accord."""
    settings = {**cnam.formation.settings, "accord": {**cnam.formation.settings["accord"], "croit": "avis"}}
    form = cnam.having({"accord_pedagogique.decision": ticked}, formation=replace(cnam.formation, settings=settings))
    (problem,) = form.problems("S1-22")
    assert (problem.waits, problem.who) == (True, Who.RESPONSABLE)
    assert "à confirmer" in problem.message

    word = Decisions(accord={"decision": "favorable", "date": "2026-01-14", "par": "F. GARÇON"})
    outcome = form.having(decisions=word).outcome()
    assert isinstance(outcome, Record)
    assert outcome.get("accord_pedagogique.par") == "F. GARÇON"


def test_an_accord_dated_after_the_edition_is_refused(cnam: Bench) -> None:
    """The accord comes before the convention: 15 January passes, 16 January does not."""
    assert cnam.having({"accord_pedagogique.date": "2026-01-15"}).severities("S1-22") == []
    assert cnam.having({"accord_pedagogique.date": "2026-01-16"}).severities("S1-22") == ["blocking"]


def test_defaults_are_filled_in(coord: Bench) -> None:
    """Country, formation and year are not asked twice; the reading itself is left as it was."""
    outcome = coord.having({"organisme.adresse.pays": None, "stagiaire.adresse.pays": "FRANCE"}).outcome()
    assert isinstance(outcome, Record)
    assert outcome.get("organisme.adresse.pays") == "France"
    assert outcome.get("stagiaire.adresse.pays") == "France"
    assert outcome.get("organisme.lieu_stage.pays") is None
    assert outcome.get("formation.code") == "coordination-essms"
    assert outcome.get("formation.annee") == "2024-2025"


def test_an_alternant_is_refused_with_the_reason(coord: Bench) -> None:
    """No convention de stage for an alternant; the message says why."""
    form = coord.having({"stagiaire.regime": "ALTERNANT"})
    assert "L-01" in form.blocking()
    assert "apprentissage" in form.problems("L-01")[0].message
