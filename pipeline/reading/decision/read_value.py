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
from pipeline.forms.values.answers import answer_of, is_empty
from pipeline.forms.values.canonical import clean, parse
from pipeline.forms.values.choices import coded, parse_choice, parse_code
from pipeline.forms.values.figures import Parsed, excerpt
from pipeline.forms.values.leaders import without_leaders
from pipeline.forms.values.lines import DATED, lines_of, parse_lines
from pipeline.forms.values.list_items import split_items
from pipeline.forms.values.place import Place
from pipeline.reading.candidates import Candidate
from pipeline.reading.labels.vocabulary import Words, worded

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
    """Fifteen characters with their key (2A and 2B for Corsica), or thirteen, which have none."""
    if re.fullmatch(r"[1-478]\d{2}(?:0[1-9]|1[0-2]|[2-9]\d)(?:\d{2}|2[AB])\d{6}", value):
        return True
    try:
        nir.validate(value)
    except ValidationError:
        return False
    return len(value) == 15


def _matching(pattern: str) -> Callable[[str], bool]:
    return lambda value: re.fullmatch(pattern, value) is not None


_CHECKS: dict[FieldKind, tuple[Callable[[str], bool], str]] = {
    FieldKind.SIRET: (siret_ok, "n’a pas la clé d’un SIRET à quatorze chiffres"),
    FieldKind.NIR: (nir_ok, "n’a pas la clé d’un numéro de sécurité sociale à treize ou quinze chiffres"),
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
    if field is None:
        parsed = _together(path, nature, _CUT_WORD.sub("", text), rules.dictionary.lexicon)
    elif candidate.items:
        parsed = _by_line(field, candidate.items, rules)
    else:
        parsed = _parsed(field, text, rules)
    if parsed.doubt or parsed.value is None or candidate.certain:  # what was typed there is for the rules to judge
        return parsed
    return Parsed(parsed.value, fault(field, nature, parsed.value, text))


def _together(path: str, nature: Nature | None, text: str, lexicon: Lexicon) -> Parsed:
    """A combined path: the words as typed, in one piece."""
    answer = answer_of(clean(text, lines=True), Place(path, FieldKind.LINE, nature, lexicon))
    if not answer.words or answer.void:
        return Parsed(None, answer.doubt)
    return Parsed(answer.words if nature is Nature.ADDRESS else clean(answer.words), answer.doubt)


def _parsed(field: Field, text: str, rules: Rules) -> Parsed:
    if field.kind is FieldKind.CODE:
        return parse_code(field, clean(text))
    if field.kind is FieldKind.LIST:
        return _items(field, split_items(_bare(field, text)))
    if field.kind not in _CHOICES and field.nature is not Nature.TIMES and field.kind not in DATED:
        return _plain(field, text, rules)
    bare = _bare(field, text)
    words = clean(bare)
    if is_empty(words, field.lexicon):
        return Parsed(None)
    if field.kind in DATED:
        return parse_lines(field, lines_of(bare), rules.received_on)
    return parse_choice(field, words) if field.kind in _CHOICES else _times(words)


def _bare(field: Field, text: str) -> str:
    return without_leaders(clean(text, lines=True), Place.of(field))


def _items(field: Field, items: Iterable[str]) -> Parsed:
    """The items of a list, without those that say nothing; a remark beside one of them is a doubt of the list."""
    place = Place.of(field)
    answers = [answer_of(item, place) for item in items]
    doubts = [one.doubt for one in answers if one.doubt]
    return Parsed([one.words for one in answers if one.words and not one.void] or None, "; ".join(doubts[:5]) or None)


def _by_line(field: Field, items: Sequence[str], rules: Rules) -> Parsed:
    """A list that has a place for each line, or dates and hours that have one for each day."""
    if field.kind in DATED:
        return parse_lines(field, [bare for item in items if (bare := _bare(field, item))], rules.received_on)
    parsed = [parse(field, item, rules.received_on) for item in items]
    doubts = [one.doubt for one in parsed if one.doubt]
    return Parsed([one.value for one in parsed if one.value] or None, "; ".join(doubts[:5]) or None)


def _plain(field: Field, text: str, rules: Rules) -> Parsed:
    """By the general rules, once what only forms do is put right: a word cut at the margin, « le » before a date."""
    if field.kind is FieldKind.DATE:
        text = re.sub(r"^[\s._…‥·]*le\s*:?\s+|[\s,;]+$", "", text, flags=re.IGNORECASE)
    if field.kind is FieldKind.LINE:
        text = _CUT_WORD.sub("", text).rstrip(" ,;")
        if not rules.digital:  # what the printer broke cannot be told from what its writer did
            text = " ".join(text.split())
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
