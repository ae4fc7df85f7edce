"""Streams built by hand for the tests of labels and sentences: lines, tables and printed pages."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.reading.tokens import Source, Token, TokenKind

ON, OFF = "☒", "☐"


def words(text: str, source: Source = Source.DOCX) -> list[Token]:
    """The words and boxes of one line, without places."""
    return [
        Token(TokenKind.TICK, piece, source=source, ticked=piece == ON)
        if piece in (ON, OFF)
        else Token(TokenKind.WORD, piece, source=source)
        for piece in text.split()
    ]


def line(text: str) -> list[Token]:
    """A paragraph of a Word document."""
    return [*words(text), Token(TokenKind.PARAGRAPH, source=Source.DOCX)]


def table(*rows: Sequence[str]) -> list[Token]:
    """A table of a Word document; a cell may have several lines."""
    tokens: list[Token] = []
    for row in rows:
        for cell in row:
            tokens.append(Token(TokenKind.CELL, source=Source.DOCX))
            for part in cell.split("\n"):
                tokens += line(part)
        tokens.append(Token(TokenKind.ROW, source=Source.DOCX))
    return tokens


def printed(*rows: tuple[float, Sequence[tuple[float, str]]], source: Source = Source.PDF) -> list[Token]:
    """Lines of a page: the height of each and the words that start at each place; ten points high, six a letter."""
    tokens: list[Token] = []
    for top, pieces in rows:
        for left, text in pieces:
            x = left
            for word in text.split():
                kind = TokenKind.TICK if word in (ON, OFF) else TokenKind.WORD
                box = (x, top, x + 6 * len(word), top + 10)
                ticked = word == ON if kind is TokenKind.TICK else None
                tokens.append(Token(kind, word, 1, box, source, ticked=ticked))
                x = box[2] + 4
        tokens.append(Token(TokenKind.PARAGRAPH, page=1, source=source))
    return tokens
