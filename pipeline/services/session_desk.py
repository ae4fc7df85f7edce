"""Use case: a session as a whole, for who sees to its formation: its archive handed out, its people invited."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from pipeline.core.errors import ConfigError, HouseError, LedgerBehind, NotAllowed, NotFound, Transient, WorkspaceGone
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
    ids = _dossiers(context, visitor, formation, session)
    numbers = {one: ledger.dossiers.get(one).number for one in ids}
    unclosed = tuple(numbers[one] for one in ids if not ledger.life.facts(one).closed)
    meeting = meeting_of(load_formation(context.workspace, formation).session(session))
    over = meeting is not None and meeting.date < context.today
    return SessionDesk(formation, session, tuple(numbers.values()), unclosed, meeting, over)


def sessions_of(context: Context, formation: str) -> tuple[str, ...]:
    """The sessions of a formation, by year; none of one that is not there, or is ill."""
    try:
        return tuple(one.annee for one in load_formation(context.workspace, formation).sessions)
    except ConfigError:
        return ()


def hand_session(context: Context, visitor: Visitor, formation: str, session: str) -> Handed:
    """The archive of the dossiers of a session that a visitor sees, in a folder that the caller removes.

    It is noted of each of them before a byte leaves.

    Raises Forbidden, NotFound; NotAllowed where something of it is gone; else as ``archive_session``.
    """
    require(visitor, Right.FETCH)
    _require_there(context, visitor, formation, session)
    dossiers = _dossiers(context, visitor, formation, session)
    folder = Path(tempfile.mkdtemp())
    try:
        made = archive_session(context, f"{formation}/{session}", folder, among=dossiers)
    except BaseException as error:
        shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, HouseError) and not isinstance(error, (Transient, LedgerBehind, WorkspaceGone)):
            raise NotAllowed(_GONE) from error
        raise
    for dossier in dossiers:
        form = leading(context.ledger.entries.of_dossier(dossier)).form.sha256
        context.ledger.looks.note_taken(form, visitor.actor, made.path.name)
    return Handed(made.path, made.path.name)


def invite_session(context: Context, visitor: Visitor, formation: str, session: str) -> tuple[Invited, ...]:
    """Lay the invitations of a session ready, in the visitor's name. Raises Forbidden, NotFound; as ``invite``."""
    require(visitor, Right.CORRECT)
    _require_there(context, visitor, formation, session)
    among = within_reach(visitor, context.ledger)
    return invite(context, formation, session=session, by=visitor.name, among=among)


def _dossiers(context: Context, visitor: Visitor, formation: str, session: str) -> tuple[str, ...]:
    """The ids of the dossiers of a session that are there for this visitor: all of whose formations are reached."""
    reached = within_reach(visitor, context.ledger)
    return tuple(one for one in dossiers_of_session(context.ledger, formation, session) if one in reached)


def _require_there(context: Context, visitor: Visitor, formation: str, session: str) -> None:
    known = formation in formation_codes(context.workspace) and visitor.reaches({formation}, visitor.dossier)
    years = [one.annee for one in load_formation(context.workspace, formation).sessions] if known else []
    if session not in years:
        raise NotFound(f"Aucune session « {formation[:80]} {session[:20]} ».")
