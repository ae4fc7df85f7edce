"""AcroForm tokenizer: what was typed stands where its field does, among the words of the page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import pypdf

from pipeline.core.models import Box
from pipeline.reading.tokens import Source, Token, TokenKind
from pipeline.reading.widgets import Widget, box_of, page_annotations, text_of

_WRITTEN = ("/FreeText", "/Text", "/Stamp", "/Popup")
_DRAWN = ("/Ink", "/Line", "/Square", "/Circle", "/Polygon", "/PolyLine", "/StrikeOut")
_OFF = ("", "Off")


def widget_tokens(widget: Widget) -> Iterator[Token]:
    """What a field holds: one tick box, or the words of its value; nothing for an empty one."""
    doubt = hidden_doubt(widget)
    if widget.kind == "Btn":
        if widget.state:
            ticked = widget_on(widget)
            yield Token(
                TokenKind.TICK,
                "☒" if ticked else "☐",
                widget.page,
                widget.box,
                Source.ACROFORM,
                ticked=ticked,
                name=widget.name,
                doubt=doubt,
            )
        return
    lines = re.split(r"\r\n?|\n", widget.text)
    for number, line in enumerate(lines):
        for word, box in _placed(line, number, len(lines), widget.box):
            yield Token(TokenKind.WORD, word, widget.page, box, Source.ACROFORM, name=widget.name, doubt=doubt)


def widget_on(widget: Widget) -> bool:
    """Whether a button holds its ticked state: its own name of it, or the group's value."""
    return widget.text not in _OFF and widget.text == widget.state


def hidden_doubt(widget: Widget) -> str | None:
    """VALEUR_CACHEE when a field does not show what it holds, ``None`` otherwise."""
    if widget.kind == "Btn":
        differs = widget.on != widget_on(widget)
        return "VALEUR_CACHEE : la case ne montre pas ce qu’elle contient" if differs else None
    if widget.shown is not None and _bones(widget.shown) != _bones(widget.text):
        return f"VALEUR_CACHEE : la case montre « {widget.shown.strip()[:60]} » et contient « {widget.text[:60]} »"
    return None


def free_texts(reader: pypdf.PdfReader) -> Iterator[Token]:
    """Texts, stamps and drawings laid over the pages, each with its doubt."""
    for number, page in enumerate(reader.pages, start=1):
        for annotation in page_annotations(page):
            kind = str(annotation.get("/Subtype"))
            text = text_of(annotation.get("/Contents")).strip()
            if kind in _WRITTEN and text:
                doubt = f"TEXTE_NON_RATTACHE : une annotation a été ajoutée : « {text[:120]} »"
            elif kind in _DRAWN:
                doubt = "TEXTE_NON_RATTACHE : un trait a été dessiné à la main sur la page"
            else:
                continue
            box = box_of(annotation, page)
            yield Token(TokenKind.WORD, text, number, box, Source.ACROFORM, name="note", doubt=doubt)


def _placed(line: str, number: int, count: int, box: Box) -> Iterator[tuple[str, Box]]:
    """The words of one line of a field, spread over its box."""
    height = (box[3] - box[1]) / count
    top = box[1] + number * height
    share = (box[2] - box[0]) / max(len(line), 60)
    for found in re.finditer(r"\S+", line):
        yield found.group(), (box[0] + found.start() * share, top, box[0] + found.end() * share, top + height)


def _bones(text: str) -> Sequence[str]:
    """What two writings of one value share: plain letters and digits (a drawn font may not tell its accents)."""
    return [char for char in text if char.isascii() and char.isalnum()]
