"""Use case of the réunion des référents: an invitation for each person, laid ready in ``outbox/courrier``."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Container, Iterator
from dataclasses import dataclass

from pipeline.core.errors import FormationIll, NotAllowed
from pipeline.core.formation import formation_codes, require_typed
from pipeline.core.french import long_date
from pipeline.core.grammar import full_date
from pipeline.core.life import FactKind, Told
from pipeline.core.models import FORMATION, YEAR, get
from pipeline.documents.mail_drafts import Attached, draft, words_of
from pipeline.documents.meeting_file import Event, invitation
from pipeline.documents.template_context import school_settings
from pipeline.dossier.context import Context
from pipeline.dossier.life.holding import Life, lives_of
from pipeline.dossier.life.meetings import Meeting, clock, invited, mail_of, meeting_of, to_invite
from pipeline.services.attending import tell_all
from pipeline.services.authors import author
from pipeline.services.life_seen import life_as_seen
from pipeline.storage.spool import put_file

_REFERENT = "referent"


@dataclass(frozen=True)
class Invited:
    """One person invited: the role, the draft's name in ``outbox/courrier``, whether an address is to be written."""

    number: str
    role: str
    draft: str
    addressed: bool


def invite(
    context: Context,
    word: str,
    *,
    session: str | None = None,
    by: str,
    among: Container[str] | None = None,
    seen: int | None = None,
) -> tuple[Invited, ...]:
    """Lay invitations ready for a dossier, or all of a formation's session; who has one as it stands gets no other.

    ``among``: of a formation those dossiers alone, by their ids. ``seen`` is as ``life_as_seen`` has it.
    Raises NotFound, Ambiguous, ChangedMeanwhile; NotAllowed where the session has no meeting, or it is over.
    """
    by = author(by)
    if word in formation_codes(context.workspace):
        require_typed(context.workspace, word, session)
        others: dict[str, FormationIll] = {}  # which are not asked about
        every = (one for one in lives_of(context, others) if among is None or one.dossier.id in among)
        lives = [one for one in every if _is_of(one, word, session)]
        if not lives:
            raise NotAllowed(f"Aucun dossier de {word} n’a encore sa liasse : personne n’est à inviter.")
    else:
        lives = [life_as_seen(context, word, seen)]
    return tuple(made for life in lives for made in _invite(context, life, by))


def _is_of(life: Life, code: str, session: str | None) -> bool:
    wanted = session or life.programme.formation.session().annee
    return (get(life.data, FORMATION), get(life.data, YEAR)) == (code, wanted)


def _invite(context: Context, life: Life, by: str) -> Iterator[Invited]:
    meeting = meeting_of(life.programme.session)
    formation = life.programme.formation
    if meeting is None:
        raise NotAllowed(
            f"La session {life.programme.session.annee} de {formation.code} n’a pas de réunion des référents : "
            "« reunion », dans formation.toml, en dit le jour et l’heure."
        )
    if meeting.date < context.today:
        raise NotAllowed(f"La réunion des référents a eu lieu le {long_date(meeting.date)} : elle est passée.")
    roles = to_invite(life, meeting)
    told = []
    made = []
    for role in roles:
        to = mail_of(life, role)
        sequence = _sequence(context, life, role, meeting, to)
        name = _name(life, role, to, sequence)
        for suffix, data in _files(context, life, meeting, role, sequence).items():
            put_file(context.workspace.mail / f"{name}{suffix}", data)
        _withdraw(context, life, role, unless=name)
        body = {**meeting.body, "adresse": to, "session": _session(life), "sequence": sequence}
        body["invite_le"] = context.today.isoformat()
        told.append(Told(FactKind.MEETING, role, body))
        made.append(Invited(life.dossier.number, role, f"{name}.eml", addressed=bool(to)))
    tell_all(context, life, told, by=by)  # after: killed in between, the same files are written again
    yield from made


def _sequence(context: Context, life: Life, role: str, meeting: Meeting, to: str) -> int:
    """How often who is invited was told anew: one count for all dossiers that a référent follows."""
    told = [one for one in (invited(life, role),) if one]
    if _is_shared(role, to):
        everywhere = (one.body for one in context.ledger.life.facts_of_all(FactKind.MEETING, role))
        of_it = {"adresse": to, "session": _session(life)}
        told = [body for body in everywhere if of_it.items() <= body.items()] or told
    known = [one for one in told if "sequence" in one]
    if not known:
        return 0
    last = max(known, key=lambda one: int(one["sequence"]))
    has_it = _is_shared(role, to) and meeting.body.items() <= last.items()
    return int(last["sequence"]) + (not has_it)


def _session(life: Life) -> str:
    return f"{life.programme.formation.code} {life.programme.session.annee}"


def _is_shared(role: str, to: str) -> bool:
    return role == _REFERENT and bool(to)


def _name(life: Life, role: str, to: str, sequence: int) -> str:
    """Of whoever follows several dossiers of a session there is one file."""
    if _is_shared(role, to):
        known = hashlib.sha256(to.encode()).hexdigest()[:8]
        return f"reunion-{life.programme.formation.code}-{life.programme.session.annee}-{known}-v{sequence + 1}"
    return f"{life.dossier.number}-invitation-{role}-v{sequence + 1}"


def _withdraw(context: Context, life: Life, role: str, *, unless: str) -> None:
    """Take the draft before this one away: who has not sent it is not to."""
    before = invited(life, role)
    if before is None or "sequence" not in before:
        return
    name = _name(life, role, str(before.get("adresse") or ""), int(before["sequence"]))
    for suffix in (".eml", ".ics") if name != unless else ():
        (context.workspace.mail / f"{name}{suffix}").unlink(missing_ok=True)


def _files(context: Context, life: Life, meeting: Meeting, role: str, sequence: int) -> dict[str, bytes]:
    formation = life.programme.formation
    settings = school_settings(formation)
    sender, to = str(settings["etablissement"].get("courriel") or ""), mail_of(life, role)
    event = _event(life, meeting, sender, sequence, context.today)
    calendar = invitation(event, to)
    before = invited(life, role)
    values = {
        **settings,
        "formation": {"intitule": settings["intitule"], "intitule_court": settings["intitule_court"]},
        "jour": full_date(meeting.date),
        "debut": meeting.begins,
        "fin": meeting.ends,
        "lieu": meeting.place,
        "convie": "convié" if _civility(life, role) == "M." else "conviée" if _civility(life, role) else "convié(e)",
        "change": _changed(before, meeting) if before and "date" in before else None,
    }
    attached = Attached("reunion.ics", "text/calendar", calendar, {"charset": "utf-8", "method": "PUBLISH"})
    identity = f"{event.uid.partition('@')[0]}-{_name(life, role, to, sequence)}"
    mail = draft(
        identity, words_of(context.workspace, "invitation", values), sender=sender, to=to, attached=(attached,)
    )
    return {".ics": calendar, ".eml": mail}


def _civility(life: Life, role: str) -> str:
    return str(get(life.data, f"{role}.civilite") or get(life.programme.formation.settings, f"{role}.civilite") or "")


def _event(life: Life, meeting: Meeting, sender: str, sequence: int, today: dt.date) -> Event:
    formation, annee = life.programme.formation, life.programme.session.annee
    begins, ends = clock(meeting.begins), clock(meeting.ends)
    if begins is None or ends is None or begins >= ends:
        raise FormationIll(
            f"{formation.code}/formation.toml: reunion says debut = {meeting.begins!r}, fin = {meeting.ends!r}. "
            "Write hours as « 14 h 00 », the end after the beginning.",
            formation.code,
        )
    uid = f"reunion-referents-{formation.code}-{annee}@{sender.rpartition('@')[2] or 'liasse.invalid'}"
    return Event(
        uid,
        sequence,
        dt.datetime.combine(meeting.date, dt.time(*begins)),
        dt.datetime.combine(meeting.date, dt.time(*ends)),
        f"Réunion des référents de stage – {formation.settings['intitule_court']}",
        meeting.place,
        sender,
        today,
    )


def _changed(before: object, meeting: Meeting) -> str:
    """What is different from the invitation before, in French."""
    was = dict(before) if isinstance(before, dict) else {}
    named = {"date": "le jour", "debut": "l’heure", "fin": "la fin", "lieu": "le lieu"}
    changed = [word for key, word in named.items() if was.get(key) != meeting.body[key]]
    return f"{', '.join(changed)} a changé" if changed else "l’adresse a changé"
