"""Word content-control parser: the controls of a document, and the text that stands outside them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from pipeline.reading.streams.ooxml import LEFT_OUT, REFERENCES, VALUE, Notes, W, checkbox_state, is_on

_PRINTED = {f"{W}br": "\n", f"{W}cr": "\n", f"{W}tab": " ", f"{W}noBreakHyphen": "-"}
# Boxes drawn with the Wingdings fonts: code point to what it shows.
_SYMBOLS = {"F0FE": "☑", "F0FD": "☒", "F052": "☑", "F078": "☒", "F0A8": "☐", "F06F": "☐", "F0A3": "☐"}


@dataclass(frozen=True)
class Control:
    """One content control. ``checked`` is ``None`` unless it is a check box; ``prompt``: it shows its placeholder."""

    tag: str
    text: str
    checked: bool | None
    prompt: bool
    doubt: str | None


@dataclass(frozen=True)
class Stray:
    """A text outside every control, after the one tagged ``after``; ``note``: a comment or a footnote."""

    text: str
    after: str | None
    note: bool = False


def walk(document: etree._Element, notes: Notes) -> tuple[list[Control], list[Stray]]:
    """Every tagged control of the document and every paragraph's text outside them, in document order.

    ``notes`` are its comments, footnotes and endnotes.
    """
    walker = _Walker(notes)
    walker.visit(document)
    walker.flush()
    return walker.controls, walker.strays


class _Walker:
    """Document walker: what has been met so far; ``after`` is the tag of the last control."""

    def __init__(self, notes: Notes) -> None:
        self.controls: list[Control] = []
        self.strays: list[Stray] = []
        self._notes = notes
        self._after: str | None = None
        self._text: list[str] = []

    def visit(self, node: etree._Element) -> None:
        """Look at a node and what it holds; elements that print nothing are passed over."""
        if node.tag in LEFT_OUT:
            return
        if node.tag == f"{W}sdt" and (tag := _property(node, "tag")):
            self.flush()
            self._control(node, tag)
            return
        self._text.append(_own_text(node))
        if node.tag in REFERENCES:
            self._note(node)
        for child in node:
            self.visit(child)
        if node.tag in (f"{W}p", f"{W}tc"):
            self.flush()

    def flush(self) -> None:
        """Close the piece of text outside controls that was being read."""
        text = "".join(self._text)
        self._text.clear()
        if text.strip():
            self.strays.append(Stray(text, self._after))

    def _control(self, node: etree._Element, tag: str) -> None:
        content = node.find(f"{W}sdtContent")
        pieces = list(_pieces(content)) if content is not None else []
        self._after = tag
        self.controls.append(
            Control(
                tag=tag,
                text="".join(piece.text for piece in pieces if not piece.struck).strip("\n"),
                checked=checkbox_state(node),
                prompt=node.find(f"{W}sdtPr/{W}showingPlcHdr") is not None,
                doubt=_doubt(pieces),
            )
        )
        for reference in node.iter(*REFERENCES):
            self._note(reference)

    def _note(self, reference: etree._Element) -> None:
        text = self._notes.get((REFERENCES[str(reference.tag)], reference.get(f"{W}id") or ""), "")
        if text.strip():
            self.strays.append(Stray(text, self._after, note=True))


@dataclass(frozen=True)
class _Piece:
    text: str
    struck: bool = False
    hidden: bool = False


def _pieces(content: etree._Element) -> Iterator[_Piece]:
    """The text of a control, run by run; a new paragraph, row or line is a line break."""
    for index, child in enumerate(content):
        if child.tag in (f"{W}p", f"{W}tr") and index:
            yield _Piece("\n")
        yield from _inside(child)


def _inside(node: etree._Element, *, struck: bool = False, hidden: bool = False) -> Iterator[_Piece]:
    if node.tag in LEFT_OUT:
        return
    text = _own_text(node)
    if text:
        yield _Piece(text, struck, hidden)
    if node.tag == f"{W}r":
        struck, hidden = _has(node, "strike") or _has(node, "dstrike"), _has(node, "vanish")
    paragraphs = 0
    for child in node:
        if child.tag == f"{W}p":
            if paragraphs:
                yield _Piece("\n")
            paragraphs += 1
        yield from _inside(child, struck=struck, hidden=hidden)


def _own_text(node: etree._Element) -> str:
    """What the element itself prints, apart from what it holds."""
    if node.tag == f"{W}t":
        return node.text or ""
    if node.tag == f"{W}sym":
        return _SYMBOLS.get((node.get(f"{W}char") or "").upper(), "\ufffd")
    return _PRINTED.get(str(node.tag), "")


def _doubt(pieces: list[_Piece]) -> str | None:
    struck = "".join(piece.text for piece in pieces if piece.struck).strip()
    if struck:
        return f"RATURE : « {struck[:60]} » est barré"
    hidden = "".join(piece.text for piece in pieces if piece.hidden).strip()
    return f"VALEUR_CACHEE : « {hidden[:60]} » est un texte masqué" if hidden else None


def _property(node: etree._Element, name: str) -> str | None:
    found = node.find(f"{W}sdtPr/{W}{name}")
    return found.get(VALUE) if found is not None else None


def _has(run: etree._Element, name: str) -> bool:
    properties = run.find(f"{W}rPr")
    return properties is not None and is_on(properties, name)
