"""Word templates made on purpose, one for each thing that docxtpl can do."""

from __future__ import annotations

import io
import random
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import filling_kit
from docx.document import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


PNG = b"\x89PNG\r\n\x1a\n" + b"".join(
    (
        _chunk(b"IHDR", struct.pack(">IIBBBBB", 2, 2, 8, 2, 0, 0, 0)),
        _chunk(b"IDAT", zlib.compress(b"\0" + b"\xff\0\0" * 2 + b"\0" + b"\0\0\xff" * 2)),
        _chunk(b"IEND", b""),
    )
)


def context_for(chance: random.Random) -> dict[str, Any]:
    """Random values under the names that these templates print."""
    lines = [
        {
            "nom": filling_kit.text(chance),
            "note": filling_kit.text(chance),
            "oui": chance.random() < 0.5,
            "sous": [filling_kit.text(chance) for _ in range(chance.randrange(3))],
        }
        for _ in range(chance.randrange(15))
    ]
    return {
        "nom": filling_kit.text(chance),
        "autre": filling_kit.text(chance),
        "vide": "",
        "peut_etre": chance.choice([None, "dit"]),
        "oui": chance.random() < 0.5,
        "non": chance.random() < 0.5,
        "nombre": chance.randrange(1, 5),
        "couleur": chance.choice(["FF0000", "00FF00"]),
        "un": {"deux": {"trois": filling_kit.text(chance)}},
        "lignes": lines,
        "colonnes": [filling_kit.text(chance) for _ in range(chance.randrange(1, 6))],
        "rien": [],
    }


def make(folder: Path, name: str, text: str = "{{ nom }}") -> Path:
    """The template of that name, written into the folder; ``text`` goes where it has room for one."""
    document = docx.Document()
    (MADE | _OTHERS)[name](document, text)
    path = folder / f"{name}.docx"
    document.save(str(path))
    return path


def _paragraphs(document: Document, text: str) -> None:
    for line in (
        text,
        "Avant {{ nom }} après {{ autre }}.",
        "{{ vide }}",
        "{{ un.deux.trois }}|{{ nombre }}|{{ oui }}",
        "{{ nom|upper }} {{ colonnes|join(', ') }} {{ nom|default('x') }} {{ lignes|length }}",
        "{% if oui %}oui {{ nom }}{% elif non %}peut-être{% else %}non{% endif %}{# rien #}",
        "{% set x = nom %}{{ x }}",
        "« {{ ‘mot’ }} »",
        "a < b & c {{ '<' }} {_{ nom }_} {_% x %_}",
        "{% if peut_etre %}{{ peut_etre }}{% endif %}{{ 'x' if oui else \"y\" }}",
        "{% for l in lignes %}{{ loop.index }} {{ l.nom }}{% if not loop.last %}, {% endif %}{% endfor %}",
        "{% with y = nom %}{{ y }}{% endwith %}\tavec une tabulation\net une ligne",
    ):
        document.add_paragraph(line)


def _loops(document: Document, _: str) -> None:
    for line in (
        "{%p for l in lignes %}",
        "{{ l.nom }}",
        "{%p if l.oui %}",
        "Note : {{ l.note }}",
        "{%p endif %}",
        "{%p endfor %}",
        "{%p for l in rien %}",
        "{{ l.nom }}",
        "{%p else %}",
        "aucune",
        "{%p endfor %}",
        "{#p rien #}",
        "Fin {{ nom }}",
    ):
        document.add_paragraph(line, style="List Bullet" if "nom" in line else None)


def _runs(document: Document, _: str) -> None:
    paragraph = document.add_paragraph("Début {% if oui %}")
    paragraph.add_run("gras {{ nom }}").bold = True
    paragraph.add_run(" puis {% else %}")
    paragraph.add_run("italique").italic = True
    paragraph.add_run("{% endif %} fin {{ au")
    paragraph.add_run("tre }} coupé").bold = True
    other = document.add_paragraph()
    for piece in ("{%r for l in lignes %}", "{{ l.nom }}", "{%r endfor %}", " après ", "{{ nom }}"):
        other.add_run(piece).bold = True
    third = document.add_paragraph("{% for l in lignes %}un ")
    third.add_run("{{ l.nom }}").bold = True
    third.add_run(" deux{% endfor %}")


def _merging(document: Document, _: str) -> None:
    for line in (
        "Avec {{ nom }}",
        "{%- if oui %}",
        " collé",
        "{%- endif %}",
        "{% if non -%}",
        " à la suite ",
        "{%- endif %}",
    ):
        document.add_paragraph(line)


def _table(document: Document, rows: list[list[str]], columns: int | None = None) -> Any:
    table = document.add_table(rows=0, cols=columns or max(map(len, rows)))
    for row in rows:
        cells = table.add_row().cells
        for cell, text in zip(cells, row, strict=False):
            cell.text = text
    return table


def _rows(document: Document, _: str) -> None:
    _table(
        document,
        [
            ["Nom", "Note", "Plus"],
            ["{%tr for l in lignes %}", "", ""],
            ["{{ l.nom }}", "{% if l.oui %}{{ l.note }}{% endif %}", "{{ nom }}"],
            ["{%tr endfor %}", "", ""],
            ["{%tr if oui %}", "", ""],
            ["{{ autre }}", "", ""],
            ["{%tr endif %}", "", ""],
        ],
    )
    table = _table(document, [["{{ nom }}", "{{ autre }}"]])
    inner = table.cell(0, 0).add_table(1, 2)
    inner.cell(0, 0).text = "{{ nom }}"


def _only_rows(document: Document, _: str) -> None:
    _table(document, [["{%tr for l in lignes %}", ""], ["{{ l.nom }}", "{{ l.note }}"], ["{%tr endfor %}", ""]])
    document.add_paragraph("{%p if oui %}")
    _table(document, [["{%tr if non %}", ""], ["{{ nom }}", "fin"], ["{%tr endif %}", ""]])
    document.add_paragraph("{%p endif %}")


def _narrow_rows(document: Document, _: str) -> None:
    table = _table(
        document, [["Titre"], ["{%tr for l in lignes %}"], ["{{ l.nom }}", "b", "c"], ["{%tr endfor %}"]], 3
    )
    for cell in table.rows[0]._tr.findall(qn("w:tc"))[1:]:
        table.rows[0]._tr.remove(cell)


def _columns(document: Document, _: str) -> None:
    _table(
        document,
        [
            ["Titre", "{%tc for c in colonnes %}", "{{ c }}", "{%tc endfor %}"],
            ["Valeur", "{%tc for c in colonnes %}", "{{ nom }}", "{%tc endfor %}"],
        ],
    )
    _table(
        document,
        [["{%tr for l in lignes %}"], ["{%tc if l.oui %}", "{{ l.nom }}", "{%tc endif %}", "x"], ["{%tr endfor %}"]],
    )


def _spans(document: Document, _: str) -> None:
    _table(document, [["{% colspan nombre %}{{ nom }}", "b"], ["{% colspan 2 %}c", "d"]], 3)


def _shades(document: Document, _: str) -> None:
    _table(
        document,
        [
            ["{% cellbg couleur %}{{ nom }}", "b"],
            ["{%tr for l in lignes %}", ""],
            ["{{ l.nom }}", "{% cellbg couleur %}{{ l.note }}"],
            ["{%tr endfor %}", ""],
        ],
    )


def _vertical(document: Document, _: str) -> None:
    _table(document, [["{%tr for l in lignes %}", ""], ["{% vm %}{{ nom }}", "{{ l.nom }}"], ["{%tr endfor %}", ""]])


def _horizontal(document: Document, _: str) -> None:
    _table(document, [["{%tc for c in colonnes %}", "{% hm %}{{ nom }}", "{%tc endfor %}"], ["a", "b", "c"]])


def _headers(document: Document, text: str) -> None:
    document.add_paragraph("{{ nom }}")
    section = document.sections[0]
    section.different_first_page_header_footer = True
    section.header.paragraphs[0].text = f"{{% if oui %}}{{{{ autre }}}}{{% endif %}} {text}"
    section.first_page_header.paragraphs[0].text = "{{ nom }}\tpage"
    section.footer.paragraphs[0].text = "{%p if non %}"
    for line in ("{{ nom }}", "{%p endif %}", "Pied"):
        section.footer.add_paragraph(line)
    section.first_page_footer.paragraphs[0].add_run(" ").bold = True
    document.add_section()
    other = document.sections[1].header
    other.is_linked_to_previous = False
    other.paragraphs[0].add_run().add_picture(io.BytesIO(PNG))
    other.add_paragraph("{{ un.deux.trois }}")


def _footnotes(document: Document, _: str) -> None:
    document.add_paragraph("{{ autre }}")
    document.add_section()
    texts = ("{{ nom }} &lt;", "{% if oui %}é{% endif %}", "{% for c in colonnes %}{{ c }} {% endfor %}")
    notes = "".join(
        f'<w:footnote w:id="{number}"><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:footnote>'
        for number, text in enumerate(texts, 1)
    )
    blob = f"<?xml version='1.0' encoding='UTF-8'?>\n<w:footnotes xmlns:w=\"{W}\">\n{notes}\n</w:footnotes>\n"
    package = document.part.package
    part = Part(PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, blob.encode(), package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)


def _properties(document: Document, _: str) -> None:
    document.add_paragraph("{{ autre }}")
    properties = document.core_properties
    properties.subject, properties.author = "{{ nom }} & {{ autre }}", "L’auteur <de rien>"
    properties.title, properties.comments = "{{ nom }} titre", "{# rien #}"
    properties.keywords = "{{ pas_rendu }}"


def _pictures(document: Document, _: str) -> None:
    document.add_picture(io.BytesIO(PNG))
    document.add_paragraph("{%p for l in lignes %}")
    document.add_picture(io.BytesIO(PNG))
    for element in document.element.body.iter(qn("wp:docPr")):
        element.set("descr", "{{ nom }}")
    document.add_paragraph("{%p endfor %}")
    document.add_picture(io.BytesIO(PNG))


def _attributes(document: Document, _: str) -> None:
    paragraph = document.add_paragraph("{{ nom }}")
    centred = OxmlElement("w:jc")
    centred.set(qn("w:val"), "{% if oui %}center{% else %}left{% endif %}")
    paragraph._p.get_or_add_pPr().append(centred)
    paragraph.add_run("{{ autre }}")


def _blocks(document: Document, _: str) -> None:
    for line in (
        "{% macro gras(x) %}[{{ x }}]{% endmacro %}{{ gras(nom) }}",
        "{% set bloc %}{{ nom }} & {{ autre }}{% endset %}{{ bloc }}",
        "{% raw %}{{ tel quel }}{% endraw %}",
        "{% filter upper %}{{ nom }}{% endfilter %}",
        "{% for l in lignes recursive %}{{ l.nom }}{% endfor %}",
        "{% autoescape true %}{{ nom }}{% endautoescape %}",
    ):
        document.add_paragraph(line)


def _crossing(document: Document, _: str) -> None:
    document.add_paragraph("{% if oui %}un {{ nom }}")
    document.add_paragraph("deux{% endif %} trois")
    _table(document, [["{% if non %}a", "b{% endif %}", "c"]])
    document.add_paragraph("{{ autre }}")


def _hyperlinks(document: Document, _: str) -> None:
    paragraph = document.add_paragraph("Voir ")
    link = OxmlElement("w:hyperlink")
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "{{ nom }}"
    run.append(text)
    link.append(run)
    paragraph._p.append(link)


def _without_properties(document: Document, _: str) -> None:
    document.add_paragraph("{{ nom }}")
    package = document.part.package
    document.core_properties  # noqa: B018 -- made if missing, to be taken away
    for name in [name for name, rel in package.rels.items() if rel.reltype == RELATIONSHIP_TYPE.CORE_PROPERTIES]:
        del package.rels[name]


def _rich(document: Document, _: str) -> None:
    for line in ("{{r riche }}", "{{ liste }}", "{{ image }}", "{{ nom }}"):
        document.add_paragraph(line)


def _text_in_header(document: Document, text: str) -> None:
    document.sections[0].header.paragraphs[0].text = text


MADE: dict[str, Callable[[Document, str], None]] = {
    "paragraphs": _paragraphs,
    "loops": _loops,
    "runs": _runs,
    "merging": _merging,
    "rows": _rows,
    "only rows": _only_rows,
    "narrow rows": _narrow_rows,
    "columns": _columns,
    "spans": _spans,
    "shades": _shades,
    "vertical": _vertical,
    "horizontal": _horizontal,
    "headers": _headers,
    "footnotes": _footnotes,
    "properties": _properties,
    "pictures": _pictures,
    "attributes": _attributes,
    "blocks": _blocks,
    "crossing": _crossing,
    "hyperlinks": _hyperlinks,
    "without properties": _without_properties,
}
_OTHERS: dict[str, Callable[[Document, str], None]] = {
    "rich": _rich,
    "text in the body": lambda document, text: document.add_paragraph(text),
    "text in the header": _text_in_header,
}
