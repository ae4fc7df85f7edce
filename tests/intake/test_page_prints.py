"""Fingerprints of pages: the same for the same looks, another for anything added, moved, turned or recoloured."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import people
import pikepdf
import pypdf
import pytest
import sent_files as sent
from pikepdf import Array, Dictionary, Name

from pipeline.blanks.layout_cache import open_forms
from pipeline.core import fields
from pipeline.core.formation import load_formation
from pipeline.core.workspace import Workspace
from pipeline.forms.blank import plan_blank
from pipeline.forms.drawing.blank_pdf import draw_pdf
from pipeline.reading.alignment.layout_reader import read_layout
from pipeline.reading.alignment.received import Received, receive
from pipeline.reading.known_forms import KnownForms
from pipeline.reading.page_prints import page_prints

pytestmark = pytest.mark.sampled(3)

ROOT = Path(__file__).parents[2]
SAMPLES = ("1-", "3-", "4-", "7-")


def prints(data: bytes) -> tuple[str, ...]:
    """The fingerprints of a PDF."""
    return page_prints(pypdf.PdfReader(io.BytesIO(data)))


@pytest.fixture(scope="module")
def blank() -> bytes:
    """A blank as it is given out."""
    workspace = Workspace.at(ROOT)
    formation = load_formation(workspace, people.COORDINATION)
    return draw_pdf(plan_blank(fields.Dictionary.load(workspace), formation, formation.session(None)))


@pytest.fixture(scope="module")
def known() -> KnownForms:
    """Every form that is known here."""
    workspace = Workspace.at(ROOT)
    return open_forms(workspace, fields.Dictionary.load(workspace))


def was_walked(received: Received, known: KnownForms) -> bool:
    """Whether the pages had to be walked to read a form of ours."""
    compiled = known.own.named_by(received.marks)
    assert compiled is not None
    read_layout(received, compiled, known.dictionary)
    return "_walked" in vars(received)


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_form_that_was_only_filled_is_not_walked(known: KnownForms, sample: str) -> None:
    """Its pages are those of the edition that is kept: the names of its fields say what they hold."""
    assert not was_walked(receive(sent.sample(sample)), known)


def test_how_a_file_is_kept_changes_nothing(blank: bytes) -> None:
    """Compressed or not, its objects numbered otherwise."""
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(blank)) as pdf:
        pdf.save(
            made,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.all,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
    again = io.BytesIO()
    pypdf.PdfWriter(clone_from=pypdf.PdfReader(made)).write(again)
    assert prints(blank) == prints(made.getvalue()) == prints(again.getvalue())


def _instructions(change: Callable[[bytes], bytes]) -> Callable[[pikepdf.Pdf], None]:
    def edit(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[0]
        page.contents_coalesce()
        before = page.Contents.read_bytes()
        after = change(before)
        assert after != before
        page.Contents = pdf.make_stream(after)

    return edit


def _on_page(**looks: object) -> Callable[[pikepdf.Pdf], None]:
    def edit(pdf: pikepdf.Pdf) -> None:
        for name, value in looks.items():
            pdf.pages[0].obj[f"/{name}"] = value

    return edit


def _turned_above(pdf: pikepdf.Pdf) -> None:
    del pdf.pages[0].obj["/Rotate"]
    pdf.Root.Pages.Rotate = 180


def _font(pdf: pikepdf.Pdf) -> pikepdf.Object:
    return next(iter(pdf.pages[0].Resources.Font.values()))


def _lying_font(pdf: pikepdf.Pdf) -> None:
    font = _font(pdf)
    font.ToUnicode = pdf.make_stream(b"/CIDInit /ProcSet findresource begin end")


def _other_glyphs(pdf: pikepdf.Pdf) -> None:
    font = _font(pdf)
    descriptor = font.get("/FontDescriptor") or font.DescendantFonts[0].FontDescriptor
    descriptor.FontFile2 = pdf.make_stream(descriptor.FontFile2.read_bytes() + b"\0")


def _annotated(kind: str) -> Callable[[pikepdf.Pdf], None]:
    def edit(pdf: pikepdf.Pdf) -> None:
        added = Dictionary(Type=Name.Annot, Subtype=Name(kind), Rect=Array([60, 700, 260, 720]))
        pdf.pages[0].Annots.append(pdf.make_indirect(added))
        if kind == "/Widget":
            pdf.Root.AcroForm.Fields.append(pdf.pages[0].Annots[-1])

    return edit


def _moved_field(pdf: pikepdf.Pdf) -> None:
    rect = pdf.pages[0].Annots[0].Rect
    pdf.pages[0].Annots[0].Rect = Array([*list(rect)[:2], float(rect[2]) + 30, float(rect[3])])


def _added(more: bytes) -> Callable[[bytes], bytes]:
    return lambda before: before + more


def _first_colour(before: bytes) -> bytes:
    return before.replace(b" rg", b" 1 1 1 rg", 1)


CHANGES: dict[str, Callable[[pikepdf.Pdf], None]] = {
    "a stroke": _instructions(_added(b"\n0 0 m 300 300 l S")),
    "a white cover": _instructions(_added(b"\nq 1 1 1 rg 60 600 200 20 re f Q")),
    "another colour": _instructions(_first_colour),
    "shifted": _instructions(lambda before: b"1 0 0 1 3 0 cm\n" + before),
    "turned": _on_page(Rotate=90),
    "turned by its parent": _turned_above,
    "cut": _on_page(CropBox=Array([0, 0, 300, 842])),
    "larger points": _on_page(UserUnit=2),
    "a group": _on_page(Group=Dictionary(S=Name.Transparency, K=True)),
    "a font that lies": _lying_font,
    "other glyphs": _other_glyphs,
    "a stamp": _annotated("/Stamp"),
    "a popup": _annotated("/Popup"),
    "a field without a name": _annotated("/Widget"),
    "a wider field": _moved_field,
}


ALL_PAGES = ("a font that lies", "other glyphs")


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_seen_otherwise_has_another(blank: bytes, known: KnownForms, change: str) -> None:
    """That page alone, where no other shares what was changed; and the form is then read by walking its pages."""
    changed = sent.edited(blank, CHANGES[change])

    assert prints(changed)[0] != prints(blank)[0]
    if change not in ALL_PAGES:
        assert prints(changed)[1:] == prints(blank)[1:]
    assert was_walked(receive(changed), known)


def _in_itself(pdf: pikepdf.Pdf) -> None:
    state = pdf.make_indirect(Dictionary())
    state.Again = state
    pdf.pages[0].Resources.ExtGState = Dictionary(A=state)


def test_what_has_no_end_has_no_fingerprint(blank: bytes) -> None:
    """Nor does it stop the reading."""
    assert prints(sent.edited(blank, _in_itself))[0] == ""
    assert "" not in prints(blank)
