"""View of a reading for other software: values by the schema, each with its place; a NIR is never among them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.core.errors import NotFound, RequestRefused
from pipeline.core.fields import FieldKind
from pipeline.core.models import JSON, FieldReading, Reading
from pipeline.dossier.context import Context, understand
from pipeline.ledger.entries import Entry, State
from pipeline.services.form_view import HIDDEN
from pipeline.storage.spool import received_name


def received_file(entry: Entry) -> tuple[Path, str]:
    """The file of a form as it was received, and what it is called where it is handed out; raises NotFound."""
    if not entry.form.path.is_file():
        raise NotFound("Ce fichier n’est plus là : il a été purgé ou effacé.")
    return entry.form.path, received_name(entry.form)


class NotReadYet(RequestRefused):
    """A form that was taken in and that no worker has read yet."""


@dataclass(frozen=True)
class ReadingView:
    """What was read, with what people settled; ``labels`` are the French words of each field."""

    reading: Reading
    labels: dict[str, str]
    record: dict[str, JSON]


def reading_of(entry: Entry, context: Context) -> ReadingView:
    """What a form says; raises NotReadYet, FormRejected for one that cannot be read or was purged, HouseError."""
    require_read(entry, context)
    reading = understand(entry.form, context.ledger.decisions(entry.form), context)
    shown = replace(reading, fields=tuple(_shown(one, context) for one in reading.fields))
    dictionary = context.dictionary
    labels = {one.path: dictionary.label(one.path) for one in shown.fields if one.path in dictionary.fields}
    return ReadingView(shown, labels, shown.values)


def require_read(entry: Entry, context: Context) -> None:
    """Raise NotReadYet for a form whose first reading is still to come: nobody waits for it in a request."""
    sha256, ledger = entry.form.sha256, context.ledger
    if not entry.form.path.exists():
        raise RequestRefused(f"Le fichier et les valeurs de {entry.form.id} ont été purgés ou effacés.")
    if entry.state is State.RECEIVED and ledger.readings.get(sha256, context.reader) is None:
        raise NotReadYet(f"{entry.form.id} n’est pas encore lu. Que faire : réessayez dans un moment.")


def _shown(one: FieldReading, context: Context) -> FieldReading:
    if context.dictionary.kind(one.path) is not FieldKind.NIR:
        return one
    return replace(one, value=None if one.value is None else HIDDEN, raw=HIDDEN)
