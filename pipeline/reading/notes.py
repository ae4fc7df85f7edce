"""PDF annotations: typed notes, strokes and stamps added over the answers. None may be lost unseen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pypdf

from pipeline.core.doubts import Doubt, Reason
from pipeline.core.errors import FormRejected
from pipeline.core.models import Box
from pipeline.reading.boxes import NOWHERE, gaps
from pipeline.reading.candidates import Answer
from pipeline.reading.widgets import box_of, page_annotations, text_of

_SILENT = frozenset({"/Widget", "/Link", "/Popup", "/PrinterMark", "/TrapNet", "/Watermark"})
_STROKES = frozenset(
    {"/StrikeOut", "/Ink", "/Line", "/PolyLine", "/Polygon", "/Square", "/Circle", "/Stamp", "/Redact"}
)
_COVERED = 0.25  # the share of a box, by width, that a stroke must cross to be taken for a deletion


@dataclass(frozen=True)
class _Note:
    page: int
    box: Box
    text: str
    stroke: bool


def attach_notes(reader: pypdf.PdfReader, answers: Sequence[Answer]) -> tuple[Answer, ...]:
    """The same answers, with a doubt on those that a stroke crosses and on the nearest one to each added text.

    Raises FormRejected (TEXTE_NON_RATTACHE) for a text on a page that holds no answer at all.
    """
    marked = list(answers)
    for note in _notes(reader):
        if note.text:
            place = _nearest(note, answers)
            why = f"un texte a été ajouté page {note.page}, à côté des cases : « {note.text[:120]} »"
            marked[place] = _with(marked[place], Doubt(Reason.STRAY_TEXT, why))
        elif note.stroke:
            crossed = Doubt(Reason.CROSSED_OUT, "un trait, un dessin ou un tampon recouvre cette case")
            for place in _crossed(note, answers):
                marked[place] = _with(marked[place], crossed)
    return tuple(marked)


def _with(answer: Answer, doubt: Doubt) -> Answer:
    return replace(answer, doubt=answer.doubt or doubt)


def _notes(reader: pypdf.PdfReader) -> Iterator[_Note]:
    for number, page in enumerate(reader.pages, start=1):
        for annotation in page_annotations(page):
            kind = text_of(annotation.get("/Subtype"))
            if kind in _SILENT:
                continue
            box = box_of(annotation, page) or NOWHERE
            yield _Note(number, box, " ".join(text_of(annotation.get("/Contents")).split()), kind in _STROKES)


def _nearest(note: _Note, answers: Sequence[Answer]) -> int:
    near = [
        (_distance(note.box, answer.box), place)
        for place, answer in enumerate(answers)
        if answer.page == note.page and answer.box is not None
    ]
    if not near:
        raise FormRejected(
            "TEXTE_NON_RATTACHE",
            f"Un texte a été ajouté page {note.page}, où il n’y a aucune case à remplir. "
            "Écrivez toutes les réponses dans les cases du formulaire, puis renvoyez-le.",
        )
    return min(near)[1]


def _crossed(note: _Note, answers: Sequence[Answer]) -> Iterator[int]:
    for place, answer in enumerate(answers):
        if answer.page != note.page or answer.box is None or not answer.text.strip():
            continue
        x0, top, x1, bottom = answer.box
        width = min(x1, note.box[2]) - max(x0, note.box[0])
        height = min(bottom, note.box[3]) - max(top, note.box[1])
        if height >= 0 and width >= _COVERED * (x1 - x0):
            yield place


def _distance(one: Box, two: Box) -> float:
    middle = abs(one[1] + one[3] - two[1] - two[3]) / 100  # between boxes it touches, the one on its line
    return sum(gaps(one, two)) + middle
