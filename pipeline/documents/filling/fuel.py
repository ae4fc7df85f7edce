"""Budget of one rendering: what a template may compute and make, counted in steps and letters, never in time.

A count is the same on each machine: a template that is refused here is refused everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.core.errors import TemplateError

STEPS = 1_000_000  # of one document; the longest of ours takes some thousands
LONGEST = 100_000  # letters or entries of one value that a template makes
_A_STEP = 50  # letters that are printed or joined in the time of a step
_DIGITS = 1_000  # of one number
_SHOWN = 60  # letters of what was printed last, to find the place


class TooMuch(TemplateError):
    """A template asks for more than a document ever needs."""


@dataclass
class Fuel:
    """What is left of the budget of one document, and what was printed last, to say where it gave out."""

    left: int = STEPS
    near: str = ""

    def burn(self, steps: int, what: str) -> None:
        """Take off so many steps for ``what``; raises TooMuch when none is left."""
        self.left -= steps
        if self.left < 0:
            raise self.refusal(f"{what} : le modèle demande plus de calcul qu’un document n’en a jamais besoin")

    def print(self, text: str) -> None:
        """Take off what printing costs."""
        self.burn(1 + len(text) // _A_STEP, "trop de texte imprimé")
        if text.strip():
            self.near = text

    def hold(self, size: int, what: str) -> None:
        """Pay for a value of so many letters or entries; raises TooMuch for one that is too long."""
        if size > LONGEST:
            raise self.refusal(f"{what} ferait une valeur de {size:.0f} signes ou éléments, {LONGEST} au plus")
        self.burn(size // _A_STEP, what)

    def hold_number(self, bits: int, what: str) -> None:
        """Raises TooMuch for a whole number of so many bits, if that is too long."""
        if bits > 3 * _DIGITS:
            raise self.refusal(f"{what} ferait un nombre de plus de {_DIGITS} chiffres")

    def size(self, thing: Any, what: str) -> int:  # noqa: ANN401 -- whatever a template holds
        """Letters of a text, of all that a list holds however deep; each entry is paid for."""
        if isinstance(thing, str | bytes):
            return len(thing)
        if isinstance(thing, Mapping):
            self.burn(len(thing), what)
            return sum(self.size(key, what) + self.size(value, what) for key, value in thing.items())
        if isinstance(thing, list | tuple | set | frozenset | range):
            self.burn(1 + len(thing), what)
            return len(thing) if isinstance(thing, range) else 1 + sum(self.size(one, what) for one in thing)
        return 10

    def refusal(self, why: str) -> TooMuch:
        """What is told of it: why, and after what."""
        place = " ".join(self.near.split())[-_SHOWN:]
        return TooMuch(f"{why} (place : {f'après « {place} »' if place else 'au début du modèle'})")
