"""ODT tokenizer: the words, boxes and borders of an OpenDocument text, as LibreOffice shows them.

The same stream as a Word document’s: paragraphs, tables, lists, form fields and controls, notes, text boxes once,
headers first and footers last. Struck words and those that nobody sees keep a doubt; drawings and tracked changes
stand aside. Nothing in the file is run, and no part but its text, its styles and its properties is looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from lxml import etree

from pipeline.core.doubts import Doubt, Reason
from pipeline.reading.streams.odt_objects import (
    CHANGES,
    DRAWINGS,
    FORM_FIELDS,
    changes_at,
    drawn_token,
    note_tokens,
    write_field,
)
from pipeline.reading.streams.odt_parts import damaged, tree_of
from pipeline.reading.streams.odt_styles import DRAW, LOEXT, OFFICE, STYLE, TABLE, TEXT, OdtStyles
from pipeline.reading.streams.ooxml import RunStyle
from pipeline.reading.streams.text_runs import Paragraph
from pipeline.reading.streams.word_document import asks
from pipeline.reading.streams.word_looks import CLIPPED, HIDDEN, MERGED, SPILL
from pipeline.reading.tokens import Source, Stream, Token, TokenKind

_CONTENT, _STYLES = "content.xml", "styles.xml"
MAX_DEPTH = 400
_PARAGRAPHS = frozenset({f"{TEXT}p", f"{TEXT}h"})
_NOTES = frozenset({f"{TEXT}note", f"{OFFICE}annotation"})
_LEFT_OUT = frozenset(
    {
        *(f"{TEXT}{name}" for name in ("tracked-changes", "sequence-decls", "variable-decls", "user-field-decls")),
        *(f"{TEXT}{name}" for name in ("note-citation", "dde-connection-decls", "label", "number")),
        *(f"{OFFICE}{name}" for name in ("forms", "annotation-end", "event-listeners")),
        f"{LOEXT}list-item",
        f"{TABLE}table-column",
    }
)
# What people type into, and what shows the words that stand in it: the result of any other field is the program's.
_CONTAINERS = frozenset(
    {
        *("span", "a", "text-input", "meta", "section", "list", "list-item", "list-header", "ruby", "ruby-base"),
        *("index-body", "index-title", "table-of-content", "drop-down", "sequence", "bookmark-ref", "reference-ref"),
        *("p", "h", "reference-mark", "numbered-paragraph", "toc-mark", "soft-page-break", "placeholder"),
    }
)


def odt_stream(parts: Mapping[str, bytes]) -> Stream:
    """The tokens of an OpenDocument text in reading order, from its parts.

    Raises FormRejected: ODT_ENDOMMAGE without a text, or for a part that is not XML.
    """
    trees = {name: tree_of(parts[name]) for name in (_STYLES, _CONTENT) if name in parts}
    body = trees[_CONTENT].find(f"{OFFICE}body/{OFFICE}text") if _CONTENT in trees else None
    if body is None:
        raise damaged("il n’a pas de texte")
    styles = OdtStyles(trees.values())
    tokens: list[Token] = []
    seen: set[tuple[str, ...]] = set()
    for part in (*_margins(trees.get(_STYLES), "header"), body, *_margins(trees.get(_STYLES), "footer")):
        walker = _OdtWalker(styles, _CONTENT if part is body else _STYLES)
        walker.visit(part, RunStyle(), 0)
        words = tuple(token.text for token in walker.tokens if token.kind in (TokenKind.WORD, TokenKind.ASIDE))
        if part is body or (words and words not in seen):
            tokens.extend(replace(token, source=Source.ODT, running=part is not body) for token in walker.tokens)
            seen.add(words)
    return tuple(tokens)


def _margins(styles: etree._Element | None, kind: str) -> Iterator[etree._Element]:
    """The headers or footers of the page styles that are shown."""
    for master in styles.iter(f"{STYLE}master-page") if styles is not None else ():
        for name in (kind, f"{kind}-left", f"{kind}-first"):
            yield from (one for one in master.findall(f"{STYLE}{name}") if one.get(f"{STYLE}display") != "false")


class _OdtWalker:
    """Document walker of one part: the tokens so far, and the paragraph being read."""

    def __init__(self, styles: OdtStyles, part: str) -> None:
        self.tokens: list[Token] = []
        self._styles = styles
        self._part = part
        self._paragraph = Paragraph()
        self._asides: list[Token] = []
        self._boxes: list[tuple[etree._Element, RunStyle]] = []
        self._in_paragraph = False
        self._filled = 0.0  # points of the cell that its paragraphs fill so far
        self._tables = self._row = self._cells = self._frames = 0
        self._marks: list[etree._Element] = []  # the form fields open at this point
        self._walks: Mapping[str, Callable[[etree._Element, RunStyle, int], None]] = {
            f"{TEXT}span": self._span,
            f"{TEXT}section": self._section,
            f"{TEXT}list": self._list,
            f"{TEXT}hidden-text": lambda node, style, depth: self._children(node, _hidden(style), depth),
            f"{TABLE}table": self._table,
            f"{TABLE}table-row": self._table_row,
            f"{LOEXT}content-control": self._control,
            f"{DRAW}frame": self._frame,
            f"{DRAW}text-box": self._text_box,
        }

    def visit(self, node: etree._Element, style: RunStyle, depth: int) -> None:
        """Look at a node and what it holds."""
        if depth > MAX_DEPTH:
            raise damaged("il est emboîté sur trop de niveaux")
        tag = str(node.tag)
        if tag in _LEFT_OUT or not isinstance(node.tag, str):
            return
        if tag in _PARAGRAPHS:
            self._read_paragraph(node, style, depth)
        elif tag in self._walks:
            self._walks[tag](node, style, depth)
        elif tag in _NOTES:
            self._asides += note_tokens(node)
        elif tag in CHANGES:
            self._asides += changes_at(node, self._place())
        elif tag in FORM_FIELDS:
            self._form_field(node, tag, style)
        elif tag in DRAWINGS:
            self._drawn(node)
            self._children(node, replace(style, floating=True), depth)
        elif tag.startswith(TEXT) and tag.removeprefix(TEXT) not in _CONTAINERS:
            self._field(node, tag.removeprefix(TEXT), style, depth)
        else:
            self._children(node, style, depth)

    def _children(self, node: etree._Element, style: RunStyle, depth: int) -> None:
        within = self._in_paragraph
        if node.text and within:
            self._write(node.text, style)
        for child in node:
            self.visit(child, style, depth + 1)
            if child.tail and within:
                self._write(child.tail, style)

    def _write(self, text: str, style: RunStyle) -> None:
        """Text as it is shown: the spaces and line ends of the XML are one space."""
        if not style.prompt:
            spaced = " ".join(text.split())
            lead = " " if text[:1].isspace() else ""
            trail = " " if text[-1:].isspace() and spaced else ""
            self._paragraph.write(f"{lead}{spaced}{trail}", replace(style, name=style.name or self._mark_name()))

    def _mark_name(self) -> str | None:
        return self._marks[-1].get(f"{TEXT}name") if self._marks else None

    def _read_paragraph(self, node: etree._Element, style: RunStyle, depth: int) -> None:
        outer, self._paragraph = self._paragraph, Paragraph()
        boxes, self._boxes = self._boxes, []
        asides, self._asides = self._asides, []
        outside, self._in_paragraph = self._in_paragraph, True
        self._children(node, self._styles.paragraph_look(style, node.get(f"{TEXT}style-name")), depth)
        self._in_paragraph = outside
        if any(one.get(f"{TEXT}is-hidden") != "false" for one in node.iter(f"{TEXT}hidden-paragraph")):
            self._paragraph.hide(HIDDEN)
        if style.room is not None:
            self._filled += self._paragraph.height(style)
            if self._filled > style.room + SPILL:
                self._paragraph.hide(CLIPPED)
        self.tokens.extend(self._paragraph.tokens(self._place()))
        self.tokens.extend(self._asides)
        self._mark(TokenKind.PARAGRAPH)
        inner, self._boxes = self._boxes, boxes
        self._paragraph, self._asides = outer, asides
        outside, self._in_paragraph = self._in_paragraph, False
        for box, look in inner:
            self._children(box, look, depth + 1)
        self._in_paragraph = outside

    def _mark(self, kind: TokenKind) -> None:
        self.tokens.append(Token(kind, place=self._place()))

    def _place(self) -> str:
        return f"{self._part}, tableau {self._tables}, ligne {self._row}" if self._row else self._part

    def _span(self, node: etree._Element, style: RunStyle, depth: int) -> None:
        said = self._styles.said("text", node.get(f"{TEXT}style-name"), "text-properties")
        self._children(node, self._styles.text_look(style, said), depth)

    def _list(self, node: etree._Element, style: RunStyle, depth: int) -> None:
        why = self._styles.misleading(node.get(f"{TEXT}style-name"))
        self._children(node, replace(style, unseen=style.unseen or why), depth)

    def _section(self, node: etree._Element, style: RunStyle, depth: int) -> None:
        shown = node.get(f"{TEXT}display", "true") == "true"
        self._children(node, style if shown else _hidden(style), depth)

    def _field(self, node: etree._Element, name: str, style: RunStyle, depth: int) -> None:
        """Spaces, breaks, bookmarks, and what the program computes, some of it each time the file is opened."""
        if name == "s":
            self._paragraph.write(" " * min(_number(node, f"{TEXT}c"), 200), style)
        elif name in ("page-number", "page-count"):
            self._paragraph.write("1", style)  # as Word’s own are read
        elif name in ("tab", "line-break"):
            self._paragraph.write("\t" if name == "tab" else "\n", style)
        elif node.get(f"{TEXT}fixed") == "true" or not "".join(map(str, node.itertext())).strip():
            self._children(node, style, depth)
        else:
            doubt = Doubt(Reason.HIDDEN, f"cette réponse est calculée par le traitement de texte (champ {name[:20]})")
            self._children(node, replace(style, doubt=doubt), depth)

    def _form_field(self, node: etree._Element, tag: str, style: RunStyle) -> None:
        """A form field: what is typed between its marks bears its name, a box or a list writes its state."""
        if tag.endswith("fieldmark-start"):
            self._marks.append(node)
        elif tag.endswith("fieldmark-end"):
            del self._marks[-1:]
        elif not write_field(node, self._paragraph, style):
            self._drawn(node)

    def _control(self, node: etree._Element, style: RunStyle, depth: int) -> None:
        ticked = node.get(f"{LOEXT}checked") == "true" if node.get(f"{LOEXT}checkbox") == "true" else None
        written = "".join(map(str, node.itertext()))
        prompt = node.get(f"{LOEXT}showing-place-holder") == "true" and asks(written)
        if "{{" in written:
            prompt, ticked = False, None
        inside = replace(style, prompt=prompt or style.prompt, name=node.get(f"{LOEXT}tag") or style.name)
        self._children(node, inside if ticked is None else replace(inside, box=ticked), depth)

    def _frame(self, node: etree._Element, style: RunStyle, depth: int) -> None:
        """A frame: the words of its text box, or what it shows, once; the picture that replaces an object is none."""
        boxes = node.findall(f"{DRAW}text-box")
        if boxes and "".join(map(str, boxes[0].itertext())).strip():
            self._text_box(boxes[0], style, depth)
        else:
            self._drawn(node)

    def _text_box(self, node: etree._Element, style: RunStyle, depth: int) -> None:
        look = RunStyle(size=style.size, unseen=style.unseen, floating=True, ground=self._styles.fill_of(node))
        look = self._styles.paragraph_look(look, None)
        if self._in_paragraph:
            self._boxes.append((node, look))
        else:
            self._children(node, look, depth)

    def _drawn(self, node: etree._Element) -> None:
        (self._asides if self._in_paragraph else self.tokens).append(drawn_token(node, self._place()))

    def _table(self, node: etree._Element, style: RunStyle, depth: int) -> None:
        framed = self._cells > 0 and len(list(node.iter(f"{TABLE}table-cell"))) == 1
        self._tables, self._row = self._tables + 1, 0
        self._frames += framed
        ground = self._styles.ground_of("table", node.get(f"{TABLE}style-name"), style.ground)
        outer, self._in_paragraph = self._in_paragraph, False
        self._children(node, replace(style, ground=ground), depth)
        self._in_paragraph = outer
        self._frames -= framed

    def _table_row(self, node: etree._Element, style: RunStyle, depth: int) -> None:
        self._row += 1
        style = self._styles.row_look(style, node.get(f"{TABLE}style-name"))
        if node.get(f"{TABLE}visibility", "visible") != "visible":
            style = _hidden(style)
        spanned = 0  # covered cells still to come of the cell that spans columns
        for cell in node:
            covered = str(cell.tag) == f"{TABLE}covered-table-cell"
            if covered and spanned > 0:
                spanned -= _number(cell, f"{TABLE}number-columns-repeated")
            elif covered or str(cell.tag) == f"{TABLE}table-cell":
                above = _number(cell, f"{TABLE}number-columns-repeated") - 1 if covered else 0
                self._cell(cell, replace(style, unseen=style.unseen or MERGED * covered), depth)
                spanned = above if covered else _number(cell, f"{TABLE}number-columns-spanned") - 1
        if not self._frames:
            self._mark(TokenKind.ROW)

    def _cell(self, node: etree._Element, style: RunStyle, depth: int) -> None:
        if not self._frames:
            self._mark(TokenKind.CELL)
        self._cells += 1
        self._filled = 0.0
        ground = self._styles.ground_of("table-cell", node.get(f"{TABLE}style-name"), style.ground)
        self._children(node, replace(style, ground=ground), depth + 1)
        self._cells -= 1


def _hidden(style: RunStyle) -> RunStyle:
    return replace(style, unseen=style.unseen or HIDDEN)


def _number(node: etree._Element, name: str) -> int:
    text = node.get(name) or "1"
    return int(text) if text.isdecimal() else 1
