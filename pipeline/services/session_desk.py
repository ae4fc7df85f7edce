"""Use case: a session as a whole, for who sees to its formation: its archive handed out, its people invited."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from pipeline.core.errors import HouseError, NotAllowed, NotFound, Transient
from pipeline.core.formation import formation_codes, load_formation
from pipeline.core.visitors import Right, Visitor
from pipeline.dossier.context import Context
from pipeline.dossier.life.meetings import Meeting, meeting_of
from pipeline.services.archiving import archive_session, dossiers_of_session
from pipeline.services.handing_out import Handed
from pipeline.services.inviting import Invited, invite
from pipeline.services.lookup import leading
from pipeline.services.permissions import require, within_reach

_GONE = (
    "Rien n’est archivé : des fichiers de cette session manquent, ou sont abîmés. Que faire : prévenez la personne "
    "qui veille sur liasse (liasse doctor lui dit lesquels)."
)


@dataclass(frozen=True)
class SessionDesk:
    """A session: its dossiers that have a packet and those of them that are not closed, by number; its meeting."""

    formation: str
    session: str
    dossiers: tuple[str, ...]
    unclosed: tuple[str, ...]
    meeting: Meeting | None
    over: bool


def session_desk(context: Context, visitor: Visitor, formation: str, session: str) -> SessionDesk:
    """How a session stands; raises Forbidden, NotFound for what is not there for this visitor, FormationIll."""
    require(visitor, Right.SEE)
    _require_there(context, visitor, formation, session)
    ledger = context.ledger
    ids = dossiers_of_session(ledger, formation, session)
    numbers = {one: ledger.dossiers.get(one).number for one in ids}
    unclosed = tuple(numbers[one] for one in ids if not ledger.life.facts(one).closed)
    meeting = meeting_of(load_formation(context.workspace, formation).session(session))
    over = meeting is not None and meeting.date < context.today
    return SessionDesk(formation, session, tuple(numbers.values()), unclosed, meeting, over)


def hand_session(context: Context, visitor: Visitor, formation: str, session: str) -> Handed:
    """The archive of a session, in a folder of its own that the caller removes; noted of each dossier first.

    Raises Forbidden, NotFound; NotAllowed where something of it is gone; else as ``archive_session``.
    """
    require(visitor, Right.FETCH)
    _require_there(context, visitor, formation, session)
    folder = Path(tempfile.mkdtemp())
    try:
        made = archive_session(context, f"{formation}/{session}", folder)
    except BaseException as error:
        shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, HouseError) and not isinstance(error, Transient):
            raise NotAllowed(_GONE) from error
        raise
    for dossier in dossiers_of_session(context.ledger, formation, session):
        form = leading(context.ledger.entries.of_dossier(dossier)).form.sha256
        context.ledger.looks.note_taken(form, visitor.actor, made.path.name)
    return Handed(made.path, made.path.name)


def invite_session(context: Context, visitor: Visitor, formation: str, session: str) -> tuple[Invited, ...]:
    """Lay the invitations of a session ready, in the visitor's name. Raises Forbidden, NotFound; as ``invite``."""
    require(visitor, Right.CORRECT)
    _require_there(context, visitor, formation, session)
    among = within_reach(visitor, context.ledger)
    return invite(context, formation, session=session, by=visitor.name, among=among)


def _require_there(context: Context, visitor: Visitor, formation: str, session: str) -> None:
    known = formation in formation_codes(context.workspace) and visitor.reaches({formation}, visitor.dossier)
    years = [one.annee for one in load_formation(context.workspace, formation).sessions] if known else []
    if session not in years:
        raise NotFound(f"Aucune session « {formation[:80]} {session[:20]} ».")
