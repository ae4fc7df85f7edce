"""Word blank annotation by probing: the label reader itself says which field each place answers.

Every place is filled with a word of its own, the form is read by its labels, and the word that comes out under a
field tells where its place is; boxes are ticked one at a time. So a proposal is what the second reader will see.

Places are content controls, legacy fields, runs of dots or underscores, tab leaders, empty cells, the end of a label
that a colon closes; and every tick box, whatever it is made of.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from pipeline.core.fields import Dictionary, FieldKind
from pipeline.core.sequences import grouped
from pipeline.forms.layouts import IGNORED_TABLE, options_of
from pipeline.forms.values.lines import DATED
from pipeline.reading.candidates import Candidate
from pipeline.reading.labels.label_reader import read_labels
from pipeline.reading.streams.docx import docx_stream
from pipeline.reading.streams.ooxml import LEFT_OUT, W, with_parts, xml_bytes
from pipeline.sandbox.gates import open_docx
from pipeline.sandbox.untrusted_xml import parse_xml
from pipeline.teaching.answer_marks import (
    EMPTY_BOX,
    MARK,
    SPACE,
    TICKED_BOX,
    mark_cell,
    mark_controls,
    mark_label,
    mark_legacy_fields,
    mark_paragraph,
    mark_symbols,
)
from pipeline.teaching.place_names import apart

_DOCUMENT = "word/document.xml"
_BEFORE_DATE = re.compile(r"(?:\bdu|\bau|\ble|\bau plus tard le|\bdate\b[^:]*:)\s*$", re.IGNORECASE)
_AFTER_NUMBER = re.compile(r"^\s*(?:heures?\b|h\b|par semaine|€|euros?\b)", re.IGNORECASE)
_SEVERAL = (None, FieldKind.TEXT, FieldKind.LIST)  # kinds whose answer may stand in several places


@dataclass(frozen=True)
class Proposal:
    """Proposed placeholder of a place (``None``: nobody knows), with the printed words that stand by it."""

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
    probe = Probe(data, root, places, dictionary)
    found = surnames_apart({**probe.texts(), **probe.boxes()})
    for index, place in enumerate(places):
        place.write(f"{{{{ {found[index]} }}}}" if index in found else place.original)
    grids = _grids(places, set(found))
    proposals = tuple(
        Proposal(found.get(index), near.get(index, "") + grids.get(index, ""), place.box)
        for index, place in enumerate(places)
        if index not in grids or grids[index]
    )
    leaders = any(not place.box and place.original.strip() for place in places)
    return Annotated(with_parts(data, {_DOCUMENT: xml_bytes(root)}), proposals, leaders)


@dataclass(frozen=True)
class Probe:
    """Probe of a blank: filled with words of ours, and what the reader of labels says of them."""

    _data: bytes
    _root: etree._Element
    _places: Sequence[Place]
    _dictionary: Dictionary

    def texts(self) -> dict[int, str]:
        """Place to placeholder: first with plain words, then what is left with dates and numbers where they fit."""
        found = self._asked(probe_word)
        left = {index for index, place in enumerate(self._places) if not place.box} - set(found)
        if left:
            shaped = self._asked(lambda index: self._shaped(index) if index in left else probe_word(index))
            for index, name in shaped.items():
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
                if name := newly_ticked(before, self._read(None), self._dictionary):
                    found[index] = name
        return found

    def _asked(self, word: Callable[[int], str]) -> dict[int, str]:
        """Place to the placeholder under which its word comes out; a placeholder is of one place only."""
        found: dict[str, int] = {}
        words = {word(index): index for index, place in enumerate(self._places) if not place.box}
        for path, candidate in self._read(word).items():
            several = sorted(index for text, index in words.items() if _holds(candidate.text, text))
            for index, name in self._named(path, candidate, several):
                found.setdefault(name, index)
        return {index: name for name, index in found.items()}

    def _named(self, path: str, candidate: Candidate, places: Sequence[int]) -> Iterator[tuple[int, str]]:
        """The placeholder of each of these places, found under one label; none where they cannot be told apart."""
        field = self._dictionary.fields.get(path)
        kind = field.kind if field is not None else None
        if candidate.option is None and kind not in DATED and (len(places) < 2 or kind in _SEVERAL):
            numbered = kind is FieldKind.LIST and len(places) > 1
            for number, index in enumerate(places, start=1):
                yield index, f"{path}.{number}" if numbered else path

    def _shaped(self, index: int) -> str:
        place = self._places[index]
        before, after = words_around(place)
        if _BEFORE_DATE.search(before):
            return f"{index % 28 + 1:02d}/{index // 28 % 12 + 1:02d}/{2000 + index // 336}"
        return str(300 + index) if _AFTER_NUMBER.search(after) else probe_word(index)

    def _fill(self, word: Callable[[int], str]) -> None:
        for index, place in enumerate(self._places):
            place.write(EMPTY_BOX if place.box else word(index))

    def _read(self, word: Callable[[int], str] | None) -> Mapping[str, Candidate]:
        if word is not None:
            self._fill(word)
        made = with_parts(self._data, {_DOCUMENT: xml_bytes(self._root)}, whole=False)
        return read_labels(docx_stream(open_docx(made)), self._dictionary)


def probe_word(index: int) -> str:
    """A word that no form has, in letters alone: « qzabx »."""
    return f"qz{chr(97 + index // 26 % 26)}{chr(97 + index % 26)}x"


def _holds(text: str, word: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None


def surnames_apart(found: Mapping[int, str]) -> dict[int, str]:
    """The same proposals, where a whole name beside a given name of its own is the surname."""
    return {index: path for index, path in zip(found, apart(list(found.values())), strict=True) if path}


def newly_ticked(
    before: Mapping[str, Candidate], after: Mapping[str, Candidate], dictionary: Dictionary
) -> str | None:
    """The « path = option » that ticking one box made appear, if one did."""
    options = {path: candidate.option for path, candidate in after.items() if candidate.option}
    fresh = {path: one for path, one in options.items() if path not in before or before[path].option != one}
    names = (f"{path} = {one}" for path, one in fresh.items() if one in options_of(path, dictionary))
    return next(names, None)


_GRID = 6  # places of one table from which it is a grid, asked about once
_NEAR = 45  # characters of context shown to people


@dataclass
class Place:
    """Rewritable piece of text. ``original`` is what it was; ``box`` for a tick box."""

    node: etree._Element
    original: str
    box: bool

    def write(self, text: str) -> None:
        """Put a text in the place."""
        self.node.text = text
        self.node.set(SPACE, "preserve")


def places_of(root: etree._Element, *, drawn_only: bool = False) -> list[Place]:
    """Every place of the document, in order; the tree is changed so that each can be written in.

    ``drawn_only``: an empty cell or the end of a label is none, as in a text that is not a form.
    """
    mark_controls(root)
    mark_legacy_fields(root)
    mark_symbols(root)
    for paragraph in list(root.iter(f"{W}p")):
        mark_paragraph(paragraph)
    if drawn_only:
        return list(_collect(root))
    for cell in list(root.iter(f"{W}tc")):
        mark_cell(cell)
    for paragraph in list(root.iter(f"{W}p")):
        mark_label(paragraph)
    return list(_collect(root))


def context_of(places: list[Place], root: etree._Element) -> dict[int, str]:
    """Index of each place to the words printed just before it (just after it, for a tick box)."""
    nodes = {id(place.node): index for index, place in enumerate(places)}
    texts = list(_printed(root))
    near: dict[int, str] = {}
    for at, (node, _) in enumerate(texts):
        index = nodes.get(id(node))
        if index is None:
            continue
        if places[index].box:
            near[index] = " ".join(_after_box(texts[at + 1 : at + 8], nodes).split())[:_NEAR]
        else:
            before = "".join(text for other, text in texts[max(at - 12, 0) : at] if id(other) not in nodes)
            near[index] = " ".join(before.split())[-_NEAR:]
    return near


def _after_box(texts: Sequence[tuple[etree._Element, str]], nodes: Collection[int]) -> str:
    """What a tick box stands before: the words of its line, or the line after it, to the next place."""
    said = ""
    for node, text in texts:
        if id(node) in nodes or (text.startswith("\n") and said.strip()):
            break
        said += text
    return said


def _printed(root: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    """Each text of the document with what sets it apart from the one before: a line, a tab."""
    gap = ""
    paragraph: etree._Element | None = None
    for node in root.iter(f"{W}t", f"{W}tab", f"{W}br"):
        if node.tag != f"{W}t":
            gap = gap or " "
        elif not any(str(around.tag) in LEFT_OUT for around in node.iterancestors()):
            own = next(node.iterancestors(f"{W}p"), None)
            yield node, ("\n" if own is not paragraph else gap) + (node.text or "")
            gap, paragraph = "", own


def _grids(places: Sequence[Place], known: Collection[int]) -> dict[int, str]:
    """What is said of each place of a table in which none is known: the first one speaks for all of them."""
    tables = grouped(
        (table, index)
        for index, place in enumerate(places)
        if (table := next(place.node.iterancestors(f"{W}tbl"), None)) is not None
    )
    folded: dict[int, str] = {}
    for held in tables.values():
        if len(held) >= _GRID and not set(held) & set(known):
            folded |= dict.fromkeys(held, "")
            folded[held[0]] = f" (tableau de {len(held)} cases : {{{{ {IGNORED_TABLE} }}}} s’il ne sert pas)"
    return folded


def words_around(place: Place) -> tuple[str, str]:
    """The text of the paragraph before a place, and after it."""
    paragraph = next(place.node.iterancestors(f"{W}p"))
    nodes = list(paragraph.iter(f"{W}t"))
    at = nodes.index(place.node)
    before, after = ("".join(node.text or "" for node in part) for part in (nodes[:at], nodes[at + 1 :]))
    return before, after


def _words(root: etree._Element) -> Iterator[etree._Element]:
    for node in root.iter(f"{W}t"):
        if not any(str(around.tag) in LEFT_OUT for around in node.iterancestors()):
            yield node


def _collect(root: etree._Element) -> Iterator[Place]:
    for node in _words(root):
        if node.get(MARK) is not None:
            del node.attrib[MARK]
            yield Place(node, node.text or "", node.text == EMPTY_BOX)
