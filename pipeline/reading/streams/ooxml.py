"""WordprocessingML helpers: the names that the walk needs, how a run looks, a document with other parts."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, replace

from lxml import etree

from pipeline.core.doubts import Doubt
from pipeline.sandbox.untrusted_xml import parse_xml

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
VALUE = f"{W}val"
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
PRINTED = {f"{W}br": "\n", f"{W}cr": "\n", f"{W}tab": "\t", f"{W}noBreakHyphen": "-", f"{W}ptab": "\t"}
REFERENCES = {
    f"{W}commentReference": "comment",
    f"{W}footnoteReference": "footnote",
    f"{W}endnoteReference": "endnote",
}
_NOTE_PARTS = ("word/comments.xml", "word/footnotes.xml", "word/endnotes.xml")
Notes = Mapping[tuple[str, str], str]  # kind and number of a note to its text
_STAMP = (1980, 1, 1, 0, 0, 0)  # the same document gives the same bytes
_STRUCK = frozenset({"strike", "dstrike"})
_EMPHASIS = {
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
    """What surrounds a character: its control's ``name``, ``copy`` and ``box`` state, and how it is printed."""

    name: str | None = None
    copy: int = 0
    prompt: bool = False
    box: bool | None = None
    font: str = ""
    struck: bool = False
    hidden: bool = False
    emphasis: str = ""
    doubt: Doubt | None = None
    size: float = 10.0  # points


def is_true(value: str | None) -> bool:
    """An OOXML switch: present without a value is on."""
    return (value or "true").lower() not in _FALSE


def style_of(run: etree._Element, style: RunStyle) -> RunStyle:
    """The look of a run inside ``style``."""
    properties = run.find(f"{W}rPr")
    if properties is None:
        return style
    on = {str(one.tag).removeprefix(W) for one in properties if is_true(one.get(VALUE))}
    return replace(
        style,
        font=font_of(properties),
        struck=bool(on & _STRUCK),
        hidden="vanish" in on,
        emphasis=next((french for name, french in _EMPHASIS.items() if name in on), ""),
        size=size_of(properties) or style.size,
    )


def note_texts(parts: Mapping[str, bytes]) -> Notes:
    """The comments, footnotes and endnotes of a document; raises FormRejected for a part that is not XML."""
    trees = [parse_xml(parts[name]) for name in _NOTE_PARTS if name in parts]
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


def size_of(properties: etree._Element | None) -> float | None:
    """The height of letters in points that run properties say, if they do; the file counts half points."""
    found = properties.find(f"{W}sz") if properties is not None else None
    value = found.get(VALUE) if found is not None else None
    return int(value) / 2 if value is not None and value.isdigit() else None


def usual_size(styles: etree._Element | None) -> float:
    """The height of letters where runs say nothing: the « Normal » style's, the document's, or that of Word."""
    if styles is None:
        return RunStyle.size
    normal = next((style for style in styles.iter(f"{W}style") if style.get(f"{W}styleId") == "Normal"), None)
    own = size_of(normal.find(f"{W}rPr")) if normal is not None else None
    return own or size_of(styles.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")) or RunStyle.size
