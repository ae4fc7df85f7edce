"""AcroForm widgets as they lie on the pages: names, values, boxes, what each one shows; and their tokens."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pypdf
from pypdf.generic import ArrayObject, DictionaryObject, PdfObject, StreamObject

from pipeline.core.doubts import Doubt, Reason
from pipeline.core.models import Box
from pipeline.reading.appearances import has_strokes, is_layered, resolve
from pipeline.reading.tokens import Source, Token, TokenKind

_MAX_PARENTS = 32
_MAX_ANNOTATIONS = 5_000  # our own form has about two hundred and fifty
_TWO_FORMS = Doubt(Reason.HIDDEN, "le fichier porte un second formulaire (XFA), qui montre autre chose ici")
_LAYERED = Doubt(Reason.HIDDEN, "la case est dans un calque, que tous ne voient pas")
_DRAWN = Doubt(Reason.CROSSED_OUT, "quelque chose est dessiné dans cette case")


@dataclass(frozen=True)
class Widget:
    """One field on one page; ``text`` is its value.

    ``state`` is what a box stands for when ticked, ``on`` whether it shows so. ``tooltip`` is what Acrobat says of
    the field, ``doubt`` what the page as it is seen says against it.
    """

    name: str
    kind: str
    page: int
    box: Box
    text: str
    state: str
    on: bool
    tooltip: str = ""
    doubt: Doubt | None = None


def widgets(reader: pypdf.PdfReader) -> Iterator[Widget]:
    """Every text, choice and button field of the pages, in page order; other annotations are not fields."""
    form = resolve(reader.root_object.get("/AcroForm"))
    twin = _twin(form) if isinstance(form, DictionaryObject) else None
    for number, page in enumerate(reader.pages, start=1):
        for annotation in page_annotations(page):
            if annotation.get("/Subtype") == "/Widget":
                widget = _widget(annotation, page, number)
                if widget.name and widget.kind in ("Tx", "Btn", "Ch"):
                    said = widget.text if widget.kind != "Btn" else widget.state if widget_on(widget) else ""
                    unlike = twin is not None and "".join(said.split()) not in twin
                    yield replace(widget, doubt=_TWO_FORMS) if unlike else widget


def _twin(form: DictionaryObject) -> str | None:
    """What the XFA form beside the fields says, which Acrobat shows instead, without spaces; ``None`` without one."""
    packet = resolve(form.get("/XFA"))
    if packet is None:
        return None
    parts = packet if isinstance(packet, ArrayObject) else [packet]
    streams = (stream for part in parts if isinstance(stream := resolve(part), StreamObject))
    text = " ".join(stream.get_data().decode("utf-8", "replace") for stream in streams)
    return "".join(html.unescape(re.sub(r"<[^>]*>", " ", text)).split())


def has_orphans(reader: pypdf.PdfReader) -> bool:
    """Whether a page shows fields that are of no form any more: without a kind or a name, and drawn all the same."""
    return any(
        annotation.get("/Subtype") == "/Widget"
        and "/AP" in annotation
        and not (text_of(_inherited(annotation, "/FT")) and _full_name(annotation))
        for page in reader.pages
        for annotation in page_annotations(page)
    )


def keywords_of(reader: pypdf.PdfReader) -> str:
    """The keywords of a PDF, where our blanks write their mark; empty if there are none."""
    info = reader.metadata
    value = info.get("/Keywords") if info else None
    return str(value.get_object()) if value is not None else ""


def page_annotations(page: pypdf.PageObject) -> Iterator[DictionaryObject]:
    """The annotations of a page: fields, notes, drawings."""
    listed = resolve(page.get("/Annots"))
    for item in listed[:_MAX_ANNOTATIONS] if isinstance(listed, ArrayObject) else ():
        annotation = resolve(item)
        if isinstance(annotation, DictionaryObject):
            yield annotation


def text_of(item: PdfObject | None) -> str:
    """A PDF string, name or text stream as text; empty for anything else."""
    value = resolve(item)
    data = value.get_data() if isinstance(value, StreamObject) else value  # a long value may be a stream
    if isinstance(data, bytes):
        return data.decode("utf-16" if data[:2] in (b"\xfe\xff", b"\xff\xfe") else "latin-1", "replace")
    return str(value) if isinstance(value, str) else ""


def box_of(annotation: DictionaryObject, page: pypdf.PageObject) -> Box | None:
    """The rectangle of an annotation in points from the top left of its page, or ``None`` if it is not one."""
    corners = resolve(annotation.get("/Rect"))
    if not isinstance(corners, ArrayObject) or len(corners) != 4:
        return None
    try:
        x0, y0, x1, y1 = (float(resolve(corner)) for corner in corners)  # type: ignore[arg-type]  # else: not one
    except (TypeError, ValueError):
        return None
    left, top = float(page.mediabox.left), float(page.mediabox.top)
    xs, ys = sorted((x0, x1)), sorted((y0, y1))
    return (round(xs[0] - left, 2), round(top - ys[1], 2), round(xs[1] - left, 2), round(top - ys[0], 2))


def _widget(annotation: DictionaryObject, page: pypdf.PageObject, number: int) -> Widget:
    kind = text_of(_inherited(annotation, "/FT")).lstrip("/")
    value = text_of(_inherited(annotation, "/V"))
    state = _on_state(annotation) if kind == "Btn" else ""
    appearance = text_of(annotation.get("/AS")).lstrip("/")
    return Widget(
        name=_full_name(annotation),
        kind=kind,
        page=number,
        box=box_of(annotation, page) or (0.0, 0.0, 0.0, 0.0),
        text=value.lstrip("/") if kind == "Btn" else value,
        state=state,
        on=bool(state) and appearance == state,
        tooltip=text_of(_inherited(annotation, "/TU")),
        doubt=_LAYERED if is_layered(annotation) else _DRAWN if _scribbled(annotation, kind) else None,
    )


def _scribbled(annotation: DictionaryObject, kind: str) -> bool:
    return kind != "Btn" and has_strokes(annotation, slanted=kind == "Tx")


def _lineage(annotation: DictionaryObject) -> Iterator[DictionaryObject]:
    node: PdfObject | None = annotation
    for _ in range(_MAX_PARENTS):
        if not isinstance(node, DictionaryObject):
            return
        yield node
        node = resolve(node.get("/Parent"))


def _inherited(annotation: DictionaryObject, key: str) -> PdfObject | None:
    return next((node[key] for node in _lineage(annotation) if key in node), None)


def _full_name(annotation: DictionaryObject) -> str:
    names = [text_of(node["/T"]) for node in _lineage(annotation) if "/T" in node]
    return ".".join(reversed(names))


def _on_state(annotation: DictionaryObject) -> str:
    looks = resolve(annotation.get("/AP"))
    normal = resolve(looks.get("/N")) if isinstance(looks, DictionaryObject) else None
    states = [key.lstrip("/") for key in normal] if isinstance(normal, DictionaryObject) else []
    return next((state for state in states if state != "Off"), "")


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


def hidden_doubt(widget: Widget) -> Doubt | None:
    """VALEUR_CACHEE when a field does not show what it holds, ``None`` otherwise."""
    if widget.doubt is not None:
        return widget.doubt
    if widget.kind == "Btn":
        differs = widget.on != widget_on(widget)
        return Doubt(Reason.HIDDEN) if differs else None
    return None


def _placed(line: str, number: int, count: int, box: Box) -> Iterator[tuple[str, Box]]:
    """The words of one line of a field, spread over its box."""
    height = (box[3] - box[1]) / count
    top = box[1] + number * height
    share = (box[2] - box[0]) / max(len(line), 60)
    for found in re.finditer(r"\S+", line):
        yield found.group(), (box[0] + found.start() * share, top, box[0] + found.end() * share, top + height)
