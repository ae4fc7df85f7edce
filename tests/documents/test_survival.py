"""A packet that survives: what Ghostscript, a copier, a scanner and a screen reader make of it."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import people
import pikepdf
import pypdfium2
import pytest
import segno
import zxingcpp
from assembling import document
from pikepdf import Array, Dictionary, Name
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from pipeline.core.decisions import Decisions
from pipeline.core.models import Edition, Form, Record
from pipeline.core.programme import Programme
from pipeline.core.workspace import Workspace
from pipeline.documents.binding.anchors import without_mark
from pipeline.documents.binding.assembly import assemble, settle_piece
from pipeline.documents.binding.font_tags import tag_fonts
from pipeline.documents.binding.pieces import Packet
from pipeline.documents.binding.qr_codes import modules
from pipeline.documents.libreoffice import convert, program, warm_office
from pipeline.documents.packaging import make_packet
from pipeline.documents.proof import page_texts

FORM = Form("ab" * 32, Path("formulaire.pdf"), "formulaire.pdf", people.TODAY)
EDITION = Edition("2024-001", 1)
# As esup-signature runs it (PdfService.normalizePDF), fed by standard input.
GHOSTSCRIPT = (
    *("gs", "-dPDFSTOPONERROR", "-sstdout=%stderr", "-dBATCH", "-dNOPAUSE", "-dPassThroughJPEGImages=true"),
    *("-dNOSAFER", "-sDEVICE=pdfwrite", "-d", "-sOutputFile=-", "-"),
)
DPI = 100
DIFFERENT = 128  # of 255: less is how an edge falls between two pixels
CODES = [people.COORDINATION, people.CNAM]
OWN_TAGS = re.compile(r"[A-Z]{6}\+")


@pytest.fixture(scope="module")
def packets(
    workspace: Workspace, programme: Callable[[str], Programme], checked: Callable[[str, dict[str, Any]], Record]
) -> dict[str, Packet]:
    """One packet of each formation, made once."""
    with warm_office():
        return {
            code: make_packet(
                checked(code, data),
                FORM,
                programme=programme(code),
                workspace=workspace,
                decisions=Decisions(),
                on=people.TODAY,
                edition=EDITION,
            )
            for code, data in ((people.COORDINATION, people.coordination()), (people.CNAM, people.cnam()))
        }


def signed(packet: Packet) -> list[bytes]:
    """The PDFs that are signed, in order: one a signing unit."""
    return [data for name, data in sorted(packet.files.items()) if name.startswith("liasse")]


def through_ghostscript(pdf: bytes) -> bytes:
    """The PDF as esup-signature rewrites it; its complaints fail the test."""
    done = subprocess.run(GHOSTSCRIPT, input=pdf, capture_output=True, check=True)
    assert b"error" not in done.stderr, done.stderr.decode()
    return done.stdout


def differing(one: bytes, other: bytes) -> list[int]:
    """How many pixels differ on each page."""
    pages = [[page.render(scale=DPI / 72).to_numpy().astype(int) for page in _pages(pdf)] for pdf in (one, other)]
    return [int((np.abs(a - b) > DIFFERENT).any(axis=2).sum()) for a, b in zip(*pages, strict=True)]


def _pages(pdf: bytes) -> Iterator[pypdfium2.PdfPage]:
    with pypdfium2.PdfDocument(pdf) as opened:
        yield from opened


def squeezed(pdf: bytes) -> list[str]:
    """The text of each page without its spaces: tools differ on what stands at the end of a line."""
    return ["".join(text.split()) for text in page_texts(pdf)]


def font_names(pdf: pikepdf.Pdf) -> dict[tuple[int, int], set[str]]:
    """The names of each embedded font, by its font file: of the font, of its descendant, of its descriptor."""
    found: dict[tuple[int, int], set[str]] = {}
    for font in pdf.objects:
        if not isinstance(font, Dictionary) or font.get("/Type") != Name.Font:
            continue
        inner = font.DescendantFonts[0] if "/DescendantFonts" in font else font
        descriptor = inner.get("/FontDescriptor", Dictionary())
        for key in ("/FontFile", "/FontFile2", "/FontFile3"):
            if key in descriptor:
                names = {str(font.BaseFont), str(inner.BaseFont), str(descriptor.FontName)}
                found.setdefault(descriptor[key].objgen, set()).update(names)
    return found


@pytest.mark.parametrize("code", CODES)
def test_ghostscript_changes_no_digit(packets: dict[str, Packet], code: str) -> None:
    """esup-signature's last step: not one pixel differs on any page, and the text copied from it is the same."""
    for packet in signed(packets[code]):
        after = through_ghostscript(packet)

        assert set(differing(packet, after)) == {0}
        assert squeezed(after) == squeezed(packet)
    assert "Convention" in squeezed(after)[0]


def test_without_tags_of_their_own_ghostscript_mixes_fonts(packets: dict[str, Packet]) -> None:
    """The test above can fail: with LibreOffice's own names (``BAAAAA+Carlito`` in every piece) pages change."""
    with pikepdf.open(io.BytesIO(packets[people.COORDINATION].files["liasse.pdf"])) as pdf:
        for thing in pdf.objects:
            for key in ("/BaseFont", "/FontName"):
                if isinstance(thing, Dictionary) and key in thing:
                    thing[key] = Name(f"/BAAAAA+{OWN_TAGS.sub('', str(thing[key])[1:])}")
        alike = io.BytesIO()
        pdf.save(alike, object_stream_mode=pikepdf.ObjectStreamMode.generate)

    after = through_ghostscript(alike.getvalue())

    assert sum(differing(alike.getvalue(), after)) > 0 or squeezed(after) != squeezed(alike.getvalue())


@pytest.mark.parametrize("code", CODES)
def test_each_embedded_font_has_a_tag_of_its_own(packets: dict[str, Packet], code: str) -> None:
    """In each PDF: one name a font file, said alike everywhere, and no two files under one name."""
    for name, data in packets[code].files.items():
        if name.endswith(".pdf"):
            with pikepdf.open(io.BytesIO(data)) as pdf:
                names = font_names(pdf)
                said = [next(iter(names[file])) for file in names]

                assert all(len(known) == 1 for known in names.values()), names
                assert len(set(said)) == len(said) >= 2
                assert all(OWN_TAGS.match(font[1:]) for font in said)


def test_fonts_of_any_kind_are_told_apart() -> None:
    """Composite fonts with their CMap, fonts of forms and appearances; equal files share a tag."""
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page()

        def made(kind: str, name: str, program: bytes | None) -> pikepdf.Object:
            descriptor = Dictionary(Type=Name.FontDescriptor, FontName=Name(f"/{name}"))
            if program is not None:
                descriptor.FontFile3 = pdf.make_stream(program)
            inner = Dictionary(Type=Name.Font, Subtype=Name(kind), BaseFont=Name(f"/{name}"))
            inner.FontDescriptor = pdf.make_indirect(descriptor)
            return pdf.make_indirect(inner)

        whole = pdf.make_indirect(
            Dictionary(
                Type=Name.Font,
                Subtype=Name.Type0,
                BaseFont=Name("/BAAAAA+Serif-Identity-H"),
                Encoding=Name("/Identity-H"),
                DescendantFonts=Array([made("/CIDFontType0", "BAAAAA+Serif", b"one")]),
            )
        )
        inside = pdf.make_stream(b"", Type=Name.XObject, Subtype=Name.Form)
        inside.Resources = Dictionary(Font=Dictionary(A=made("/Type1", "BAAAAA+Serif", b"two")))
        look = pdf.make_stream(b"")
        look.Resources = Dictionary(
            Font=Dictionary(A=made("/Type1", "Serif", b"two"), B=made("/Type1", "Helv", None))
        )
        page.Resources = Dictionary(Font=Dictionary(A=whole), XObject=Dictionary(X=inside))
        page.obj.Annots = Array([pdf.make_indirect(Dictionary(Subtype=Name.Widget, AP=Dictionary(N=look)))])

        tag_fonts(pdf)

        inner = whole.DescendantFonts[0]
        drawn, shown, kept = inside.Resources.Font.A, look.Resources.Font.A, look.Resources.Font.B
        assert str(inner.BaseFont) == str(inner.FontDescriptor.FontName) != "/BAAAAA+Serif"
        assert str(whole.BaseFont) == f"{inner.BaseFont}-Identity-H"
        assert drawn.BaseFont == shown.BaseFont != inner.BaseFont
        assert kept.BaseFont == Name.Helv


@pytest.mark.parametrize("code", CODES)
def test_every_sheet_is_known_after_print_and_scan(packets: dict[str, Packet], code: str) -> None:
    """At 150 dpi, skewed, noisy and pressed: the code of each page says dossier, version, packet, page and total."""
    packet = packets[code]
    chance = np.random.default_rng(14)
    number = packet.id[:12]
    units = signed(packet)
    for order, unit in enumerate(units, 1):
        whose = f"{number}-{order}" if len(units) > 1 else number
        said, total = codes_of(unit, chance), len(page_texts(unit))

        assert said == [[f"LIASSE/2024-001/1/{whose.upper()}/{page}/{total}"] for page in range(1, total + 1)]
        for page, text in enumerate(page_texts(unit), 1):
            assert text.splitlines()[-1] == f"Dossier 2024-001, version 1 · Liasse {whose} · p. {page}/{total}"


def codes_of(pdf: bytes, chance: np.random.Generator) -> list[list[str]]:
    """What a decoder reads on each page, printed and scanned."""
    said = []
    for page in _pages(pdf):
        sheet = page.render(scale=150 / 72).to_pil().convert("L").rotate(1.3, expand=True, fillcolor=255)
        grey = np.clip(np.asarray(sheet) * 0.85 + 20 + chance.normal(0, 12, sheet.size[::-1]), 0, 255)
        pressed = io.BytesIO()
        Image.fromarray(grey.astype(np.uint8)).save(pressed, "JPEG", quality=50)
        said += [[found.text for found in zxingcpp.read_barcodes(Image.open(pressed))]]
    return said


@pytest.mark.parametrize("code", CODES)
def test_the_marks_of_the_boxes_are_gone(packets: dict[str, Packet], code: str) -> None:
    """No page and no Word file shows the word that told where to sign; each box is white, and its field is there."""
    packet = packets[code]
    for name, data in packet.files.items():
        if name.endswith(".pdf"):
            assert not [text for text in page_texts(data) if re.search(r"sign\d-", text)], name
        if name.endswith(".docx"):
            with zipfile.ZipFile(io.BytesIO(data)) as word:
                assert not re.search(rb"sign\d-", word.read("word/document.xml")), name
    unit = signed(packet)[-1]
    with pikepdf.open(io.BytesIO(unit)) as pdf:
        pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
        boxes = [(pages[field.P.objgen], [float(one) for one in field.Rect]) for field in pdf.Root.AcroForm.Fields]
    sheets = [page.render(scale=1).to_pil().convert("L") for page in _pages(unit)]
    for number, (x0, y0, x1, y1) in boxes:
        inside = (
            round(x0) + 1,
            sheets[number].height - round(y1) + 1,
            round(x1) - 1,
            sheets[number].height - round(y0) - 1,
        )
        assert sheets[number].crop(inside).getextrema() == (255, 255)


@pytest.mark.parametrize("code", CODES)
def test_a_screen_reader_is_told_everything(packets: dict[str, Packet], code: str) -> None:
    """Language, title, headings, heads of tables with their scope, lists, and each field named and in its cell."""
    packet = packets[code]
    for name, data in packet.files.items():
        if name.endswith(".pdf"):
            with pikepdf.open(io.BytesIO(data)) as pdf:
                assert (pdf.Root.Lang, bool(pdf.Root.ViewerPreferences.DisplayDocTitle)) == ("fr-FR", True)
                assert pdf.Root.MarkInfo.Marked
                assert pdf.docinfo.Title
    with pikepdf.open(io.BytesIO(signed(packet)[-1])) as pdf:
        tree = pdf.Root.StructTreeRoot
        links = {
            int(tree.ParentTree.Nums[n]): tree.ParentTree.Nums[n + 1] for n in range(0, len(tree.ParentTree.Nums), 2)
        }
        elements = list(elements_of(tree.K))
        kinds = {str(tree.RoleMap.get(str(one.S), one.S)) for one in elements}
        heads = [one for one in elements if one.S == Name.TH]
        fields = list(pdf.Root.AcroForm.Fields)

        assert kinds >= {"/H1", "/H2", "/L", "/LI", "/Table", "/TR", "/TH", "/TD", "/P", "/Form"}
        assert {str(scope_of(head)) for head in heads} == {"/Column", "/Row"}
        assert {page.obj.get("/Tabs") for page in pdf.pages if "/Annots" in page.obj} == {Name.S}
        for field in fields:
            form = links[int(field.StructParent)]
            assert str(field.TU).startswith("Signature : ")
            assert Name.Form == form.S
            assert form.K.Obj.objgen == field.objgen
            assert form.P.P.S == Name.TD
        assert len({str(field.TU) for field in fields}) == len(fields)
        assert all(person not in str(field.TU) for field in fields for person in ("LE GOFF", "LEFÈVRE", "NGUYEN"))


def elements_of(kids: Any) -> Iterator[Any]:
    """Every element of a structure tree."""
    for kid in kids if isinstance(kids, Array) else [kids]:
        if isinstance(kid, Dictionary) and "/S" in kid:
            yield kid
            yield from elements_of(kid.get("/K", Array()))


def scope_of(head: Any) -> Any:
    """What a head of a table says it is the head of."""
    said = head.A if isinstance(head.A, Array) else [head.A]
    return next((one.Scope for one in said if "/Scope" in one), None)


def test_tags_weigh_less_than_the_pages(packets: dict[str, Packet], monkeypatch: pytest.MonkeyPatch) -> None:
    """A tagged piece is less than twice the same without tags, as it was written before: objects one by one."""
    docx = packets[people.COORDINATION].files["pieces/04-annexe-3.docx"]
    tagged = packets[people.COORDINATION].files["pieces/04-annexe-3.pdf"]
    monkeypatch.setattr(program, "_EXPORT", program._EXPORT | {"UseTaggedPDF": False})
    with pikepdf.open(io.BytesIO(convert({"annexe": docx})["annexe"])) as pdf:
        plain = io.BytesIO()
        pdf.save(plain, object_stream_mode=pikepdf.ObjectStreamMode.disable)

        assert "/StructTreeRoot" not in pdf.Root
        assert len(tagged) < 2 * len(plain.getvalue())


def test_a_pdf_without_tags_is_read_page_by_page() -> None:
    """A centre's own PDF: each page is one paragraph of the packet's tree, and looks as it did."""
    out = io.BytesIO()
    canvas = Canvas(out)
    for words in ("Référentiel, première page", "Référentiel, seconde page"):
        canvas.drawString(100, 400, words)
        canvas.showPage()
    canvas.save()
    piece = document(out.getvalue(), "Annexe 5")
    bound = assemble((piece,), title="essai", packet_id="0badcafe0bad", on=people.TODAY)

    with pikepdf.open(io.BytesIO(bound)) as pdf:
        tree = pdf.Root.StructTreeRoot
        (part,) = tree.K[0].K
        assert [(str(one.S), int(one.K), one.Pg.objgen) for one in part.K] == [
            ("/P", 0, page.obj.objgen) for page in pdf.pages
        ]
        assert [tree.ParentTree.Nums[2 * n + 1][0].objgen for n in range(2)] == [one.objgen for one in part.K]
        operators = [str(one.operator) for one in pikepdf.parse_content_stream(pdf.pages[0])]
    assert operators.count("BDC") == operators.count("EMC") == 2
    assert [text.splitlines()[0] for text in page_texts(bound)] == [
        "Référentiel, première page",
        "Référentiel, seconde page",
    ]


def test_roles_that_differ_from_piece_to_piece_keep_their_meaning() -> None:
    """« Article » is a heading in one paper and a paragraph in the other: each keeps what it meant there."""
    pieces = []
    for meaning in (Name.H2, Name.P):
        with pikepdf.new() as pdf:
            page = pdf.add_blank_page()
            page.obj.StructParents = 0
            root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
            article = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Article, Pg=page.obj, K=0, P=root))
            root.K = Array([article])
            root.RoleMap = Dictionary(Article=meaning)
            root.ParentTree = pdf.make_indirect(Dictionary(Nums=Array([0, Array([article])])))
            pdf.Root.StructTreeRoot = root
            out = io.BytesIO()
            pdf.save(out)
        pieces.append(document(out.getvalue(), str(meaning)))

    with pikepdf.open(io.BytesIO(assemble(pieces, title="essai", packet_id="0badcafe0bad", on=people.TODAY))) as pdf:
        tree = pdf.Root.StructTreeRoot
        assert [str(tree.RoleMap.get(str(one.S), one.S)) for one in tree.K[0].K] == ["/H2", "/P"]


MARK = "sign1-stagiaire"
CMAP = b"1 beginbfchar <01> <0073> endbfchar 2 beginbfrange <02> <03> <0069> <04> <05> [<006E> <0031>] endbfrange"


@pytest.mark.parametrize(
    ("content", "left"),
    [
        pytest.param(b"q BT /F1 5 Tf (sign1-stagiaire) Tj ET Q", b"q  Q", id="alone"),
        pytest.param(b"BT /F1 5 Tf ET BT [(sign1-)-3(stagiaire)] TJ ET", b"BT /F1 5 Tf ET ", id="font chosen before"),
        pytest.param(b"BT /F1 5 Tf (sign1-) Tj ET 0 g BT (stagiaire) Tj ET", b" 0 g ", id="in two pieces"),
        pytest.param(b"BT /F1 5 Tf <7369676E312D> Tj <7374616769616972 65> Tj ET", b"", id="in hexadecimal"),
        pytest.param(b"BT /F1 5 Tf (Cachet : sign1-stagiaire) Tj ET", None, id="part of a line"),
        pytest.param(b"BT /F1 5 Tf (d2-sign1-stagiaire) Tj ET", None, id="another mark"),
        pytest.param(b"BT /F1 5 Tf (sign1-stagiaires) Tj ET", None, id="a longer word"),
        pytest.param(b"BT /F2 5 Tf (sign1-stagiaire) Tj ET", None, id="another encoding"),
    ],
)
def test_only_a_mark_that_stands_alone_is_taken_off(content: bytes, left: bytes | None) -> None:
    """However it is drawn; the words around it, and other marks, stay on the page."""
    with pikepdf.new() as pdf:
        fonts = Dictionary(F1=Dictionary(), F2=Dictionary(ToUnicode=pdf.make_stream(CMAP)))

        assert without_mark(content, MARK, fonts) == (content if left is None else left)
        assert without_mark(b"BT /F2 5 Tf <010204> Tj ET", "sin", fonts) == b""
        assert without_mark(b"BT /F2 5 Tf [<01> 3 <0305>] TJ ET", "sj1", fonts) == b""


def test_a_mark_is_looked_for_where_it_is_tagged() -> None:
    """The same word elsewhere on the page is somebody's text."""
    said = b"/P <</MCID 0>>BDC BT (sign1-stagiaire) Tj ET EMC /P <</MCID 1>> BDC BT (sign1-stagiaire) Tj ET EMC"

    left = without_mark(said, MARK, Dictionary(), tag=1)

    assert left == b"/P <</MCID 0>>BDC BT (sign1-stagiaire) Tj ET EMC /P <</MCID 1>> BDC  EMC"


@pytest.mark.parametrize("head", ["LIASSE/2024-014/1/1A2B3C4D5E6F/", "LIASSE/2025-1014/12/0BADCAFE0BAD-2/", "", "L/"])
def test_codes_are_those_of_the_norm(head: str) -> None:
    """Added up of three, module by module the one that segno makes, whatever the page."""
    for tail in ("1/1", "5/17", "10/12", "123/456"):
        made = segno.make(f"{head}{tail}", error="m", mode="alphanumeric", mask=3, micro=False, boost_error=False)

        assert modules(f"{head}{tail}").rows() == ["".join(map(str, row)) for row in made.matrix]


def test_a_settled_piece_has_lost_its_mark_and_nothing_else() -> None:
    """The word of its box is gone, what is written beside it stays."""
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.rect(100, 500, 200, 80)
    canvas.drawString(110, 520, MARK)
    canvas.drawString(110, 560, "Signature")
    canvas.showPage()
    canvas.save()

    assert page_texts(settle_piece(out.getvalue(), title="essai", on=people.TODAY)) == [f"{MARK}\r\nSignature"]
    assert page_texts(document(out.getvalue(), "essai", [MARK]).pdf) == ["Signature"]
