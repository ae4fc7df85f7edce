"""Use case of review: one sheet with all that a person has to look at in a form, as PDF and as HTML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from pipeline.core.errors import NotAllowed
from pipeline.core.fields import Dictionary, FieldKind
from pipeline.core.formation import formation_codes
from pipeline.core.models import FORMATION, FieldReading, Who
from pipeline.core.text import visible_line
from pipeline.dossier.context import Context, as_read, understand
from pipeline.pictures.crops import crop_doubts
from pipeline.reports.account import WHO
from pipeline.reports.review_page import review_html
from pipeline.reports.review_pdf import review_pdf
from pipeline.reports.review_sheet import Item, ReviewSheet, Stray, mark_of
from pipeline.services.approvals import require_open
from pipeline.services.confirmation import doubtful, expected
from pipeline.services.form_view import page_doubts, proposed_lines, seen_by_readers
from pipeline.services.lookup import find_form, require_file
from pipeline.storage.spool import put_file

_FORMATION = "La formation n’est pas dite par le formulaire"


def make_sheet(context: Context, word: str) -> ReviewSheet:
    """What is left to look at in the form meant, each with its picture.

    Raises NotFound, Ambiguous; NotAllowed for a form that has its packet, was put away, or has nothing in doubt;
    FormRejected for a file that is not read as a form.
    """
    entry = require_file(find_form(context.ledger, word))
    require_open(entry)
    mark = mark_of(as_read(entry.form, context))
    reading = understand(entry.form, context.ledger.decisions(entry.form), context)
    doubts, strays = tuple(doubtful(reading)), tuple(page_doubts(reading))
    pictures = crop_doubts(entry.form, (*doubts, *strays), context.workspace)
    dictionary = context.dictionary.on(reading.paper)
    items = tuple(_item(one, pictures, dictionary) for one in doubts)
    if reading.formation is None:
        codes = ", ".join(formation_codes(context.workspace))
        items = (Item(FORMATION, "Formation", _FORMATION, WHO[Who.SCOLARITE], (), "", f"L’une de : {codes}."), *items)
    if not items and not strays:
        raise NotAllowed(f"{entry.form.id} n’a aucun doute : il n’y a rien à vérifier.")
    return ReviewSheet(
        form_id=entry.form.id,
        number=entry.number,
        file=visible_line(entry.form.name),
        person=entry.stagiaire or "",
        formation=reading.formation or "",
        mark=mark,
        day=context.today,
        items=items,
        strays=tuple(_strays(strays, pictures)),
    )


def write_sheet(context: Context, sheet: ReviewSheet, to: Path | None = None) -> tuple[Path, ...]:
    """Write a sheet as PDF and as HTML, for their owner's eyes: into ``to``, else beside the form's pictures.

    Those are removed with the form. Raises HouseError or Transient when the folder cannot be written.
    """
    folder = to or context.workspace.memory / "crops" / sheet.form_id
    files = {
        folder / f"a-verifier-{sheet.form_id}.pdf": review_pdf(sheet),
        folder / f"a-verifier-{sheet.form_id}.html": review_html(sheet),
    }
    for path, data in files.items():
        put_file(path, data)
    return tuple(files)


def _item(one: FieldReading, pictures: Mapping[str, Path], dictionary: Dictionary) -> Item:
    field = dictionary.fields[one.path]
    secret = field.kind is FieldKind.NIR
    told = one.doubt
    if secret or told is None:
        hint = "Cette valeur ne s’imprime pas : regardez le formulaire, puis confirmez-la par la commande."
        return Item(one.path, dictionary.label(one.path), "à vérifier", WHO[Who.SCOLARITE], (), "", hint, secret=True)
    return Item(
        path=one.path,
        label=dictionary.label(one.path),
        why=str(told),
        who=WHO[told.who_settles],
        seen=seen_by_readers(one),
        proposed="\n".join(proposed_lines(one, dictionary)),
        hint=expected(field),
        page=one.page,
        png=_read(pictures.get(one.path)),
    )


def _strays(doubts: tuple[FieldReading, ...], pictures: Mapping[str, Path]) -> Iterator[Stray]:
    for number, one in enumerate(doubts, 1):
        yield Stray(number, one.raw, str(one.doubt), one.page, _read(pictures.get(one.path)))


def _read(picture: Path | None) -> bytes | None:
    return picture.read_bytes() if picture is not None else None
