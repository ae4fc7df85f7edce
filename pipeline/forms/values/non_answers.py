"""Remark finder: what people write where an answer is asked and that is none, or beside one, or twice.

Its words are those of ``libelles.toml``: what says that there is nothing (``vide``, ``aucun``), that the answer is
to come (``attente``), that it stands elsewhere (``renvoi``, ``ailleurs``), or what is added to it (``remarques``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from pipeline.core.fields import PERSON_NAMES, FieldKind, Nature
from pipeline.core.folding import fold
from pipeline.core.words import Lexicon
from pipeline.forms.values.figures import excerpt
from pipeline.forms.values.place import Place

_QUESTION = re.compile(r"[\s.…!?]*\?[\s.…!?]*")
_CROSSES = re.compile(r"x(?:[\s.\-_/]*x)*|(?:#\s*){2,}")
_DITTO = re.compile(r"(?:[\"“”«»〃]|'{2}|’{2})+(?:\s*[\"“”«»〃]|\s*'{2})*")
_ASKS = re.compile(  # « Comment accueillir ? » is the subject of a stage
    r"\b(?:comment|quel\w*|pourquoi|qui|que|quoi|combien|est-ce|quand|faut-il|ou)\b|-(?:t-)?(?:il|elle|on|ils|elles)\b|\bqu'"
)
_GROUP = re.compile(r"[(\[]([^()\[\]]*)(?:[)\]]|$)")
_GOES_ON = (  # what may follow such words: « à voir avec le tuteur », « en cours de recrutement »
    r"(?:\s*[,:(/-].*|\s+(?:avec|par|du|de|des|d'|le|la|l'|les|aupres|sur|dans|plus|en|au|aux|a|selon|lors|apres|"
    r"avant|ulterieur|pour|quand|si|svp)\b.*)?"
)
_DETERMINERS = r"(?:(?:au|aux|a|le|la|les|l'|sur|dans|en|notre|votre|ma|mon|avec|du|de la|de l'|de|page)\s*)*"
_BEGINNING = re.compile(r"(?<!\S)\S")
_LONGEST = 100  # letters of a remark behind an answer
_SHORT = 8  # words of prose up to which all of it may be a remark
_NAMES = re.compile(r"\s*[/;&+|]\s*|\s+(?:et|ou)\s+", re.IGNORECASE)
_PLACES = re.compile(r"(?<!\bs)(?<!\bS)\s*/\s+|\s+/\s*|\s*[;|]\s*|\s+ou\s+", re.IGNORECASE)
_BODIES = re.compile(r"\s+/\s*|\s*/\s+|\s*[;|]\s*|\s+ou\s+(?=[A-ZÀ-Ý«])|\s+\+\s+")
_BETWEEN = {**dict.fromkeys(PERSON_NAMES, _NAMES), Nature.PLACE: _PLACES}


@dataclass(frozen=True)
class Turns:
    """Patterns, on folded text, of what says that an answer is to come or elsewhere; ``added``: of other remarks."""

    to_come: str
    elsewhere: str
    added: str

    @property
    def either(self) -> str:
        """What says one or the other."""
        return f"(?:{self.to_come}|{self.elsewhere})"


@lru_cache(maxsize=8)
def _turns(later: frozenset[str], referring: frozenset[str], where: frozenset[str], added: frozenset[str]) -> Turns:
    places = rf"(?:voir|cf\.?|confer|v\.|se (?:referer|reporter))\s*:?\s*{_DETERMINERS}(?:{_any(where)})\b"
    return Turns(_any(later), rf"(?:{places}|cf\.|{_any(referring)})", _any(added))


def _any(words: Iterable[str]) -> str:
    """An alternative of folded phrases, the longest first, each whole."""
    ordered = sorted(words, key=lambda word: (-len(word), word))
    phrases = (re.escape(word).replace(r"\ ", r"\s+") for word in ordered)
    return rf"(?:(?<!\w)(?:{'|'.join(phrases)})(?!\w))"


def turns_of(lexicon: Lexicon) -> Turns:
    """The patterns of a workspace’s words."""
    lists = lexicon.folded
    return _turns(lists["attente"], lists["renvoi"], lists["ailleurs"], lists["remarques"])


def says_none(words: str, place: Place) -> bool:
    """Whether « aucun » or « rien » is all that is written, where it is no answer: of a stage’s leave it is one."""
    answers = place.path.startswith("stage.") and place.nature is None and place.kind is not FieldKind.LIST
    return not answers and fold(words).strip(" .!") in place.lexicon.folded["aucun"]


def no_answer(words: str, place: Place) -> str | None:
    """Why all that is written is no answer (« ? », « XXX », « voir au dos »), in French; else ``None``."""
    plain = fold(words)
    crossed = _CROSSES.fullmatch(plain) and (len(plain) > 1 or place.kind is FieldKind.LINE)
    if crossed or _QUESTION.fullmatch(plain) or _DITTO.fullmatch(plain):
        return "n’est pas une réponse"
    turns = turns_of(place.lexicon)
    inner = plain.strip(" .!?()[]…-–—:*\"'")
    if place.prose and len(inner.split()) > _SHORT:
        return None
    if re.fullmatch(turns.to_come + _GOES_ON, inner):
        return "n’est pas encore une réponse"
    if re.fullmatch(turns.elsewhere + (_GOES_ON if place.nature is Nature.BODY else ".*"), inner):
        return "renvoie à une autre case : la réponse est à écrire en entier"
    return None


def without_remark(words: str, place: Place) -> tuple[str, str | None]:
    """The answer without the remark written beside it, and that remark; ``None`` where there is none."""
    found = next(_remarks(words, place, turns_of(place.lexicon)), None)
    if found is None:
        return words, None
    start, end = found
    rest = f"{words[:start]} {words[end:]}".strip("*,;:/–— \n-")
    return " ".join(rest.split()) if place.kind is not FieldKind.TEXT else rest, " ".join(words[start:end].split())


def _remarks(words: str, place: Place, turns: Turns) -> Iterator[tuple[int, int]]:
    """Where remarks stand, the surest first."""
    yield from _in_brackets(words, place, turns)
    bare = words.rstrip()
    if bare.endswith("?") and (bare.endswith("??") or not (place.prose and _ASKS.search(fold(bare)))):
        yield len(bare.rstrip(" ?!.…(")), len(words)
    for start in _borders(words):
        tail = fold(words[start:]).strip(" .!)")
        if start and re.fullmatch(_tail(turns, place, parted=_is_parted(words, start)), tail):
            yield start, len(words)
    head = re.match(r"[^:,;–—-]{3,40}?\s*(?:[:;,]|[–—-]\s)", words)
    said = fold(head[0]).strip() if head else ""
    if head and not place.prose and re.fullmatch(f"(?:{turns.either}|{turns.added})\\s*[:;,-]?", said):
        yield head.span()


def _in_brackets(words: str, place: Place, turns: Turns) -> Iterator[tuple[int, int]]:
    """What stands in brackets: of a name, always a remark (« LE GOFF (à confirmer) »)."""
    for group in _GROUP.finditer(words):
        inside = fold(group[1]).strip(" .!")
        if place.named or "?" in inside or re.match(f"{turns.either}|{turns.added}", inside):
            yield group.span()


def _borders(words: str) -> Iterator[int]:
    """Where the last words begin: a remark is short."""
    return (match.start() for match in _BEGINNING.finditer(words, max(0, len(words) - _LONGEST)))


def _is_parted(words: str, start: int) -> bool:
    """Whether a sign stands between a word and what is before it."""
    return words[:start].rstrip(" \t")[-1:] in tuple(",;:./–—(*\n-")


def _tail(turns: Turns, place: Place, *, parted: bool) -> str:
    """What a remark at the end looks like: with a sign before it, or words that end no answer."""
    if parted:
        return f"{turns.elsewhere}.*|{turns.to_come}{_GOES_ON}" + ("" if place.prose else f"|{turns.added}.*")
    if place.prose:
        return rf"{turns.elsewhere}.*|(?=a\s){turns.to_come}"
    added = "" if place.titled else f"|{turns.added}.*"
    return rf"{turns.elsewhere}.*|(?=a\s){turns.to_come}{_GOES_ON}{added}"


def several(words: str, place: Place) -> bool:
    """Whether two persons, places or organisations are named where one is asked."""
    between = _BODIES if place.organised else _BETWEEN.get(place.nature) if place.nature else None
    return between is not None and sum(map(bool, between.split(words))) > 1


def remarked(words: str, remark: str) -> str:
    """The doubt of an answer beside which a remark stands, in French."""
    return f"« {excerpt(words)} » : « {excerpt(remark)} » est une remarque, et non la réponse"
