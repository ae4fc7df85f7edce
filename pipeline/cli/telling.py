"""Sentences for a terminal: their lines end between words, where French lets them; elsewhere they stay whole."""

from __future__ import annotations

import re
import shutil
import sys
import textwrap

import click

from pipeline.core.text import visible

# A space at which a line does not end: before « : ; ! ? » », after « « », in « 14 h 30 » and « 1 250 € ». Some that
# cut lines do so at no-break spaces too, so another character, that no text holds, stands for it until it is drawn.
_HELD = "\ufdd0"
_NO_BREAK = re.compile(r"(?<=\S) (?=[:;!?»](?!\w))|(?<=[«·]) |(?<=\d) (?=h\b|€|%|\d{2,3}\b)|[\u00a0\u202f]")


def held(text: str) -> str:
    """The text with each space at which no line may end held, to be cut into lines."""
    return _NO_BREAK.sub(_HELD, text)


def released(text: str) -> str:
    """The same once it is cut, with its spaces."""
    return text.replace(_HELD, " ")


def tell(text: str, *, err: bool = False) -> None:
    """Print a sentence, or several lines; what would act on the terminal is shown and does not act."""
    stream = sys.stderr if err else sys.stdout
    if stream.isatty():
        width = shutil.get_terminal_size().columns
        text = "\n".join(_cut(line, width) for line in text.split("\n"))
    click.echo(visible(text), err=err)


def _cut(line: str, width: int) -> str:
    cut = textwrap.fill(held(line), width, break_long_words=False, break_on_hyphens=False)
    return released(cut)
