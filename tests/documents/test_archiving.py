"""Packets made to be archived: what can be checked of PDF/A-2b without a validator, and the tags kept whole.

Not checked here, and left to veraPDF: the inside of fonts (glyphs, widths), of the colour profile, of the syntax.
Transparency is allowed by PDF/A-2. The tags have no level of their own: the packet claims level B, not A.
"""

from __future__ import annotations

import dataclasses
import io
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import people
import pikepdf
import pytest
from lxml import etree
from pikepdf import Array, Dictionary, Name, Stream

from pipeline.core.decisions import Decisions
from pipeline.core.errors import ConversionError
from pipeline.core.formation import load_formation
from pipeline.core.models import Edition, Form, Record
from pipeline.core.programme import Programme
from pipeline.core.workspace import SCHOOL, Workspace
from pipeline.documents.binding.pieces import Packet
from pipeline.documents.packaging import make_packet
from pipeline.maintenance.formations import inspect

FORM = Form("ab" * 32, Path("formulaire.pdf"), "formulaire.pdf", people.TODAY)
ARCHIVED = "\n[archivage]\npdfa = true\n"
SPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xmp": "http://ns.adobe.com/xap/1.0/",
}


def make(record: Record, programme: Programme, workspace: Workspace) -> Packet:
    """The packet of that record, in a formation whose packets are archived."""
    settings = dict(programme.formation.settings) | {"archivage": {"pdfa": True}}
    archiving = dataclasses.replace(programme, formation=dataclasses.replace(programme.formation, settings=settings))
    return make_packet(
        record,
        FORM,
        programme=archiving,
        workspace=workspace,
        decisions=Decisions(),
        on=people.TODAY,
        edition=Edition("2024-001", 1),
    )


@pytest.fixture(scope="module")
def packet(
    workspace: Workspace, programme: Callable[[str], Programme], checked: Callable[[str, dict[str, Any]], Record]
) -> Packet:
    """An archived packet of several pieces in one unit, one of them a PDF of the school."""
    return make(checked(people.COORDINATION, people.coordination()), programme(people.COORDINATION), workspace)


def pdfs_of(packet: Packet) -> dict[str, bytes]:
    """Every PDF of the packet, by name."""
    return {name: data for name, data in packet.files.items() if name.endswith(".pdf")}


def walk(thing: Any, seen: set[tuple[int, int]]) -> Iterator[Any]:
    """Every dictionary and stream that can be reached, once."""
    if isinstance(thing, pikepdf.Object) and thing.is_indirect:
        if thing.objgen in seen:
            return
        seen.add(thing.objgen)
    if isinstance(thing, Array):
        for item in thing:
            yield from walk(item, seen)
    elif isinstance(thing, (Dictionary, Stream)):
        yield thing
        inside = thing.stream_dict if isinstance(thing, Stream) else thing
        for key in inside:
            yield from walk(inside[key], seen)


def test_what_pdfa_forbids_is_not_there(packet: Packet) -> None:
    """No script, no launch, no encryption, no LZW, no font left out, no field that draws itself."""
    for name, data in pdfs_of(packet).items():
        with pikepdf.open(io.BytesIO(data)) as pdf:
            things = list(walk(pdf.trailer, set()))
            keys = {key for thing in things for key in (thing.stream_dict if isinstance(thing, Stream) else thing)}
            filters = {str(thing.get("/Filter")) for thing in things if isinstance(thing, Stream)}
            fonts = [thing for thing in things if thing.get("/Type") == Name.FontDescriptor]
            actions = {str(thing.get("/S")) for thing in things if thing.get("/Type") == Name.Action}

            assert not pdf.is_encrypted
            assert not keys & {"/JavaScript", "/JS", "/AA", "/XFA", "/NeedAppearances", "/EmbeddedFiles", "/Encrypt"}
            assert filters <= {"None", "/FlateDecode", "/DCTDecode"}, name
            assert actions <= {"/URI", "/GoTo"}
            assert len(fonts) >= 2
            assert [font.FontName for font in fonts if "/FontFile2" not in font and "/FontFile3" not in font] == []


def test_what_pdfa_wants_is_there(packet: Packet) -> None:
    """Header, identifier, one RGB output intent, tags, language; printed annotations with one plain appearance."""
    for data in pdfs_of(packet).values():
        assert data.startswith(b"%PDF-1.7\n%")
        assert all(byte > 127 for byte in data[10:14])
        with pikepdf.open(io.BytesIO(data)) as pdf:
            assert pdf.check_pdf_syntax() == []
            (intent,) = pdf.Root.OutputIntents
            profile = intent.DestOutputProfile.read_bytes()

            assert len(pdf.trailer.ID) == 2
            assert (intent.S, intent.DestOutputProfile.N) == (Name.GTS_PDFA1, 3)
            assert (profile[16:20], profile[36:40]) == (b"RGB ", b"acsp")
            assert int.from_bytes(profile[:4]) == len(profile)
            assert pdf.Root.MarkInfo.Marked
            assert pdf.Root.Lang == "fr-FR"
            for page in pdf.pages:
                for note in page.get("/Annots", ()):
                    assert int(note.F) & 0b100111 == 0b100  # printed; neither hidden, invisible nor unseen
                    assert list(note.AP) == ["/N"]
                    assert isinstance(note.AP.N, Stream)
    assert len(packet.signature_names) == 4


def test_the_metadata_says_what_the_information_says(packet: Packet) -> None:
    """XMP, not compressed, claims PDF/A-2b and agrees with /Info on title, producer, tool and dates."""
    for data in pdfs_of(packet).values():
        with pikepdf.open(io.BytesIO(data)) as pdf:
            assert "/Filter" not in pdf.Root.Metadata
            xmp = etree.fromstring(pdf.Root.Metadata.read_raw_bytes())
            said = {
                path: "".join(xmp.xpath(f"//{path}//text()", namespaces=SPACES)).strip()
                for path in (
                    "pdfaid:part",
                    "pdfaid:conformance",
                    "dc:title",
                    "pdf:Producer",
                    "xmp:CreatorTool",
                    "xmp:CreateDate",
                    "xmp:ModifyDate",
                )
            }
            info = pdf.docinfo

            assert said == {
                "pdfaid:part": "2",
                "pdfaid:conformance": "B",
                "dc:title": str(info.Title),
                "pdf:Producer": str(info.Producer),
                "xmp:CreatorTool": str(info.Creator),
                "xmp:CreateDate": "2025-03-17T00:00:00Z",
                "xmp:ModifyDate": "2025-03-17T00:00:00Z",
            }
            assert str(info.CreationDate) == str(info.ModDate) == "D:20250317000000Z"


def test_the_tags_of_all_pieces_are_kept(packet: Packet) -> None:
    """Each page's tags point back to that page; the packet has as many of each kind as its pieces together."""
    pieces = [data for name, data in packet.files.items() if name.startswith("pieces/") and name.endswith(".pdf")]
    counted: dict[str, int] = {}
    for data in pieces:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            for kind, number in kinds(pdf).items():
                counted[kind] = counted.get(kind, 0) + number
    with pikepdf.open(io.BytesIO(packet.files["liasse.pdf"])) as pdf:
        tree = pdf.Root.StructTreeRoot
        links = {
            int(tree.ParentTree.Nums[n]): tree.ParentTree.Nums[n + 1] for n in range(0, len(tree.ParentTree.Nums), 2)
        }
        numbers = [int(page.obj.StructParents) for page in pdf.pages]
        (whole,) = tree.K

        assert counted.pop("/Document") == len(pieces)
        assert kinds(pdf) == counted | {"/Document": 1, "/Part": len(pieces), "/Form": len(packet.signature_names)}
        assert Name.Document == whole.S
        assert [part.P.objgen for part in whole.K] == [whole.objgen] * len(pieces)
        assert len(set(numbers)) == len(pdf.pages)
        assert list(links) == sorted(links)
        assert int(tree.ParentTreeNextKey) > max(links)
        for page, number in zip(pdf.pages, numbers, strict=True):
            tags = [tag for tag in links[number] if tag is not None]
            assert len(tags) > 3
            assert {_page_of(tag) for tag in tags} <= {page.obj.objgen}


def _page_of(tag: Any) -> tuple[int, int]:
    return tag.Pg.objgen


def kinds(pdf: pikepdf.Pdf) -> dict[str, int]:
    """How many structure elements of each type a PDF has, from the root of its tree."""
    found: dict[str, int] = {}
    for thing in walk(pdf.Root.StructTreeRoot.K, set()):
        if thing.get("/Type") == Name.StructElem:
            found[str(thing.S)] = found.get(str(thing.S), 0) + 1
    return found


def test_an_archived_packet_is_the_same_twice(
    packet: Packet,
    workspace: Workspace,
    programme: Callable[[str], Programme],
    checked: Callable[[str, dict[str, Any]], Record],
) -> None:
    """Converted again by LibreOffice, which dates its colour profile by the clock: the same bytes."""
    again = make(checked(people.COORDINATION, people.coordination()), programme(people.COORDINATION), workspace)

    assert again.files == packet.files


def test_a_centre_pdf_must_be_pdfa_too(
    own_workspace: Workspace,
    packet: Packet,
    programme: Callable[[str], Programme],
    checked: Callable[[str, dict[str, Any]], Record],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A plain PDF is refused with the way out, by the packet and by ``liasse check``; a PDF/A-2 is taken."""
    shutil.copytree(own_workspace.school, own_workspace.root / "etablissement")
    monkeypatch.setenv(SCHOOL, str(own_workspace.root / "etablissement"))
    own = own_workspace.school / people.COORDINATION / "referentiel.pdf"
    toml = own_workspace.templates / people.COORDINATION / "formation.toml"
    toml.write_text(toml.read_text(encoding="utf-8") + ARCHIVED, encoding="utf-8")
    record = checked(people.COORDINATION, people.coordination())
    school = programme(people.COORDINATION)
    with pikepdf.new() as plain:
        plain.add_blank_page()
        plain.save(own)

    missing = {found.formation: found.missing for found in inspect(own_workspace)}
    with pytest.raises(ConversionError, match="does not say that it is PDF/A-2"):
        make(record, school, own_workspace)
    own.write_bytes(packet.files["pieces/03-annexe-2.pdf"])
    with_pdfa = {found.formation: found.faults + found.missing for found in inspect(own_workspace)}

    assert load_formation(own_workspace, people.COORDINATION).pdfa
    assert [said for said in missing[people.COORDINATION] if "PDF/A-2" in said] != []
    assert with_pdfa[people.COORDINATION] == ()
    assert "pieces/06-annexe-5.pdf" in make(record, school, own_workspace).files
