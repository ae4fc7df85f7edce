"""PDF adapter of our own form, printed: the fields are gone, but every word stands where the plan put it.

A copy of the PDF form is read by its places (``own_zones``); a copy of the Word form, which a word processor
laid out, by its table cells (``printed_cells``). What cannot be told for certain comes back with a doubt.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import pdfplumber

from pipeline.core.errors import FormRejected
from pipeline.core.fields import FieldKind
from pipeline.forms.blank import Blank
from pipeline.reading.own_zones import read_zones
from pipeline.reading.printed_cells import read_cells
from pipeline.reading.slot_answers import Answer

MIN_SHARE = 0.98  # of the printed labels found again: below, the boxes cannot be trusted to be where we look


def read_printed(pdf: bytes, blank: Blank) -> tuple[Answer, ...]:
    """One answer for each slot of the plan, in form order, from a printed copy of ``blank``.

    Raises FormRejected (VERSION_MODIFIEE) when too few of the form's own labels are found where they should be.
    """
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        share, answers = read_zones(document.pages, blank)
        if share < MIN_SHARE:
            other, others = read_cells(document.pages, blank)
            share, answers = max((share, answers), (other, others), key=lambda pair: pair[0])
    if share < MIN_SHARE:
        raise FormRejected(
            "VERSION_MODIFIEE",
            f"La mise en page de ce formulaire a changé : {share:.0%} seulement de ses intitulés ont été retrouvés à "
            "leur place (page manquante, ligne ajoutée ou supprimée, autre version ?). Renvoyez le formulaire "
            "d’origine, rempli à l’écran, sans l’imprimer ni changer sa mise en page.",
        )
    return tuple(_sole_ticks(answers, blank))


def _sole_ticks(answers: Iterable[Answer], blank: Blank) -> Iterable[Answer]:
    """Two boxes ticked where one was asked: neither is believed."""
    several = {cell.field.path for cell in blank.cells() if cell.field.kind is FieldKind.DAYS}
    answers = tuple(answers)
    ticks = Counter(answer.slot.path for answer in answers if answer.slot.option is not None and answer.text)
    for answer in answers:
        ambiguous = answer.text and ticks[answer.slot.path] > 1 and answer.slot.path not in several
        yield replace(answer, doubt=answer.doubt or "plusieurs cases sont cochées") if ambiguous else answer
