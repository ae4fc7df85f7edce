"""Splitter of combined fields: a whole name, a whole address, an amount with its unit.

A reading is kept for the combined path itself (``tuteur.nom_prenom``: the words as typed) beside one for each field
it gives (``tuteur.nom``, ``tuteur.prenom``, ``tuteur.civilite``), with the same page, box and raw text. Only the
latter belong in a record: ``is_combined`` tells them apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from pipeline.core.doubts import Doubt, Reason
from pipeline.core.fields import Dictionary, Nature
from pipeline.core.folding import fold
from pipeline.core.models import JSON, FieldReading
from pipeline.core.who import Who
from pipeline.core.words import Lexicon
from pipeline.forms.layouts import is_combined
from pipeline.forms.values.figures import euros_unit, excerpt
from pipeline.forms.values.names import split_name

_BOX_NUMBER = re.compile(r"\b(?:bp|cs|tsa|b\.p\.|c\.s\.)\s*n?°?\s*\d+(?:\s\d{2,3})?", re.IGNORECASE)
_POSTCODE = re.compile(r"(?<![\d/])(?:F\s?-\s?)?(\d{5}|\d{2}\s\d{3})(?![\d/])(?=\s*[-–,]?\s*[^\W\d_])")
_HOUSE_NUMBER = re.compile(r"^(\d{1,4}\s?(?:bis|ter|quater|[A-Da-d])?)\s*,\s*(?=\D)")
_NUMBERED = re.compile(r"^\d{1,4}\s?(?:bis|ter|quater|[a-d])?(?:[-/]\d{1,4})?\s*,?\s+\D", re.IGNORECASE)
_STREET = re.compile(
    r"\b(?:rue|avenue|av|bd|bld|boulevard|place|pl|chemin|ch|impasse|imp|allees?|route|rte|quai|square|cours|"
    r"passage|sentier|venelle|ruelle|voie|esplanade|promenade|faubourg|fbg|rond-point|chaussee|montee|cote|traverse|"
    r"mail|villa|cite|lotissement|hameau|lieu-dit|lieudit|parvis|residence)\b"
)
_BUILDING = re.compile(
    r"^(?:bat(?:iment)?\b|res(?:idence)?\b|appt?\b|appartement|esc(?:alier)?\b|etage|\d+(?:er|e|eme) etage|chez\b|"
    r"c/o\b|bp\b|cs\b|tsa\b|za\b|zi\b|zac\b|z\.[ai]\.|zone\b|porte\b|logement|hall\b|tour\b|entree\b|immeuble|pole\b|service\b)"
)
_TOWN = re.compile(
    r"[^\W\d_][^\d]*?(?:\s+cedex(?:\s+\d{1,2})?|\s+\d{1,2}(?:er|e|ème|eme)?(?:\s+arr\w*)?)?", re.IGNORECASE
)


@dataclass(frozen=True)
class Address:
    """The parts of an address as written; all are ``None`` when ``doubt`` says why it was not taken apart."""

    voie: str | None = None
    complement: str | None = None
    code_postal: str | None = None
    ville: str | None = None
    pays: str | None = None
    doubt: str | None = None


def split_address(text: str, lexicon: Lexicon) -> Address:
    """« Bât. B, 12 rue de l’Église – 29000 Quimper », on one line or several.

    Exactly one French postcode followed by a town is needed, and one street; otherwise the address is a doubt
    (a foreign one too: it is copied by a person, in its own order).
    """
    lines = [line.strip(" ,;–-") for line in text.split("\n") if line.strip(" ,;–-")]
    country = lexicon.countries.get(fold(lines[-1])) if len(lines) > 1 else None
    flat = "\n".join(lines[:-1] if country else lines)
    hidden = _BOX_NUMBER.sub(lambda match: "§" * len(match[0]), flat)
    codes = list(_POSTCODE.finditer(hidden))
    if len(codes) != 1:
        return _unsplit(text, "n’a pas un code postal et une ville bien séparés du reste")
    code = codes[0]
    town, country = _town(flat[code.end() :], country, lexicon.countries)
    if town is None:
        return _unsplit(text, "a autre chose que la ville après le code postal")
    return _street(text, flat[: code.start()], code[1].replace(" ", ""), town, country)


def _town(rest: str, country: str | None, countries: Mapping[str, str]) -> tuple[str | None, str | None]:
    """The town and the country after it; no town if other words follow."""
    parts = [part.strip(" ,–-") for part in re.split(r"\n|,|\s[–-]\s", rest.strip(" ,–-\n").rstrip(")"))]
    parts = [part for part in parts if part]
    if len(parts) > 1 and (named := countries.get(fold(parts[-1]))):
        country, parts = named, parts[:-1]
    if len(parts) != 1 or not _TOWN.fullmatch(parts[0]) or _STREET.match(fold(parts[0])):
        return None, country
    words = parts[0].replace("(", " ").split()
    if len(words) > 1 and fold(words[-1]) in countries:  # « 29000 Quimper France »
        return " ".join(words[:-1]), countries[fold(words[-1])]
    return parts[0], country


def _street(text: str, before: str, code: str, town: str, country: str | None) -> Address:
    parts = []
    for line in before.split("\n"):
        joined = _HOUSE_NUMBER.sub(lambda match: match[0].replace(",", "\0"), line.strip(" ,–-"))
        pieces = re.split(r",|\s[–-]\s|;", joined)
        parts += [piece.replace("\0", ",").strip(" ,–-") for piece in pieces if piece.strip(" ,–-")]
    streets = [part for part in parts if _is_street(part)]
    if not parts or len(streets) > 1 or (not streets and len(parts) > 1):
        return _unsplit(text, "ne dit pas sûrement quelle partie est la rue")
    street = streets[0] if streets else parts[0]
    others = [part for part in parts if part is not street]
    return Address(street, ", ".join(others) or None, code, town, country)


def _is_street(part: str) -> bool:
    plain = fold(part)
    if _BUILDING.match(plain):
        return False
    return bool(_NUMBERED.match(plain) or _STREET.search(plain))


def _unsplit(text: str, why: str) -> Address:
    return Address(doubt=f"« {excerpt(' '.join(text.split()))} » {why}")


_PARTS = ("voie", "complement", "code_postal", "ville", "pays")
_NEEDED = (Nature.SURNAME, Nature.GIVEN_NAME, Nature.STREET, Nature.POSTCODE, Nature.PLACE)
_AMOUNT, _UNIT = "gratification.montant", "gratification.unite"


def parts_of(
    reading: FieldReading, taken: Mapping[str, FieldReading], dictionary: Dictionary
) -> Iterator[FieldReading]:
    """The readings of the fields that a combined place answers, those that the form asks apart left out.

    A doubt about the whole is a doubt about each part. A whole that cannot be taken apart surely (« Marie Dupont »)
    leaves its parts in doubt, without a proposal.
    """
    if not is_combined(reading.path, dictionary):
        return
    values, doubt = _split(reading, dictionary)
    for path, value in values.items():
        if path not in dictionary.fields or (path in taken and taken[path].value is not None):
            continue
        if value is None and dictionary.nature(path) not in _NEEDED:
            continue
        yield replace(reading, path=path, value=value, doubt=reading.doubt or doubt)


def _split(reading: FieldReading, dictionary: Dictionary) -> tuple[dict[str, JSON], Doubt | None]:
    text = reading.value if isinstance(reading.value, str) else ""
    if dictionary.nature(reading.path) is Nature.FULL_NAME:
        person = reading.path.rpartition(".")[0]
        if not text:
            return {f"{person}.nom": None, f"{person}.prenom": None}, None
        name = split_name(text, dictionary.lexicon)
        parts: dict[str, JSON] = {
            f"{person}.civilite": name.civilite,
            f"{person}.nom": name.nom,
            f"{person}.prenom": name.prenom,
        }
        return parts, Doubt(Reason.SPLIT, name.doubt) if name.doubt else None
    if not text:
        return {f"{reading.path}.{part}": None for part in _PARTS}, None
    address = split_address(text, dictionary.lexicon)
    found = {f"{reading.path}.{part}": getattr(address, part) for part in _PARTS}
    return found, Doubt(Reason.SPLIT, address.doubt) if address.doubt else None


def with_unit(readings: dict[str, FieldReading], who: Who) -> dict[str, FieldReading]:
    """« 4,50 € / heure » written as the amount also says the unit: it is taken, or it contradicts the box ticked.

    Which of the two is right is for ``who`` to settle.
    """
    amount, unit = readings.get(_AMOUNT), readings.get(_UNIT)
    unit_written = euros_unit(amount.raw.split(" ≠ ")[0]) if amount and amount.value is not None else None
    if amount is None or unit_written is None:
        return readings
    if unit is None or unit.value is None:
        return {**readings, _UNIT: replace(amount, path=_UNIT, value=unit_written)}
    if unit.value == unit_written or unit.doubt:
        return readings
    doubt = Doubt(Reason.INCOHERENT, f"le montant est écrit « {amount.raw[:60]} », l’unité dit « {unit.raw} »", who)
    both = {path: replace(readings[path], doubt=readings[path].doubt or doubt) for path in (_AMOUNT, _UNIT)}
    return {**readings, **both}
