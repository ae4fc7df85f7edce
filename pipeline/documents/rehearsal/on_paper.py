"""Invented papers printed: each is made a PDF, and every value and signature box must be found in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pipeline.core.errors import ConversionError, TemplateError
from pipeline.documents.binding.signatures import find_boxes
from pipeline.documents.libreoffice import convert_each, warm_office
from pipeline.documents.opened import Opened
from pipeline.documents.proof import missing_values
from pipeline.documents.rehearsal.attempt import Tried

_SHOWN = 40


def to_print(tried: Iterable[Tried]) -> Iterator[Tried]:
    """As few as show each place of each template with long values, each with short ones, and each set of boxes."""
    seen: set[tuple[object, ...]] = set()
    for one in tried:
        boxes = tuple(party["ancre"] for party in one.signing)
        shown = {(one.template, one.dossier.bare, place, name) for place, name, _ in one.printed}
        new = shown | {(one.template, boxes)}
        if not new <= seen:
            seen |= new
            yield one


def faults_on_paper(tried: Iterable[Tried], *, pdfa: bool) -> Iterator[str]:
    """What is not on the paper as it was printed, in French; raises ToolMissing and Transient."""
    chosen = {f"{number} ({one.template})": one for number, one in enumerate(to_print(tried), 1)}
    with warm_office():
        try:
            for name, pdf in convert_each([(name, one.filled.docx) for name, one in chosen.items()], pdfa=pdfa):
                yield from _faults_of(chosen[name], pdf)
        except ConversionError as error:
            yield f"LibreOffice ne convertit pas un modèle rempli : {error}"


def _faults_of(one: Tried, pdf: bytes) -> Iterator[str]:
    with Opened(pdf) as opened:
        lost = set(missing_values(one.filled.printed, opened.texts))
        for place, name, text in one.printed:
            if text in lost:
                lost.discard(text)
                yield (
                    f"{one.template}, {place} : « {name} » ne tient pas sur le papier (« {text[:_SHOWN]} » n’y est "
                    f"pas entier, {one.dossier.said}) : agrandissez la case, ou ôtez sa hauteur fixe."
                )
        yield from (
            f"{one.template} : « {text[:_SHOWN]} » n’est pas sur le papier ({one.dossier.said})." for text in lost
        )
        for party in one.signing:
            try:
                find_boxes(opened, (party["ancre"],), one.template)
            except TemplateError as error:
                yield str(error)
