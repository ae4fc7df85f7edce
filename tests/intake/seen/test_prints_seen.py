"""Printed forms: an answer is accepted if the page shows the letters that its file says it has."""

from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf
import pytest
from own_answers import RECEIVED, doubted, known_forms
from pikepdf import Array, Name, Pdf, Stream
from seen_kit import added, changed, helvetica, lying, told, zone_of

from pipeline.forms.blank import Blank
from pipeline.reading.digital import read_form

pytestmark = pytest.mark.sampled(4)

Change = Callable[[Pdf, pikepdf.Page, tuple[float, float, float, float], str], None]


def test_an_honest_print_has_no_doubt(blank: Blank, printed: bytes) -> None:
    """Words and ticks of every answer are seen."""
    assert told(printed, blank) == {}


def _over(content: bytes) -> Change:
    def change(pdf: Pdf, page: pikepdf.Page, box: tuple[float, float, float, float], _: str) -> None:
        x0, y0, x1, y1 = box
        added(pdf, page, content % (x0 + 1, y0 + 1, x1 - x0 - 2, y1 - y0 - 2))

    return change


def _typed(before: bytes, size: float = 8, under: bool = False) -> Change:  # noqa: FBT001, FBT002 -- a table below
    def change(pdf: Pdf, page: pikepdf.Page, box: tuple[float, float, float, float], text: str) -> None:
        place = (size, box[0] + 4, box[1] + 4, text.encode("cp1252"))
        added(pdf, page, before + b" BT /Helv %g Tf %.1f %.1f Td (%b) Tj ET" % place, under=under)

    return change


def _picture(pdf: Pdf, page: pikepdf.Page, box: tuple[float, float, float, float], _: str) -> None:
    dot = Stream(pdf, b"\xff")
    dot.Type, dot.Subtype, dot.Width, dot.Height = Name.XObject, Name.Image, 1, 1
    dot.ColorSpace, dot.BitsPerComponent = Name.DeviceGray, 8
    page.add_resource(dot, Name.XObject, Name.Im9)
    x0, y0, x1, y1 = box
    added(pdf, page, b"%.1f 0 0 %.1f %.1f %.1f cm /Im9 Do" % (x1 - x0, y1 - y0, x0, y0))


def _cropped(_: Pdf, page: pikepdf.Page, box: tuple[float, float, float, float], __: str) -> None:
    page.cropbox = Array([0, box[3] + 1, 595.28, 841.89]) if box[3] < 600 else Array([0, 0, 595.28, box[1] - 1])


COVERS: dict[str, Change] = {
    "white rectangle": _over(b"1 1 1 rg %.1f %.1f %.1f %.1f re f"),
    "tinted rectangle": _over(b"0.94 0.96 0.98 rg %.1f %.1f %.1f %.1f re f"),
    "black rectangle": _over(b"0 g %.1f %.1f %.1f %.1f re f"),
    "picture": _picture,
    "another text over it": _typed(b"0 g"),
    "a pale text over it": _typed(b"0.6 g"),
    "page cut off": _cropped,
}
SLOTS = ("tuteur.nom", "stage.date_debut", "organisme.siret")


@pytest.mark.parametrize("slot", SLOTS)
@pytest.mark.parametrize("cover", COVERS)
def test_an_answer_that_is_covered_is_a_doubt(blank: Blank, printed: bytes, slot: str, cover: str) -> None:
    """Painted over, written over, or cut off: the words of the file are not what is seen."""
    number, *box = zone_of(blank, slot)
    with Pdf.open(io.BytesIO(printed)) as pdf:
        COVERS[cover](pdf, pdf.pages[number - 1], (box[0], box[1], box[2], box[3]), "MORVAN 12")
        assert slot in doubted(changed(pdf), blank)


HIDDEN: dict[str, Change] = {
    "white": _typed(b"1 1 1 rg"),
    "of the ground": _typed(b"0.94 0.96 0.98 rg"),
    "without ink": _typed(b"3 Tr"),
    "clipped": _typed(b"0 0 1 1 re W n"),
    "tiny": _typed(b"0 g", 0.3),
    "under the box": _typed(b"0 g", under=True),
}


@pytest.mark.parametrize("slot", ["stage.modalites_nuit", "employeur.telephone", "stage.conges_modalites"])
@pytest.mark.parametrize("way", HIDDEN)
def test_words_that_nobody_sees_are_not_believed(blank: Blank, printed: bytes, slot: str, way: str) -> None:
    """In a box that is left empty, words that only a program finds."""
    slots = {zone.name for zone in blank.slots()}
    slot = slot if slot in slots else "organisme.adresse.complement"
    number, *box = zone_of(blank, slot)
    with Pdf.open(io.BytesIO(printed)) as pdf:
        HIDDEN[way](pdf, pdf.pages[number - 1], (box[0], box[1], box[2], box[3]), "en mars")
        fields = {field.path: field for field in read_form(changed(pdf), known_forms(blank), RECEIVED).fields}
    assert fields[slot].value is None or fields[slot].doubt is not None


@pytest.mark.parametrize(("slot", "shown", "said"), [("organisme.adresse.complement", "12", "13")])
def test_letters_that_lie_on_a_page_are_told_by_their_ink(
    blank: Blank, printed: bytes, slot: str, shown: str, said: str
) -> None:
    """A font of the page says 13 where it draws 12; OCR decides, where there is one."""
    number, x0, y0, _, __ = zone_of(blank, slot)
    with Pdf.open(io.BytesIO(printed)) as pdf:
        font = helvetica()
        font.ToUnicode = pdf.make_stream(lying(zip(shown, said, strict=True)))
        page = pdf.pages[number - 1]
        page.add_resource(pdf.make_indirect(font), Name.Font, Name.Lie)
        added(pdf, page, b"BT 0 g /Lie 8 Tf %.1f %.1f Td (%b) Tj ET" % (x0 + 4, y0 + 4, shown.encode()))
        data = changed(pdf)
    fields = {field.path: field for field in read_form(data, known_forms(blank), RECEIVED, lambda _: shown).fields}
    assert str(fields[slot].doubt) == f"VALEUR_CACHEE : la page montre « {shown} » et le fichier dit « {said} »"


def test_a_remark_in_small_letters_behind_an_answer_is_a_doubt(blank: Blank, printed: bytes) -> None:
    """It is no part of the answer, though it stands in its box."""
    number, x0, y0, x1, _ = zone_of(blank, "tuteur.nom")
    with Pdf.open(io.BytesIO(printed)) as pdf:
        added(pdf, pdf.pages[number - 1], b"BT 0 g /Helv 5 Tf %.1f %.1f Td (a confirmer) Tj ET" % (x0 + 80, y0 + 4))
        assert "tuteur.nom" in doubted(changed(pdf), blank)
    assert x0 < x1


@pytest.mark.parametrize("turn", [90, 180, 270])
@pytest.mark.long
def test_a_page_that_is_turned_is_seen_upright(blank: Blank, printed: bytes, turn: int) -> None:
    """Turned in the file, or by who scanned its print: the same answers, held against the same letters."""
    with Pdf.open(io.BytesIO(printed)) as pdf:
        for page in pdf.pages:
            page.obj.Rotate = turn
        data = changed(pdf)
        number, *box = zone_of(blank, "tuteur.nom")
        _picture(pdf, pdf.pages[number - 1], (box[0], box[1], box[2], box[3]), "")
        covered = changed(pdf)
    assert doubted(data, blank) == {}
    assert "tuteur.nom" in doubted(covered, blank)


def test_a_tick_under_a_white_rectangle_is_a_doubt(blank: Blank, printed: bytes) -> None:
    """Whited out: the file still has its cross."""
    number, *box = zone_of(blank, "stage.quotite=partiel")
    with Pdf.open(io.BytesIO(printed)) as pdf:
        _over(b"1 1 1 rg %.1f %.1f %.1f %.1f re f")(pdf, pdf.pages[number - 1], (box[0], box[1], box[2], box[3]), "")
        assert "stage.quotite" in doubted(changed(pdf), blank)
