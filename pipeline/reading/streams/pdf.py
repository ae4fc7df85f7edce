"""PDF tokenizer: words in the order of the cells, borders between them, tick boxes drawn or typed.

Each page is told apart: one whose words are a picture (a scan) is noted and gives no words. A page turned on its
side or upside down is turned back first.
"""

from __future__ import annotations

import io
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pdfplumber
import pypdf
from pdfminer.pdfexceptions import PDFException
from pdfplumber.page import Page
from pdfplumber.pdf import PDF
from pdfplumber.utils.exceptions import PdfminerException
from pdfplumber.utils.text import extract_words
from pypdf.errors import PyPdfError

from pipeline.core.boxes import any_holds, middle, rounded
from pipeline.core.doubts import Doubt, Reason
from pipeline.core.models import Box
from pipeline.core.refusals import Refusal, refused
from pipeline.core.sequences import runs
from pipeline.reading.streams.drawn import (
    MAX_SIDE,
    PALEST,
    Square,
    Veils,
    box_of,
    is_pale,
    is_veiled,
    marks_of,
    pens_of,
    squares_of,
    veiled,
)
from pipeline.reading.streams.glyphs import is_tick, pictured, pieces, tick_state
from pipeline.reading.streams.imposition import tiles_of
from pipeline.reading.streams.order import Grid, Line, grids_of, lines_of, reading_order, type_size
from pipeline.reading.streams.page_columns import pieces_of, whole
from pipeline.reading.streams.word_strokes import Strokes, strokes_of
from pipeline.reading.tokens import HOLE, Stream, Token, TokenKind

_MOST = 0.6  # share of a page's letters that must agree on the direction


def turn_of(page: Page) -> int:
    """By how many degrees clockwise a page must be turned to be read: a multiple of 90, 0 for most."""
    ways = Counter(_direction(char["matrix"]) for char in page.chars if char["text"].strip())
    way, count = ways.most_common(1)[0] if ways else (0, 0)
    return way if count >= _MOST * ways.total() else 0


def turned(data: bytes, turns: Mapping[int, int]) -> bytes | None:
    """The same PDF with some pages (from 0) turned clockwise; ``None`` if it cannot be rewritten."""
    try:
        writer = pypdf.PdfWriter(clone_from=io.BytesIO(data))
        for index, turn in turns.items():
            writer.pages[index].rotate(turn)
        written = io.BytesIO()
        writer.write(written)
    except PyPdfError:
        return None
    return written.getvalue()


def _direction(matrix: tuple[float, ...]) -> int:
    """The direction of writing as seen on the page, in degrees counter-clockwise, to the nearest quarter turn."""
    return round(math.degrees(math.atan2(matrix[1], matrix[0])) / 90) * 90 % 360


MIN_WORDS = 20  # fewer on a page, under a picture that covers it: a scan
_COVERS = 0.8  # of a page's surface, by a picture that covers it
_APART, _UNEVEN = 0.19, 0.25  # of the size of letters: between two words, and from the tops of a line's others
_BRACKETS = (("(", ")"), ("[", "]"))  # what a box to tick may be typed as
_GARBAGE = 0.3  # share of characters without a meaning above which a page's text is not to be trusted


@dataclass(frozen=True)
class PageNote:
    """Page classification.

    ``image``: its words are in a picture. ``covered``: a picture lies under its words. ``marks`` are the boxes of
    what is drawn on it so that it shows: lines, frames, pictures; ``ticked`` the drawn boxes in which something is,
    ``pictures`` the boxes of its pictures, ``pens`` those of slanted strokes.
    """

    number: int
    width: float
    height: float
    words: int
    image: bool
    covered: bool
    marks: tuple[Box, ...] = ()
    ticked: tuple[Box, ...] = ()
    pictures: tuple[Box, ...] = ()
    pens: tuple[Box, ...] = ()


def read_pages(
    data: bytes, fields: Mapping[int, Sequence[Token]] | None = None, *, by_columns: bool = False
) -> tuple[Stream, tuple[PageNote, ...]]:
    """The stream, and a note on each page; raises FormRejected (PDF_ENDOMMAGE) when the pages cannot be walked.

    ``fields`` are tokens to be read where they stand on a page (from 1): the values of its form fields. With
    ``by_columns``, a page that is set in columns like a newspaper's is read one column after the other.
    """
    try:
        with pdfplumber.open(io.BytesIO(data)) as document:
            turns = {index: turn for index, page in enumerate(document.pages) if (turn := turn_of(page))}
            upright = turned(data, turns) if turns else None
            if upright is None:
                return _read(document, fields or {}, by_columns=by_columns)
        with pdfplumber.open(io.BytesIO(upright)) as document:
            return _read(document, fields or {}, by_columns=by_columns)
    except (PDFException, PdfminerException, ValueError, KeyError, TypeError, IndexError) as error:
        raise refused(Refusal.PDF_DAMAGED, how="ses pages ne se lisent pas") from error


def _read(
    document: PDF, fields: Mapping[int, Sequence[Token]], *, by_columns: bool
) -> tuple[Stream, tuple[PageNote, ...]]:
    tokens: list[Token] = []
    notes: list[PageNote] = []
    pieces = pieces_of if by_columns else whole
    for number, page in enumerate(document.pages, start=1):
        squares, veils = squares_of(page), veiled(page)
        note = _note(page, number, squares)
        notes.append(note)
        tokens.append(Token(TokenKind.PAGE, page=number, box=(0.0, 0.0, note.width, note.height)))
        if note.image:
            continue
        sheets = tiles_of(page)
        if len(sheets) > 1:
            for sheet in sheets:  # one after the other: an answer goes on below, and not on the page beside
                tokens.extend(_page_tokens(sheet, number, (), squares_of(sheet), veils))
                tokens.append(Token(TokenKind.PAGE, page=number, box=rounded(sheet.bbox)))
            continue
        for piece, holds in pieces(page):
            here = [square for square in squares if holds(square.box)]
            laid = [field for field in fields.get(number, ()) if holds(field.spot)]
            tokens.extend(_page_tokens(piece, number, laid, here, veils))
    return tuple(tokens), tuple(notes)


def _note(page: Page, number: int, squares: Sequence[Square]) -> PageNote:
    letters = [char for char in page.chars if char["text"].strip()]
    covered = any(_area(image) >= _COVERS * page.width * page.height for image in page.images)
    lost = sum(char["text"] == "\ufffd" or char["text"].startswith("(cid:") for char in letters)
    few = len(letters) < MIN_WORDS * 3
    unread = (few and bool(page.images)) or (bool(letters) and lost > _GARBAGE * len(letters))
    ticked = tuple(square.box for square in squares if square.on is not False)
    size = (float(page.width), float(page.height))
    pictures = tuple(box_of(image) for image in page.images)
    return PageNote(number, *size, len(letters), unread, covered, marks_of(page), ticked, pictures, pens_of(page))


def _area(image: dict[str, Any]) -> float:
    return float(image["x1"] - image["x0"]) * float(image["bottom"] - image["top"])


def _page_tokens(
    page: Page, number: int, fields: Sequence[Token], drawn: Sequence[Square], veils: Veils
) -> Iterator[Token]:
    taken = [field.box for field in fields if field.kind is TokenKind.TICK and field.box]
    squares = [square for square in drawn if not any(_overlap(square.box, box) for box in taken)]
    words = [*_words(page, squares, number, veils), *(_square(square, number) for square in squares), *fields]
    grids = grids_of(page, MAX_SIDE, [square.box for square in drawn])
    for block in reading_order(words, grids):
        if isinstance(block, Grid):
            yield from _grid_tokens(block, number)
        else:
            yield from _line_tokens([block], number)


def _grid_tokens(grid: Grid, number: int) -> Iterator[Token]:
    for row in grid.rows:
        for cell in row:
            yield Token(TokenKind.CELL, page=number, box=cell.box)
            yield from _line_tokens(lines_of(cell.words), number)
        yield Token(TokenKind.ROW, page=number)


def _line_tokens(lines: Iterable[Line], number: int) -> Iterator[Token]:
    for line in lines:
        yield from line.words
        yield Token(TokenKind.PARAGRAPH, page=number)


def _square(square: Square, number: int) -> Token:
    doubt = (
        None
        if square.on is not None
        else Doubt(Reason.AMBIGUOUS_TICK, "ce qui est dans la case ne dit pas si elle est cochée")
    )
    glyph = "☒" if square.on else "☐"
    return Token(TokenKind.TICK, glyph, page=number, box=square.box, ticked=square.on, doubt=doubt)


def _words(page: Page, squares: list[Square], number: int, veils: Veils) -> Iterator[Token]:
    """The words, and the boxes that are letters; letters inside a drawn box are its mark, not words."""
    plain, boxes, held = [], [], [square.box for square in squares]
    for char in page.chars:
        said = char["text"]
        text = pictured(said, char["fontname"]) if len(said) == 1 else HOLE if said.startswith("(cid:") else said
        if any_holds(held, middle(box_of(char))):
            continue
        if tick_state(text) is not None:
            boxes.append((text, char))
        else:
            plain.append(char if text == said else {**char, "text": text})
    plain = _without_buried_spaces(plain)
    for glyph, char in boxes:
        yield Token(TokenKind.TICK, glyph, page=number, box=rounded(box_of(char)), ticked=tick_state(glyph))
    strokes, uneven = strokes_of(page), _UNEVEN * type_size(page)
    found = extract_words(plain, x_tolerance_ratio=_APART, y_tolerance=uneven, return_chars=True)
    for word in runs(found, _is_empty_box):
        yield from _tokens_of(_as_one(word), strokes, number, veils)


def _is_empty_box(run: list[dict[str, Any]], word: dict[str, Any]) -> bool:
    """Whether a word is the bracket that closes, on the same line and a space farther, what another one opened."""
    last, size = run[-1], word["bottom"] - word["top"]
    level = abs(word["top"] - last["top"]) < size / 2 and 0 < word["x0"] - last["x1"] < size
    return len(run) == 1 and level and (last["text"][-1], word["text"][0]) in _BRACKETS


def _as_one(run: list[dict[str, Any]]) -> dict[str, Any]:
    first, last = run[0], run[-1]
    if first is last:
        return first
    chars = [char for word in run for char in word["chars"]]
    text = " ".join(word["text"] for word in run)
    spread = {side: of(word[side] for word in run) for side, of in (("top", min), ("bottom", max))}
    return {**first, "x1": last["x1"], "text": text, "chars": chars, **spread}


def _without_buried_spaces(chars: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The characters without the spaces under a letter: blanks to write on, over which an answer was printed."""
    letters: dict[int, list[tuple[float, float]]] = {}
    for char in chars:
        if not char["text"].isspace():
            letters.setdefault(round(char["top"]), []).append((char["x0"], char["x1"]))
    return [char for char in chars if not char["text"].isspace() or not _is_buried(char, letters)]


def _is_buried(space: dict[str, Any], letters: dict[int, list[tuple[float, float]]]) -> bool:
    """Whether a letter of the same line takes most of the width of a space."""
    x0, x1, line = space["x0"], space["x1"], round(space["top"])
    beside = (spot for at in (line - 1, line, line + 1) for spot in letters.get(at, ()))
    return any(2 * (min(x1, right) - max(x0, left)) > x1 - x0 for left, right in beside)


def _tokens_of(word: dict[str, Any], strokes: Strokes, number: int, veils: Veils) -> Iterator[Token]:
    """One word of the page; a placeholder or « [x] » stuck to it is told apart."""
    text, chars = word["text"], word["chars"]
    set_apart = strokes.on(rounded(box_of(word))) or (
        "gras" if chars and "bold" in chars[0]["fontname"].lower() else ""
    )
    doubt = (
        Doubt(Reason.CROSSED_OUT, f"« {text} » est barré") if set_apart == "barré" else _unseen(text, chars, veils)
    )
    if not any(mark in text for mark in "{[("):
        yield Token(TokenKind.WORD, text, page=number, box=rounded(box_of(word)), emphasis=set_apart, doubt=doubt)
        return
    for start, end, ticked in pieces(text):
        share = (word["x1"] - word["x0"]) / max(len(text), 1)
        box = (word["x0"] + start * share, word["top"], word["x0"] + end * share, word["bottom"])
        if ticked is not None and is_tick(text[start:end]):
            yield Token(TokenKind.TICK, text[start:end], page=number, box=box, ticked=ticked)
        else:
            yield Token(TokenKind.WORD, text[start:end], page=number, box=box, emphasis=set_apart, doubt=doubt)


def _unseen(text: str, chars: Sequence[dict[str, Any]], veils: Veils) -> Doubt | None:
    """Why the paper does not show the letters of a word, or the file does not say which they are."""
    if HOLE in text:
        return Doubt(Reason.ILLEGIBLE, "une partie du texte est illisible dans le fichier")
    if any(is_pale(char["non_stroking_color"], PALEST) for char in chars):
        return Doubt(Reason.HIDDEN, f"« {text} » est invisible sur le papier")
    if any(is_veiled(char, veils) for char in chars):
        return Doubt(Reason.HIDDEN, f"« {text} » est recouvert de blanc sur la page")
    return None


def _overlap(one: Box, other: Box) -> bool:
    return min(one[2], other[2]) > max(one[0], other[0]) and min(one[3], other[3]) > max(one[1], other[1])
