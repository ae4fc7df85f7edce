"""The school's logo: drawn where the head of a first page is empty, over nothing that is printed."""

from __future__ import annotations

import io
from pathlib import Path

import people
import pikepdf
import pypdfium2
import pytest
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from pipeline.core.errors import LiasseError, NotAllowed
from pipeline.core.formation import load_formation
from pipeline.core.workspace import SCHOOL, Workspace
from pipeline.documents.binding.logo import with_logo
from pipeline.documents.drafts import Draft
from pipeline.documents.filling import Filled
from pipeline.documents.packaging import _headed
from pipeline.services.school_setup import give_logo


def picture(kind: str = "PNG", size: tuple[int, int] = (600, 200)) -> bytes:
    """A red logo."""
    data = io.BytesIO()
    Image.new("RGB", size, (200, 0, 0)).save(data, kind)
    return data.getvalue()


def paper(*filled: tuple[float, float, float, float]) -> bytes:
    """Two pages; the first has these rectangles (x, y, width, height) painted."""
    data = io.BytesIO()
    canvas = Canvas(data, pagesize=A4, invariant=1)
    for box in filled:
        canvas.rect(*box, fill=1)
    canvas.drawString(100, 400, "Convention")
    canvas.showPage()
    canvas.drawString(100, 400, "Signatures")
    canvas.save()
    return data.getvalue()


def red(pdf: bytes, page: int) -> tuple[int, int, int, int] | None:
    """The box of what is red on a page, in points from the top left; nothing where nothing is."""
    image = pypdfium2.PdfDocument(pdf)[page].render(scale=1).to_pil().convert("RGB")
    mask = image.point(lambda value: 255 * (value > 150)).split()[0]
    greenless = image.split()[1].point(lambda value: 255 * (value < 60))
    return Image.composite(mask, Image.new("L", image.size), greenless).getbbox()


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_it_stands_at_the_head_of_the_first_page(kind: str) -> None:
    """In the left corner, no larger than a head of paper holds, as an artifact; the other pages are as they were."""
    made = with_logo(paper(), picture(kind), "Convention")
    box = red(made, 0)

    assert box is not None
    x0, top, x1, bottom = box
    assert (x1 - x0, bottom - top) == (pytest.approx(102, abs=1), pytest.approx(34, abs=1))
    assert (x0, top) == (pytest.approx(42.5, abs=1), pytest.approx(14, abs=1))
    assert red(made, 1) is None
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert any(b"/Artifact" in bytes(part.read_bytes()) for part in pdf.pages[0].obj.Contents)
    assert with_logo(paper(), picture(kind), "Convention") == made


def test_a_printer_s_colours_become_a_screen_s() -> None:
    """A logo as printers send it (CMYK) is drawn in RGB: beside the profile of the packet it would be no PDF/A."""
    data = io.BytesIO()
    Image.new("CMYK", (300, 100), (0, 255, 255, 50)).save(data, "JPEG")
    made = with_logo(paper(), data.getvalue(), "Convention")

    assert red(made, 0) is not None
    with pikepdf.open(io.BytesIO(made)) as pdf:
        pictures = [one for one in pdf.objects if isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Image"]
        assert [str(one.ColorSpace) for one in pictures] == ["/DeviceRGB"]


def test_it_covers_nothing() -> None:
    """Where the left is taken it goes to the right; where all is taken the page stays as it is."""
    left, whole = (20.0, 780.0, 150.0, 50.0), (20.0, 780.0, 550.0, 50.0)
    box = red(with_logo(paper(left), picture(), "Convention"), 0)

    assert box is not None
    assert box[0] > 400
    assert with_logo(paper(whole), picture(), "Convention") == paper(whole)


def test_one_logo_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own_workspace: Workspace) -> None:
    """The one given last, whatever its kind; a picture that cannot be drawn is refused and changes nothing."""
    monkeypatch.setenv(SCHOOL, str(tmp_path / "etablissement"))
    assert load_formation(own_workspace, people.CNAM).logo is None
    for kind in ("PNG", "JPEG"):
        file = tmp_path / f"logo.{kind}"
        file.write_bytes(picture(kind))
        give_logo(own_workspace, file)
    cut = tmp_path / "cut.png"
    cut.write_bytes(picture()[:60])
    with pytest.raises(NotAllowed, match="PNG ou JPEG"):
        give_logo(own_workspace, cut)

    assert [path.name for path in (tmp_path / "etablissement").iterdir()] == ["logo.jpg"]
    assert load_formation(own_workspace, people.CNAM).logo == picture("JPEG")


def test_a_template_with_its_own_place_has_one_logo() -> None:
    """The logo is put at the head of the papers that have no place for it, and of no others."""
    blank = io.BytesIO()
    canvas = Canvas(blank)
    canvas.showPage()
    canvas.save()
    pdf, logo = blank.getvalue(), picture()
    placed, free = (Draft("a", "A", 1, "a.docx", "", Filled(b"", (), own_logo=own)) for own in (True, False))

    assert _headed(placed, pdf, logo) == pdf
    assert _headed(free, pdf, logo) != pdf


def test_a_disk_that_is_full_leaves_the_logo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own_workspace: Workspace
) -> None:
    """The new one is written before the old one goes: where it cannot be, nothing has changed."""
    school = tmp_path / "etablissement"
    monkeypatch.setenv(SCHOOL, str(school))
    file = tmp_path / "logo"
    file.write_bytes(picture("PNG"))
    give_logo(own_workspace, file)
    (school / "logo.jpg").mkdir()  # nothing can be put in its place
    file.write_bytes(picture("JPEG"))
    with pytest.raises(LiasseError):
        give_logo(own_workspace, file)

    assert load_formation(own_workspace, people.CNAM).logo == picture("PNG")
