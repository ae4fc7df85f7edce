"""One paragraph's characters with their looks, and the tokens they make."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.reading.streams.glyphs import is_tick, pictured, pieces, tick_state
from pipeline.reading.streams.ooxml import RunStyle
from pipeline.reading.tokens import Token, TokenKind


class Paragraph:
    """Text written run by run: a word cut over several runs is still one word."""

    def __init__(self) -> None:
        self._text: list[str] = []
        self._styles: list[RunStyle] = []

    def write(self, text: str, style: RunStyle) -> None:
        """Add a run's text; characters of fonts of pictures become the boxes they show."""
        for char in text:
            self._text.append(pictured(char, style.font) if not char.isspace() else char)
            self._styles.append(style)

    def box(self, style: RunStyle, *, on: bool) -> None:
        """Add a tick box that is no character: a legacy check box."""
        self._text.append("☒" if on else "☐")
        self._styles.append(style)

    def tokens(self) -> Iterator[Token]:
        """The words and boxes of the paragraph; a line break inside it is a paragraph mark."""
        start = 0
        for index, char in enumerate([*self._text, "\n"]):
            if char == "\n":
                if start:
                    yield Token(TokenKind.PARAGRAPH)
                yield from self._line(start, index)
                start = index + 1

    def _line(self, start: int, end: int) -> Iterator[Token]:
        text = "".join(self._text[start:end])
        for first, last, ticked in pieces(text):
            word, style = text[first:last], self._styles[start + first]
            doubt = _doubt(self._styles[start + first : start + last], word) or style.doubt
            if ticked is None or not is_tick(word):
                yield Token(
                    TokenKind.WORD, word, name=style.name, doubt=doubt, emphasis=style.emphasis, size=style.size
                )
            else:
                state, odd = _state(word, style, ticked=ticked)
                yield Token(TokenKind.TICK, word, ticked=state, name=style.name, doubt=doubt or odd)


def _state(glyph: str, style: RunStyle, *, ticked: bool) -> tuple[bool, str | None]:
    """A control's own state wins over what it shows, but they must agree."""
    if style.box is None:
        return ticked, None
    shown = tick_state(glyph)
    odd = shown is not None and shown != style.box
    return style.box, "VALEUR_CACHEE : la case ne montre pas ce qu’elle contient" if odd else None


def _doubt(styles: list[RunStyle], word: str) -> str | None:
    if any(style.struck for style in styles):
        return f"RATURE : « {word} » est barré"
    if any(style.hidden for style in styles):
        return f"VALEUR_CACHEE : « {word} » est un texte masqué"
    return None
