"""What the Word layouts are drawn with: the ink of one copy, and pieces of WordprocessingML."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from docx import Document
from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph
from layout_people import Person

ANNOTATED = "annotated"
_MIDNIGHT = (1980, 1, 1, 0, 0, 0)
_NS = nsdecls("w")


@dataclass
class Ink:
    """One copy being drawn: annotated (``{{ path }}``), blank, or filled by a person; remembers what it asked."""

    person: Person | None = None
    annotated: bool = False
    asked: list[str] = field(default_factory=list)

    def text(self, path: str, empty: str = "") -> str:
        """What stands in the slot of this path."""
        self._ask(path)
        if self.annotated:
            return f"{{{{ {path} }}}}"
        return (self.person.typed.get(path) if self.person else None) or empty

    def ticked(self, path: str, option: str) -> bool:
        """Whether the person ticks this option."""
        self._ask(path)
        value = self.person.truth.get(path) if self.person else None
        return option == ({True: "oui", False: "non"}[value] if isinstance(value, bool) else value)

    def box(self, path: str, option: str, on: str = "☒", off: str = "☐") -> str:
        """The tick box of an option, as a character."""
        mark = on if self.ticked(path, option) else off
        return f"{{{{ {path} = {option} }}}}" if self.annotated else mark

    def truth(self) -> dict[str, Any]:
        """Every path this layout asked, with what the person meant; ``douteux`` lists what must be asked again."""
        truth = {path: self.person.truth.get(path) for path in self.asked} if self.person else {}
        doubtful = [path for path in self.person.doubtful if path in truth] if self.person else []
        if "gratification.montant" in truth and _says_unit(self.person):
            truth.setdefault("gratification.unite", self.person.truth.get("gratification.unite"))
        return truth | ({"douteux": doubtful} if doubtful else {})

    def _ask(self, path: str) -> None:
        if path not in self.asked:
            self.asked.append(path)


def _says_unit(person: Person) -> bool:
    typed = person.typed.get("gratification.montant", "")
    return "/" in typed or "par" in typed


def new_document(font: str, size: float, margins: float) -> WordDocument:
    """An empty A4 document without the thumbnails of the python-docx model; ``margins`` in centimetres."""
    document = Document()
    _lighten(document)
    style = document.styles["Normal"]
    style.font.name, style.font.size = font, Pt(size)
    style.paragraph_format.space_after = Pt(0)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(margins)
    section.top_margin = section.bottom_margin = Cm(margins)
    return document


def _lighten(document: WordDocument) -> None:
    for rels in (document.part.rels, document.part.package.rels):
        for key, rel in list(rels.items()):
            if rel.reltype.rsplit("/", 1)[-1] in {"stylesWithEffects", "customXml", "thumbnail"}:
                del rels[key]


def save_docx(document: WordDocument, path: Path) -> None:
    """Write with fixed dates, so that the same drawing gives the same bytes."""
    buffer = io.BytesIO()
    document.save(buffer)
    with zipfile.ZipFile(buffer) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new:
        for name in old.namelist():
            info = zipfile.ZipInfo(name, _MIDNIGHT)
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, old.read(name))


def append(paragraph: Paragraph, xml: str) -> None:
    """Add raw elements to a paragraph; ``xml`` is written with the w: prefix, several in a row allowed."""
    for element in parse_xml(f"<w:p {_NS}>{xml}</w:p>"):
        paragraph._p.append(element)


def escaped(text: str) -> str:
    """Text fit for XML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def run_xml(text: str, properties: str = "") -> str:
    """A run; line ends become w:br."""
    body = "<w:br/>".join(f'<w:t xml:space="preserve">{escaped(part)}</w:t>' for part in text.split("\n"))
    return f"<w:r><w:rPr>{properties}</w:rPr>{body}</w:r>"


def symbol_xml(*, on: bool) -> str:
    """A Wingdings box typed from Insert > Symbol: F0FE ticked, F0A8 not."""
    return f'<w:r><w:sym w:font="Wingdings" w:char="{"F0FE" if on else "F0A8"}"/></w:r>'


def legacy_text_xml(name: str, value: str) -> str:
    """A legacy text field (Developer > Legacy forms); empty ones show five en spaces, as Word leaves them."""
    shown = value or "\u2002" * 5
    half = len(shown) // 2 if len(shown) > 9 else len(shown)
    runs = run_xml(shown[:half]) + (run_xml(shown[half:]) if shown[half:] else "")
    data = f'<w:ffData><w:name w:val="{name}"/><w:enabled/><w:calcOnExit w:val="0"/><w:textInput/></w:ffData>'
    return _field(data, " FORMTEXT ", runs)


def legacy_box_xml(name: str, *, on: bool) -> str:
    """A legacy tick box."""
    checked = "<w:checked/>" if on else ""
    box = f'<w:checkBox><w:sizeAuto/><w:default w:val="0"/>{checked}</w:checkBox>'
    return _field(
        f'<w:ffData><w:name w:val="{name}"/><w:enabled/><w:calcOnExit w:val="0"/>{box}</w:ffData>',
        " FORMCHECKBOX ",
        "",
    )


def _field(data: str, code: str, runs: str) -> str:
    return (
        f'<w:r><w:fldChar w:fldCharType="begin">{data}</w:fldChar></w:r>'
        f'<w:r><w:instrText xml:space="preserve">{code}</w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{runs}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def control_xml(tag: str, value: str, prompt: str) -> str:
    """A content control inside a sentence; without a value it shows its grey prompt (showingPlcHdr)."""
    hint = "" if value else "<w:showingPlcHdr/>"
    shown = run_xml(value) if value else run_xml(prompt, '<w:color w:val="808080"/>')
    return (
        f'<w:sdt><w:sdtPr><w:alias w:val="{escaped(tag)}"/><w:tag w:val="{escaped(tag)}"/>{hint}<w:text/></w:sdtPr>'
        f"<w:sdtContent>{shown}</w:sdtContent></w:sdt>"
    )


def shade(cell: Any, colour: str) -> None:
    """Background of a table cell."""
    cell._tc.get_or_add_tcPr().append(parse_xml(f'<w:shd {_NS} w:val="clear" w:color="auto" w:fill="{colour}"/>'))
