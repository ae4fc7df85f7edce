"""Words and ticks of a printed form held against the page: each answer shows the letters that its file names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from pipeline.core.boxes import union
from pipeline.core.doubts import Doubt, Reason
from pipeline.core.models import Box
from pipeline.core.sequences import grouped
from pipeline.reading.candidates import Candidate
from pipeline.reading.seen.eyesight import Eyesight
from pipeline.reading.seen.inked_text import Sight, bare, sight_of
from pipeline.reading.seen.sheets import Letter, Sheet, Sheets
from pipeline.reading.seen.shown_fields import tick_doubt
from pipeline.reading.tokens import Source, Token, TokenKind

_PLAIN = (Sight.ABSENT, Sight.TINY, Sight.ASKEW, Sight.DOUBLED, Sight.LAYERED)  # no look is needed to tell these
_RESIZED, _NEAR = 1.2, 15.0  # by which letters of one answer differ in size; of their size, between two words of it
_TAIL = 0.2  # of a word's height
_BOXES = ("☒", "☐", "☑", "☓", "⊠", "◻", "□")


def held_answers(found: Mapping[str, Candidate], sheets: Sheets, sight: Eyesight) -> dict[str, Candidate]:
    """The same answers, each with the doubt that its picture gives; pages without any are not rendered."""
    return {path: _held(candidate, sheets, sight) for path, candidate in found.items()}


def _held(candidate: Candidate, sheets: Sheets, sight: Eyesight) -> Candidate:
    tokens = [token for token in candidate.tokens if token.source is Source.PDF and token.box]
    if candidate.doubt or not tokens or not (candidate.text or candidate.option):
        return candidate
    for page, held in grouped((token.page or 0, token) for token in tokens).items():
        sheet = sheets.sheet(page)
        doubt = _doubt(held, sheet, sight) if sheet else Doubt(Reason.HIDDEN, f"la page {page} ne s’affiche pas")
        if doubt:
            return replace(candidate, doubt=doubt, sure=False)
    return candidate


def _doubt(tokens: Sequence[Token], sheet: Sheet, sight: Eyesight) -> Doubt | None:
    """The first doubt on the ticks and words of an answer on one page."""
    ticks = (_tick_doubt(token, sheet) for token in tokens if token.kind is TokenKind.TICK)
    told = next(filter(None, ticks), None)
    words = [token for token in tokens if token.kind is TokenKind.WORD and bare(token.text)]
    return told or (_words_doubt(words, sheet, sight) if words else None)


def _words_doubt(words: Sequence[Token], sheet: Sheet, sight: Eyesight) -> Doubt | None:
    looks = [_look(word, sheet) for word in words]
    plain = next((look for look in looks if look.sight in _PLAIN), None)
    if plain:
        return sight.doubt(plain.sight, plain.word.text, sheet, plain.word.spot, plain.letters)
    if all(look.sight is Sight.SHOWN for look in looks):
        return _rewritten(looks)
    around = union([word.spot for word in words]) or words[0].spot
    letters = [letter for look in looks for letter in look.letters]
    return sight.doubt(Sight.UNTOLD, " ".join(word.text for word in words), sheet, around, letters)


class _Look(NamedTuple):
    """One word, the letters in its place, and what the eye sees of it."""

    word: Token
    letters: list[Letter]
    sight: Sight


def _look(word: Token, sheet: Sheet) -> _Look:
    letters = sheet.letters(_with_tails(word.spot))
    return _Look(word, letters, sight_of(word.text, letters, sheet, word.spot))


def _tick_doubt(token: Token, sheet: Sheet) -> Doubt | None:
    if token.ticked is None or token.text not in _BOXES:
        return None
    drawn = sheet.letters(_with_tails(token.spot))  # the box is a letter: its ink is smaller than its line
    return tick_doubt(sheet, drawn[0].box if len(drawn) == 1 else token.spot, ticked=token.ticked)


def _with_tails(box: Box) -> Box:
    """The box of a word with what hangs below its line: a font that does not say how deep it is has none of it."""
    return box[0], box[1], box[2], box[3] + _TAIL * (box[3] - box[1])


def _rewritten(looks: Sequence[_Look]) -> Doubt | None:
    """The doubt on a line of an answer that goes on in letters of another size: a remark was set behind it."""
    for one, other in pairwise(looks):
        first, second = one.letters[0], other.letters[0]
        apart = other.word.spot[0] - one.word.spot[2]
        level = abs(first.base - second.base) < first.size and 0 <= apart < _NEAR * first.size
        if level and not 1 / _RESIZED < first.size / max(second.size, 0.01) < _RESIZED:
            why = f"deux écritures dans la même réponse, à partir de « {other.word.text[:60]} »"
            return Doubt(Reason.STRAY_TEXT, why)
    return None
