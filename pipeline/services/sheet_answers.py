"""Use case of confirming by a review sheet: what is ticked is settled as it is written there, all or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.core.decisions import Confirmation, Decisions, Override
from pipeline.core.errors import FormRejected, InvalidRequest, NotAllowed, RequestRefused
from pipeline.core.fields import Dictionary
from pipeline.core.models import FORMATION, FieldReading, Reading
from pipeline.core.remarks import STRAY_RULE
from pipeline.core.text import visible_line
from pipeline.dossier.context import Context, as_read
from pipeline.forms.review_fields import MARK, NAME, REASON
from pipeline.forms.spelling import written
from pipeline.ledger.entries import Entry
from pipeline.reports.review_sheet import Item, Stray, mark_of
from pipeline.sandbox.form_values import form_values
from pipeline.services.approvals import found_changed, require_open, require_overridable, seen_now
from pipeline.services.authors import author, motive
from pipeline.services.confirmation import doubtful, settle
from pipeline.services.form_view import proposed_lines
from pipeline.services.lookup import find_form, require_file

_OFF = frozenset({"", "/Off", "Off"})


@dataclass(frozen=True)
class SheetDecided:
    """What a sheet settled, one French line each (« Stagiaire, Nom : « Roux » »); ``already`` where it had before."""

    entry: Entry
    told: tuple[str, ...]
    already: str = ""


@dataclass(frozen=True)
class _Word:
    """One ticked doubt: its field, its label, and what is confirmed, as ``confirm`` takes it."""

    path: str
    label: str
    typed: str


def confirm_sheet(context: Context, word: str, path: Path, *, by: str = "") -> SheetDecided:
    """Settle what is ticked on a sheet of the form meant, by the name that stands on it, else ``by``.

    What is not ticked stays in doubt; a box ticked and left empty says that nothing was answered there. Raises
    NotFound, Ambiguous, ChangedMeanwhile; NotAllowed or InvalidRequest for a file that is no sheet, that is of
    another form or of another reading, that bears no name, has no tick, or holds values that cannot be understood:
    all of them are told at once, and nothing is written.
    """
    entry = require_file(find_form(context.ledger, word))
    seen = seen_now(entry, context)
    require_open(entry)
    filled = _filled(path)
    reading = as_read(entry.form, context)
    _require_its_own(filled, entry, reading, path)
    decisions = context.ledger.decisions(entry.form)
    wrong: list[str] = []
    by = _signed(filled[NAME].strip() or by, wrong)
    settled = _settled(filled, entry, reading, decisions, context, by=by, wrong=wrong)
    override = _override(filled, reading, entry, decisions, context, by=by, wrong=wrong)
    if wrong:
        lines = "".join(f"\n  - {one}" for one in wrong)
        raise InvalidRequest(f"Rien n’est fait. À corriger sur la feuille :{lines}")
    if not settled and override is None:
        return _nothing(filled, entry, decisions)
    if not context.ledger.decide_sheet(entry.form, settled, override, seen=seen, day=context.today):
        raise found_changed(entry, context)
    return SheetDecided(entry, tuple(_told(settled, override, context.dictionary.on(reading.paper))))


def _signed(name: str, wrong: list[str]) -> str:
    """The name of who looked, as it is kept; why it is none is added to ``wrong``."""
    try:
        return author(name)
    except InvalidRequest as refusal:
        wrong.append(f"Vérifié par : {str(refusal).removeprefix('Rien n’est fait : ')}")
        return name


def _filled(path: Path) -> Mapping[str, str]:
    try:
        return {name: value.replace("\r\n", "\n").replace("\r", "\n") for name, value in form_values(path).items()}
    except FormRejected as rejection:
        raise InvalidRequest(
            f"{visible_line(path.name)} ne se lit pas comme une feuille : {rejection.message}"
        ) from rejection


def _require_its_own(filled: Mapping[str, str], entry: Entry, reading: Reading, path: Path) -> None:
    """Raise NotAllowed unless the sheet is of this reading of this form."""
    name, mark, own = visible_line(path.name), filled.get(MARK, ""), mark_of(reading)
    again = f"Rien n’est fait. Que faire : liasse review {entry.form.id} en fait une autre."
    if not mark or NAME not in filled:
        raise NotAllowed(f"{name} n’est pas une feuille de « liasse review », ou ses champs ont été aplatis. {again}")
    if mark.partition("-")[0] != own.partition("-")[0]:
        raise NotAllowed(f"{name} est la feuille d’un autre formulaire que {entry.form.id}. {again}")
    if mark != own:
        raise NotAllowed(f"{name} est d’une lecture plus ancienne de {entry.form.id}, qui a été relu depuis. {again}")


def _settled(
    filled: Mapping[str, str],
    entry: Entry,
    reading: Reading,
    decisions: Decisions,
    context: Context,
    *,
    by: str,
    wrong: list[str],
) -> tuple[Confirmation, ...]:
    """What is ticked and not settled already; what is wrong is added to ``wrong``."""
    before = {one.field: one for one in decisions.confirmations}
    settled: list[Confirmation] = []
    for word in _ticked(filled, reading, context):
        try:
            (one,) = settle(entry, reading, [word.typed], by=by, context=context)
        except RequestRefused as refusal:
            wrong.append(f"{word.label} : {str(refusal).removeprefix(f'{word.typed} : ')}")
            continue
        earlier = before.get(one.field)
        if earlier is None:
            settled.append(one)
        elif earlier.after != one.after:
            wrong.append(
                f"{word.label} : {earlier.by} l’a confirmé autrement le {earlier.on:%d/%m/%Y} ; décochez-le, ou "
                f"changez-le par « liasse confirm {entry.form.id} {one.field}=VALEUR »."
            )
    return tuple(settled)


def _ticked(filled: Mapping[str, str], reading: Reading, context: Context) -> Iterator[_Word]:
    """The doubts that are ticked, each with what is confirmed: as read where nothing was changed."""
    dictionary = context.dictionary.on(reading.paper)
    places = [FieldReading(FORMATION, None, "", "", 0.0)] if reading.formation is None else []
    for one in (*places, *doubtful(reading)):
        item = Item(one.path, "", "", "", (), "")
        if filled.get(item.tick_field, "") in _OFF or item.value_field not in filled:
            continue
        label = "Formation" if one.path == FORMATION else dictionary.label(one.path)
        typed = filled[item.value_field].strip()
        shown = "\n".join(proposed_lines(one, dictionary))
        unchanged = bool(shown) and typed.split() == shown.split()
        yield _Word(one.path, label, one.path if unchanged else f"{one.path}={typed}")


def _override(
    filled: Mapping[str, str],
    reading: Reading,
    entry: Entry,
    decisions: Decisions,
    context: Context,
    *,
    by: str,
    wrong: list[str],
) -> Override | None:
    """The lifting of what is told of the pages, where every remark is ticked; what is wrong is added to ``wrong``."""
    ticks = [filled.get(Stray(n, "", "").tick_field, "") not in _OFF for n in range(1, len(reading.remarks) + 1)]
    if not ticks or not any(ticks) or decisions.lifting(STRAY_RULE) is not None:
        return None
    if not all(ticks):
        wrong.append("Remarques : cochez-les toutes, ou aucune : elles se lèvent ensemble.")
        return None
    if reading.formation is None:
        wrong.append("Remarques : dites d’abord la formation, puis levez-les.")
        return None
    try:
        why = motive(filled.get(REASON, ""))
        require_overridable(entry, STRAY_RULE, context)
    except RequestRefused as refusal:
        wrong.append(f"Remarques : {refusal}")
        return None
    return Override(STRAY_RULE, by, why, context.today)


def _nothing(filled: Mapping[str, str], entry: Entry, decisions: Decisions) -> SheetDecided:
    """Where the sheet adds nothing: it was read before, or nobody ticked anything."""
    if all(value in _OFF for name, value in filled.items() if name.startswith(("verifie/", "lu/"))):
        raise InvalidRequest(
            f"Rien n’est fait : rien n’est coché sur la feuille de {entry.form.id}. Que faire : cochez « vérifié » à "
            "côté de chaque valeur que vous avez regardée, enregistrez, puis recommencez."
        )
    words: Sequence[Confirmation | Override] = (*decisions.confirmations, *decisions.overrides)
    last: dt.date | None = max((one.on for one in words), default=None)
    who = ", ".join(sorted({one.by for one in words}))
    return SheetDecided(entry, (), f"déjà confirmé par {who} le {last:%d/%m/%Y}" if last else "déjà confirmé")


def _told(settled: Sequence[Confirmation], override: Override | None, dictionary: Dictionary) -> Iterator[str]:
    for one in settled:
        field = dictionary.fields.get(one.field)
        lines = () if one.after is None else written(field, one.after) if field else (str(one.after),)
        said = " ; ".join(lines)
        yield f"{dictionary.label(one.field)} : {f'« {said} »' if said else 'rien'}"
    if override is not None:
        yield f"{override.rule} levée : {override.reason}"
