"""DOCX tokenizer: an own walk of the XML, since libraries see neither content controls nor revisions.

Read: content controls around words, paragraphs, cells and rows; legacy fields; symbols; insertions; nested tables;
text boxes, once; headers and footers. Left out: deletions, prompts that stand where nothing was written. Struck or
hidden words keep a doubt, comments and notes are doubts of their own. A DOCX has neither pages nor boxes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from lxml import etree

from pipeline.core.doubts import Doubt, Reason
from pipeline.core.refusals import Refusal, refused
from pipeline.reading.streams.ooxml import (
    LEFT_OUT,
    MC,
    PRINTED,
    REFERENCES,
    VALUE,
    Notes,
    RunStyle,
    W,
    checkbox_state,
    note_texts,
    style_of,
    text_in,
    usual_size,
)
from pipeline.reading.streams.text_runs import LegacyFields, Paragraph
from pipeline.reading.tokens import Source, Stream, Token, TokenKind
from pipeline.sandbox.untrusted_xml import parse_xml

_DOCUMENT, _STYLES, _CORE = "word/document.xml", "word/styles.xml", "docProps/core.xml"
_AROUND = re.compile(r"word/(header|footer)\d*\.xml")
MAX_DEPTH = 400  # elements inside one another: Word writes about thirty


def docx_stream(parts: Mapping[str, bytes]) -> Stream:
    """The tokens of a Word document in reading order, headers first and footers last; from its parts.

    Raises FormRejected: WORD_ENDOMMAGE for a part that is not XML, or without any text.
    """
    if _DOCUMENT not in parts:
        raise refused(Refusal.WORD_DAMAGED, how="il n’a pas de texte")
    around = sorted(name for name in parts if _AROUND.fullmatch(name))
    names = [
        *(name for name in around if "header" in name),
        _DOCUMENT,
        *(name for name in around if "footer" in name),
    ]
    notes = note_texts(parts)
    style = RunStyle(size=usual_size(parse_xml(parts[_STYLES]) if _STYLES in parts else None))
    tokens: list[Token] = []
    seen: set[tuple[str, ...]] = set()
    for name in names:
        walker = _Walker(name, notes)
        walker.visit(parse_xml(parts[name]), style, 0)
        words = tuple(token.text for token in walker.tokens if token.kind is TokenKind.WORD)
        if name == _DOCUMENT or (words and words not in seen):  # first and even pages repeat the same header
            tokens.extend(walker.tokens)
            seen.add(words)
    return tuple(tokens)


def control_tags(parts: Mapping[str, bytes]) -> frozenset[str]:
    """The tags of the content controls of a document."""
    tags = parse_xml(parts[_DOCUMENT]).iter(f"{W}tag") if _DOCUMENT in parts else ()
    return frozenset(tag.get(VALUE) or "" for tag in tags)


def keywords_in(parts: Mapping[str, bytes]) -> str:
    """The document's properties, where our blanks write their mark among the keywords."""
    return "\n".join(map(str, parse_xml(parts[_CORE]).itertext())) if _CORE in parts else ""


class _Walker:
    """Document walker of one part: the tokens so far, the paragraph being read, and what waits for its end."""

    def __init__(self, part: str, notes: Notes) -> None:
        self.tokens: list[Token] = []
        self._part = part
        self._notes = notes
        self._paragraph = Paragraph()
        self._legacy = LegacyFields()
        self._boxes: list[etree._Element] = []
        self._noted: list[str] = []
        self._copies: Counter[str] = Counter()
        self._tables = self._row = 0
        self._cells = 0  # cells around this point
        self._frames = 0  # tables of one cell inside a cell: frames around words, which border nothing

    def visit(self, node: etree._Element, style: RunStyle, depth: int) -> None:
        """Look at a node and what it holds."""
        if depth > MAX_DEPTH:
            raise refused(Refusal.WORD_DAMAGED, how="ses parties s’emboîtent sur trop de niveaux")
        tag = str(node.tag)
        if tag in LEFT_OUT:
            return
        if tag == f"{W}p":
            self._read_paragraph(node, style, depth)
        elif tag == f"{W}txbxContent":
            self._boxes.append(node)  # read once its paragraph is: its words stand in nobody's sentence
        elif tag == f"{W}sdt":
            self._control(node, style, depth)
        elif tag == f"{W}r":
            self._run(node, style_of(node, style), depth)
        elif tag == f"{W}fldSimple":
            self._legacy.simple(node, self._paragraph)
            self._children(node, style, depth)
        else:
            framed = tag == f"{W}tbl" and self._cells > 0 and len(list(node.iter(f"{W}tc"))) == 1
            self._structure(tag)
            self._frames += framed
            self._cells += tag == f"{W}tc"
            self._children(node, style, depth)
            self._cells -= tag == f"{W}tc"
            if tag == f"{W}tr" and not self._frames:
                self._mark(TokenKind.ROW)
            self._frames -= framed

    def _children(self, node: etree._Element, style: RunStyle, depth: int) -> None:
        chosen = node.find(f"{MC}Choice") if node.tag == f"{MC}AlternateContent" else None
        for child in node if chosen is None else chosen:
            self.visit(child, style, depth + 1)

    def _structure(self, tag: str) -> None:
        if tag == f"{W}tbl":
            self._tables += 1
            self._row = 0
        elif tag == f"{W}tr":
            self._row += 1
        elif tag == f"{W}tc" and not self._frames:
            self._mark(TokenKind.CELL)

    def _read_paragraph(self, node: etree._Element, style: RunStyle, depth: int) -> None:
        outer, self._paragraph = self._paragraph, Paragraph()
        boxes, self._boxes = self._boxes, []
        for child in node:
            self.visit(child, style, depth + 1)
        self._flush()
        inner, self._boxes = self._boxes, boxes
        self._paragraph = outer
        for box in inner:
            self._children(box, RunStyle(size=style.size), depth + 1)

    def _flush(self) -> None:
        self.tokens.extend(self._paragraph.tokens(self._place()))
        for text in self._noted:
            doubt = Doubt(Reason.STRAY_TEXT, f"une note a été ajoutée : « {text.strip()[:120]} »")
            self.tokens.append(Token(TokenKind.WORD, text, source=Source.DOCX, doubt=doubt, name="note"))
        self._noted.clear()
        self._mark(TokenKind.PARAGRAPH)

    def _mark(self, kind: TokenKind) -> None:
        self.tokens.append(Token(kind, source=Source.DOCX, place=self._place()))

    def _place(self) -> str:
        table = f", tableau {self._tables}, ligne {self._row}" if self._row else ""
        return f"{self._part}{table}"

    def _control(self, node: etree._Element, style: RunStyle, depth: int) -> None:
        content = node.find(f"{W}sdtContent")
        if content is None:
            return
        settings = node.find(f"{W}sdtPr")
        tag = settings.find(f"{W}tag") if settings is not None else None
        name = tag.get(VALUE) if tag is not None else None
        prompt = settings is not None and settings.find(f"{W}showingPlcHdr") is not None
        ticked, written = checkbox_state(node), text_in(content)
        if "{{" in written:  # our own annotation, typed inside the control
            prompt, ticked = False, None
        if name:
            style = replace(style, name=name, copy=self._copies[name])
            self._copies[name] += 1
        inside = replace(style, prompt=prompt or style.prompt)
        if ticked is not None:
            inside = replace(inside, box=ticked)
        self._children(content, inside, depth + 1)

    def _run(self, run: etree._Element, style: RunStyle, depth: int) -> None:
        for child in run:
            tag = str(child.tag)
            if tag in LEFT_OUT:
                continue
            if tag == f"{W}fldChar":
                self._legacy.turn(child, self._paragraph, style)
            elif tag == f"{W}instrText":
                self._legacy.instruct(child.text or "")
            elif tag in REFERENCES:
                text = self._notes.get((REFERENCES[tag], child.get(f"{W}id") or ""), "")
                if text.strip():
                    self._noted.append(text)
            elif tag == f"{W}t":
                self._write(child.text or "", style)
            elif tag == f"{W}sym":
                code = int(child.get(f"{W}char") or "0", 16)
                self._write(chr(code), replace(style, font=child.get(f"{W}font") or "Wingdings"))
            elif tag in PRINTED:
                self._write(PRINTED[tag] if child.get(f"{W}type") != "page" else " ", style)
            else:
                self.visit(child, style, depth + 1)

    def _write(self, text: str, style: RunStyle) -> None:
        if not style.prompt and not self._legacy.silent:
            self._paragraph.write(text, replace(style, name=style.name or self._legacy.name))
