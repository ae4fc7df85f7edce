"""Draft of a Word template from a school's own convention: each place with the field that its name or its words mean.

A draft is a file of its own beside the convention, to be corrected in Word; what is not understood stays as it was,
and is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from lxml import etree

from pipeline.core.errors import ConfigError
from pipeline.core.fields import Dictionary
from pipeline.core.folding import fold
from pipeline.documents.sentences import closes
from pipeline.reading.labels.vocabulary import label_words, vocabulary_of
from pipeline.reading.streams.ooxml import W, with_parts, xml_bytes
from pipeline.sandbox.gates import open_docx
from pipeline.sandbox.untrusted_xml import parse_xml
from pipeline.teaching.answer_marks import MARK
from pipeline.teaching.foreign_marks import KEYS, Named, mark_foreign, named_in
from pipeline.teaching.place_expressions import around_of, expression_of, take_stop
from pipeline.teaching.place_names import PlaceNames, apart, name_words, of_them, owners_in, section_of, telling
from pipeline.teaching.place_natures import asked, nature_of
from pipeline.teaching.word_annotation import Place, Probe, places_of

SUFFIX = "-modele.docx"
_BODY = "word/document.xml"
_PAGES = re.compile(r"word/(?:header|footer)\d*\.xml")
_TODAY = "convention.date"
_BY_HAND = "signatures."  # where and when it is signed: written with the signature
_WHEN = re.compile(r"\b(?:stage|dates?|periode|deroule\w*)\b.*\bdu$")
_SHOWN = 60  # characters of the words before a place
_MOST = 6  # words of a label
_CLAUSE = re.compile(r"[,;:.()\n]")


@dataclass(frozen=True)
class Replaced:
    """One place of the convention: as it was written, the words before it, and what stands there now, if known."""

    written: str
    near: str
    expression: str | None
    sure: bool = True  # the name of the place, or the label before it, says the field


@dataclass(frozen=True)
class Guess:
    """The field that a place seems to mean, and whether it is more than likely."""

    path: str | None = None
    sure: bool = True


@dataclass(frozen=True)
class Converted:
    """The draft, where it was written, and its places in order."""

    path: Path
    places: tuple[Replaced, ...]

    @property
    def left(self) -> tuple[Replaced, ...]:
        """What was not understood: it stands in the draft as it was."""
        return tuple(one for one in self.places if one.expression is None)

    @property
    def doubtful(self) -> tuple[Replaced, ...]:
        """What was only guessed: by the words around, from which the name says nothing."""
        return tuple(one for one in self.places if one.expression is not None and not one.sure)


def convert_convention(file: Path, dictionary: Dictionary, to: Path | None = None) -> Converted:
    """Write the draft of a template beside a convention; an existing file is never overwritten.

    Raises ConfigError for what is no Word document, has no place, or whose draft is already there; FormRejected for a
    damaged one.
    """
    target = to or file.with_name(f"{file.stem}{SUFFIX}")
    if file.suffix.lower() != ".docx":
        raise ConfigError(f"{file} n’est pas un document Word (.docx) : enregistrez-le d’abord ainsi.")
    if target.exists():
        raise ConfigError(f"{target} est déjà là, et n’est jamais écrasé : renommez-le, ou donnez --to.")
    data = file.read_bytes()
    parts = open_docx(data)
    changed: dict[str, bytes] = {}
    places: list[Replaced] = []
    for name in (_BODY, *sorted(filter(_PAGES.fullmatch, parts))):
        root = parse_xml(parts[name])
        found = _convert_part(root, data if name == _BODY else None, dictionary)
        if found:
            changed[name] = xml_bytes(root)
            places += found
    if not places:
        raise ConfigError(
            f"{file} n’a aucune place à remplir : ni champ de publipostage, ni ${{x}}, [X], «X», ni pointillés."
        )
    with target.open("xb") as written:
        written.write(with_parts(data, changed))
    return Converted(target, tuple(places))


def _convert_part(root: etree._Element, whole: bytes | None, dictionary: Dictionary) -> list[Replaced]:
    """Replace the places of one part; ``whole`` is the document, for the body alone: its words are read too."""
    mark_foreign(root)
    places = places_of(root, drawn_only=True)
    names = [named_in(place.node) for place in places]
    etree.strip_attributes(root, MARK, *KEYS)
    read = _probed(root, whole, places, dictionary)
    around = list(_words_before(root, places))
    index = PlaceNames(vocabulary_of(dictionary))
    guesses = [
        Guess(read.get(at)) if place.box else _guess(index, names[at], *around[at], read.get(at))
        for at, place in enumerate(places)
    ]
    words = [before for before, _ in around]
    _put_dates(guesses, words, [name is None for name in names])
    paths = list(apart([guess.path for guess in guesses]))
    replaced = []
    for place, name, guess, path, near in zip(places, names, guesses, paths, words, strict=True):
        expression = _write(place, name, path, dictionary)
        written = name.kept if name and name.kept else place.original
        replaced.append(Replaced(written, near[-_SHOWN:], expression, guess.sure))
    return [one for one in replaced if one.written.strip()]


def _write(place: Place, name: Named | None, path: str | None, dictionary: Dictionary) -> str | None:
    """Put in a place what prints its field, as its sentence wants it; as it was, if there is none."""
    around = around_of(place.node, name.before if name else "", name.after if name else "")
    expression = expression_of(path, dictionary, around) if path else None
    place.write(expression or place.original)
    if expression and around.stops and closes(path or "", dictionary):
        take_stop(place.node)
    return expression


def _probed(
    root: etree._Element, whole: bytes | None, places: Sequence[Place], dictionary: Dictionary
) -> Mapping[int, str]:
    """What the reader of labels says of each place; what it is not asked of, nothing."""
    if whole is None or not places:
        return {}
    probe = Probe(whole, root, places, dictionary)
    found = {**probe.texts(), **probe.boxes()}
    for place in places:
        place.write(place.original)
    return found


def _guess(index: PlaceNames, named: Named | None, words: str, section: str | None, read: str | None) -> Guess:
    """The field of a place: by its name, else by the label reader, else by the words just before it."""
    if named is None:
        found = read or _by_words(index, words, section)
        return Guess(None if found and found.startswith(_BY_HAND) else found)
    if named.kept:
        return Guess()
    own = name_words(named.name)
    owners = owners_in(own)
    label = label_words(_CLAUSE.split(words.rstrip(" :"))[-1])
    found = index.find(own, (read or "").partition(".")[0] or section)
    if found and not found.startswith(_BY_HAND) and index.agrees(own, found):
        alone = index.find(own) == found  # else the lines before say whose it is
        other = not owners and read and _group(read) not in (_BY_HAND, _group(found))  # the label says another field
        return Guess(found, bool(label or alone) and not other and index.agrees(label, found))
    for found in (read, _by_words(index, words, section)):
        if found and index.agrees(own, found) and of_them(found, owners):
            if found.startswith(_BY_HAND):  # a merge writes the day when it is made, a form the day when it is signed
                return Guess(_TODAY, sure=False) if index.agrees(own, _TODAY) else Guess()
            shared = index.shares(found, own)
            if shared or not asked(own) or nature_of(found, index.dictionary):
                return Guess(found, shared)
    return Guess()


def _group(path: str) -> str:
    return f"{path.partition('.')[0]}."


def _put_dates(guesses: list[Guess], words: Sequence[str], unnamed: Sequence[bool]) -> None:
    """« du …… au …… » in a line that speaks of the stage: its first and its last day, if nothing said so yet."""
    for at, (before, after) in enumerate(pairwise(words)):
        free = guesses[at].path is guesses[at + 1].path is None and unnamed[at] and unnamed[at + 1]
        if free and after == "au" and _WHEN.search(fold(before)):
            guesses[at : at + 2] = [Guess("stage.date_debut"), Guess("stage.date_fin")]


def _by_words(index: PlaceNames, words: str, section: str | None) -> str | None:
    """The field that the last words before a place name, the most of them that do, and that nothing there denies."""
    clause = label_words(_CLAUSE.split(words.rstrip(" :"))[-1])
    label = telling(label_words(words.rstrip(" :")))[-_MOST:]
    found = (index.find(label[start:], section) for start in range(len(label)))
    return next((path for path in found if path and index.agrees(clause, path)), None)


def _words_before(root: etree._Element, places: Sequence[Place]) -> Iterator[tuple[str, str | None]]:
    """For each place, the words of its line before it (of the cell or paragraph before, if none), and the party."""
    nodes = {id(place.node) for place in places}
    section: str | None = None
    last = line = ""
    for paragraph in root.iter(f"{W}p"):
        last, line = line or last, ""
        for text in paragraph.iter(f"{W}t", f"{W}tab", f"{W}br"):
            if id(text) in nodes:
                section = section_of(label_words(line or last), section)
                yield (line or last).strip(), section
                line = ""
            else:
                line += (text.text or "") if text.tag == f"{W}t" else " "
        section = section_of(label_words(line), section)
