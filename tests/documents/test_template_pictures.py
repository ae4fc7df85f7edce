"""Pictures, the logo and sub-documents that a template names: in its papers, the right size, with nothing lost."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import people
import pytest
import template_kit
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docxtpl import DocxTemplate, RichText
from lxml import etree

from pipeline.core.errors import TemplateError
from pipeline.core.formation import load_formation
from pipeline.core.programme import Programme
from pipeline.core.workspace import SCHOOL, Workspace
from pipeline.documents.filling import fill
from pipeline.documents.filling.composing import nearby, template_sha256
from pipeline.documents.libreoffice import convert
from pipeline.documents.printable import Picture
from pipeline.documents.proof import page_texts

_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
House = Callable[[str], Programme]


def extents(data: bytes) -> list[tuple[float, float]]:
    """The size of each picture of the body and of the headers, in points."""
    found: list[tuple[float, float]] = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if name.startswith("word/") and name.endswith(".xml") and name.count("/") == 1:
                sizes = etree.fromstring(archive.read(name)).iter(f"{_WP}extent")
                found += [(int(one.get("cx", "0")) / 12700, int(one.get("cy", "0")) / 12700) for one in sizes]
    return found


def context(logo: bytes | None = None) -> dict[str, object]:
    """What these templates print."""
    return {"nom": "Zoé", "etablissement": {"logo": Picture(logo) if logo else None}}


def test_the_logo_fills_its_frame(tmp_path: Path) -> None:
    """In a cell of 4 × 2 cm, in a header, alone in a paragraph: as large as the place, its proportions kept."""
    document = docx.Document()
    cell = document.add_table(rows=1, cols=1).cell(0, 0)
    cell.paragraphs[0].add_run("{{ etablisse")
    cell.paragraphs[0].add_run("ment.logo }}")
    properties = cell._tc.get_or_add_tcPr()
    properties.insert(0, parse_xml(f'<w:tcW {nsdecls("w")} w:w="2268" w:type="dxa"/>'))
    for old in properties.findall(properties[0].tag)[1:]:
        properties.remove(old)
    document.add_paragraph("Avant {{ etablissement.logo }} après {{ nom }}")
    document.sections[0].header.paragraphs[0].text = "{{ etablissement.logo }}"
    document.save(str(tmp_path / "essai.docx"))

    with_logo = fill(tmp_path / "essai.docx", context(template_kit.picture(300, 100)), title="Essai")
    without = fill(tmp_path / "essai.docx", context(), title="Essai")

    sizes = sorted((round(wide), round(high)) for wide, high in extents(with_logo.docx))
    assert sizes == [(102, 34), (102, 34), (103, 34)]  # 120 × 34 at a head of paper; 113,4 - 10,8 in the cell
    assert with_logo.own_logo
    assert docx.Document(io.BytesIO(with_logo.docx)).element.xml.count('distL="0"') == 2
    assert extents(without.docx) == []
    text = page_texts(convert({"a": with_logo.docx})["a"])[0]
    assert "Avant" in text
    assert "après Zoé" in text
    assert "{{" not in text


def test_each_formation_may_have_its_logo(own_workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """The formation's own before the school's; one that is no picture is not printed."""
    monkeypatch.delenv(SCHOOL)
    own_workspace.school.mkdir()
    (own_workspace.school / "logo.png").write_bytes(template_kit.picture(300, 100))
    (own_workspace.school / people.CNAM).mkdir()
    own = own_workspace.school / people.CNAM / "logo.png"
    own.write_bytes(template_kit.picture(50, 50))

    logos = {code: load_formation(own_workspace, code).logo for code in (people.CNAM, people.COORDINATION)}

    assert logos == {people.CNAM: own.read_bytes(), people.COORDINATION: template_kit.picture(300, 100)}


def test_a_picture_beside_the_template_is_put_in(tmp_path: Path) -> None:
    """Beside it or in ``commun/``, of the width that is said; it has words for who does not see it."""
    (tmp_path / "ecole").mkdir()
    (tmp_path / "commun").mkdir()
    (tmp_path / "ecole" / "tampon-ecole.png").write_bytes(template_kit.picture(200, 200))
    (tmp_path / "commun" / "carte.jpg").write_bytes(template_kit.picture(100, 50))
    path = template_kit.write(
        tmp_path / "ecole" / "essai.docx",
        'Ici {{ image("tampon-ecole.png", 20) }}',
        "{{ image(“carte.jpg”) }} {{ nom }}",
    )
    before = template_sha256(path.read_bytes(), nearby(path))

    filled = fill(path, context(), title="Essai")

    assert [round(wide) for wide, _ in extents(filled.docx)] == [57, 100]
    assert 'descr="tampon ecole"' in docx.Document(io.BytesIO(filled.docx)).element.xml
    assert fill(path, context(), title="Essai") == filled
    (tmp_path / "commun" / "carte.jpg").write_bytes(template_kit.picture(100, 51))
    assert template_sha256(path.read_bytes(), nearby(path)) != before  # so that the packet has another id


def test_a_school_s_own_template_finds_what_the_product_s_named(
    own_workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that an update moved to the school's folder: its pictures lie where they lay; the school's go first."""
    monkeypatch.delenv(SCHOOL, raising=False)
    shipped, own = own_workspace.templates / "commun" / "tampon.png", own_workspace.school / "commun" / "tampon.png"
    shipped.write_bytes(template_kit.picture(100, 50))
    (own_workspace.school / "ecole").mkdir(parents=True)
    path = template_kit.write(own_workspace.school / "ecole" / "essai.docx", '{{ image("tampon.png") }} {{ nom }}')
    beside = own_workspace.beside(path)

    filled = fill(path, context(), title="Essai", beside=beside)
    assert [round(wide) for wide, _ in extents(filled.docx)] == [100]
    before = template_sha256(path.read_bytes(), beside)
    own.parent.mkdir()
    own.write_bytes(template_kit.picture(60, 50))
    filled = fill(path, context(), title="Essai", beside=beside)
    assert [round(wide) for wide, _ in extents(filled.docx)] == [60]
    assert template_sha256(path.read_bytes(), beside) != before


def test_a_sub_document_comes_with_its_pictures_lists_links_and_fields(tmp_path: Path) -> None:
    """What is pasted from another file keeps its styles, its list, its link, its picture; its fields are filled."""
    clauses = docx.Document()
    clauses.styles.add_style("Clause maison", 1).font.bold = True
    clauses.add_paragraph("Clause pour {{ nom }}", style="Clause maison")
    clauses.add_paragraph("un", style="List Bullet")
    clauses.add_picture(io.BytesIO(template_kit.picture()))
    link = clauses.part.relate_to("https://example.org/reglement", RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    text = f'<w:hyperlink {nsdecls("w", "r")} r:id="{link}"><w:r><w:t>le règlement</w:t></w:r></w:hyperlink>'
    clauses.add_paragraph("Voir ")._p.append(parse_xml(text))
    (tmp_path / "ecole").mkdir()
    clauses.save(str(tmp_path / "ecole" / "clauses.docx"))
    path = template_kit.write(tmp_path / "ecole" / "essai.docx", "Avant", '{{p document("clauses.docx") }}', "Après")

    filled = fill(path, context(), title="Essai")

    found = docx.Document(io.BytesIO(filled.docx))
    words = [one.text for one in found.paragraphs]
    assert words[1:4] == ["Avant", "Clause pour Zoé", "un"]
    assert words[-1] == "Après"
    assert filled.printed == ("Zoé",)
    assert next(one for one in found.paragraphs if "Clause" in one.text).style.name == "Clause maison"
    assert "https://example.org/reglement" in [one.target_ref for one in found.part.rels.values() if one.is_external]
    embedded = [one for one in found.part.rels.values() if one.reltype == RELATIONSHIP_TYPE.IMAGE]
    assert [one.target_part.blob for one in embedded] == [template_kit.picture()]
    assert "le règlement" in page_texts(convert({"a": filled.docx})["a"])[0]


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ('{{ image("absente.png") }}', "« absente.png » n’est ni dans ecole/ ni dans commun/"),
        ("{{ image(tampon) }}", "écrivez entre guillemets le nom d’un fichier"),
        ('{{ image("../secret.png") }}', "écrivez entre guillemets le nom d’un fichier"),
        ('{{ image("faux.png") }}', "n’est pas une image PNG ou JPEG"),
        ('{{p document("faux.docx") }}', "ne s’ouvre pas comme un document Word"),
        ('avec {{p document("faux.docx") }}', "doit être seul dans son paragraphe"),
    ],
)
def test_what_cannot_be_put_in_is_told(programme: House, tmp_path: Path, written: str, told: str) -> None:
    """The check and the packet both refuse it, naming the file."""
    path = template_kit.write(tmp_path / "ecole" / "essai.docx", written)
    for name in ("faux.png", "faux.docx"):
        (tmp_path / "ecole" / name).write_bytes(b"rien")

    (fault,) = template_kit.tried(path, programme(people.CNAM))[0].faults
    with pytest.raises(TemplateError) as refused:
        fill(path, context(), title="Essai")

    assert told in fault
    assert told in str(refused.value)


def test_a_link_or_picture_that_the_document_lacks_is_refused(tmp_path: Path) -> None:
    """A rich text made for another document names a relation of that one: an error, not a dead link."""
    path = template_kit.write(tmp_path / "essai.docx", "{{r nom }}")
    other = DocxTemplate(str(path))
    link = RichText("le site", url_id=other.build_url_id("https://example.org"))

    with pytest.raises(TemplateError, match="une image ou un lien que le document n’a pas"):
        fill(path, {"nom": link}, title="Essai")
