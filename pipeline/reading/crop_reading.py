"""OCR of one crop of a digital form: the lines that RapidOCR reads on it, for what only a picture can tell."""

from __future__ import annotations

import numpy as np
from PIL import Image

from pipeline.reading.ocr import engines

_ZOOM = 2  # a crop is rendered for the eye at 180 dpi; lines are found and read better larger, with paper around them
_PAPER = 24  # pixels


def read_crop(crop: Image.Image) -> str:
    """The text of a crop, its lines joined by spaces, from top to bottom; empty when nothing is read."""
    large = crop.resize((crop.width * _ZOOM, crop.height * _ZOOM), Image.Resampling.BICUBIC)
    framed = Image.new("L", (large.width + 2 * _PAPER, large.height + 2 * _PAPER), 255)
    framed.paste(large, (_PAPER, _PAPER))
    lines = engines.rapid_lines(np.asarray(framed, np.uint8))
    return " ".join(line.text for line in sorted(lines, key=lambda line: float(line.corners[:, 1].min())))
