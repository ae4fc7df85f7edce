"""A PDF that comes whole is bound as it looks: nothing in it acts, has no end, or breaks the binding."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from by_value import ByValue
from pikepdf import Array, Dictionary, Name, Object, Page, Pdf, Stream

from pipeline.core.errors import ConversionError, FormRejected
from pipeline.documents import own_pdfs
from pipeline.documents.binding.elements import elements_of
from pipeline.documents.binding.pdfa_drawing import everything
from pipeline.documents.own_pdfs import inert_pdf, try_binding
from pipeline.documents.proof import page_texts
from pipeline.sandbox.attachments import open_attachment
from pipeline.sandbox.inert import inert

Change = Callable[[Pdf, Page], None]
WORDS = "Droits du stagiaire"
_ACTING = (
    "/AA",
    "/AF",
    "/JS",
    "/EF",
    "/URI",
    "/OpenAction",
    "/Names",
    "/Outlines",
    "/Annots",
    "/Ref",
    "/OPI",
    "/Dests",
)


def made(change: Change) -> bytes:
    """A page of words, changed."""
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(595, 842))
        font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
        page.obj.Resources = Dictionary(Font=Dictionary(F=font), XObject=Dictionary())
        page.obj.Contents = pdf.make_stream(f"BT /F 14 Tf 60 700 Td ({WORDS}) Tj ET".encode())
        change(pdf, page)
        out = io.BytesIO()
        pdf.save(out, fix_metadata_version=False)
    return out.getvalue()


def acting(data: bytes) -> list[str]:
    """The keys of anything that acts, wherever a PDF holds them."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        things = list(everything(pdf.trailer))
        keys = [key for thing in things for key in _ACTING if key in thing]
        kept = [str(thing.Type) for thing in things if str(thing.get("/Type")) in ("/Action", "/Filespec", "/Annot")]
        lying = [b"MZ" in thing.read_raw_bytes() or "/F" in thing for thing in things if isinstance(thing, Stream)]
    return keys + kept + ["stream"] * any(lying)


def everywhere(pdf: Pdf, page: Page) -> None:
    """A script, a program and links in every place that leads to one."""
    script = pdf.make_indirect(Dictionary(Type=Name.Action, S=Name.JavaScript, JS="app.alert(1)"))
    start = Dictionary(S=Name.Launch, F="calc.exe")
    program = pdf.make_stream(b"MZ a program")
    file = pdf.make_indirect(Dictionary(Type=Name.Filespec, F="a.exe", EF=Dictionary(F=program)))
    outlines = pdf.make_indirect(Dictionary(Type=Name.Outlines, Count=1))
    outlines.First = outlines.Last = pdf.make_indirect(Dictionary(Title="Lire", Parent=outlines, A=script))
    pdf.Root.Outlines, pdf.Root.OpenAction, pdf.Root.AF = outlines, script, Array([file])
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array(["a", script])))
    pdf.Root.AA = Dictionary(WC=script)
    pdf.Root.PageMode = Name.UseAttachments
    page.obj.AF, page.obj.AA = Array([file]), Dictionary(O=start)
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], F=4, A=Dictionary(S=Name.URI, URI="x:"))
    page.obj.Annots = Array([link])
    form = drawing(pdf, AF=Array([file]), PieceInfo=Dictionary(X=program), Ref=Dictionary(F=file), OPI=Dictionary())
    elsewhere = pdf.make_stream(b"q Q", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9], F=file)
    page.obj.Resources.XObject = Dictionary(A=form, B=elsewhere, C=file, AA=drawing(pdf))
    page.obj.Resources.Properties = Dictionary(P=Dictionary(AF=Array([file])), Q=script)
    page.obj.Resources.Font["/G"] = Dictionary(
        Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Courier, Encoding=script
    )
    element = pdf.make_indirect(
        Dictionary(Type=Name.StructElem, S=Name.P, Pg=page.obj, K=0, A=script, AF=Array([file]))
    )
    element.K = Array([0, Dictionary(Type=Name.OBJR, Obj=link, Pg=page.obj)])
    tags(pdf, page, element)


def drawing(pdf: Pdf, **more: Any) -> Stream:
    """A drawing that pages draw by its name."""
    return pdf.make_stream(b"q Q", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9], **more)


def tags(pdf: Pdf, page: Page, element: Object, links: Object | None = None) -> None:
    """The structure tree of the page: that element."""
    tree = Dictionary(Nums=Array([0, Array([element])])) if links is None else links
    pdf.Root.StructTreeRoot = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot, K=element, ParentTree=tree))
    pdf.Root.MarkInfo = Dictionary(Marked=True)
    page.obj.StructParents = 0


def test_nothing_that_acts_is_left_of_a_joined_file_nor_of_a_centre_s_own(tmp_path: Path) -> None:
    """Scripts, programs, links and attached files go wherever they stand; the words stay, and so the name « AA »."""
    data = made(everywhere)
    (tmp_path / "fiche.pdf").write_bytes(data)
    joined = open_attachment(
        tmp_path / "fiche.pdf", partial(try_binding, title="Fiche", pdfa=False), own_pdfs.get_ready
    )

    assert len(set(acting(data))) > 8
    for kept in (joined.pdf, inert_pdf(data, "Référentiel")):
        assert [key for key in acting(kept) if key != "/AA"] == []
        assert page_texts(kept) == [WORDS]
        with pikepdf.open(io.BytesIO(kept)) as pdf:
            assert set(pdf.Root.keys()) <= {"/Type", "/Pages", "/StructTreeRoot", "/MarkInfo"}
            assert set(pdf.pages[0].Resources.XObject.keys()) == {"/A", "/B", "/AA"}


def bites_its_tail(pdf: Pdf, page: Page) -> None:
    """An element that is its own child."""
    element = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.P))
    element.K = Array([element])
    tags(pdf, page, element)


def links_without_end(pdf: Pdf, page: Page) -> None:
    """A number tree that is its own child."""
    element = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.P, K=0))
    node = pdf.make_indirect(Dictionary())
    node.Kids = Array([node])
    tags(pdf, page, element, node)


def draws_itself(pdf: Pdf, page: Page) -> None:
    """A drawing whose resources are the page's, which are in each other, and a colour made of itself."""
    form = drawing(pdf)
    resources = pdf.make_indirect(page.obj.Resources)
    resources.XObject["/X"] = form
    form.Resources = resources
    colour = pdf.make_indirect(Array([Name.Indexed]))
    colour.append(colour)
    resources.ColorSpace = Dictionary(C=colour)
    page.obj.Resources = resources


def outlines_in_a_ring(pdf: Pdf, page: Page) -> None:
    """A bookmark that follows itself."""
    one = pdf.make_indirect(Dictionary(Title="Encore", Dest=Array([page.obj, Name.Fit])))
    one.Next = one.Prev = one.First = one.Last = one.Parent = one
    pdf.Root.Outlines = pdf.make_indirect(Dictionary(First=one, Last=one, Count=2_000_000_000))


def unfolds(pdf: Pdf, _: Page) -> None:
    """XMP and a colour profile that are short, and twenty megabytes once they are unpacked."""
    bomb = pdf.make_stream(b" " * 20_000_000)
    pdf.Root.Metadata = bomb
    pdf.Root.OutputIntents = Array([Dictionary(S=Name.GTS_PDFA1, DestOutputProfile=bomb)])


def on_page(key: str, value: Any) -> Change:
    """A page that says this of itself."""

    def change(_: Pdf, page: Page) -> None:
        page.obj[key] = value

    return change


def on_root(key: str, value: Any) -> Change:
    """A file that says this of itself."""

    def change(pdf: Pdf, _: Page) -> None:
        pdf.Root[key] = value

    return change


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(bites_its_tail, id="tags bite their tail"),
        pytest.param(links_without_end, id="links of tags without end"),
        pytest.param(draws_itself, id="drawing draws itself"),
        pytest.param(outlines_in_a_ring, id="bookmarks in a ring"),
        pytest.param(unfolds, id="XMP that unfolds"),
        pytest.param(on_page("/Resources", 5), id="resources: a number"),
        pytest.param(on_page("/Resources", Dictionary(Font=Array([1]))), id="fonts: a list"),
        pytest.param(
            on_page("/Resources", Dictionary(Font=Dictionary(F=Dictionary(BaseFont=1)))), id="font: a number"
        ),
        pytest.param(
            on_page(
                "/Resources", Dictionary(Font=Dictionary(F=Dictionary(Subtype=Name.Type0, DescendantFonts=Array())))
            ),
            id="font: no descendant",
        ),
        pytest.param(on_page("/Rotate", Name.X), id="turned by a name"),
        pytest.param(on_page("/Rotate", 45), id="turned askew"),
        pytest.param(on_page("/CropBox", Array([0, 0, 0, 0])), id="cropped to nothing"),
        pytest.param(on_page("/Contents", Array([1, 2])), id="content: numbers"),
        pytest.param(on_page("/StructParents", Name.X), id="tags: a name"),
        pytest.param(on_root("/StructTreeRoot", Dictionary(K=5, ParentTree=Name.X)), id="tags: a number"),
        pytest.param(on_root("/OutputIntents", 5), id="colours: a number"),
        pytest.param(on_root("/Metadata", 5), id="XMP: a number"),
        pytest.param(on_root("/AcroForm", 5), id="form: a number"),
        pytest.param(on_root("/OCProperties", 5), id="layers: a number"),
    ],
)
def test_what_is_made_inert_can_be_bound(change: Change) -> None:
    """Loops and wrong types: the page is kept, without them, and no step of the binding hangs or crashes on it."""
    data = made(change)
    for kept in (inert(data), inert_pdf(data, "Référentiel")):
        try_binding(kept, "Fiche", pdfa=False)
        assert len(pypdfium2.PdfDocument(kept)) == 1
        with pikepdf.open(io.BytesIO(kept)) as pdf:
            assert "/Metadata" not in pdf.Root
            assert "/OutputIntents" not in pdf.Root


def deep(pdf: Pdf, page: Page) -> None:
    """A drawing in a drawing, two thousand deep."""
    form = drawing(pdf)
    for _ in range(2_000):
        form = drawing(pdf, Resources=Dictionary(XObject=Dictionary(X=form)))
    page.obj.Resources.XObject["/X"] = form


def hidden_layer(pdf: Pdf, _: Page) -> None:
    """A layer that is not shown."""
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name="Caché"))
    pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer])))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param(on_page("/MediaBox", Array([0, 0, 1e9, 1e9])), "PDF_FEUILLE", id="a page of 350 km"),
        pytest.param(on_page("/UserUnit", 1_000), "PDF_FEUILLE", id="points of a thousand"),
        pytest.param(deep, "PDF_SANS_FIN", id="drawings two thousand deep"),
        pytest.param(hidden_layer, "PDF_CALQUES", id="a hidden layer"),
    ],
)
def test_what_cannot_be_kept_as_it_looks_is_refused(change: Change, reason: str) -> None:
    """With its reason, from whoever it comes."""
    data = made(change)
    with pytest.raises(FormRejected) as refused:
        inert(data)
    with pytest.raises(ConversionError, match=f"Référentiel.*{reason}"):
        inert_pdf(data, "Référentiel")

    assert refused.value.reason == reason


def test_the_sound_tags_of_a_centre_s_own_pdf_are_kept() -> None:
    """A heading and what it says of itself, on its page, told by its mark."""

    def titled(pdf: Pdf, page: Page) -> None:
        element = Dictionary(Type=Name.StructElem, S=Name.H1, Pg=page.obj, K=0, Alt="Titre")
        tags(pdf, page, pdf.make_indirect(element))

    with pikepdf.open(io.BytesIO(inert_pdf(made(titled), "Référentiel"))) as pdf:
        (element,) = elements_of(pdf.Root.StructTreeRoot.K)
        assert (str(element.S), str(element.Alt), int(element.K[0])) == ("/H1", "Titre", 0)
        assert element.Pg.objgen == pdf.pages[0].obj.objgen
        assert pdf.Root.StructTreeRoot.ParentTree.Nums[1][0].objgen == element.objgen


def test_a_tree_that_bites_its_tail_is_walked_once() -> None:
    """Also by who walks it without having it made inert."""
    with pikepdf.open(io.BytesIO(made(bites_its_tail))) as pdf:
        assert len(list(elements_of([pdf.Root.StructTreeRoot.K]))) == 1


def test_what_cannot_be_bound_is_refused_in_the_jail(tmp_path: Path) -> None:
    """Whatever a trial raises refuses the file, and goes no further."""
    (tmp_path / "fiche.pdf").write_bytes(made(lambda *_: None))

    def fails(_: bytes) -> None:
        raise ZeroDivisionError

    with pytest.raises(FormRejected, match="n’a pas pu aller au bout"):
        open_attachment(tmp_path / "fiche.pdf", ByValue(fails), own_pdfs.get_ready)
