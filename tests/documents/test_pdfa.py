"""PDF/A-2b by its clauses: a packet made to be archived breaks none, and each planted fault is named."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import people
import pikepdf
import pytest
from assembling import document
from pikepdf import Array, Dictionary, Name, Pdf
from reportlab.lib.colors import CMYKColor
from reportlab.pdfgen.canvas import Canvas

from pipeline.core.decisions import Decisions
from pipeline.core.errors import ConversionError
from pipeline.core.models import Record
from pipeline.core.programme import Programme
from pipeline.core.workspace import Workspace
from pipeline.documents.binding.assembly import assemble, settle_piece
from pipeline.documents.binding.pdfa import faults_of
from pipeline.documents.drafts import draft_pieces, packet_pieces
from pipeline.documents.libreoffice import convert
from pipeline.documents.sources import source_of

Plant = Callable[[Pdf], None]


@pytest.fixture(scope="module")
def archived(
    workspace: Workspace, programme: Callable[[str], Programme], checked: Callable[[str, dict[str, Any]], Record]
) -> bytes:
    """A packet of one signed paper, PDF/A-2b, straight out of our chain."""
    record, house = checked(people.CNAM, people.cnam()), programme(people.CNAM)
    pieces = packet_pieces(record, house)
    sources = [source_of(piece, workspace, Decisions()) for piece in pieces]
    _, drafts = draft_pieces(pieces, sources, record, house, number="0", on=people.TODAY)
    draft = next(one for one in drafts if one.signing)
    assert draft.filled
    pdf = convert({"paper": draft.filled.docx}, pdfa=True)["paper"]
    piece = document(pdf, draft.title, [party["ancre"] for party in draft.signing], pdfa=True)
    return assemble((piece,), title="Liasse", packet_id="0badcafe0bad", on=people.TODAY, pdfa=True)


def planted(data: bytes, plant: Plant) -> bytes:
    """The same file with one fault, otherwise written as before."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        plant(pdf)
        out = io.BytesIO()
        pdf.save(
            out,
            fix_metadata_version=False,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
        )
    return out.getvalue()


def fonts(pdf: Pdf) -> list[Any]:
    """The fonts of the first page."""
    return list(pdf.pages[0].resources.Font.values())


def state(**entries: Any) -> Plant:
    """A graphics state of the first page that says so."""

    def plant(pdf: Pdf) -> None:
        pdf.pages[0].resources.ExtGState = Dictionary(Planted=Dictionary(Type=Name.ExtGState, **entries))

    return plant


def field(**entries: Any) -> Plant:
    """The first signature field with other entries; ``None`` takes one away."""

    def plant(pdf: Pdf) -> None:
        for name, value in entries.items():
            if value is None:
                del pdf.Root.AcroForm.Fields[0][f"/{name}"]
            else:
                pdf.Root.AcroForm.Fields[0][f"/{name}"] = value

    return plant


def root(**entries: Any) -> Plant:
    """The catalogue with other entries; ``None`` takes one away."""

    def plant(pdf: Pdf) -> None:
        for name, value in entries.items():
            if value is None:
                del pdf.Root[f"/{name}"]
            else:
                pdf.Root[f"/{name}"] = value

    return plant


def drawn(operators: bytes) -> Plant:
    """Something more drawn on the first page."""
    return lambda pdf: pdf.pages[0].contents_add(operators)


def picture(**entries: Any) -> Plant:
    """A picture on the first page."""

    def plant(pdf: Pdf) -> None:
        image = pdf.make_stream(b"\0", Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1, BitsPerComponent=8)
        for name, value in entries.items():
            image[f"/{name}"] = value
        pdf.pages[0].resources.XObject = Dictionary(Planted=image)

    return plant


def unembed(pdf: Pdf) -> None:
    """One font left out of the file."""
    del fonts(pdf)[0].FontDescriptor.FontFile2


def call_otherwise(pdf: Pdf) -> None:
    """One font under two names."""
    fonts(pdf)[0].FontDescriptor.FontName = Name("/AAAAAA+Autre")


def encode_symbols(pdf: Pdf) -> None:
    """A symbolic font with an encoding: the one of our own marks."""
    next(font for font in fonts(pdf) if int(font.FontDescriptor.Flags) & 4).Encoding = Name.WinAnsiEncoding


def forget_encoding(pdf: Pdf) -> None:
    """A font of letters without its encoding."""
    fonts(pdf)[0].FontDescriptor.Flags = 32


def composite(**entries: Any) -> Plant:
    """A composite font beside the others."""

    def plant(pdf: Pdf) -> None:
        descriptor = fonts(pdf)[0].FontDescriptor
        inner = Dictionary(Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=descriptor.FontName)
        inner.FontDescriptor, inner.CIDToGIDMap = descriptor, Name.Identity
        whole = Dictionary(Type=Name.Font, Subtype=Name.Type0, BaseFont=Name.X, Encoding=Name("/Identity-H"))
        whole.DescendantFonts = Array([inner])
        for name, value in entries.items():
            if value is None:
                del inner[f"/{name}"]
            else:
                whole[f"/{name}"] = value
        pdf.pages[0].resources.Font["/Planted"] = whole

    return plant


def retitle(pdf: Pdf) -> None:
    """Another title in /Info alone."""
    pdf.trailer.Info.Title = "Autre"


def redate(pdf: Pdf) -> None:
    """Another date in /Info alone."""
    pdf.trailer.Info.ModDate = "D:20200101000000Z"


def unclaim(pdf: Pdf) -> None:
    """XMP that says PDF/A-1."""
    pdf.Root.Metadata.write(pdf.Root.Metadata.read_bytes().replace(b"part>2<", b"part>1<"))


def break_xmp(pdf: Pdf) -> None:
    """XMP that is no XML."""
    pdf.Root.Metadata.write(b"<x:xmpmeta>")


def damage_profile(pdf: Pdf) -> None:
    """A colour profile that is none."""
    pdf.Root.OutputIntents[0].DestOutputProfile.write(b"rien")


def leave_out(pdf: Pdf) -> None:
    """A stream that lies in another file."""
    pdf.pages[0].Contents = pdf.make_stream(b"", F=pikepdf.String("ailleurs.bin"))


def pack_by_lzw(pdf: Pdf) -> None:
    """A stream packed by a way that was patented."""
    old = pdf.make_stream(b"")
    old.write(b"\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01", filter=Name.LZWDecode)
    pdf.Root.Old = old


def run_script(pdf: Pdf) -> None:
    """A script at the opening."""
    pdf.Root.OpenAction = Dictionary(Type=Name.Action, S=Name.JavaScript, JS=pikepdf.String("1"))


def hide_action(pdf: Pdf) -> None:
    """An action of a kind that is not allowed."""
    pdf.Root.OpenAction = Dictionary(Type=Name.Action, S=Name.Launch)


def add_note(subtype: str) -> Plant:
    """An annotation of a kind of its own."""

    def plant(pdf: Pdf) -> None:
        note = Dictionary(Type=Name.Annot, Subtype=Name(subtype), F=4, Rect=[0, 0, 0, 0])
        pdf.pages[0].Annots = Array([note])

    return plant


def test_what_our_chain_archives_breaks_no_clause(archived: bytes) -> None:
    """Fonts, colours, fields, metadata: nothing to say."""
    assert faults_of(archived) == ()
    assert faults_of(planted(archived, lambda _: None)) == ()


@pytest.mark.parametrize(
    ("clause", "plant"),
    [
        pytest.param("6.1.7.1", leave_out, id="stream elsewhere"),
        pytest.param("6.1.7.2", pack_by_lzw, id="LZW"),
        pytest.param("6.2.3", root(OutputIntents=None), id="no output intent"),
        pytest.param("6.2.3", damage_profile, id="no ICC profile"),
        pytest.param("6.2.4.3", drawn(b"\n0 0 0 1 k 0 0 9 9 re f\n"), id="CMYK operators"),
        pytest.param("6.2.4.3", picture(ColorSpace=Name.DeviceCMYK), id="CMYK picture"),
        pytest.param("6.2.5", state(TR=Name.Identity), id="transfer function"),
        pytest.param("6.2.10", state(BM=Name.Magique), id="unknown blend mode"),
        pytest.param("6.2.8", picture(ColorSpace=Name.DeviceGray, Interpolate=True), id="smoothed picture"),
        pytest.param("6.2.9", picture(ColorSpace=Name.DeviceGray, OPI=Dictionary()), id="OPI"),
        pytest.param("6.2.11.4", unembed, id="font not embedded"),
        pytest.param("6.2.11.2", call_otherwise, id="font under two names"),
        pytest.param("6.2.11.6", encode_symbols, id="symbolic font with an encoding"),
        pytest.param("6.2.11.6", forget_encoding, id="font without its encoding"),
        pytest.param("6.2.11.3.2", composite(CIDToGIDMap=None), id="composite font without its map"),
        pytest.param("6.2.11.3.3", composite(Encoding=Name("/UniJIS-UCS2-H")), id="CMap not embedded"),
        pytest.param("6.3.1", add_note("/Movie"), id="film"),
        pytest.param("6.3.2", field(F=6), id="hidden field"),
        pytest.param("6.3.2", field(F=128), id="field that is not printed"),
        pytest.param("6.3.3", field(AP=None), id="field without appearance"),
        pytest.param("6.4.1", field(A=Dictionary(S=Name.GoTo)), id="field that acts"),
        pytest.param("6.5.1", run_script, id="script"),
        pytest.param("6.5.1", hide_action, id="launch"),
        pytest.param("6.5.2", root(AA=Dictionary()), id="actions by themselves"),
        pytest.param("6.6.2.1", root(Metadata=None), id="no XMP"),
        pytest.param("6.6.2.1", break_xmp, id="XMP is not XML"),
        pytest.param("6.6.3", retitle, id="two titles"),
        pytest.param("6.6.3", redate, id="two dates"),
        pytest.param("6.6.4", unclaim, id="claims PDF/A-1"),
        pytest.param("6.8", root(Names=Dictionary(EmbeddedFiles=Dictionary())), id="attachment"),
        pytest.param("6.10", root(Requirements=Array()), id="requirements"),
    ],
)
def test_a_planted_fault_is_named_by_its_clause(archived: bytes, clause: str, plant: Plant) -> None:
    """That clause is said to be broken; the packet without the fault says nothing (see above)."""
    assert clause in [fault.partition(":")[0] for fault in faults_of(planted(archived, plant))]


def test_form_drawn_by_the_reader(archived: bytes) -> None:
    """/NeedAppearances is not for an archive."""

    def ask(pdf: Pdf) -> None:
        pdf.Root.AcroForm.NeedAppearances = True

    assert [fault[:5] for fault in faults_of(planted(archived, ask))] == ["6.4.1"]


def test_faults_of_the_file_itself(archived: bytes) -> None:
    """Header, end, encryption, identifier, and what is no PDF at all."""
    with pikepdf.open(io.BytesIO(archived)) as pdf:
        locked = io.BytesIO()
        pdf.save(locked, encryption=pikepdf.Encryption(owner="x", user=""))

    assert faults_of(archived + b"suite")[0].startswith("6.1.3")
    assert faults_of(archived.replace(b"%PDF-1.7\n%\xbf", b"%PDF-1.7\n% ", 1))[0].startswith("6.1.2")
    assert [fault for fault in faults_of(locked.getvalue()) if "encrypted" in fault] != []
    assert faults_of(b"rien")[0].startswith("6.1: the file cannot be read")


def test_a_pdf_that_only_says_so_is_refused(archived: bytes) -> None:
    """A centre's own PDF that claims PDF/A-2b and leaves a font out makes no packet: the clause and the way out."""
    lying = planted(archived, unembed)

    assert settle_piece(archived, title="Annexe 5", on=people.TODAY, pdfa=True)
    with pytest.raises(
        ConversionError, match=r"« Annexe 5 » is not PDF/A-2b.* 6\.2\.11\.4: the font .* is not embedded"
    ):
        settle_piece(lying, title="Annexe 5", on=people.TODAY, pdfa=True)


def test_colours_of_a_canvas_are_seen() -> None:
    """Ink of a printer's file, in a form too: what reportlab draws in CMYK is found without an output intent."""
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.setFillColor(CMYKColor(0, 0, 0, 1))
    canvas.rect(10, 10, 50, 50, fill=1)
    canvas.save()

    assert "6.2.4.3: colours are DeviceCMYK, which the output intent does not cover" in faults_of(out.getvalue())
