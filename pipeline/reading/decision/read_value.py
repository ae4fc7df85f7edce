"""Value parser and validator: a candidate’s text or tick, to the canonical value of its field."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from stdnum.exceptions import ValidationError
from stdnum.fr import nir, siret

from pipeline.core.doubts import corrector
from pipeline.core.fields import PERSON_NAMES, Dictionary, Field, FieldKind, Nature
from pipeline.core.folding import fold
from pipeline.core.models import JSON
from pipeline.core.who import Who
from pipeline.core.words import Lexicon
from pipeline.forms.values.canonical import clean, is_empty, parse
from pipeline.forms.values.choices import coded, parse_choice
from pipeline.forms.values.figures import Parsed, excerpt
from pipeline.forms.values.lines import DATED, lines_of, parse_lines
from pipeline.reading.candidates import Candidate
from pipeline.reading.labels.vocabulary import Words, worded

_SIGNS = r"[-–—•●▪◦‣∙·*►→➢✓\uf0b7\uf0a7\uf0d8]"
_BULLET = re.compile(rf"^\s*(?:{_SIGNS}\s*(?=\S)|\(?(?:\d{{1,2}}|[a-hA-H])[.)]\s+|\d{{1,2}}\s?°\s*)")
_INLINE_SIGN = re.compile(r"\s+(?:[•●▪◦‣∙►→➢\uf0b7\uf0a7\uf0d8]\s*|[-–—]\s+(?=[A-ZÀ-Ý«]))")
_GLUED = re.compile(r"(?<=[a-zà-ÿ.)])[-–—•]\s+(?=[A-ZÀ-Ý«])")
_INLINE_NUMBER = re.compile(r"(?:^|[\s;,])\(?(\d{1,2})[.)]\s+(?=\S)")


def split_list(text: str, lexicon: Lexicon) -> tuple[str, ...]:
    """The items of a list as written, without their bullets or numbers.

    With bullets, a line without one carries on the item above (a printed line was wrapped). Without bullets, a line
    that starts with a small letter carries on; any other line is an item. One line is cut at « ; » or at its own
    bullets and numbers, never at commas.
    """
    lines = [line for line in clean(text, lines=True).split("\n") if line.strip()]
    if len(lines) == 1:
        lines = _numbered(lines[0]) or lines
    bulleted = any(map(_BULLET.match, lines))
    items = _items(lines, bulleted=bulleted)
    tidy = (part.strip(" ;").strip() for item in items for part in _on_one_line(item, first_marked=bulleted))
    return tuple(part for part in tidy if part and not is_empty(part, lexicon))


def _items(lines: Iterable[str], *, bulleted: bool) -> list[str]:
    """Lines put together that carry each other on."""
    items: list[str] = []
    for line in lines:
        bare = _BULLET.sub("", line, count=1).strip()
        carries_on = not _BULLET.match(line) if bulleted else bare[:1].islower() or bare[:1] in "(),;.»"
        if items and carries_on:
            items[-1] = _joined(items[-1], bare)
        else:
            items.append(bare)
    return items


def _joined(above: str, below: str) -> str:
    """A word cut after its hyphen keeps it and closes up; other words keep their space."""
    return above + below if re.search(r"[^\W\d_]-$", above) and below[:1].isalpha() else f"{above} {below}"


def _on_one_line(item: str, *, first_marked: bool) -> list[str]:
    if first_marked:
        item = _GLUED.sub(lambda match: f" {match[0]}", item)
        cut = _INLINE_SIGN.split(item)
        if len(cut) > 1:
            return [piece for part in cut for piece in part.split(";")]
    return item.split(";")


def _numbered(line: str) -> list[str]:
    """A line cut at « 1) … 2) … 3) … »; nothing if the numbers do not follow each other from 1."""
    starts = list(_INLINE_NUMBER.finditer(line))
    if len(starts) < 2 or [int(match[1]) for match in starts] != list(range(1, len(starts) + 1)):
        return []
    ends = [*(match.start() for match in starts[1:]), len(line)]
    return [line[match.end() : end] for match, end in zip(starts, ends, strict=True)]


_LA_POSTE = "356000000"
_EMAIL = re.compile(r"[^@\s,;]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}")


def fault(field: Field | None, nature: Nature | None, value: JSON, text: str) -> str | None:
    """Why the value read from a text cannot be the answer, in French; ``None`` if it may be.

    ``field`` is ``None`` for a combined place (``tuteur.nom_prenom``). The keys are those of INSEE.
    """
    why = _of_kind(field, value, text) or _of_name(nature, str(value))
    return f"« {excerpt(' '.join(str(value).split()))} » {why}" if why else None


def _of_kind(field: Field | None, value: JSON, text: str) -> str | None:
    if field is None:
        return None
    if field.kind is FieldKind.EUROS:
        return "vient d’une part, et non d’un montant" if "%" in text else None
    if not isinstance(value, str):
        return None
    check, why = _CHECKS.get(field.kind, (None, ""))
    if check is not None and not check(value):
        return why
    if field.nature is Nature.ACTIVITY_CODE and not re.fullmatch(r"\d{4}[A-Z]", value):
        return "n’est pas un code APE"
    return "est trop long pour cette réponse" if field.max_length and len(value) > field.max_length else None


def _of_name(nature: Nature | None, words: str) -> str | None:
    """A name has no figures and no « @ »; a town may have only those of its CEDEX or arrondissement."""
    if nature in PERSON_NAMES and re.search(r"[\d@:/\\_=]", words):
        return "n’est pas un nom de personne"
    if nature is Nature.PLACE and re.search(r"[@:]|\d{3}", words):
        return "n’est pas un nom de lieu"
    return None


def siret_ok(value: str) -> bool:
    """Fourteen digits with their key; the offices of La Poste have their own: the sum of the digits divides by 5."""
    try:
        siret.validate(value)
    except ValidationError:
        return value.startswith(_LA_POSTE) and value.isdigit() and len(value) == 14 and not sum(map(int, value)) % 5
    return True


def nir_ok(value: str) -> bool:
    """Fifteen characters with their key (2A and 2B for Corsica)."""
    try:
        nir.validate(value)
    except ValidationError:
        return False
    return len(value) == 15


def _matching(pattern: str) -> Callable[[str], bool]:
    return lambda value: re.fullmatch(pattern, value) is not None


_CHECKS: dict[FieldKind, tuple[Callable[[str], bool], str]] = {
    FieldKind.SIRET: (siret_ok, "n’a pas la clé d’un SIRET à quatorze chiffres"),
    FieldKind.NIR: (nir_ok, "n’a pas la clé d’un numéro de sécurité sociale à quinze chiffres"),
    FieldKind.EMAIL: (_matching(_EMAIL.pattern), "n’est pas une adresse de courriel"),
    FieldKind.POSTCODE: (_matching(r"\d{5}"), "n’est pas un code postal à cinq chiffres"),
}


_CHOICES = (FieldKind.CHOICE, FieldKind.BOOLEAN, FieldKind.DAYS)
_NO_HOURS = frozenset({"repos", "ferie", "conge", "absent", "absence", "off"})
_TIMES = re.compile(r"[\d\s:hH.,;/+–-]|\bà\b|\bet\b|\bde\b|\bminutes?\b|\bmin\b|\bheures?\b", re.IGNORECASE)
_CUT_WORD = re.compile(r"(?<=[^\W\d_][-‐])\n(?=[^\W\d_])")
_SHORT_YEAR = re.compile(r"^\s*(\d{1,2}\s?[/.\- ]\s?\d{1,2}\s?[/.\- ]\s?)(\d{2})\s*$")
_YOUNGEST, _OLDEST = 14, 80  # years; the ages at which the rules let somebody do a stage


@dataclass(frozen=True)
class Rules:
    """Parsing context beside the text: the fields, the day of reception, the order of dates."""

    dictionary: Dictionary
    received_on: dt.date
    month_first: bool = False
    nir: str | None = None  # once accepted, it tells the century of a birth date written with two digits
    digital: bool = True  # letters as they were typed, not read from an image

    @property
    def corrector(self) -> Who:
        """Who settles an answer that is wrong as read."""
        return corrector(digital=self.digital)

    @cached_property
    def questions(self) -> frozenset[Words]:
        """What every form asks."""
        return worded(self.dictionary.lexicon, "questions")


def read_value(path: str, candidate: Candidate, rules: Rules) -> Parsed:
    """The canonical value of a candidate for a path, ``None`` if empty; a doubt (without its code) if invalid."""
    field, nature = rules.dictionary.fields.get(path), rules.dictionary.nature(path)
    if candidate.option is not None:
        return coded(field, candidate.option) if field else Parsed(candidate.option)
    text = candidate.text
    if field is None:  # a combined path: the words as typed, in one piece
        words = clean(_CUT_WORD.sub("", text), lines=nature is Nature.ADDRESS)
        parsed = Parsed(None if is_empty(words, rules.dictionary.lexicon) else words)
    elif candidate.items:
        parsed = _by_line(field, candidate.items, rules)
    else:
        parsed = _parsed(field, text, rules)
    if parsed.doubt or parsed.value is None or candidate.certain:  # what was typed there is for the rules to judge
        return parsed
    return Parsed(parsed.value, fault(field, nature, parsed.value, text))


def _parsed(field: Field, text: str, rules: Rules) -> Parsed:
    if is_empty(clean(text), field.lexicon) and field.kind is not FieldKind.EUROS:
        return Parsed(None)
    if field.kind in _CHOICES:
        return parse_choice(field, clean(text))
    if field.nature is Nature.TIMES:
        return _times(clean(text))
    if field.kind in DATED:
        return parse_lines(field, lines_of(clean(text, lines=True)), rules.received_on)
    return (
        Parsed(list(split_list(text, field.lexicon)) or None)
        if field.kind is FieldKind.LIST
        else _plain(field, text, rules)
    )


def _by_line(field: Field, items: Sequence[str], rules: Rules) -> Parsed:
    """A list that has a place for each line, or dates and hours that have one for each day."""
    if field.kind in DATED:
        return parse_lines(field, items, rules.received_on)
    parsed = [parse(field, item, rules.received_on) for item in items]
    doubts = [one.doubt for one in parsed if one.doubt]
    return Parsed([one.value for one in parsed if one.value] or None, "; ".join(doubts[:5]) or None)


def _plain(field: Field, text: str, rules: Rules) -> Parsed:
    """By the general rules, once what only forms do is put right: a word cut at the margin, « le » before a date."""
    if field.kind is FieldKind.DATE:
        text = re.sub(r"^\s*le\s*:?\s+|[\s,;]+$", "", text, flags=re.IGNORECASE)
    if field.kind is FieldKind.LINE:
        text = _CUT_WORD.sub("", text).rstrip(" ,;")
    parsed = parse(field, text, rules.received_on, month_first=rules.month_first)
    if field.nature is Nature.BIRTH and rules.nir and parsed.doubt and (match := _SHORT_YEAR.match(text)):
        return _born(field, match, parsed, rules)
    return parsed


def _born(field: Field, match: re.Match[str], parsed: Parsed, rules: Rules) -> Parsed:
    """« 01/02/03 » is the day that the NIR's year and month confirm, if only one century makes a possible age."""
    days = []
    for century in ("19", "20"):
        text = f"{match[1]}{century}{match[2]}"
        full = parse(field, text, rules.received_on, month_first=rules.month_first)
        if full.doubt is None and isinstance(full.value, str) and rules.nir:
            age = (rules.received_on - dt.date.fromisoformat(full.value)).days / 365.25
            same = rules.nir[1:5] == full.value[2:4] + full.value[5:7]
            days += [full.value] if same and _YOUNGEST <= age <= _OLDEST else []
    return Parsed(days[0]) if len(days) == 1 else parsed


def _times(words: str) -> Parsed:
    """The hours of half a day, kept as written; « repos » is nothing, and other words are a doubt."""
    if fold(words) in _NO_HOURS:
        return Parsed(None)
    if _TIMES.sub("", words).strip() or not re.search(r"\d", words):
        return Parsed(words, f"« {words[:60]} » n’est pas un horaire lisible")
    return Parsed(words)
