"""An address written in one place, taken apart: street, complement, postcode, town, country. Text in, parts out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.core.folding import fold

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
_COUNTRIES = {
    "france": "France",
    "belgique": "Belgique",
    "suisse": "Suisse",
    "luxembourg": "Luxembourg",
    "monaco": "Monaco",
    "allemagne": "Allemagne",
    "espagne": "Espagne",
    "italie": "Italie",
    "portugal": "Portugal",
    "canada": "Canada",
    "maroc": "Maroc",
    "tunisie": "Tunisie",
    "algerie": "Algérie",
    "senegal": "Sénégal",
    "royaume-uni": "Royaume-Uni",
}
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


def split_address(text: str) -> Address:
    """« Bât. B, 12 rue de l’Église – 29000 Quimper », on one line or several.

    Exactly one French postcode followed by a town is needed, and one street; otherwise the address is a doubt
    (a foreign one too: it is copied by a person, in its own order).
    """
    lines = [line.strip(" ,;–-") for line in text.split("\n") if line.strip(" ,;–-")]
    country = _COUNTRIES.get(fold(lines[-1])) if len(lines) > 1 else None
    flat = "\n".join(lines[:-1] if country else lines)
    hidden = _BOX_NUMBER.sub(lambda match: "§" * len(match[0]), flat)
    codes = list(_POSTCODE.finditer(hidden))
    if len(codes) != 1:
        return _doubt(text, "n’a pas un code postal et une ville bien séparés du reste")
    code = codes[0]
    town, country = _town(flat[code.end() :], country)
    if town is None:
        return _doubt(text, "a autre chose que la ville après le code postal")
    return _street(text, flat[: code.start()], code[1].replace(" ", ""), town, country)


def _town(rest: str, country: str | None) -> tuple[str | None, str | None]:
    """The town and the country after it; no town if other words follow."""
    parts = [part.strip(" ,–-") for part in re.split(r"\n|,|\s[–-]\s", rest.strip(" ,–-\n").rstrip(")"))]
    parts = [part for part in parts if part]
    if len(parts) > 1 and (named := _COUNTRIES.get(fold(parts[-1]))):
        country, parts = named, parts[:-1]
    if len(parts) != 1 or not _TOWN.fullmatch(parts[0]) or _STREET.match(fold(parts[0])):
        return None, country
    words = parts[0].replace("(", " ").split()
    if len(words) > 1 and fold(words[-1]) in _COUNTRIES:  # « 29000 Quimper France »
        return " ".join(words[:-1]), _COUNTRIES[fold(words[-1])]
    return parts[0], country


def _street(text: str, before: str, code: str, town: str, country: str | None) -> Address:
    parts = []
    for line in before.split("\n"):
        joined = _HOUSE_NUMBER.sub(lambda match: match[0].replace(",", "\0"), line.strip(" ,–-"))
        pieces = re.split(r",|\s[–-]\s|;", joined)
        parts += [piece.replace("\0", ",").strip(" ,–-") for piece in pieces if piece.strip(" ,–-")]
    streets = [part for part in parts if _is_street(part)]
    if not parts or len(streets) > 1 or (not streets and len(parts) > 1):
        return _doubt(text, "ne dit pas sûrement quelle partie est la rue")
    street = streets[0] if streets else parts[0]
    others = [part for part in parts if part is not street]
    return Address(street, ", ".join(others) or None, code, town, country)


def _is_street(part: str) -> bool:
    plain = fold(part)
    if _BUILDING.match(plain):
        return False
    return bool(_NUMBERED.match(plain) or _STREET.search(plain))


def _doubt(text: str, why: str) -> Address:
    shown = " ".join(text.split())
    return Address(doubt=f"« {shown[:60]}{'…' if len(shown) > 60 else ''} » {why}")
