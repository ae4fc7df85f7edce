"""Use case of joining: a PDF that a person adds to a dossier, for a piece that liasse cannot make itself."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from pipeline.core.decisions import Decisions, Joined
from pipeline.core.errors import ConversionError, FormRejected, InvalidRequest, NotAllowed
from pipeline.core.law import country_of
from pipeline.core.models import Record, Refused
from pipeline.core.programme import Programme
from pipeline.core.refusals import Refusal, refused
from pipeline.core.text import visible_line
from pipeline.core.units import Piece
from pipeline.documents import own_pdfs
from pipeline.documents.drafts import packet_pieces
from pipeline.dossier.context import Context, open_programme, understand, without_formation
from pipeline.ledger.entries import Entry, State
from pipeline.sandbox.attachments import Attachment, open_attachment
from pipeline.services.approvals import Decided, checked_now, found_changed, seen_now
from pipeline.services.authors import author
from pipeline.services.handling import packet_of, require_untaken
from pipeline.services.lookup import find_form, require_file
from pipeline.services.unfit_files import WHY
from pipeline.storage.spool import put_file, receive_joined


def join_file(context: Context, word: str, path: Path, *, piece: str, by: str) -> Decided:
    """Join a PDF to a dossier as a piece of its packet; a packet that was made already is made again with it.

    A file that is there already is not joined twice: a form that waited for it is made ready.

    The file is kept as it came, and as it is bound: without anything that acts. Raises NotFound, Ambiguous,
    ChangedMeanwhile; NotAllowed for a piece that the dossier does not call for, a packet that somebody has taken, a
    file that is no safe PDF; Transient or HouseError if the disk refuses.
    """
    by = author(by)
    entry = require_file(find_form(context.ledger, word))
    seen = seen_now(entry, context)
    decisions = context.ledger.decisions(entry.form)
    checked, programme = _checked(entry, decisions, context)
    asked = _asked(piece, checked, programme, entry)
    again = ""
    if entry.state is State.DELIVERED:
        packet = packet_of(entry, context)
        require_untaken(packet)
        again = packet.id
    sha256 = receive_joined(path, context.workspace, announce=context.ledger.announce_joined)
    country, before = country_of(checked.data), decisions.file_for(asked.code)
    if before is not None and (before.sha256, before.country) == (sha256, country):
        if not again:  # it was joined to another form of the dossier: this one has not been walked since
            context.ledger.take_up(entry.form, context.today)
        return Decided(entry, f"{asked.code} : ce fichier est déjà joint, par {before.by} le {before.on:%d/%m/%Y}")
    name = visible_line(path.name)
    made = _opened(sha256, name, context, pdfa=programme.formation.pdfa)
    put_file(context.workspace.joined_pdf(sha256), made.pdf)
    joined = Joined(asked.code, sha256, name, made.pages, country, by, context.today)
    if not context.ledger.decide_join(entry.form, joined, seen=seen, day=context.today, regenerates=again):
        raise found_changed(entry, context)
    return Decided(entry)


def _checked(entry: Entry, decisions: Decisions, context: Context) -> tuple[Record | Refused, Programme]:
    try:
        reading = understand(entry.form, decisions, context)
    except FormRejected as rejection:
        raise NotAllowed(f"{entry.form.id} ne se lit pas comme un formulaire : rien n’y est joint.") from rejection
    if without_formation(reading, context.workspace):
        raise NotAllowed(
            f"{entry.form.id} ne dit pas encore sa formation : « liasse confirm {entry.form.id} » d’abord."
        )
    return checked_now(entry, reading, decisions, context), open_programme(reading, context)


def _asked(code: str, checked: Record | Refused, programme: Programme, entry: Entry) -> Piece:
    """The piece of that code that this dossier calls for; raises NotAllowed where it calls for none."""
    called = {one.code: one for one in packet_pieces(checked, programme) if one.joined}
    if code not in called:
        listed = ", ".join(called) or "aucune"
        raise InvalidRequest(
            f"{entry.number} n’attend pas de pièce « {code} » (à joindre : {listed}). Rien n’est fait."
        )
    return called[code]


def _opened(sha256: str, name: str, context: Context, *, pdfa: bool) -> Attachment:
    """The file looked at in the jail; what cannot be joined is not kept."""
    kept = context.workspace.joined_file(sha256)
    try:
        return open_attachment(kept, partial(_try, name=name, pdfa=pdfa), own_pdfs.get_ready)
    except FormRejected as error:
        if sha256 not in context.ledger.joined_files():
            kept.unlink(missing_ok=True)
        unfit = error.reason == Refusal.UNFIT
        why = (
            error.message if unfit else WHY.get(error.reason, "ce n’est pas un PDF qui puisse entrer dans la liasse")
        )
        raise NotAllowed(f"{name} n’est pas jointe : {why} ({error.reason}). Rien n’est fait.") from error


def _try(pdf: bytes, name: str, *, pdfa: bool) -> None:
    """What a packet will do with a file, in the jail; raises FormRejected with what it lacks."""
    try:
        own_pdfs.try_binding(pdf, name, pdfa=pdfa)
    except ConversionError as error:
        raise refused(Refusal.UNFIT, how=str(error)) from error
