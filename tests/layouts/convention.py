"""Layout 5: a convention of several pages with the answers inside sentences, header, footer and a text box."""

from __future__ import annotations

import re
from pathlib import Path

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.shared import Pt
from docx.text.paragraph import Paragraph
from word_kit import Ink, append, control_xml, new_document, run_xml

TOML = """version = "2025-09"
titre = "Convention relative à la formation en milieu professionnel"
formations = ["cnam-lp-insertion", "coordination-essms"]
pointilles = true
dates = "jour-mois"
"""
TEXT = (Path(__file__).parent / "convention.txt").read_text(encoding="utf-8")
_PROMPT = "Cliquez ou appuyez ici pour entrer du texte."
_LEADERS = "………………………………"
# [path] is a run, [path!] a content control, [path=option] a tick box.
_SLOT = re.compile(r"\[([a-z_.]+)(!|=[a-z]+)?\]")
_SPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "v": "urn:schemas-microsoft-com:vml",
    }.items()
)
_WIDTH, _HEIGHT = 5_600_000, 330_000  # EMU


def draw(ink: Ink, text: str | None = None) -> Document:
    """One copy of the convention, or of the convention of that text."""
    document = new_document("Cambria", 12, 2.5)
    section = document.sections[0]
    section.header.paragraphs[0].text = "École supérieure de l’Exemple – Service de la professionnalisation"
    _numbered(section.footer.paragraphs[0])
    for line in (text or TEXT).splitlines():
        _line(document, ink, line)
    return document


def _line(document: Document, ink: Ink, line: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_after, paragraph.paragraph_format.line_spacing = Pt(8), 1.2
    mark, _, text = line.partition(" ")
    if mark in {"#", "="}:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.add_run(text).font.size = Pt(14 if mark == "#" else 11)
    elif mark == "##":
        paragraph.paragraph_format.keep_with_next = True
        paragraph.add_run(text).bold = True
    elif mark == "%":
        paragraph._p.append(parse_xml(_text_box(_sentence(ink, text))))
        paragraph.paragraph_format.space_after = Pt(12)
    else:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY if "   " not in line else WD_ALIGN_PARAGRAPH.LEFT
        append(paragraph, _sentence(ink, line))


def _sentence(ink: Ink, line: str) -> str:
    xml, position = "", 0
    for slot in _SLOT.finditer(line):
        xml += run_xml(line[position : slot.start()])
        path, kind = slot.groups()
        if kind is None:
            xml += run_xml(ink.text(path, _LEADERS).replace("\n", " ; "))
        elif kind == "!":
            xml += control_xml(path.rsplit(".", 1)[-1], ink.text(path).replace("\n", " ; "), _PROMPT)
        else:
            xml += run_xml(ink.box(path, kind[1:]))
        position = slot.end()
    return xml + run_xml(line[position:])


def _text_box(runs: str) -> str:
    """A framed text box the way Word saves it: the drawing, and the same text again for old readers."""
    inner = f"<w:txbxContent><w:p>{runs}</w:p></w:txbxContent>"
    drawing = (
        f'<w:drawing><wp:inline><wp:extent cx="{_WIDTH}" cy="{_HEIGHT}"/><wp:docPr id="7" name="Zone de texte 7"/>'
        '<a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp>'
        '<wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/>'
        f'<a:ext cx="{_WIDTH}" cy="{_HEIGHT}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        '<a:ln w="9525"><a:solidFill><a:srgbClr val="000000"/></a:solidFill></a:ln></wps:spPr>'
        f"<wps:txbx>{inner}</wps:txbx><wps:bodyPr/></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing>"
    )
    old = f'<w:pict><v:shape style="width:441pt;height:26pt"><v:textbox>{inner}</v:textbox></v:shape></w:pict>'
    return (
        f'<w:r {_SPACES}><mc:AlternateContent><mc:Choice Requires="wps">{drawing}</mc:Choice>'
        f"<mc:Fallback>{old}</mc:Fallback></mc:AlternateContent></w:r>"
    )


def _numbered(paragraph: Paragraph) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    append(
        paragraph,
        run_xml("Convention de stage – page ")
        + '<w:fldSimple w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple>'
        + run_xml(" sur ")
        + '<w:fldSimple w:instr="NUMPAGES"><w:r><w:t>3</w:t></w:r></w:fldSimple>',
    )
