"""Colour contrast: colours as office files write them, and whether letters can be told from their ground."""

from __future__ import annotations

import re

RGB = tuple[int, int, int]
WHITE: RGB = (255, 255, 255)
BLACK: RGB = (0, 0, 0)
FAINTEST = 1.5  # contrast below which letters are not seen; grey prompts of forms have 2.3, pale grey on white 1.4
_HEX = re.compile(r"#?([0-9A-Fa-f]{6})")
# The sixteen colours of Word’s marker pen.
HIGHLIGHTS: dict[str, RGB] = {
    "black": BLACK,
    "blue": (0, 0, 255),
    "cyan": (0, 255, 255),
    "green": (0, 255, 0),
    "magenta": (255, 0, 255),
    "red": (255, 0, 0),
    "yellow": (255, 255, 0),
    "white": WHITE,
    "darkBlue": (0, 0, 128),
    "darkCyan": (0, 128, 128),
    "darkGreen": (0, 128, 0),
    "darkMagenta": (128, 0, 128),
    "darkRed": (128, 0, 0),
    "darkYellow": (128, 128, 0),
    "darkGray": (128, 128, 128),
    "lightGray": (192, 192, 192),
}


def parsed(text: str | None) -> RGB | None:
    """The colour of six hexadecimal digits; ``None`` for « auto » and anything else."""
    found = _HEX.fullmatch((text or "").strip())
    if found is None:
        return None
    red, green, blue = bytes.fromhex(found[1])
    return red, green, blue


def mixed(one: RGB, other: RGB, share: float) -> RGB:
    """``share`` (0 to 1) of the first colour, the rest of the second."""
    share = min(max(share, 0.0), 1.0)
    red, green, blue = (round(a * share + b * (1 - share)) for a, b in zip(one, other, strict=True))
    return red, green, blue


def contrast(one: RGB, other: RGB) -> float:
    """The contrast of two colours, 1 (the same) to 21 (black and white), as WCAG 2 computes it."""
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _luminance(colour: RGB) -> float:
    red, green, blue = (
        part / 255 / 12.92 if part / 255 <= 0.04045 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in colour
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
