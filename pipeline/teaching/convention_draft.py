"""Draft of a Word template from a school's own convention: each place with the field that its name or its words mean.

A draft is a file of its own beside the convention, to be corrected in Word; what is not understood stays as it was,
and is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from pipeline.core.errors import ConfigError
from pipeline.core.fields import Dictionary
from pipeline.documents.sentences import closes
from pipeline.reading.labels.vocabulary import label_words, vocabulary_of
from pipeline.reading.streams.ooxml import W, with_parts, xml_bytes
from pipeline.sandbox.gates import open_docx
from pipeline.sandbox.untrusted_xml import parse_xml
from pipeline.teaching.answer_marks import MARK
from pipeline.teaching.foreign_marks import KEYS, Named, mark_foreign, named_in, put_back
from pipeline.teaching.place_expressions import around_of, expression_of, take_stop
from pipeline.teaching.place_guesses import Guess, guess, put_dates
from pipeline.teaching.place_names import PlaceNames, apart, section_of
from pipeline.teaching.word_annotation import Place, Probe, places_of

SUFFIX = "-modele.docx"
_BODY = "word/document.xml"
_PAGES = re.compile(r"word/(?:header|footer)\d*\.xml")
_SHOWN = 60  # characters of the words before a place


@dataclass(frozen=True)
class Replaced:
    """One place of the convention: as it was written, the words before it, and what stands there now, if known."""

    written: str
    near: str
    expression: str | None
    sure: bool = True  # the name of the place, or the label before it, says the field


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
    taken = mark_foreign(root)
    places = places_of(root, drawn_only=True)
    names = [named_in(place.node) for place in places]
    etree.strip_attributes(root, MARK, *KEYS)
    read = _probed(root, whole, places, dictionary)
    around = list(_words_before(root, places))
    index = PlaceNames(vocabulary_of(dictionary))
    guesses = [
        Guess(read.get(at)) if place.box else guess(index, names[at], *around[at], read.get(at))
        for at, place in enumerate(places)
    ]
    words = [before for before, _ in around]
    put_dates(guesses, words, [name is None for name in names])
    paths = list(apart([one.path for one in guesses]))
    replaced = []
    for place, name, guessed, path, near in zip(places, names, guesses, paths, words, strict=True):
        expression = _write(place, name, path, dictionary)
        if expression is None and place.node in taken:
            put_back(place.node, taken[place.node])
        written = name.kept if name and name.kept else place.original
        replaced.append(Replaced(written, near[-_SHOWN:], expression, guessed.sure))
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
