"""Use case of joining: a PDF that a person adds to a dossier, for a piece that liasse cannot make itself."""

from __future__ import annotations

from pathlib import Path

from pipeline.core.decisions import Decisions, Joined
from pipeline.core.errors import ConversionError, FormRejected, NotAllowed
from pipeline.core.law import country_of
from pipeline.core.models import Record, Refused
from pipeline.core.programme import Programme
from pipeline.core.refusals import Refusal, refused
from pipeline.core.units import Piece
from pipeline.documents import own_pdfs
from pipeline.documents.drafts import packet_pieces
from pipeline.dossier.context import Context, open_programme, understand, without_formation
from pipeline.ledger.entries import Entry, State
from pipeline.sandbox.attachments import Attachment, open_attachment
from pipeline.services.approvals import Decided, checked_now, found_changed, seen_now
from pipeline.services.handling import packet_of, require_untaken
from pipeline.services.lookup import find_form, require_file, require_named
from pipeline.storage.spool import legible, put_file, receive_joined

_PRINT = "print it to a new PDF"
_WHY = {
    "FICHIER_REFUSE": f"its inside is not that of a sound PDF: {_PRINT}",
    "PDF_CALQUES": f"it has hidden layers, which would be seen in the packet: {_PRINT}",
    "PDF_FEUILLE": f"a page of it has no size that can be printed: {_PRINT}",
    "PDF_SANS_FIN": f"it has no end, or far too many objects: {_PRINT}",
    "PDF_TROP_LOURD": f"it draws more than a sheet ever does: {_PRINT}",
    "PDF_CHIFFRE": "it is protected by a password",
    "PDF_ENDOMMAGE": "it is damaged, or was not sent whole",
    "PDF_SUITE": "other data follow the end of the PDF",
    "PDF_TROP_DE_PAGES": "it has too many pages: join the sheet alone",
    "PDF_TROP_GROS": "it is too large: 10 MB at most",
    "FICHIER_TROP_GROS": "it is too large: 10 MB at most",
    "PDF_XFA": "it is a dynamic form that only Adobe Reader shows: print it to a new PDF",
}


def join_file(context: Context, word: str, path: Path, *, piece: str, by: str) -> Decided:
    """Join a PDF to a dossier as a piece of its packet; a packet that was made already is made again with it.

    A file that is there already is not joined twice: a form that waited for it is made ready.

    The file is kept as it came, and as it is bound: without anything that acts. Raises NotFound, Ambiguous,
    ChangedMeanwhile; NotAllowed for a piece that the dossier does not call for, a packet that somebody has taken, a
    file that is no safe PDF; Transient or HouseError if the disk refuses.
    """
    require_named(by)
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
    name = legible(path.name)
    made = _opened(sha256, name, context, pdfa=programme.formation.pdfa)
    put_file(context.workspace.joined_pdf(sha256), made.pdf)
    joined = Joined(asked.code, sha256, name, made.pages, country, by, context.today)
    if not context.ledger.decide_join(entry.form, joined, seen=seen, day=context.today, regenerates=again):
        raise found_changed(entry)
    return Decided(entry)


def _checked(entry: Entry, decisions: Decisions, context: Context) -> tuple[Record | Refused, Programme]:
    try:
        reading = understand(entry.form, decisions, context)
    except FormRejected as rejection:
        raise NotAllowed(f"{entry.form.id} is no form that can be read: nothing is joined to it.") from rejection
    if without_formation(reading, context.workspace):
        raise NotAllowed(f"{entry.form.id} does not say its formation yet: confirm {entry.form.id} first.")
    return checked_now(entry, reading, decisions, context), open_programme(reading, context)


def _asked(code: str, checked: Record | Refused, programme: Programme, entry: Entry) -> Piece:
    """The piece of that code that this dossier calls for; raises NotAllowed where it calls for none."""
    called = {one.code: one for one in packet_pieces(checked, programme) if one.joined}
    if code not in called:
        listed = ", ".join(called) or "none"
        raise NotAllowed(f"{entry.number} calls for no piece {code!r} (to join: {listed}). Nothing was done.")
    return called[code]


def _opened(sha256: str, name: str, context: Context, *, pdfa: bool) -> Attachment:
    """The file looked at in the jail; what cannot be joined is not kept."""
    kept = context.workspace.joined_file(sha256)
    try:
        return open_attachment(kept, lambda pdf: _try(pdf, name, pdfa=pdfa), own_pdfs.get_ready)
    except FormRejected as error:
        if sha256 not in context.ledger.joined_files():
            kept.unlink(missing_ok=True)
        unfit = error.reason == Refusal.UNFIT
        why = error.message if unfit else _WHY.get(error.reason, "it is no PDF that can be bound")
        raise NotAllowed(f"{name} is not joined: {why} ({error.reason}). Nothing was done.") from error


def _try(pdf: bytes, name: str, *, pdfa: bool) -> None:
    """What a packet will do with a file, in the jail; raises FormRejected with what it lacks."""
    try:
        own_pdfs.try_binding(pdf, name, pdfa=pdfa)
    except ConversionError as error:
        raise refused(Refusal.UNFIT, how=str(error)) from error
