"""Remarks on the pages of a digital form: what they show beside its answers, and pages that are none of its own."""

from __future__ import annotations

from pipeline.core.doubts import Doubt, Reason
from pipeline.core.remarks import STRAY, Remark
from pipeline.reading.alignment import Compiled, Received
from pipeline.reading.alignment.gathering import gathered
from pipeline.reading.alignment.layout_reader import LayoutReading
from pipeline.reading.page_groups import foreign_pages
from pipeline.reading.tokens import Token

_FIRST_WORDS = 12  # of a page that is not of the form, to say which it is


def other_pages(received: Received, compiled: Compiled) -> tuple[Remark, ...]:
    """The pages that are none of the form's, each by its first words: a person says what becomes of it."""
    if not received.printed or not (numbers := foreign_pages(received, compiled)):
        return ()
    sizes = {page.number: (0.0, 0.0, page.width, page.height) for page in received.pages}
    remarks = []
    for number in numbers:
        words = received.page_texts[number - 1].split()
        told = " ".join(words[:_FIRST_WORDS]) or "une image"
        why = f"la page {number} n’est pas du formulaire : à regarder, et à joindre au dossier s’il le faut"
        remarks.append(Remark(told, Doubt(Reason.EXTRA_PAGE, why), number, sizes.get(number)))
    return tuple(remarks)


def page_remarks(reading: LayoutReading) -> tuple[Remark, ...]:
    """What was added beside no answer, and what stands in no slot and was not told yet, words of a line together."""
    loose = () if reading.told else (*gathered(reading.unexplained), *reading.notes)
    remarks = [*reading.remarks, *map(_added, reading.apart)]
    remarks += [Remark(token.text, page=token.page, box=token.box) for token in loose if token.text.strip()]
    found: dict[tuple[str, int | None], Remark] = {}
    for one in remarks:
        found.setdefault((one.text, one.page), one)
    return tuple(found.values())


def _added(token: Token) -> Remark:
    """A note or a drawing by its words, or by what is said of it where it has none."""
    doubt = token.doubt or STRAY
    return Remark(token.text.strip() or doubt.why, doubt, token.page, token.box)
