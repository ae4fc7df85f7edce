"""WordprocessingML helpers: the names that the walk needs, how a run looks, a document with other parts."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lxml import etree

from pipeline.core.doubts import Doubt
from pipeline.reading.streams.colours import RGB, WHITE

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
VALUE = f"{W}val"
MOST_STYLES = 100  # that one is based on, one on the other: Word itself lets ten be, LibreOffice some more
LEFT_OUT = frozenset(
    {
        f"{W}del",
        f"{W}moveFrom",
        f"{W}pPr",
        f"{W}rPr",
        f"{W}tblPr",
        f"{W}trPr",
        f"{W}tcPr",
        f"{W}sectPr",
        f"{W}tblGrid",
        f"{W}sdtPr",
        f"{W}sdtEndPr",
        f"{MC}Fallback",
        f"{W}delText",
        f"{W}delInstrText",
    }
)
DELETED = frozenset({f"{W}del", f"{W}moveFrom"})
INSERTED = frozenset({f"{W}ins", f"{W}moveTo"})
MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
PRINTED = {f"{W}br": "\n", f"{W}cr": "\n", f"{W}tab": "\t", f"{W}noBreakHyphen": "-", f"{W}ptab": "\t"}
REFERENCES = {
    f"{W}commentReference": "comment",
    f"{W}footnoteReference": "footnote",
    f"{W}endnoteReference": "endnote",
}
Notes = Mapping[tuple[str, str], str]  # kind and number of a note to its text
_STAMP = (1980, 1, 1, 0, 0, 0)  # the same document gives the same bytes
STRUCK = frozenset({"strike", "dstrike"})
EMPHASIS = {
    "strike": "barré",
    "dstrike": "barré",
    "highlight": "surligné",
    "u": "souligné",
    "bdr": "encadré",
    "b": "gras",
}
_FALSE = frozenset({"0", "false", "off", "none"})


@dataclass(frozen=True)
class RunStyle:
    """What surrounds a character: its control's ``name``, ``copy`` and ``box`` state, and how it is printed.

    ``unseen`` says in French why nobody sees it. ``ground`` is the colour behind it, ``levels`` what the styles of
    its table and paragraph say of runs (in OpenDocument ``carried``: what is said around it), ``line`` the height in
    points that its line or row was set to, ``room`` that of its row, ``width`` that of its cell. ``floating``: it
    stands in a text box or a frame; ``turned``: its letters are written from right to left.
    """

    name: str | None = None
    copy: int = 0
    prompt: bool = False
    box: bool | None = None
    font: str = ""
    struck: bool = False
    unseen: str = ""
    emphasis: str = ""
    doubt: Doubt | None = None
    size: float = 10.0  # points
    ground: RGB = WHITE
    levels: tuple[Mapping[str, etree._Element], ...] = ()
    carried: tuple[tuple[str, str], ...] = ()
    line: float | None = None
    room: float | None = None
    width: float | None = None
    floating: bool = False
    turned: bool = False
    raised: bool = False


def is_true(value: str | None) -> bool:
    """An OOXML switch: present without a value is on."""
    return (value or "true").lower() not in _FALSE


def number_of(element: etree._Element | None, name: str = VALUE) -> float | None:
    """The number that an attribute of an element says, as it is counted there; ``None`` if it says none."""
    try:
        return float((element.get(name) or "").removesuffix("pt").removesuffix("%")) if element is not None else None
    except ValueError:
        return None


def note_texts(trees: Iterable[etree._Element]) -> Notes:
    """The comments, footnotes and endnotes that these parts hold."""
    return {
        (kind, note.get(f"{W}id") or ""): text_in(note)
        for kind in REFERENCES.values()
        for tree in trees
        for note in tree.iter(f"{W}{kind}")
    }


def checkbox_state(control: etree._Element) -> bool | None:
    """Whether a content control that is a check box is ticked; ``None`` for any other."""
    box = control.find(f"{W}sdtPr/{W14}checkbox")
    state = box.find(f"{W14}checked") if box is not None else None
    return (state is not None and is_true(state.get(f"{W14}val"))) if box is not None else None


def is_unchosen(control: etree._Element, written: str) -> bool:
    """Whether a drop-down list or a combo box shows the entry that stands for no choice: Word gives it no value."""
    entries = control.iterfind(f"{W}sdtPr/*/{W}listItem")
    shown = {entry.get(f"{W}displayText") for entry in entries if not entry.get(f"{W}value")}
    return written.strip() in {text.strip() for text in shown if text}


def text_in(element: etree._Element) -> str:
    """All the text inside an element, without breaks."""
    return "".join(text.text or "" for text in element.iter(f"{W}t"))


def deleted_text(element: etree._Element) -> str:
    """All the text inside an element, deleted text too."""
    return "".join(text.text or "" for text in element.iter(f"{W}t", f"{W}delText"))


def font_of(properties: etree._Element | None) -> str:
    """The name of the font that run properties say; empty if they say none."""
    fonts = properties.find(f"{W}rFonts") if properties is not None else None
    return (fonts.get(f"{W}ascii") or fonts.get(f"{W}hAnsi") or "") if fonts is not None else ""


def with_parts(data: bytes, changed: Mapping[str, bytes], *, whole: bool = True) -> bytes:
    """A document with these parts in place of its own; without pictures and the like if it need not be ``whole``."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            if whole or entry.filename.endswith((".xml", ".rels")):
                content = changed.get(entry.filename) or source.read(entry)
                target.writestr(zipfile.ZipInfo(entry.filename, _STAMP), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def xml_bytes(root: etree._Element) -> bytes:
    """A tree as an XML part."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
