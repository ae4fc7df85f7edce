"""A dossier is closed once all that its formation asks is there; what is missing is said with what to do."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import people
import pytest
from every_command import run_here
from laid_lives import begun, issued

from pipeline.core.errors import NotAllowed
from pipeline.core.life import FactKind, PaperKind, Told
from pipeline.core.places import Place
from pipeline.dossier.context import Context
from pipeline.dossier.life.closing import missing
from pipeline.dossier.life.holding import Life, life_of
from pipeline.dossier.life.life_rules import alarm, alarm_from, verdicts
from pipeline.dossier.state import DossierState
from pipeline.reports.summary import to_do
from pipeline.services import closures, dossier_cases, late_signatures, listing
from pipeline.services.signed_papers import note_signed

BY, WHY = "F. GARÇON", "dossier repris d’une autre école"
# An internship over the whole session: first day 7 April, last 3 July 2025.
FIRST, LAST, AFTER = dt.date(2025, 4, 7), dt.date(2025, 7, 3), dt.date(2025, 7, 10)


DATES = {"stage__date_debut": "2025-04-07", "stage__date_fin": "2025-07-03"}


def on(context: Context, day: dt.date) -> Context:
    """The same desk on another day."""
    return replace(context, today=day)


def again(context: Context, life: Life) -> Life:
    """The dossier as it is now."""
    return life_of(context, life.dossier.id)


def tell(context: Context, life: Life, kind: FactKind, key: str = "", **body: object) -> None:
    """One fact."""
    seen = context.ledger.life.facts(life.dossier.id).seen
    assert context.ledger.life.tell(life.dossier.id, [Told(kind, key, body)], by=BY, day=context.today, seen=seen)


def sign(context: Context, life: Life, piece: str, day: dt.date) -> None:
    """All who sign that paper, on that day."""
    note_signed(on(context, max(day, context.today)), life.dossier.number, piece=piece, on=day, by=BY)


def complete(context: Context, life: Life) -> None:
    """All that the coordination asks of a salariée."""
    late = on(context, AFTER)
    sign(context, life, "convention", dt.date(2025, 3, 20))
    issued(late, life.dossier.id, PaperKind.END, signers=("stagiaire", "tuteur"))
    issued(late, life.dossier.id, PaperKind.COMPLETION)
    tell(late, life, FactKind.EVALUATION, formulaire="a" * 64)
    sign(late, life, "attestation-de-stage", AFTER)
    sign(late, life, "evaluation", AFTER)


def test_what_is_missing_is_listed_with_what_to_do(context: Context) -> None:
    """Nothing was told: the convention, the attestation, the evaluation, the certificat."""
    life = begun(context, **DATES)
    number = life.dossier.number

    with pytest.raises(NotAllowed) as refused:
        closures.close(on(context, AFTER), number, by=BY)

    said = str(refused.value).splitlines()
    assert said[0] == f"Le dossier {number} n’est pas complet, il n’est pas clos. Il manque :"
    assert said[1].endswith(f"liasse signed {number} --piece convention --on DATE --by NOM")
    assert said[2] == f"– L’attestation de stage n’est pas établie : liasse attest {number} --by NOM"
    assert said[3].startswith("– L’évaluation n’est pas revenue")
    assert said[4] == f"– Le certificat de réalisation n’est pas établi : liasse attest {number} --by NOM"
    assert said[5] == f"Pour le clore malgré tout : liasse close {number} --by NOM --reason MOTIF"
    assert context.ledger.life.facts(life.dossier.id).told == ()


def test_a_complete_dossier_is_closed_and_said_so_once(context: Context) -> None:
    """Its state is « close »; the second time says who closed it."""
    life = begun(context, **DATES)
    complete(context, life)

    done = closures.close(on(context, AFTER), life.dossier.number, by=BY)
    twice = closures.close(on(context, AFTER), life.dossier.number, by="Une AUTRE")

    assert done == closures.Closure(life.dossier.number)
    assert twice.already.startswith(f"{life.dossier.number} : déjà clos par {BY} le ")
    view = dossier_cases.show_dossier(on(context, AFTER), life.dossier.number)
    assert view.state is DossierState.CLOSED
    assert view.life is not None
    assert [one.body["complet"] for one in view.life.facts.of(FactKind.CLOSED)] == [True]


def test_a_reason_closes_an_incomplete_one_and_keeps_what_is_missing(context: Context) -> None:
    """Who, why, and what was not there."""
    life = begun(context, **DATES)
    sign(context, life, "convention", dt.date(2025, 3, 20))

    done = closures.close(on(context, AFTER), life.dossier.number, by=BY, reason=WHY)

    closed = context.ledger.life.facts(life.dossier.id).closed
    assert closed is not None
    assert closed.body == {"complet": False, "manque": list(done.missing), "raison": WHY}
    assert len(done.missing) == 3


def test_a_closed_dossier_takes_nothing_until_it_is_opened_again(context: Context) -> None:
    """No signature, no paper; --reopen says why, and then it takes them."""
    life = begun(context, **DATES)
    closures.close(on(context, AFTER), life.dossier.number, by=BY, reason=WHY)

    with pytest.raises(NotAllowed, match="liasse close 2024-001 --reopen"):
        sign(context, life, "convention", dt.date(2025, 3, 20))
    with pytest.raises(NotAllowed, match="est clos"):
        issued(on(context, AFTER), life.dossier.id, PaperKind.END)
    assert context.ledger.life.all_papers() == ()

    closures.reopen(context, life.dossier.number, by=BY, reason="signature retrouvée")
    sign(context, life, "convention", dt.date(2025, 3, 20))
    with pytest.raises(NotAllowed, match="rien à rouvrir"):
        closures.reopen(context, life.dossier.number, by=BY, reason="encore")


def test_before_the_last_day_it_goes_on(context: Context) -> None:
    """Said with the command that ends an internship before term; an avenant that does so lets it be closed."""
    life = begun(context, **DATES)
    complete(context, life)
    (said,) = missing(again(context, life), dt.date(2025, 7, 3))
    assert said.startswith("Le stage dure jusqu’au 3\u00a0juillet\u00a02025 : il se clôt après.")
    assert said.endswith(
        f"liasse amend {life.dossier.number} stage.date_fin=DATE --from DATE --motive fin-anticipee "
        "--reason MOTIF --by NOM"
    )

    change = {"champ": "stage.date_fin", "avant": "2025-07-03", "apres": "2025-05-16"}
    tell(context, life, FactKind.ASKED, "1", effet="2025-05-17", changements=[change], motif="fin", raison="")
    assert missing(again(context, life), dt.date(2025, 7, 4))[0].startswith("Modification 1 : sans avis")
    tell(context, life, FactKind.JUDGED, "1", avis="favorable", par="I. PRAT", le="2025-05-15", raison="")
    assert missing(again(context, life), dt.date(2025, 5, 17))[0].startswith("Avenant 1 : accepté")
    issued(context, life.dossier.id, PaperKind.AVENANT, "1", signers=("stagiaire",))
    sign(context, life, "avenant-1", context.today)
    assert missing(again(context, life), dt.date(2025, 5, 17)) == ()


def test_a_student_is_asked_for_the_questionnaire_and_no_certificat(context: Context) -> None:
    """L124-4: the school asks how they were received; nobody pays for a certificat."""
    life = begun(context, code=people.CNAM)
    said = " ".join(missing(life, dt.date(2026, 1, 1)))
    assert "questionnaire" in said
    assert "certificat" not in said

    tell(context, life, FactKind.QUESTIONNAIRE, note="4")
    assert "questionnaire" not in " ".join(missing(again(context, life), dt.date(2026, 1, 1)))


# Working days before Monday 7 April 2025: Friday 4, Thursday 3, Wednesday 2, Tuesday 1 April, Monday 31 March.
# Before Tuesday 22 April (Easter Monday is the 21st): 18, 17, 16, 15, 14 April; in Moselle Good Friday, the 18th, is
# a holiday too: 17, 16, 15, 14, 11 April.
@pytest.mark.parametrize(
    ("start", "days", "place", "since"),
    [
        (FIRST, 5, Place(), dt.date(2025, 3, 31)),
        (FIRST, 0, Place(), FIRST),
        (dt.date(2025, 4, 22), 5, Place(), dt.date(2025, 4, 14)),
        (dt.date(2025, 4, 22), 5, Place(part="57"), dt.date(2025, 4, 11)),
        (dt.date(2025, 4, 22), 5, Place(abroad=True), dt.date(2025, 4, 15)),
    ],
)
def test_working_days_before_the_first(start: dt.date, days: int, place: Place, since: dt.date) -> None:
    """Neither weekends nor public holidays of the place count."""
    assert alarm_from(start, days, place) == since


def test_an_alarm_sounds_from_five_working_days_before_to_the_last_day(context: Context) -> None:
    """Silent on Friday 28 March, sounding from Monday 31, until the last day; it names who has not signed."""
    life = begun(context, **DATES)
    note_signed(on(context, dt.date(2025, 3, 24)), "2024-001", piece="convention", on=dt.date(2025, 3, 20), by=BY,
                roles=("stagiaire", "organisme", "employeur"))  # fmt: skip
    life = again(context, life)

    sounding = [day for day in (dt.date(2025, 3, 28) + dt.timedelta(days=n) for n in range(110))
                if any(alarm(life, day, 5))]  # fmt: skip

    assert (sounding[0], sounding[-1]) == (dt.date(2025, 3, 31), LAST)
    (told,) = alarm(life, FIRST, 5)
    assert told.says == (
        "Le stage a commencé le 7\u00a0avril\u00a02025. « convention » n’est pas encore signé par : "
        "Partie etablissement (Une ETABLISSEMENT)."
    )
    assert told.command == "liasse signed 2024-001 --piece convention --on DATE --by NOM"


def test_the_alarm_is_shown_where_people_look(context: Context) -> None:
    """status, status --todo and dossier show say it; once all have signed, none does."""
    life = begun(context, **DATES)
    desk = on(context, FIRST)
    assert [one.number for one in late_signatures.late(context.ledger, FIRST, 5)] == ["2024-001"]
    (line,) = to_do(desk)
    assert len(line.alarms) == 1
    where = ("--workspace", str(context.workspace.root), "--today", FIRST.isoformat())
    for words in (("status",), ("status", "--todo"), ("dossier", "show", "2024-001")):
        assert "ALARME" in run_here([*words, *where]).out

    sign(context, life, "convention", dt.date(2025, 3, 28))

    assert late_signatures.late(context.ledger, FIRST, 5) == ()
    assert to_do(desk) == ()
    for words in (("status",), ("status", "--todo"), ("dossier", "show", "2024-001")):
        assert "ALARME" not in run_here([*words, *where]).out


def said_by(context: Context, life: Life, day: dt.date) -> dict[str, str]:
    """What each rule of its life says on a day: nothing yet, in order, or how many; without object: not."""
    found = verdicts(again(context, life), day)
    return {one.rule: str(len(one.problems)) if one.applies else "–" for one in found if one.said != "sans objet"}


def test_the_rules_of_a_life_over_its_days(context: Context) -> None:
    """S2-20 and L-18 from the first day, S2-22 and S2-23 after the last."""
    life = begun(context, **DATES)
    assert said_by(context, life, dt.date(2025, 4, 6)) == {"S2-20": "–", "S2-22": "–", "S2-23": "–", "L-18": "–"}
    assert said_by(context, life, FIRST) == {"S2-20": "1", "S2-22": "–", "S2-23": "–", "L-18": "1"}
    assert said_by(context, life, AFTER) == {"S2-20": "1", "S2-22": "1", "S2-23": "1", "L-18": "1"}

    complete(context, life)

    assert said_by(context, life, AFTER) == {"S2-20": "0", "S2-22": "0", "S2-23": "0", "L-18": "0"}


def test_a_signature_on_the_first_day_is_too_late(context: Context) -> None:
    """« max(signature dates) < date_debut »: the day before is in time, the first day is not."""
    life = begun(context, **DATES)
    sign(context, life, "convention", dt.date(2025, 4, 6))
    assert said_by(context, life, AFTER)["L-18"] == "0"
    note_signed(
        on(context, FIRST), "2024-001", piece="convention", on=FIRST, by=BY, roles=("employeur",), correct=True
    )
    assert said_by(context, life, AFTER)["S2-20"] == "1"


def test_states_are_filters_of_status(context: Context) -> None:
    """Signed, running, to close, closed: each on its days, also with an end that an avenant moved."""
    life = begun(context, **DATES)
    sign(context, life, "convention", dt.date(2025, 3, 20))

    def state(day: dt.date) -> DossierState:
        wanted = listing.Wanted()
        return listing.list_forms(context.ledger, wanted, today=day).signing[life.entry.form.sha256]

    assert [state(day) for day in (dt.date(2025, 4, 6), FIRST, LAST, AFTER)] == [
        DossierState.SIGNED, DossierState.RUNNING, DossierState.RUNNING, DossierState.TO_CLOSE,
    ]  # fmt: skip
    change = {"champ": "stage.date_fin", "avant": "2025-07-03", "apres": "2025-05-16"}
    tell(context, life, FactKind.ASKED, "1", effet="2025-05-17", changements=[change], motif="fin", raison="")
    tell(context, life, FactKind.JUDGED, "1", avis="favorable", par="I. PRAT", le="2025-05-15", raison="")
    assert state(dt.date(2025, 5, 17)) is DossierState.TO_CLOSE
    closures.close(on(context, AFTER), "2024-001", by=BY, reason=WHY)
    assert state(AFTER) is DossierState.CLOSED
    listed = listing.Wanted(states=(DossierState.CLOSED,))
    assert len(listing.list_forms(context.ledger, listed, today=AFTER).forms) == 1


def words(context: Context, day: dt.date) -> str:
    """What « dossier show » prints on a day."""
    place = ("--workspace", str(context.workspace.root), "--today", day.isoformat())
    return run_here(["dossier", "show", "2024-001", *place]).out


def test_a_rule_says_what_can_still_be_done_and_what_cannot(context: Context) -> None:
    """Nothing was ever asked: « sans objet »; signed too late: a final word, where nothing is to be done."""
    life = begun(context, **DATES)
    assert "S2-20  Convention signée avant le début : pas encore" in words(context, dt.date(2025, 4, 6))
    missed = words(context, FIRST)
    assert "S2-20  Convention signée avant le début : à faire" in missed
    for rule in ("S2-09", "S2-10", "S2-11", "S2-12"):
        (line,) = [one for one in missed.splitlines() if one.startswith(rule)]
        assert line.endswith(" : sans objet")

    sign(context, life, "convention", dt.date(2025, 4, 9))

    late = " ".join(words(context, AFTER).replace("\u00a0", " ").split())
    for rule in ("S2-20 Convention signée avant le début", "L-18 Convention signée de tous avant le début"):
        assert f"{rule} : non tenu : « convention » signé le 9 avril 2025, et non avant le premier jour" in late


def test_what_was_told_bears_its_day_in_french(context: Context) -> None:
    """The day of the fact, not of the clock; days of presence too."""
    life = begun(context, **DATES)
    desk = on(context, dt.date(2025, 5, 20))
    tell(desk, life, FactKind.MID_TERM, le="2025-05-20", comment="", notes="")
    tell(desk, life, FactKind.PRESENCE, "2025-04-08", matin="P", apres_midi="P", heures="7")
    tell(desk, life, FactKind.PRESENCE, "2025-04-10", matin="P", apres_midi="P", heures="7")

    shown = words(context, dt.date(2025, 5, 20))

    assert f"bilan à mi-parcours, par {BY} le 20/05/2025" in shown
    assert "présence notée : 2 jours, du 08/04/2025 au 10/04/2025" in shown
