"""The fonts that forms and packets embed: Carlito, which keeps the widths of Word's Calibri."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from pipeline.core.errors import ToolMissing

FAMILY = "Carlito"


@cache
def font_file(style: str = "Regular") -> Path:
    """The file of Carlito in that style; raises ToolMissing, naming the Debian package."""
    try:
        answer = subprocess.run(  # noqa: S603 -- fixed words only
            ["fc-match", "--format=%{family}\n%{file}", f"{FAMILY}:style={style}"],  # noqa: S607 -- where Debian puts it
            capture_output=True,
            text=True,
            check=True,
            timeout=30,
        ).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise ToolMissing(f"fc-match does not answer ({error}). On Debian: apt-get install fontconfig") from error
    family, _, file = answer.partition("\n")
    if FAMILY not in family:
        raise ToolMissing(f"the font {FAMILY} is not installed. On Debian: apt-get install fonts-crosextra-carlito")
    return Path(file)


@cache
def register_font(style: str = "Regular") -> str:
    """Make Carlito known to the drawing library; returns the name to draw with."""
    name = FAMILY if style == "Regular" else f"{FAMILY}-{style}"
    pdfmetrics.registerFont(TTFont(name, str(font_file(style))))
    return name
