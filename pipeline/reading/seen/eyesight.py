"""Second look: an answer that cannot be told cheaply is cut out of the page, and must be read there by OCR."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PIL import Image
from rapidfuzz import fuzz

from pipeline.core.doubts import Doubt, Reason
from pipeline.core.folding import fold
from pipeline.core.models import Box
from pipeline.forms.values.figures import excerpt
from pipeline.reading.seen.inked_text import Sight, bare, untold_words
from pipeline.reading.seen.sheets import Letter, Sheet

Look = Callable[[Image.Image], str | None]
_MOST = 40  # crops of one file that are read
_MARGIN = 3.0  # points around an answer
_PROSE, _NEAR = 30, 93.0  # letters of an answer that is read as a whole, and rapidfuzz's ratio that is enough
_SPACE = 0.26  # of a letter's size: a gap between letters that is a space
_TWINS = str.maketrans("oil", "011")


class PicturesWanted(Exception):
    """Signal that a crop must be read by OCR, which is not at hand here."""


def blind(_: Image.Image) -> None:
    """What looks where no OCR is installed."""


@dataclass
class Eyesight:
    """What settles the verdicts of one file; ``look`` reads a crop, and is ``None`` where OCR was not loaded.

    Without it the first crop that is wanted raises PicturesWanted.
    """

    look: Look | None = None
    looked: int = 0

    def doubt(self, sight: Sight, text: str, sheet: Sheet, box: Box, letters: list[Letter]) -> Doubt | None:
        """The doubt that a verdict leads to; ``None`` for an answer that is shown."""
        said = excerpt(" ".join(text.split()))
        if sight is Sight.SHOWN:
            return None
        if sight is Sight.UNTOLD:
            return self._read(text, sheet, box, untold_words(text, letters, sheet, box))
        shown = excerpt(_spaced(letters))
        whys = {
            Sight.ABSENT: f"« {said} » ne se voit pas sur la page",
            Sight.TINY: f"« {said} » est écrit trop petit pour être lu",
            Sight.ASKEW: f"« {said} » est écrit de travers ou à l’envers",
            Sight.DOUBLED: f"d’autres lettres sont écrites sur « {said} »",
            Sight.LAYERED: f"« {said} » est dans un calque, que tous ne voient pas",
            Sight.OTHER: f"la case montre « {shown} » et contient « {said} »",
        }
        return Doubt(Reason.HIDDEN, whys[sight])

    def _read(self, text: str, sheet: Sheet, box: Box, untold: list[str]) -> Doubt | None:
        if self.look is None:
            raise PicturesWanted
        crop = sheet.crop(box, _MARGIN)
        self.looked += 1
        seen = self.look(crop) if crop and self.looked <= _MOST else None
        said = excerpt(" ".join(text.split()))
        if seen is None:
            return Doubt(Reason.HIDDEN, f"on ne peut pas vérifier que la page montre « {said} »")
        if agrees(text, seen, untold):
            return None
        return Doubt(Reason.HIDDEN, f"la page montre « {excerpt(seen)} » et le fichier dit « {said} »")


def agrees(text: str, seen: str, untold: Sequence[str]) -> bool:
    """Whether OCR's reading of a crop is that text: its letters without case nor accents, its figures exactly.

    Of a long text a letter may differ here and there, but not in the ``untold`` words.
    """
    one, other = _read_as(text), _read_as(seen)
    if _figures(text) != _figures(seen):
        return False
    near = len(one) >= _PROSE and fuzz.ratio(one, other) >= _NEAR and all(_read_as(word) in other for word in untold)
    return one == other or near


def _read_as(text: str) -> str:
    return re.sub(r"[\W_]+", "", fold(bare(text))).translate(_TWINS)


def _figures(text: str) -> list[str]:
    """The numbers of a text, and the signs between figures: a comma and a point are one to an engine."""
    signs = re.sub(r"\s+", "", text).replace(",", ".").casefold()
    return re.findall(r"\d+(?:[.:/-]\d+)*", signs)


def _spaced(letters: Sequence[Letter]) -> str:
    """The letters as a person reads them: apart where the page leaves a space, or goes to another line."""
    words: list[str] = []
    for before, letter in zip((None, *letters), letters, strict=False):
        apart = before is not None and (
            abs(letter.base - before.base) > letter.size / 2
            or not -letter.size < letter.box[0] - before.box[2] < _SPACE * letter.size
        )
        words.append(f" {letter.text}" if apart else letter.text)
    return "".join(words)
