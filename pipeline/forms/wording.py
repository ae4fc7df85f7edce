"""Wording lint: what is wrong with ``libelles.toml`` or a school’s ``libelles-locaux.toml``: table, key and line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.core.errors import ConfigError
from pipeline.core.fields import FULL_NAME, Dictionary, Nature
from pipeline.core.folding import folded_words
from pipeline.core.words import PRODUCT

_LABELS = ("libelles", "libelles_exclus")
_BY_SECTION = ("proprietaires", "voisins", "parties", "roles")
_PATTERNS = ("parties", "roles")
_SIGN = re.compile(r"\{(?:e|n|at)\}")
_SCHOOL = "etablissement"


@dataclass(frozen=True)
class _Entry:
    """One key of one table: the file and line where it stands, and its value."""

    file: str
    table: str
    key: str
    value: Any
    line: int

    def fault(self, why: str) -> str:
        """What is wrong, and where."""
        return f"schemas/{self.file}, line {self.line}, [{self.table}] {self.key}: {why}"


def refuse_faulty_words(dictionary: Dictionary) -> None:
    """Raise ConfigError if a school's own words cannot be followed; ours were looked at before they were sent."""
    wrong = list(faults_of_words(dictionary)) if dictionary.lexicon.own else []
    if wrong:
        raise ConfigError(" ".join(wrong))


def faults_of_words(dictionary: Dictionary) -> Iterator[str]:
    """Every fault of the tables of words, in the order of the files."""
    known = dictionary.lexicon.parsed[PRODUCT]
    asked: dict[tuple[str, tuple[str, ...]], str] = {
        (field.group, tuple(folded_words(label))): _asked(path, dictionary)
        for path, field in dictionary.fields.items()
        for label in (field.title, *field.synonyms)
    }
    for entry in _entries(dictionary):
        if why := _misshapen(entry, known):
            yield entry.fault(why)
        elif entry.table == "tournures":
            yield from map(entry.fault, _of_cue(entry.value, known, dictionary))
        else:
            yield from map(entry.fault, _of_words(entry, dictionary))
            yield from map(entry.fault, _asked_twice(entry, asked, dictionary))


def _entries(dictionary: Dictionary) -> Iterator[_Entry]:
    for file, text in dictionary.lexicon.sources.items():
        for table, held in dictionary.lexicon.parsed[file].items():
            keyed = held.items() if isinstance(held, dict) else ((str(n), one) for n, one in enumerate(held, start=1))
            for key, value in keyed:
                yield _Entry(file, table, key, value, _line(text, table, key))


def _line(text: str, table: str, key: str) -> int:
    """The line of a key, or of the n-th ``[[table]]``: the parser tells neither."""
    here, count = "", 0
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("["):
            here = line.strip("[] ")
            count += here == table
            if here == table and line.startswith("[[") and str(count) == key:
                return number
        elif here == table and line.partition("=")[0].strip().strip("\"'") == key:
            return number
    return 1


def _misshapen(entry: _Entry, known: Mapping[str, Any]) -> str | None:
    """Why a value cannot even be read: an unknown table or list, or words that are no list."""
    if entry.table not in known or (entry.table == "mots" and entry.key not in known["mots"]):
        names = known["mots"] if entry.table in known else known
        return f"there is no such table. Known: {', '.join(names)}."
    if entry.table == "titres":
        return None if isinstance(entry.value, str) else 'a section is expected: "organisme".'
    words = entry.value.get("mots") if entry.table == "tournures" and isinstance(entry.value, dict) else entry.value
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        return 'a list of words is expected: ["…", "…"].'
    return None


def _of_words(entry: _Entry, dictionary: Dictionary) -> Iterator[str]:
    """A path that no field has, a section that no heading opens, words without letters, patterns that are none."""
    sections = {*dictionary.titles, _SCHOOL}
    if entry.table in _LABELS and not _names_field(entry.key, dictionary):
        yield "this is no field of formulaire.schema.json, nor the end of one."
    if entry.table in _BY_SECTION and entry.key not in sections:
        yield f"this is no section. Known: {', '.join(sorted(sections))}."
    if entry.table == "titres" and entry.value not in {*sections, ""}:
        yield f"{entry.value!r} is no section. Known: {', '.join(sorted(sections))}."
    words = [entry.key] if entry.table == "titres" else entry.value
    if entry.table in _PATTERNS:
        yield from _of_patterns(words)
    elif entry.table != "mots" and not all(map(folded_words, words)):
        yield "a label is empty."


def _of_cue(cue: Mapping[str, Any], known: Mapping[str, Any], dictionary: Dictionary) -> Iterator[str]:
    manners = {one["maniere"] for one in known["tournures"]}
    path = cue.get("champ")
    if path is None or (path and not _names_field(path, dictionary)):
        yield f"champ = {path!r} is no field of formulaire.schema.json, nor the end of one."
    if cue.get("maniere") not in manners:
        yield f"maniere = {cue.get('maniere')!r} is not known. Known: {', '.join(sorted(manners))}."
    if cue.get("partie", _SCHOOL) not in {*dictionary.titles, _SCHOOL}:
        yield f"partie = {cue['partie']!r} is no section."
    yield from _of_patterns(cue["mots"])


def _of_patterns(words: list[str]) -> Iterator[str]:
    for word in words:
        try:
            if re.compile(_SIGN.sub("e?", word)).match(""):
                yield f"« {word} » would be found everywhere."
        except re.error as error:
            yield f"« {word} » is no regular expression: {error}."


def _names_field(path: str, dictionary: Dictionary) -> bool:
    """Whether a path is a field or several together, or (after a full stop) ends one."""
    if not path.startswith("."):
        return path in dictionary.fields or dictionary.nature(path) is not None
    stems = {field.group for field in dictionary.fields.values()}
    stems |= {stem.rpartition(".")[0] for stem in stems}
    return any(_names_field(f"{stem}{path}", dictionary) for stem in stems if stem)


def _asked(path: str, dictionary: Dictionary) -> str:
    """The path that a label names: a label beside a surname's asks for the whole name."""
    surname = dictionary.nature(path) is Nature.SURNAME
    return f"{path.rpartition('.')[0]}.{FULL_NAME}" if surname else path


def _asked_twice(
    entry: _Entry, asked: dict[tuple[str, tuple[str, ...]], str], dictionary: Dictionary
) -> Iterator[str]:
    """A label that names two fields of one section names neither; ``asked`` is what was seen before."""
    if entry.table != "libelles" or entry.key.startswith("."):
        return
    for label in entry.value:
        place = (entry.key.rpartition(".")[0], tuple(folded_words(label)))
        other = asked.setdefault(place, _asked(entry.key, dictionary))
        if other != _asked(entry.key, dictionary):
            yield f"« {label} » already asks for {other}, in the same section."
