"""Word page set-up of our own form: paper, type, properties, foot; and the file without the time of its zipping."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import Any

from docx.oxml import parse_xml
from docx.shared import Mm, Pt

from pipeline.forms.blank import Blank
from pipeline.forms.drawing.word_controls import NAMESPACES, Look, run
from pipeline.forms.drawing.word_tables import TWIPS
from pipeline.forms.paper_notices import TITLES

_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_EPOCH = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


def set_up(document: Any, blank: Blank) -> None:  # noqa: ANN401 -- python-docx ships no types
    """PaperForm, margins, type, properties and foot of an empty document."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(12.7)
    section.top_margin, section.bottom_margin, section.footer_distance = Mm(11), Mm(14), Mm(7)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(9.5)
    normal.paragraph_format.space_after = normal.paragraph_format.space_before = Pt(0)
    normal.element.get_or_add_rPr().append(parse_xml(f'<w:lang {NAMESPACES} w:val="fr-FR"/>'))
    core = document.core_properties
    core.title = f"{TITLES[blank.paper]} – {blank.formation.settings['intitule_court']}, {blank.session.annee}"
    core.author, core.keywords, core.language, core.comments = "liasse", blank.mark, "fr-FR", ""
    core.created = core.modified = _EPOCH
    paragraph = section.footer.paragraphs[0]._p  # noqa: SLF001 -- fields and tabs need XML
    paragraph.getparent().replace(paragraph, parse_xml(_footer(blank)))


def _footer(blank: Blank) -> str:
    look = Look(14, "6B7684")
    fields = "/".join(
        f'<w:fldSimple w:instr="{name}">{run("1", look)}</w:fldSimple>' for name in ("PAGE", "NUMPAGES")
    ).replace("/<w:fldSimple", f"{run('/', look)}<w:fldSimple")
    return (
        f'<w:p {NAMESPACES}><w:pPr><w:tabs><w:tab w:val="clear" w:pos="4513"/><w:tab w:val="clear" w:pos="9026"/>'
        f'<w:tab w:val="right" w:pos="{TWIPS}"/></w:tabs></w:pPr>{run(blank.mark, look)}'
        f"<w:r><w:tab/></w:r>{run('Page ', look)}{fields}</w:p>"
    )


def settled(docx: bytes) -> bytes:
    """The same parts in the same order, without the time at which they were zipped."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            target.writestr(zipfile.ZipInfo(entry.filename, _ZIP_DATE), source.read(entry), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
