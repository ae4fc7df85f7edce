"""Negation in the words of a form: which parts of a sentence say that something happens, which deny it.

« Pas de nuit, le dimanche si besoin » denies the night and says the Sunday. Words are folded before they come here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

# Two moments may be both denied; two days of a month (« les 7 et 14 juin ») are one part.
_AND = re.compile(r"[,+]|(?<!\d )(?<!\der )(?:&|\bet\b)|\bainsi que\b|(?<![\dh/])\s*(?:/|\s[-–—]\s)\s*(?![\d/])")
_NO_DENIAL = (  # « jamais seul », « pas tous », « aucun problème »: what follows does happen
    r"(?! (?:tout )?(?:seule?s?|seulement|uniquement|que|plus|moins|loin|tous|toutes|toujours|forcement|"
    r"necessairement|systematiquement|problemes?|difficultes?|soucis?|contraintes?|objections?|oppositions?)\b)"
)
_WITHOUT = (
    r"sans (?=(?:aucune?|travail|presence|service|garde|astreintes?|horaires?|objet|le|la|les|de|jours?|nuits?|"
    r"dimanches?|week|feries?)\b)"
)
_NOT = re.compile(rf"\b(?:(?:pas|jamais|non|aucune?s?)\b{_NO_DENIAL}|ni\b|neant\b|nul(?:le)?s?\b|{_WITHOUT})")
_DONE = (
    r"(?:ete |etre )?(?:prevue?s?|autorisee?s?|travaillee?s?|possibles?|concernee?s?|demandee?s?|envisagee?s?|"
    r"ouvree?s?)"
)
_WHOLLY = re.compile(
    rf"\bexclue?s?\b|\b(?:pas|non) {_DONE}\b|\b(?:pas|jamais|non|aucune?s?|neant|nul(?:le)?s?)\s*$"
)  # said of all its part: « dimanche : non », « le dimanche n'est pas travaillé »
# How often, hence that it happens: « sauf un dimanche par mois », « dimanche oui nuit non ».
_SAYS = re.compile(r"\b(?:oui|par|sur|chaque|quelques?|parfois|deux|trois)\b")


def is_denial(words: str) -> bool:
    """Whether folded words deny anything."""
    return bool(_NOT.search(words) or _WHOLLY.search(words))


def affirmed(sides: Sequence[str], is_list: Callable[[str], bool]) -> Iterator[str]:
    """What of a clause happens; ``sides`` are its words before and after each « sauf », which turns them round.

    ``is_list`` tells a part that but names things (« de dimanche »): a denial goes on to such a one that follows.
    """
    happens = True  # « hors jours fériés », alone: of all the others
    for number, side in enumerate(sides):
        parts = [part for part in _AND.split(side) if part.strip()]
        if (
            number and happens and parts and not _SAYS.search(parts[0])
        ):  # « tous les jours, sauf le dimanche »: its first part is denied
            del parts[0]
            yield from _affirmed(parts, is_list, goes_on=True)
        else:
            yield from _affirmed(parts, is_list)
        happens = not (parts and is_denial(parts[-1]))


def _affirmed(parts: Sequence[str], is_list: Callable[[str], bool], *, goes_on: bool = False) -> Iterator[str]:
    """The parts, and the words before a denial; what a denial covers is left out.

    It covers what follows it in its part and the lists after that; one that ends its part, the lists before it.
    """
    waiting: list[str] = []
    for part in parts:
        wholly, denial = None if _SAYS.search(part) else _WHOLLY.search(part), _NOT.search(part)
        if wholly:
            waiting.clear()
            goes_on = bool(part[wholly.end() :].strip())
        elif is_list(part):
            waiting += [] if goes_on else [part]
        else:
            yield from waiting
            waiting.clear()
            yield part[: denial.start()] if denial else part
            goes_on = bool(denial)
    yield from waiting
