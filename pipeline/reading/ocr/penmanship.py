"""Handwriting on a scan of one of our papers, told by how the two engines read it: of print they read the same.

Papers of a dossier are mostly filled by a pen, and block letters are read with confidence, wrongly.
"""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.core.doubts import Doubt, Reason
from pipeline.core.folding import folded_letters, plain_signs
from pipeline.reading.ocr.scanned_zones import ZoneText

_WORDY = 4  # letters: fewer say nothing of the hand
_APART, _FEWEST = 0.2, 3  # share of the answers in words that the engines read otherwise, and how many at least
_SURE = 0.85  # confidence of the less sure engine: of typed answers both stay above 0.9


def by_hand(texts: Iterable[ZoneText]) -> Doubt | None:
    """The doubt of a whole paper whose words the engines do not read alike."""
    wordy = [one for one in texts if max(map(_letters, (one.rapid, one.tesseract))) >= _WORDY]
    apart = sum(plain_signs(one.rapid) != plain_signs(one.tesseract) for one in wordy)
    if apart >= _FEWEST and apart >= _APART * len(wordy):
        return Doubt(Reason.HANDWRITTEN, "le document semble rempli à la main ; ses réponses sont à relire")
    return None


def unsure(text: ZoneText) -> Doubt | None:
    """The doubt of one answer that an engine reads without certainty, though both read the same."""
    if text.rapid and min(text.rapid_confidence, text.tesseract_confidence) < _SURE:
        return Doubt(Reason.HANDWRITTEN, "cette réponse n’est pas lue sûrement : écrite à la main ?")
    return None


def _letters(text: str) -> int:
    return sum(sign.isalpha() for sign in folded_letters(text))
