"""A Word blank annotated: the reader of labels itself says which field each place answers.

Every place is filled with a word of its own, the form is read by its labels, and the word that comes out under a
field tells where its place is; boxes are ticked one at a time. So a proposal is what the second reader will see.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from pipeline.core.fields import Dictionary, FieldKind
from pipeline.forms.layouts import options_of
from pipeline.reading.candidates import Candidate
from pipeline.reading.gates import open_docx
from pipeline.reading.labels.label_reader import read_labels
from pipeline.reading.recognise import parse_xml
from pipeline.reading.streams.docx import docx_stream
from pipeline.teaching.answer_marks import EMPTY_BOX, TICKED_BOX
from pipeline.teaching.blank_places import Place, context_of, places_of, words_after, words_before

_DOCUMENT = "word/document.xml"
_BEFORE_DATE = re.compile(r"(?:\bdu|\bau|\ble|\bau plus tard le|\bdate\b[^:]*:)\s*$", re.IGNORECASE)
_AFTER_NUMBER = re.compile(r"^\s*(?:heures?\b|h\b|par semaine|€|euros?\b)", re.IGNORECASE)
_STAMP = (1980, 1, 1, 0, 0, 0)
_UNASKED = (FieldKind.CALENDAR, FieldKind.PERIODS)


@dataclass(frozen=True)
class Proposal:
    """One place and what was proposed for it (``None``: nobody knows), with the printed words that stand by it."""

    placeholder: str | None
    near: str
    box: bool


@dataclass(frozen=True)
class Annotated:
    """The annotated blank, its proposals in order, and whether answers are written over dotted lines."""

    data: bytes
    proposals: tuple[Proposal, ...]
    leaders: bool


def annotate_docx(data: bytes, dictionary: Dictionary) -> Annotated:
    """The blank with ``{{ … }}`` in the places that its labels explain; raises FormRejected if it is damaged."""
    root = parse_xml(open_docx(data)[_DOCUMENT])
    places = places_of(root)
    near = context_of(places, root)
    probe = _Probe(data, root, places, dictionary)
    found = {**probe.texts(), **probe.boxes()}
    for index, place in enumerate(places):
        place.write(f"{{{{ {found[index]} }}}}" if index in found else place.original)
    proposals = tuple(
        Proposal(found.get(index), near.get(index, ""), place.box) for index, place in enumerate(places)
    )
    leaders = any(not place.box and place.original.strip() for place in places)
    return Annotated(_rewritten(data, root, whole=True), proposals, leaders)


class _Probe:
    """The blank filled with words of ours, and what the reader of labels says of them."""

    def __init__(self, data: bytes, root: etree._Element, places: Sequence[Place], dictionary: Dictionary) -> None:
        self._data = data
        self._root = root
        self._places = places
        self._dictionary = dictionary

    def texts(self) -> dict[int, str]:
        """Place to placeholder: first with plain words, then what is left with dates and numbers where they fit."""
        found = dict(self._asked(probe_word))
        left = {index for index, place in enumerate(self._places) if not place.box} - set(found)
        if left:
            for index, name in self._asked(lambda index: self._shaped(index) if index in left else probe_word(index)):
                if index in left and name not in found.values():
                    found[index] = name
        return found

    def boxes(self) -> dict[int, str]:
        """Place to ``path = option``: the option that appears when this box alone is ticked."""
        found: dict[int, str] = {}
        before = self._read(lambda _: "")
        for index, place in enumerate(self._places):
            if place.box:
                self._fill(lambda _: "")
                place.write(TICKED_BOX)
                after = self._read(None)
                name = newly_ticked(before, after, self._dictionary)
                if name:
                    found[index] = name
        return found

    def _asked(self, word: Callable[[int], str]) -> Iterator[tuple[int, str]]:
        seen: set[str] = set()
        words = {word(index): index for index, place in enumerate(self._places) if not place.box}
        for path, candidate in self._read(word).items():
            field = self._dictionary.fields.get(path)
            if candidate.option is not None or (field is not None and field.kind in _UNASKED):
                continue
            several = [index for text, index in words.items() if _holds(candidate.text, text)]
            if len(several) > 1 and field is not None and field.kind not in (FieldKind.TEXT, FieldKind.LIST):
                continue  # two places under one label: which is its own cannot be told
            for number, index in enumerate(sorted(several), start=1):
                is_list = field is not None and field.kind is FieldKind.LIST and len(several) > 1
                name = f"{path}.{number}" if is_list else path
                if name not in seen:
                    seen.add(name)
                    yield index, name

    def _shaped(self, index: int) -> str:
        place = self._places[index]
        if _BEFORE_DATE.search(words_before(place)):
            return f"{index % 28 + 1:02d}/{index // 28 % 12 + 1:02d}/{2000 + index // 336}"
        return str(300 + index) if _AFTER_NUMBER.search(words_after(place)) else probe_word(index)

    def _fill(self, word: Callable[[int], str]) -> None:
        for index, place in enumerate(self._places):
            place.write(EMPTY_BOX if place.box else word(index))

    def _read(self, word: Callable[[int], str] | None) -> Mapping[str, Candidate]:
        if word is not None:
            self._fill(word)
        return read_labels(docx_stream(_rewritten(self._data, self._root, whole=False)), self._dictionary)


def probe_word(index: int) -> str:
    """A word that no form has, in letters alone: « qzabx »."""
    return f"qz{chr(97 + index // 26 % 26)}{chr(97 + index % 26)}x"


def _holds(text: str, word: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None


def newly_ticked(
    before: Mapping[str, Candidate], after: Mapping[str, Candidate], dictionary: Dictionary
) -> str | None:
    """The « path = option » that ticking one box made appear, if one did."""
    for path, candidate in after.items():
        was = before.get(path)
        fresh = candidate.option and (was is None or was.option != candidate.option)
        if fresh and candidate.option in options_of(path, dictionary):
            return f"{path} = {candidate.option}"
    return None


def _rewritten(data: bytes, root: etree._Element, *, whole: bool) -> bytes:
    """The document with its text replaced; only what is read if not ``whole``."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            if entry.filename == _DOCUMENT:
                content = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
            elif whole or entry.filename.endswith((".xml", ".rels")):
                content = source.read(entry)
            else:
                continue
            target.writestr(zipfile.ZipInfo(entry.filename, _STAMP), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()
