"""Papers that come back: each is filed in its dossier as a fact, waits where something is not sure, and no more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import paper_kit
import people
import pytest
from forms_filler import fill_acroform
from life_kit import delivered
from walking import resume, run, sent

from pipeline.core.errors import InvalidRequest, NotAllowed
from pipeline.core.life import FactKind
from pipeline.core.models import get
from pipeline.core.outcomes import Closed, Waiting
from pipeline.core.paper_kinds import PaperForm
from pipeline.dossier.context import Context
from pipeline.dossier.endings import Report
from pipeline.dossier.life.holding import Life, life_of
from pipeline.dossier.state import DossierState
from pipeline.ledger.entries import State
from pipeline.reports.summary import summarise
from pipeline.services import approvals, blank_forms, dossier_cases, form_view, handling, review
from pipeline.services.lookup import leading

pytestmark = pytest.mark.sampled(2)

BY = "Hélène KERVELLA"


def dropped(
    context: Context, code: str, paper: PaperForm, number: str, dress: str = "fillable", **changes: Any
) -> Report:
    """A paper of the sample's person, filled, dropped and walked."""
    blank = paper_kit.paper_plan(context.workspace, context.dictionary, code, paper)
    data = paper_kit.answers(code, paper, number, **changes)
    place = context.workspace.inbox / f"{paper}.{'docx' if dress == 'Word' else 'pdf'}"
    place.write_bytes(paper_kit.in_dress(blank, data, dress))
    (report,) = run([place], context)
    return report


def opened(context: Context, code: str) -> Life:
    """The dossier of the sample of a formation, its packet made."""
    if code == people.COORDINATION:
        return delivered(context)
    data = people.cnam(accord_pedagogique={"decision": "favorable", "date": "2025-03-12", "par": BY})
    return delivered(context, data, code)


@pytest.mark.parametrize("dress", ["fillable", "Word"])
@pytest.mark.parametrize("code", [people.COORDINATION])
def test_each_paper_is_filed_as_a_fact_of_its_dossier(context: Context, code: str, dress: str) -> None:
    """Over, of the dossier that it names, and neither a version of its form nor what counts there."""
    life = opened(context, code)

    kinds = {}
    for paper in paper_kit.OF_A_DOSSIER:
        report = dropped(context, code, paper, life.dossier.number, dress)
        assert isinstance(report.outcome, Closed), report
        assert (report.outcome.how, report.number) == ("versé", life.dossier.number)
        entry = context.ledger.entries.get(report.form.sha256)
        assert (entry.state, entry.dossier, entry.version) == (State.FILED, life.dossier.id, 1)
        kinds[paper] = entry

    after = life_of(context, life.dossier.id)
    assert after.entry == life.entry == leading(context.ledger.entries.of_dossier(life.dossier.id))
    assert [one.kind for one in after.facts.told] == [
        FactKind.ASKED,
        FactKind.EVALUATION,
        FactKind.QUESTIONNAIRE,
        FactKind.SHEET,
    ]
    assert all(one.body["formulaire"] for one in after.facts.told)
    assert dossier_cases.show_dossier(context, life.dossier.number).state is DossierState.TO_SIGN
    assert [line.id for line in summarise(context).lines] == [life.entry.form.id]


def test_what_a_demande_asks_is_what_differs_from_the_terms(context: Context) -> None:
    """The tuteur's name and first name, title and address of mail; nothing of what was left as it was."""
    life = opened(context, people.COORDINATION)

    report = dropped(context, people.COORDINATION, PaperForm.MODIFICATION, life.dossier.number)

    (fact,) = life_of(context, life.dossier.id).facts.of(FactKind.ASKED)
    assert (fact.key, fact.body["effet"], fact.body["motif"]) == ("1", "2025-05-12", "tuteur")
    asked = {one["champ"]: (one["avant"], one["apres"]) for one in fact.body["changements"]}
    assert asked["tuteur.nom"] == ("BENAÏSSA", "KERVELLA")
    assert asked["tuteur.prenom"] == ("Inès", "Paul")
    assert asked["tuteur.civilite"] == ("Mme", "M.")
    assert {path.split(".")[0] for path in asked} == {"tuteur", "referent"}
    assert fact.body["vides"] == ["referent.fonction", "referent.telephone"]  # nothing is changed there
    assert fact.body["formulaire"] == report.form.sha256


def test_the_days_of_a_sheet_are_facts_by_date(context: Context) -> None:
    """May 2025: seven hours each Tuesday and Thursday but for holidays and the 20th, when the stagiaire was ill."""
    life = opened(context, people.COORDINATION)

    dropped(context, people.COORDINATION, PaperForm.EMARGEMENT, life.dossier.number)

    fact = life_of(context, life.dossier.id).facts.last(FactKind.SHEET, "2025-05")
    assert fact is not None
    days = fact.body["jours"]
    assert days["2025-05-06"] == {"prevues": 7, "matin": "P", "apres_midi": "P", "heures": 7}
    assert days["2025-05-20"] == {"prevues": 7, "matin": "M", "apres_midi": "M"}
    assert days["2025-05-02"] == {"matin": "-", "apres_midi": "-"}  # as presence is kept: no stage that day
    assert days["2025-05-29"] == {"matin": "F", "apres_midi": "F"}
    # Tuesdays 6, 13, 20, 27 and Thursdays 15, 22 (1, 8, 29 are holidays), less the 20th: five days of 7 h
    assert sum(day.get("heures", 0) for day in days.values()) == 35 == fact.body["total_heures"]
    assert (fact.body["signe_stagiaire"], fact.body["signe_tuteur"]) == ("2025-05-30", "2025-06-02")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"number": "2025-999"}, "n’existe pas ici"),
        ({"stagiaire__nom": "LE GALL"}, "n’est pas celui de « LE GALL Maëlle »"),
    ],
)
def test_a_paper_that_fits_no_dossier_waits_and_is_put_where_a_person_says(
    context: Context, changes: dict[str, Any], said: str
) -> None:
    """An unknown number, another person's name: what to type is told, and who looked has the last word."""
    life = opened(context, people.COORDINATION)
    changes = {"number": life.dossier.number} | changes

    report = dropped(context, people.COORDINATION, PaperForm.EVALUATION, **changes)

    assert isinstance(report.outcome, Waiting)
    (why,) = report.outcome.reasons
    assert said in why
    assert f"liasse dossier join {report.form.id} NUMÉRO" in why
    assert not context.ledger.life.facts(life.dossier.id).told
    view = form_view.show_form(context, report.form.id)
    assert f"liasse dossier join {report.form.id} NUMÉRO --by NOM --reason MOTIF" in view.next_step

    dossier_cases.join(context, report.form.id, life.dossier.number, by=BY, reason="nom de naissance")
    assert isinstance(resume(report.form, context).outcome, Closed)
    assert context.ledger.life.facts(life.dossier.id).last(FactKind.EVALUATION) is not None


def test_a_dossier_without_a_convention_takes_no_paper(context: Context) -> None:
    """Its form waits for an accord: what would be evaluated has not begun."""
    data = people.cnam()
    data.pop("accord_pedagogique", None)
    blank = paper_kit.paper_plan(context.workspace, context.dictionary, people.CNAM, PaperForm.EVALUATION)
    waiting = sent(context, "formulaire.pdf", data, people.CNAM)
    assert isinstance(waiting.outcome, Waiting)

    report = dropped(context, blank.formation.code, PaperForm.EVALUATION, waiting.number)

    assert isinstance(report.outcome, Waiting)
    assert "n’a pas de convention à signer ni signée" in report.outcome.reasons[0]


def test_half_a_day_that_was_planned_and_signed_is_all_its_hours(context: Context) -> None:
    """Three and a half hours in the morning: its box says present, the afternoon was never of the stage."""
    life = opened(context, people.COORDINATION)
    days = paper_kit.sheet_of_may() | {"j06": {"prevues": 3.5, "matin": "P"}}

    dropped(
        context,
        people.COORDINATION,
        PaperForm.EMARGEMENT,
        life.dossier.number,
        emargement__jours=days,
        emargement__total_heures=28,
    )

    fact = context.ledger.life.facts(life.dossier.id).last(FactKind.SHEET, "2025-05")
    assert fact is not None
    assert fact.body["jours"]["2025-05-06"] == {"matin": "P", "apres_midi": "-", "prevues": 3.5, "heures": 3.5}


def test_an_empty_half_day_is_a_doubt_that_a_person_settles(context: Context) -> None:
    """Seven hours were planned and nobody signed the afternoon: never a presence before somebody looked."""
    life = opened(context, people.COORDINATION)
    days = paper_kit.sheet_of_may()
    del days["j06"]["apres_midi"]

    report = dropped(context, people.COORDINATION, PaperForm.EMARGEMENT, life.dossier.number, emargement__jours=days)

    assert isinstance(report.outcome, Waiting)
    view = form_view.show_form(context, report.form.id)
    assert [(one.path, one.code) for one in view.doubts] == [("emargement.jours.j06.apres_midi", "CHAMP_VIDE")]
    assert "la case est vide, et 7 h étaient prévues" in view.doubts[0].why
    assert "liasse review" in view.next_step
    sheet = review.make_sheet(context, report.form.id)
    assert [one.label for one in sheet.items] == ["Émargement, Présence, jour par jour, 6, Après-midi"]

    approvals.confirm(context, report.form.id, ["emargement.jours.j06.apres_midi=A"], by=BY)
    assert isinstance(resume(report.form, context).outcome, Closed)
    fact = context.ledger.life.facts(life.dossier.id).last(FactKind.SHEET, "2025-05")
    assert fact is not None
    assert fact.body["jours"]["2025-05-06"]["apres_midi"] == "A"


def test_a_filed_paper_is_over(context: Context) -> None:
    """It is neither decided, nor put away, nor tried again; sent once more, it is the same paper."""
    life = opened(context, people.COORDINATION)
    report = dropped(context, people.COORDINATION, PaperForm.EVALUATION, life.dossier.number)

    for act in (
        lambda: approvals.confirm(context, report.form.id, ["evaluation.motif=x"], by=BY),
        lambda: handling.discard(context, report.form.id, by=BY, reason="essai"),
        lambda: handling.retry(context, report.form.id, by=BY),
    ):
        with pytest.raises(Exception, match=r"versé"):
            act()
    place = context.workspace.inbox / "encore.pdf"
    place.write_bytes(report.form.path.read_bytes())
    (again,) = run([place], context)
    assert isinstance(again.outcome, Closed)
    assert again.outcome.how == "versé"
    assert len(context.ledger.life.facts(life.dossier.id).told) == 1


def test_a_demande_that_changes_nothing_waits(context: Context) -> None:
    """The terms as they are, sent back as they were handed out."""
    life = opened(context, people.COORDINATION)
    same = {name: get(life.data, f"tuteur.{name}") for name in ("civilite", "nom", "prenom", "courriel")}

    report = dropped(
        context,
        people.COORDINATION,
        PaperForm.MODIFICATION,
        life.dossier.number,
        tuteur={**people.coordination()["tuteur"], **same},
        referent={},
    )

    assert isinstance(report.outcome, Waiting)
    assert "ne change rien" in report.outcome.reasons[0]


def test_a_dry_run_files_nothing(context: Context) -> None:
    """How it would end is told."""
    life = opened(context, people.COORDINATION)
    report = dropped(replace(context, dry_run=True), people.COORDINATION, PaperForm.EVALUATION, life.dossier.number)
    assert isinstance(report.outcome, Closed)


@pytest.mark.parametrize("code", [people.COORDINATION, people.CNAM])
def test_what_is_handed_out_comes_back_to_its_dossier(context: Context, tmp_path: Path, code: str) -> None:
    """Sent back as it was handed out, each paper finds its dossier; a demande that changed nothing is told so."""
    life = opened(context, code)
    number, reasons = life.dossier.number, {}
    student = code == people.CNAM  # L124-4 is of students only

    for paper in paper_kit.OF_A_DOSSIER:
        if paper is PaperForm.QUESTIONNAIRE and not student:
            with pytest.raises(NotAllowed, match="n’est pas d’un étudiant"):
                blank_forms.hand_out(context, number, paper, tmp_path)
            continue
        for path in blank_forms.hand_out(context, number, paper, tmp_path):
            place = context.workspace.inbox / path.name
            place.write_bytes(path.read_bytes())
            (report,) = run([place], context)
            assert isinstance(report.outcome, Waiting), report
            reasons[path.name] = report.outcome.reasons

    for kind in ("pdf", "docx"):
        assert "Date d’effet : sans réponse" in " ".join(reasons[f"modification-{number}.{kind}"])
        assert "Le stage est-il validé ? : sans réponse" in " ".join(reasons[f"evaluation-{number}.{kind}"])
        assert (f"questionnaire-{number}.{kind}" in reasons) == student
        assert all("sans réponse" in one for one in reasons.get(f"questionnaire-{number}.{kind}", ()))
        may = reasons[f"emargement-{number}-2025-05.{kind}"]
        assert all("la case est vide" in one for one in may)
        assert len(may) == 2 * sum(day.month == 5 for day in planned(life))


def planned(life: Life) -> Mapping[dt.date, Decimal]:
    """The days of stage of a dossier."""
    days = life.terms.days(life.programme.session)
    assert days is not None
    return days.hours


def test_terms_that_are_handed_out_and_left_alone_change_nothing(context: Context, tmp_path: Path) -> None:
    """Every date, hour and line that the paper shows reads as the terms themselves: only what is typed is asked."""
    life = opened(context, people.CNAM)
    (pdf, _) = blank_forms.hand_out(context, life.dossier.number, PaperForm.MODIFICATION, tmp_path)
    blank = paper_kit.paper_plan(context.workspace, context.dictionary, people.CNAM, PaperForm.MODIFICATION)
    typed = {
        "modification.date_effet": "02/06/2025",
        "modification.motif=tuteur": "x",
        "modification.raison": "Départ de la tutrice.",
        "modification.demande_par=organisme": "x",
        "tuteur.nom": "KERVELLA",
    }
    place = context.workspace.inbox / "demande.pdf"
    place.write_bytes(fill_acroform(pdf.read_bytes(), blank, typed))

    (report,) = run([place], context)

    assert isinstance(report.outcome, Closed), report
    (fact,) = context.ledger.life.facts(life.dossier.id).of(FactKind.ASKED)
    # what the page does not ask of a tuteur was true of the one before only
    assert [(one["champ"], one["apres"]) for one in fact.body["changements"]] == [
        ("tuteur.nom", "KERVELLA"),
        ("tuteur.anciennete", None),
        ("tuteur.stagiaires_en_cours", None),
    ]
    assert fact.body["vides"] == []


def test_an_early_end_that_is_asked_by_the_form_is_one(context: Context) -> None:
    """Its motive is the command's, and what follows from the last day is asked with it: the days after it go."""
    life = opened(context, people.COORDINATION)
    plain = people.coordination()
    asked = {"motif": "fin_anticipee", "date_effet": "2025-06-13", "raison": "Fermeture.", "demande_par": "organisme"}

    dropped(
        context,
        people.COORDINATION,
        PaperForm.MODIFICATION,
        life.dossier.number,
        modification=asked,
        tuteur=plain["tuteur"],
        referent=life.data["referent"],
        stage__date_fin="2025-06-12",
    )

    (fact,) = context.ledger.life.facts(life.dossier.id).of(FactKind.ASKED)
    changed = {one["champ"]: one["apres"] for one in fact.body["changements"]}
    assert fact.body["motif"] == "fin-anticipee"
    assert changed["stage.date_fin"] == "2025-06-12"
    assert max(line["date"] for line in changed["stage.calendrier"]) == "2025-06-12"
    # Tuesday 17, Thursday 19 and Tuesday 24 June go: 140 - 21
    assert changed["stage.duree_heures"] == 119


def test_a_sheet_is_handed_out_for_the_months_of_the_stage_only(context: Context, tmp_path: Path) -> None:
    """From April to June 2025; July is none of them, and no other paper has a month."""
    life = opened(context, people.COORDINATION)

    names = [one.name for one in blank_forms.hand_out(context, life.dossier.number, PaperForm.EMARGEMENT, tmp_path)]
    assert [name for name in names if name.endswith(".pdf")] == [
        f"emargement-{life.dossier.number}-2025-{month}.pdf" for month in ("04", "05", "06")
    ]
    with pytest.raises(InvalidRequest, match=r"n’est pas un mois du stage .* 2025-04, 2025-05, 2025-06"):
        blank_forms.hand_out(context, life.dossier.number, PaperForm.EMARGEMENT, tmp_path, month="2025-07")
    with pytest.raises(InvalidRequest, match="Un mois ne se dit que"):
        blank_forms.hand_out(context, life.dossier.number, PaperForm.EVALUATION, tmp_path, month="2025-05")
