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
from pipeline.core.fields import ALWAYS, FULL_NAME, Dictionary, FieldKind, Nature
from pipeline.core.folding import fold
from pipeline.core.school import SETTINGS
from pipeline.reading.labels.vocabulary import label_words, vocabulary_of
from pipeline.reading.streams.ooxml import W, with_parts, xml_bytes
from pipeline.sandbox.gates import open_docx
from pipeline.sandbox.untrusted_xml import parse_xml
from pipeline.teaching.foreign_marks import mark_foreign, name_of
from pipeline.teaching.place_names import PlaceNames, name_words, section_of
from pipeline.teaching.word_annotation import Place, Probe, places_of

SUFFIX = "-modele.docx"
_BODY = "word/document.xml"
_PAGES = re.compile(r"word/(?:header|footer)\d*\.xml")
_BY_HAND = "signatures."  # where and when it is signed: written with the signature
_WHEN = re.compile(r"\b(?:stage|dates?|periode|deroule\w*)\b.*\bdu$")
_SHOWN = 60  # characters of the words before a place
_MOST = 6  # words of a label
_UNTESTED = (FieldKind.BOOLEAN, FieldKind.WHOLE, FieldKind.HOURS, FieldKind.EUROS)  # a value may be false, or nought
_DRAWN = (FieldKind.CALENDAR, FieldKind.WEEK, FieldKind.CHANGES, FieldKind.PERIODS, FieldKind.NIR)
_NEEDED = frozenset(
    (
        *(setting.key for setting in SETTINGS if setting.needed and setting.key.startswith("etablissement.")),
        "convention.numero",
        "convention.date",
        "formation.annee",
    )
)


@dataclass(frozen=True)
class Replaced:
    """One place of the convention: as it was written, the words before it, and what stands there now, if known."""

    written: str
    near: str
    expression: str | None


@dataclass(frozen=True)
class Converted:
    """The draft, where it was written, and its places in order."""

    path: Path
    places: tuple[Replaced, ...]

    @property
    def left(self) -> tuple[Replaced, ...]:
        """What was not understood: it stands in the draft as it was."""
        return tuple(one for one in self.places if one.expression is None)


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
    names = [name_of(place.node) for place in places]
    read = _probed(root, whole, places, dictionary)
    around = list(_words_before(root, places))
    index = PlaceNames(vocabulary_of(dictionary))
    paths = [
        read.get(at) if place.box else _path(index, names[at], *around[at], read.get(at))
        for at, place in enumerate(places)
    ]
    _put_dates(paths, [words for words, _ in around])
    replaced = []
    for place, (words, _), path in zip(places, around, _apart(paths), strict=True):
        expression = expression_of(path, dictionary) if path else None
        place.write(expression or place.original)
        replaced.append(Replaced(place.original, words[-_SHOWN:], expression))
    return [one for one in replaced if one.written.strip()]


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


def _path(index: PlaceNames, name: str | None, words: str, section: str | None, read: str | None) -> str | None:
    """The field of a place: by its name, else by the label reader, else by the words just before it."""
    if name is not None:
        read_in = (read or "").partition(".")[0] or section
        return index.find(name_words(name), read_in) or read or _by_words(index, words, section)
    found = read or _by_words(index, words, section)
    return None if found and found.startswith(_BY_HAND) else found


def _put_dates(paths: list[str | None], words: Sequence[str]) -> None:
    """« du …… au …… » in a line that speaks of the stage: its first and its last day, if nothing said so yet."""
    for at, (before, after) in enumerate(pairwise(words)):
        if paths[at] is paths[at + 1] is None and after == "au" and _WHEN.search(fold(before)):
            paths[at : at + 2] = ["stage.date_debut", "stage.date_fin"]


def _apart(paths: Sequence[str | None]) -> Iterator[str | None]:
    """A whole name is a surname, where the given name of that person has a place of its own."""
    for path in paths:
        stem = (path or "").removesuffix(f".{FULL_NAME}")
        yield f"{stem}.nom" if path and path != stem and f"{stem}.prenom" in paths else path


def _by_words(index: PlaceNames, words: str, section: str | None) -> str | None:
    """The field that the last words before a place name, the most of them that do."""
    label = label_words(words.rstrip(" :"))[-_MOST:]
    return next((path for start in range(len(label)) if (path := index.find(label[start:], section))), None)


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


def expression_of(path: str, dictionary: Dictionary) -> str | None:
    """What prints a field in a template, whatever a dossier says of it; ``None`` for what takes a table or a loop."""
    stem, _, option = path.partition(" = ")
    field = dictionary.fields.get(stem)
    kind = field.kind if field else None
    if kind is FieldKind.DAYS:
        return None if option else '{{ jours_presence | join(", ") or "—" }}'
    if option:
        test = {"oui": stem, "non": f"{stem} == false"}.get(option, f'{stem} == "{option}"')
        return f'{{{{ "☒" if {test} else "☐" }}}}' if kind in (FieldKind.CHOICE, FieldKind.BOOLEAN) else None
    if kind in _DRAWN:
        return None
    return _printed(re.sub(r"\.\d+$", "", stem), dictionary)


def _printed(path: str, dictionary: Dictionary) -> str:
    """A value, or a dash where a dossier may have none."""
    field = dictionary.fields.get(re.sub(rf"\.{FULL_NAME}$", ".nom", path))
    always = field is not None and ALWAYS in field.required and not path.startswith("referent.")
    if field and field.kind is FieldKind.LIST:
        return f"{{{{ {path} | lignes }}}}" if always else f'{{{{ ({path} or ["—"]) | lignes }}}}'
    if always or path in _NEEDED:
        return f"{{{{ {path} }}}}"
    if field and field.kind in _UNTESTED:
        return f'{{{{ {path} if {path} is not none else "—" }}}}'
    group = path.rpartition(".")[0]
    if dictionary.nature(group) is Nature.ADDRESS:  # nobody may have given any of it
        return f'{{{{ ({path} or "—") if {group} else "—" }}}}'
    return f'{{{{ {path} or "—" }}}}'
