"""DOCX tokenizer: an own walk of the XML, since libraries see neither content controls nor revisions.

Read: what Word shows. Content controls around words, paragraphs, cells and rows; legacy fields; symbols; insertions;
nested tables; text boxes, once; the headers and footers that sections ask for. Left out: deletions, prompts that
stand where nothing was written. Struck words and those that nobody sees keep a doubt, comments and notes are doubts
of their own; drawings, tracked changes and inserted documents stand aside. A DOCX has neither pages nor boxes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from lxml import etree

from pipeline.core.doubts import Doubt, Reason
from pipeline.core.refusals import Refusal, refused
from pipeline.reading.streams.ooxml import (
    DELETED,
    INSERTED,
    LEFT_OUT,
    MATH_TEXT,
    MC,
    PRINTED,
    REFERENCES,
    VALUE,
    RunStyle,
    W,
    deleted_text,
    text_in,
)
from pipeline.reading.streams.text_runs import LegacyFields, Paragraph
from pipeline.reading.streams.word_document import WordDocument, page_ground
from pipeline.reading.streams.word_drawings import (
    DRAWINGS,
    HIDDEN_BOX,
    alternative,
    drawn_tokens,
    ground_of,
    is_foreign,
    is_hidden,
)
from pipeline.reading.streams.word_looks import (
    CLIPPED,
    SPILL,
    cell_look,
    paragraph_look,
    row_look,
    run_look,
    table_look,
)
from pipeline.reading.streams.word_package import Package, package_of
from pipeline.reading.tokens import NOTE, REVISED, WHOLE, Source, Stream, Token, TokenKind
from pipeline.sandbox.untrusted_xml import parse_xml

MAX_DEPTH = 400  # elements inside one another: Word writes about thirty
_INSERTED = Doubt(Reason.HIDDEN, "un autre document est inséré ici : Word l’affiche, et il n’est pas lu")
_SEVERAL = Doubt(
    Reason.HIDDEN, "ce fichier Word contient deux documents, et tous les programmes n’affichent pas le même"
)
_OTHERWISE = "s’affiche autrement selon le programme qui ouvre le fichier"
_STRANGE = "est dans une partie du fichier que Word n’affiche pas"
_FORMULA = Doubt(Reason.STRAY_TEXT, "une formule est écrite dans la réponse")
_ABOVE = Doubt(Reason.STRAY_TEXT, "de petits mots sont écrits au-dessus de la réponse")


def docx_stream(parts: Mapping[str, bytes]) -> Stream:
    """The tokens of a Word document in reading order, headers first and footers last; from its parts.

    Raises FormRejected: WORD_ENDOMMAGE for a part that is not XML, or without any text.
    """
    return package_stream(package_of(parts))


def package_stream(package: Package) -> Stream:
    """The same of a package that was opened."""
    document = WordDocument.of(package)
    usual = paragraph_look(etree.Element(f"{W}p"), RunStyle(), document.sheet)
    style = RunStyle(
        size=run_look(etree.Element(f"{W}r"), usual, document.sheet, 0).size,
        ground=page_ground(package),
    )
    tokens: list[Token] = []
    if package.several:
        tokens += _aside(WHOLE, "", _SEVERAL, package.main), Token(TokenKind.PARAGRAPH, source=Source.DOCX)
    seen: set[tuple[str, ...]] = set()
    for name in (*package.heads, package.main, *package.feet):
        walker = _Walker(name, document)
        walker.visit(package.body if name == package.main else parse_xml(package.parts[name]), style, 0)
        if name == package.main:
            tokens.extend(walker.tokens)
            continue
        words = tuple(token.text for token in walker.tokens if token.kind in (TokenKind.WORD, TokenKind.ASIDE))
        if words and words not in seen:  # first and even pages repeat the same header
            tokens.extend(replace(token, running=True) for token in walker.tokens)
            seen.add(words)
    return tuple(tokens)


def control_tags(package: Package) -> frozenset[str]:
    """The tags of the content controls of a document."""
    return frozenset(tag.get(VALUE) or "" for tag in package.body.iter(f"{W}tag"))


def _aside(name: str, text: str, doubt: Doubt | None, place: str) -> Token:
    return Token(TokenKind.ASIDE, text, source=Source.DOCX, name=name, doubt=doubt, place=place)


class _Walker:
    """Document walker of one part: the tokens so far, the paragraph being read, and what waits for its end."""

    def __init__(self, part: str, document: WordDocument) -> None:
        self.tokens: list[Token] = []
        self._part = part
        self._document = document
        self._sheet = document.sheet
        self._paragraph = Paragraph()
        self._legacy = LegacyFields()
        self._boxes: list[tuple[etree._Element, bool]] = []
        self._asides: list[Token] = []
        self._changes: list[str] = []
        self._copies: Counter[str] = Counter()
        self._tables = self._row = 0
        self._filled = 0.0  # points of the cell that its paragraphs fill so far
        self._cells = 0  # cells around this point
        self._frames = 0  # tables of one cell inside a cell: frames around words, which border nothing

    def visit(self, node: etree._Element, style: RunStyle, depth: int) -> None:
        """Look at a node and what it holds."""
        if depth > MAX_DEPTH:
            raise refused(Refusal.WORD_DAMAGED, how="ses parties s’emboîtent sur trop de niveaux")
        tag = str(node.tag)
        if tag in LEFT_OUT:
            self._leave_out(node)
        elif tag == f"{W}p":
            self._read_paragraph(node, paragraph_look(node, style, self._sheet), depth)
        elif tag == f"{W}sdt":
            self._control(node, style, depth)
        elif tag == f"{W}r":
            self._run(node, run_look(node, style, self._sheet, len(text_in(node))), depth)
        elif tag == f"{W}fldSimple":
            with self._legacy.simple(node, self._paragraph):
                self._children(node, style, depth)
        elif tag in (f"{W}tbl", f"{W}tr", f"{W}tc"):
            self._table(node, style, depth)
        else:
            self._other(node, tag, style, depth)

    def _leave_out(self, node: etree._Element) -> None:
        text = deleted_text(node).strip() if node.tag in DELETED else ""
        if text:
            self._changes.append(f"« {text[:60]} » supprimé")

    def _other(self, node: etree._Element, tag: str, style: RunStyle, depth: int) -> None:
        """What is neither text nor table: containers, drawings, inserted documents, what Word does not know."""
        if tag == f"{W}txbxContent":
            hidden = any(is_hidden(one) for one in node.iterancestors(*DRAWINGS))
            self._boxes.append((node, hidden))  # read once its paragraph is: its words stand in nobody's sentence
            return
        if tag in (f"{W}altChunk", f"{W}subDoc"):
            self.tokens.append(_aside(WHOLE, "", _INSERTED, self._place()))
        elif tag in DRAWINGS:
            self._asides += drawn_tokens(node, self._place())
        elif tag in INSERTED and (text := text_in(node).strip()):
            self._changes.append(f"« {text[:60]} » ajouté")
        elif tag == f"{W}ruby":
            style = replace(style, doubt=style.doubt or _ABOVE)
        elif tag == MATH_TEXT:
            self._write(node.text or "", replace(style, doubt=style.doubt or _FORMULA))
        elif tag in (f"{W}bdo", f"{W}dir") and node.get(VALUE) == "rtl":
            style = replace(style, turned=True)
        elif is_foreign(tag):
            style = replace(style, unseen=style.unseen or _STRANGE)
        self._children(node, style, depth)

    def _children(self, node: etree._Element, style: RunStyle, depth: int) -> None:
        shown: Sequence[etree._Element] | etree._Element = node
        if node.tag == f"{MC}AlternateContent":
            shown, odd = alternative(node)
            style = replace(style, unseen=style.unseen or _OTHERWISE * odd)
        for child in shown:
            self.visit(child, style, depth + 1)

    def _table(self, node: etree._Element, style: RunStyle, depth: int) -> None:
        tag = str(node.tag)
        if tag == f"{W}tbl":
            style = table_look(node, style, self._sheet)
        elif tag == f"{W}tr":
            if node.find(f"{W}trPr/{W}del") is not None:
                self._changes.append(f"une ligne de tableau « {text_in(node)[:60]} » supprimée")
                return
            style = row_look(node, style)
        else:
            style = cell_look(node, style, self._sheet)
            self._filled = 0.0
        framed = tag == f"{W}tbl" and self._cells > 0 and len(list(node.iter(f"{W}tc"))) == 1
        self._structure(tag)
        self._frames += framed
        self._cells += tag == f"{W}tc"
        self._children(node, style, depth)
        self._cells -= tag == f"{W}tc"
        if tag == f"{W}tr" and not self._frames:
            self._mark(TokenKind.ROW)
        self._frames -= framed

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
        if style.room is not None:
            self._filled += self._paragraph.height(style)
            if self._filled > style.room + SPILL:
                self._paragraph.hide(CLIPPED)
        self._flush()
        inner, self._boxes = self._boxes, boxes
        self._paragraph = outer
        for box, hidden in inner:
            unseen = style.unseen or HIDDEN_BOX * hidden
            inside = RunStyle(size=style.size, ground=ground_of(box), unseen=unseen, floating=True)
            self._children(box, inside, depth + 1)

    def _flush(self) -> None:
        self.tokens.extend(self._paragraph.tokens(self._place()))
        self.tokens.extend(self._asides)
        if self._changes:
            self.tokens.append(_aside(REVISED, ", ".join(self._changes), None, self._place()))
        self._asides.clear()
        self._changes.clear()
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
        name, prompt, ticked, doubt = self._document.control(node, content)
        style = replace(style, doubt=doubt) if doubt else style
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
                self._note(child, REFERENCES[tag])
            elif tag in (f"{W}t", MATH_TEXT):
                self._write(child.text or "", style)
            elif tag == f"{W}sym":
                self._symbol(child, style)
            elif tag in PRINTED:
                self._write(PRINTED[tag] if child.get(f"{W}type") != "page" else " ", style)
            else:
                self.visit(child, style, depth + 1)

    def _note(self, node: etree._Element, kind: str) -> None:
        text = self._document.notes.get((kind, node.get(f"{W}id") or ""), "")
        if text.strip():
            doubt = Doubt(Reason.STRAY_TEXT, f"une note a été ajoutée : « {text.strip()[:120]} »")
            self._asides.append(Token(TokenKind.WORD, text, source=Source.DOCX, doubt=doubt, name=NOTE))

    def _symbol(self, node: etree._Element, style: RunStyle) -> None:
        try:
            char = chr(int(node.get(f"{W}char") or "0", 16))
        except (ValueError, OverflowError):
            return
        self._write(char, replace(style, font=node.get(f"{W}font") or "Wingdings"))

    def _write(self, text: str, style: RunStyle) -> None:
        if not style.prompt and not self._legacy.silent:
            doubt = style.doubt or self._legacy.doubt
            self._paragraph.write(text, replace(style, name=style.name or self._legacy.name, doubt=doubt))
