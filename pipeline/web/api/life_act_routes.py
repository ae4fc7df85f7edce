"""A dossier's life, told and decided: each word rests on the life as it was seen (its ETag in If-Match)."""

from __future__ import annotations

from typing import Annotated

from fastapi import Header, Path
from pydantic import BaseModel
from starlette.responses import Response

from pipeline.core.errors import NotFound
from pipeline.core.formation import formation_codes
from pipeline.core.visitors import Right
from pipeline.services import amends, attending, attesting, closures, inviting, milestones, signed_papers
from pipeline.services.life_account import LifeAccount, account_of
from pipeline.services.permissions import within_reach
from pipeline.web.api import life_answers
from pipeline.web.api import life_ask_shapes as asks
from pipeline.web.api import life_shapes as shapes
from pipeline.web.api.api_doors import Doors, etag_of, require_match, told
from pipeline.web.api.decision_routes import By, Reasoned, author_of
from pipeline.web.api.dossier_routes import Word
from pipeline.web.api.school_routes import FormationCode
from pipeline.web.visits import Correcting, Judging, Visit

doors = Doors("life")
_NOW = ("not-allowed-now", "changed-meanwhile", "invalid")
WRONG = (*_NOW, "precondition-failed", "precondition-required")
IfMatch = Annotated[
    str,
    Header(
        alias="If-Match",
        max_length=500,
        description="The ETag of `GET /dossiers/{id}/life`, or of the last answer; `*` for who looked at nothing.",
    ),
]
ChangeNumber = Annotated[int, Path(alias="number", ge=1, le=10_000, examples=[1])]


@doors.act("/dossiers/{id}/signatures", shapes.Signed, Right.CORRECT, *WRONG)
def tell_signature(visit: Correcting, word: Word, asked: asks.SignatureTold, if_match: IfMatch = "") -> Response:
    """Note that a paper was signed, on the day that is written on it; nothing twice."""
    seen = matched(visit, Right.CORRECT, word, if_match)
    made = signed_papers.note_signed(
        visit.context,
        seen.dossier,
        piece=asked.paper,
        on=asked.on,
        by=author_of(visit, asked.by),
        roles=asked.roles,
        correct=asked.correct,
        seen=seen.seen,
    )
    body = shapes.Signed(
        paper=made.piece,
        signed=list(made.roles),
        missing=list(made.missing),
        already=list(made.already),
        warnings=list(made.warnings),
    )
    return after(visit, seen.dossier, body)


@doors.act("/dossiers/{id}/changes", shapes.ChangeShown, Right.CORRECT, *WRONG)
def ask_change(visit: Correcting, word: Word, asked: asks.ChangeAsked, if_match: IfMatch = "") -> Response:
    """Ask for a change of its convention; who judges it is told. With `dry_run` If-Match is not asked for."""
    seen = matched(visit, Right.CORRECT, word, if_match or ("*" if asked.dry_run else ""))
    made = amends.ask_change(
        visit.context,
        seen.dossier,
        [f"{one.field}{one.how}{one.value}" for one in asked.values],
        effect_on=asked.effect_on,
        reason=asked.reason,
        by=author_of(visit, asked.by),
        on=asked.on,
        motive_code=asked.motive,
        lifts=asked.lifts,
        dry_run=asked.dry_run,
        seen=seen.seen,
    )
    return after(visit, seen.dossier, life_answers.shown(made, kept=not asked.dry_run))


@doors.act("/dossiers/{id}/changes/{number}/judgement", shapes.ChangeJudged, Right.JUDGE, *WRONG)
def judge_change(
    visit: Judging, word: Word, number: ChangeNumber, asked: asks.JudgementGiven, if_match: IfMatch = ""
) -> Response:
    """Accept or refuse a change. Accepted, its avenant is there to be signed, and attestations are issued again."""
    seen = matched(visit, Right.JUDGE, word, if_match)
    made = amends.judge_change(
        visit.context,
        seen.dossier,
        number,
        by=author_of(visit, asked.by),
        favorable=asked.judgement == "favorable",
        on=asked.on,
        reason=asked.reason,
        lifts=asked.lifts,
        seen=seen.seen,
    )
    return after(visit, seen.dossier, life_answers.ruled(made))


@doors.act("/dossiers/{id}/presence", shapes.PresenceNoted, Right.CORRECT, *WRONG)
def tell_presence(visit: Correcting, word: Word, asked: asks.PresenceTold, if_match: IfMatch = "") -> Response:
    """Note what days were, all or none; attestations that say otherwise are issued again."""
    seen = matched(visit, Right.CORRECT, word, if_match)
    words = [f"{one.day.isoformat()}={one.was}" for one in asked.days]
    by = author_of(visit, asked.by)
    made = attending.note_presence(visit.context, seen.dossier, words, by=by, seen=seen.seen)
    body = shapes.PresenceNoted(
        days=[life_answers.day_known(one) for one in made.told],
        issued=life_answers.papers(one.paper for one in made.issued),
        remarks=list(made.remarks),
    )
    return after(visit, seen.dossier, body)


@doors.act("/dossiers/{id}/attestations", shapes.Attested, Right.CORRECT, *WRONG)
def issue_attestations(
    visit: Correcting, word: Word, asked: asks.AttestationsAsked, if_match: IfMatch = ""
) -> Response:
    """Issue attestations, of what is over and known or confirmed now; the same is not made twice."""
    seen = matched(visit, Right.CORRECT, word, if_match)
    wish = attesting.Wish(
        asked.month, asked.end, asked.completion, asked.present_as_planned, asked.paid, asked.paid_as_agreed
    )
    made = attesting.attest(visit.context, seen.dossier, wish, by=author_of(visit, asked.by), seen=seen.seen)
    issued = life_answers.papers(one.paper for one in made.issued)
    return after(visit, seen.dossier, shapes.Attested(issued=issued, remarks=list(made.remarks)))


@doors.act("/dossiers/{id}/mid-term", shapes.MidTerm, Right.CORRECT, *WRONG)
def tell_mid_term(visit: Correcting, word: Word, asked: asks.MidTermTold, if_match: IfMatch = "") -> Response:
    """Note that the bilan à mi-parcours took place."""
    seen = matched(visit, Right.CORRECT, word, if_match)
    by = author_of(visit, asked.by)
    new = milestones.note_mid_term(visit.context, seen.dossier, on=asked.on, text=asked.text, by=by, seen=seen.seen)
    return after(visit, seen.dossier, shapes.MidTerm(new=new))


@doors.act("/dossiers/{id}/invitations", shapes.Invitations, Right.CORRECT, *_NOW)
def invite_dossier(visit: Correcting, word: Word, asked: By) -> Response:
    """Lay the invitations to the réunion des référents ready for one dossier; nobody is invited twice."""
    reached = visit.reach(Right.CORRECT, word)
    return _invited(visit, inviting.invite(visit.context, reached.id, by=author_of(visit, asked.by)))


@doors.act("/formations/{code}/invitations", shapes.Invitations, Right.CORRECT, *_NOW)
def invite_formation(visit: Correcting, code: FormationCode, asked: asks.InvitationsAsked) -> Response:
    """The same for all dossiers of a session that you reach; nothing is sent."""
    if code not in formation_codes(visit.house.workspace) or not visit.visitor.reaches({code}, visit.visitor.dossier):
        raise NotFound(f"Aucune formation « {code} ».")
    among = within_reach(visit.visitor, visit.ledger)
    by = author_of(visit, asked.by)
    return _invited(visit, inviting.invite(visit.context, code, session=asked.session, by=by, among=among))


@doors.act("/dossiers/{id}/closing", shapes.Closure, Right.CORRECT, *WRONG)
def close_dossier(visit: Correcting, word: Word, asked: asks.ClosingAsked, if_match: IfMatch = "") -> Response:
    """Close a dossier once all that is asked is there; 409 says what is missing. With a reason, all the same."""
    seen = matched(visit, Right.CORRECT, word, if_match)
    by = author_of(visit, asked.by)
    made = closures.close(visit.context, seen.dossier, by=by, reason=asked.reason, seen=seen.seen)
    return after(visit, seen.dossier, shapes.Closure(closed=True, missing=list(made.missing), already=made.already))


@doors.act("/dossiers/{id}/reopening", shapes.Closure, Right.CORRECT, *WRONG)
def reopen_dossier(visit: Correcting, word: Word, asked: Reasoned, if_match: IfMatch = "") -> Response:
    """Open a closed dossier again: it takes facts and papers."""
    seen = matched(visit, Right.CORRECT, word, if_match)
    by = author_of(visit, asked.by)
    made = closures.reopen(visit.context, seen.dossier, by=by, reason=asked.reason, seen=seen.seen)
    return after(visit, seen.dossier, shapes.Closure(closed=False, missing=list(made.missing), already=made.already))


def matched(visit: Visit, right: Right, word: str, said: str) -> LifeAccount:
    """The life as whoever speaks saw it; raises Trouble 428 or 412, with what was told last."""
    account = account_of(visit.context, visit.reach(right, word).id)
    last = next(reversed(account.view.facts.told), None)
    now = {
        "closed": account.view.closed is not None,
        "last_event": last.kind.value if last else None,
        "by": last.by if last else None,
        "at": last.at if last else None,
    }
    require_match(said, etag_of(life_answers.life(account)), now)
    return account


def after(visit: Visit, dossier: str, body: BaseModel) -> Response:
    """What was done, with the ETag of the life as it is now: the next word may rest on it."""
    answer = told(visit.request, body)
    answer.headers["ETag"] = etag_of(life_answers.life(account_of(visit.context, dossier)))
    return answer


def _invited(visit: Visit, made: tuple[inviting.Invited, ...]) -> Response:
    invited = [
        shapes.Invited(number=one.number, role=one.role, draft=one.draft, addressed=one.addressed) for one in made
    ]
    return told(visit.request, shapes.Invitations(invited=invited))
