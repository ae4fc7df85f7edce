"""Words and ticks of a printed form held against the page: each answer shows the letters that its file names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

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

_PLAIN = (Sight.ABSENT, Sight.TINY, Sight.ASKEW, Sight.LAYERED)  # no look is needed to tell these
_RESIZED, _NEAR = 1.2, 6.0  # by which letters of one answer differ in size; of their size, between two words of it
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
    for token in tokens:
        if token.kind is TokenKind.TICK and token.text in _BOXES and token.ticked is not None:
            drawn = sheet.letters(_with_tails(token.spot))  # the box is a letter: its ink is smaller than its line
            doubt = tick_doubt(sheet, drawn[0].box if len(drawn) == 1 else token.spot, ticked=token.ticked)
            if doubt:
                return doubt
    words = [token for token in tokens if token.kind is TokenKind.WORD and bare(token.text)]
    held = [(word, sheet.letters(_with_tails(word.spot))) for word in words]
    looks = [(word, letters, sight_of(word.text, letters, sheet, word.spot)) for word, letters in held]
    for word, letters, seen in looks:
        if seen in _PLAIN:
            return sight.doubt(seen, word.text, sheet, word.spot, letters)
    if all(seen is Sight.SHOWN for _, _, seen in looks):
        return _rewritten([(word, letters[0]) for word, letters, _ in looks])
    around = union([word.spot for word in words]) or words[0].spot
    letters = [letter for _, mine, _ in looks for letter in mine]
    return sight.doubt(Sight.UNTOLD, " ".join(word.text for word in words), sheet, around, letters)


def _with_tails(box: Box) -> Box:
    """The box of a word with what hangs below its line: a font that does not say how deep it is has none of it."""
    return box[0], box[1], box[2], box[3] + _TAIL * (box[3] - box[1])


def _rewritten(words: Sequence[tuple[Token, Letter]]) -> Doubt | None:
    """The doubt on a line of an answer that goes on in letters of another size: a remark was set behind it."""
    for (one, first), (other, second) in pairwise(words):
        level = abs(first.base - second.base) < first.size and 0 <= other.spot[0] - one.spot[2] < _NEAR * first.size
        if level and not 1 / _RESIZED < first.size / max(second.size, 0.01) < _RESIZED:
            return Doubt(Reason.STRAY_TEXT, f"deux écritures dans la même réponse, à partir de « {other.text[:60]} »")
    return None
