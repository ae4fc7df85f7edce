"""Wording lint: what is wrong with ``libelles.toml`` or a school’s ``libelles-locaux.toml``: table, key and line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.core.errors import ConfigError
from pipeline.core.fields import FULL_NAME, Dictionary, Nature
from pipeline.core.folding import folded_words
from pipeline.core.lexicon_shape import CUES, Entry, entries_of

_LABELS = ("libelles", "libelles_exclus")
_BY_SECTION = ("proprietaires", "voisins", "parties", "roles")
_PATTERNS = ("parties", "roles")
_SIGN = re.compile(r"\{(?:e|n|at)\}")
_SCHOOL = "etablissement"


def refuse_faulty_words(dictionary: Dictionary) -> None:
    """Raise ConfigError if a school's own words cannot be followed; ours were looked at before they were sent."""
    wrong = list(faults_of_words(dictionary)) if dictionary.lexicon.own else []
    if wrong:
        raise ConfigError(" ".join(wrong))


def faults_of_words(dictionary: Dictionary) -> Iterator[str]:
    """Every fault of the tables of words, in the order of the files.

    Raises ConfigError for what has not the shape of its table: nothing can be said of the words in it.
    """
    lexicon = dictionary.lexicon
    _ = lexicon.tables
    asked: dict[tuple[str, tuple[str, ...]], str] = {
        (field.group, tuple(folded_words(label))): _asked(path, dictionary)
        for path, field in dictionary.fields.items()
        for label in (field.title, *field.synonyms)
    }
    for file, text in lexicon.sources.items():
        for entry in entries_of(file, text, lexicon.parsed[file]):
            if entry.table == CUES and entry.key:
                yield from map(entry.fault, _of_cue(entry.value, lexicon.known, dictionary))
            elif entry.key:
                yield from map(entry.fault, _of_words(entry, dictionary))
                yield from map(entry.fault, _asked_twice(entry, asked, dictionary))


def _of_words(entry: Entry, dictionary: Dictionary) -> Iterator[str]:
    """A path, an option or a section that is none, words without letters, patterns that cannot be followed."""
    sections = {*dictionary.titles, _SCHOOL}
    if entry.table in _LABELS and not _names_field(entry.key, dictionary):
        yield "this is no field of formulaire.schema.json, nor the end of one."
    if entry.table == "civilites":
        yield from _of_title(entry.key, dictionary)
    if entry.table in _BY_SECTION and entry.key not in sections:
        yield f"this is no section. Known: {', '.join(sorted(sections))}."
    if entry.table == "titres" and entry.value not in {*sections, ""}:
        yield f"{entry.value!r} is no section. Known: {', '.join(sorted(sections))}."
    words = [entry.key] if entry.table == "titres" else entry.value
    if entry.table in _PATTERNS:
        yield from _of_patterns(words)
    elif entry.table != "mots" and not all(map(folded_words, words)):
        yield "a label is empty."


def _of_title(key: str, dictionary: Dictionary) -> Iterator[str]:
    titles = [title for one in dictionary.fields.values() if one.nature is Nature.CIVILITY for title in one.choices]
    if key not in titles:
        yield f"this is no option of the forms. Known: {', '.join(dict.fromkeys(titles))}."


def _of_cue(cue: Mapping[str, Any], known: Mapping[str, Any], dictionary: Dictionary) -> Iterator[str]:
    manners = {one["maniere"] for one in known[CUES]}
    path = cue["champ"]
    if path and not _names_field(path, dictionary):
        yield f"champ = {path!r} is no field of formulaire.schema.json, nor the end of one."
    if cue["maniere"] not in manners:
        yield f"maniere = {cue['maniere']!r} is not known. Known: {', '.join(sorted(manners))}."
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
    entry: Entry, asked: dict[tuple[str, tuple[str, ...]], str], dictionary: Dictionary
) -> Iterator[str]:
    """A label that names two fields of one section names neither; ``asked`` is what was seen before."""
    if entry.table != "libelles" or entry.key.startswith("."):
        return
    for label in entry.value:
        place = (entry.key.rpartition(".")[0], tuple(folded_words(label)))
        other = asked.setdefault(place, _asked(entry.key, dictionary))
        if other != _asked(entry.key, dictionary):
            yield f"« {label} » already asks for {other}, in the same section."
