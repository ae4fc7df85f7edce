"""Fillable forms: a field is accepted if the page shows what it holds, and nothing else in its place."""

from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf
import pytest
from own_answers import RECEIVED, known_forms, read_own
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String
from seen_kit import INK, added, changed, drawn, helvetica, lying, page_of, told, typed, widget, zone_of

from pipeline.forms.blank import Blank
from pipeline.reading.digital import read_form
from pipeline.reading.seen.eyesight import PicturesWanted
from pipeline.reading.seen.sheets import Sheets
from pipeline.reading.seen.shown_fields import tick_doubt

pytestmark = pytest.mark.sampled(4)

Change = Callable[[Pdf, pikepdf.Object, str], None]


def test_the_rendered_page_changes_when_a_field_does(filled: bytes) -> None:
    """The picture has the fields drawn: without its forms switched on, pdfium leaves them out and proves nothing."""
    with Pdf.open(io.BytesIO(filled)) as pdf:
        field = widget(pdf, "tuteur/nom")
        box = [float(one) for one in field.Rect]
        drawn(pdf, field, typed("KERVELLA"))
        other = changed(pdf)
    place = (box[0], 841.89 - box[3], box[2], 841.89 - box[1])
    pictures = []
    for data in (filled, other):
        with Sheets(data) as sheets:
            sheet = sheets.sheet(2)
            assert sheet is not None
            crop = sheet.crop(place)
            assert crop is not None
            pictures.append((crop.tobytes(), "".join(letter.text for letter in sheet.letters(place, laid=True))))
    (before, first), (after, second) = pictures
    assert before != after
    assert (first, second) == ("BENAÏSSA", "KERVELLA")


def test_an_honest_form_has_no_doubt(blank: Blank, filled: bytes) -> None:
    """Every value of every kind of field is seen."""
    assert told(filled, blank) == {}


def _content(content: bytes, **resources: pikepdf.Object) -> Change:
    return lambda pdf, field, text: drawn(pdf, field, content.replace(b"TEXT", typed(text)), **resources)


def _flag(value: int) -> Change:
    def change(_: Pdf, field: pikepdf.Object, __: str) -> None:
        field.F = value

    return change


def _layer(pdf: Pdf, field: pikepdf.Object, _: str) -> None:
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("calque")))
    pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer])))
    field.OC = layer


def _marked(pdf: Pdf, field: pikepdf.Object, text: str) -> None:
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("calque")))
    pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer])))
    drawn(pdf, field, b"/OC /Mc BDC " + typed(text) + b" EMC", Properties=Dictionary(Mc=layer))


def _faint(pdf: Pdf, field: pikepdf.Object, text: str) -> None:
    drawn(pdf, field, b"/Gs gs " + typed(text), ExtGState=Dictionary(Gs=Dictionary(ca=0, CA=0)))


def _off_the_box(pdf: Pdf, field: pikepdf.Object, text: str) -> None:
    drawn(pdf, field, b"q 1 0 0 1 0 400 cm " + typed(text) + b" Q")


def _mirrored(pdf: Pdf, field: pikepdf.Object, text: str) -> None:
    wide = float(field.Rect[2] - field.Rect[0])
    drawn(pdf, field, b"q -1 0 0 1 %.1f 0 cm " % wide + typed(text) + b" Q")


HIDINGS: dict[str, Change] = {
    "white ink": lambda pdf, field, text: drawn(pdf, field, typed(text, before=b"1 1 1 rg")),
    "ink of the ground": lambda pdf, field, text: drawn(pdf, field, typed(text, before=b"0.94 0.96 0.98 rg")),
    "no rendering": lambda pdf, field, text: drawn(pdf, field, typed(text, before=INK + b" 3 Tr")),
    "clipped": _content(b"q 0 0 1 1 re W n TEXT Q"),
    "tiny": lambda pdf, field, text: drawn(pdf, field, typed(text, size=0.4)),
    "no opacity": _faint,
    "off the box": _off_the_box,
    "mirrored": _mirrored,
    "painted over": _content(b"TEXT 0.94 0.96 0.98 rg 0 0 600 60 re f"),
    "flag hidden": _flag(2),
    "flag no view": _flag(32),
    "widget in a layer": _layer,
    "words in a layer": _marked,
}
SLOTS = {  # a name, a date, an amount of hours, an e-mail
    "tuteur.nom": "KERVELLA",
    "stage.date_fin": "30/09/2025",
    "stage.duree_heures": "170",
    "organisme.courriel": "autre@example.org",
}


@pytest.mark.parametrize("hiding", HIDINGS)
def test_what_a_page_does_not_show_is_a_doubt(blank: Blank, filled: bytes, hiding: str) -> None:
    """Values of four kinds, each hidden in the same way; the others stay as they are."""
    with Pdf.open(io.BytesIO(filled)) as pdf:
        for slot, value in SLOTS.items():
            field = widget(pdf, slot.replace(".", "/"))
            drawn(pdf, field, typed(value))
            field.V = String(value)
            HIDINGS[hiding](pdf, field, value)
        doubts = told(changed(pdf), blank)
    assert set(doubts) == set(SLOTS)
    assert all(doubt.startswith("VALEUR_CACHEE") for doubt in doubts.values())


@pytest.mark.parametrize(
    ("slot", "shown", "held"),
    [
        ("stage.heures_hebdo", "140", "1,40"),
        ("stage.heures_hebdo", "1,40", "140"),
        ("stage.date_debut", "08/04/2025", "08/04/2026"),
        ("organisme.siret", "732 829 320 00074", "732 829 320 00075"),
        ("tuteur.courriel", "ines.benaissa@example.org", "inesbenaissa@example.org.fr"),
    ],
)
def test_a_field_that_shows_another_value_is_a_doubt(
    blank: Blank, filled: bytes, slot: str, shown: str, held: str
) -> None:
    """A comma, a figure, a dot."""
    with Pdf.open(io.BytesIO(filled)) as pdf:
        field = widget(pdf, slot.replace(".", "/"))
        drawn(pdf, field, typed(shown))
        field.V = String(held)
        doubts = told(changed(pdf), blank)
    assert {path: doubt.partition(" :")[0] for path, doubt in doubts.items()} == {slot: "VALEUR_CACHEE"}


@pytest.mark.parametrize(
    ("slot", "shown", "held"),
    [
        ("stage.duree_heures", "140", "970"),
        ("stage.date_fin", "24/06/2025", "24/08/2025"),
        ("tuteur.nom", "MARTIN", "MORTIN"),
        ("organisme.effectif", "48", "43"),
    ],
)
def test_a_font_that_lies_about_its_letters_is_told_by_their_ink(
    blank: Blank, filled: bytes, slot: str, shown: str, held: str
) -> None:
    """The file says one text in its fields and in its drawing; the ink is that of another."""
    with Pdf.open(io.BytesIO(filled)) as pdf:
        field = widget(pdf, slot.replace(".", "/"))
        font = helvetica()
        font.ToUnicode = pdf.make_stream(lying(zip(shown, held, strict=True)))
        drawn(pdf, field, typed(shown), font=font)
        field.V = String(held)
        data = changed(pdf)
    with pytest.raises(PicturesWanted):
        read_form(data, known_forms(blank), RECEIVED, None)
    assert told(data, blank) == {slot: f"VALEUR_CACHEE : on ne peut pas vérifier que la page montre « {held} »"}
    seen = {field.path: field for field in read_form(data, known_forms(blank), RECEIVED, lambda _: shown).fields}
    assert str(seen[slot].doubt) == f"VALEUR_CACHEE : la page montre « {shown} » et le fichier dit « {held} »"
    agreeing = read_form(data, known_forms(blank), RECEIVED, lambda _: held).fields
    assert [field.path for field in agreeing if field.doubt] == []


def _annotation(pdf: Pdf, field: pikepdf.Object, content: bytes | None, **entries: object) -> None:
    """An annotation laid over a field."""
    note = Dictionary(Type=Name.Annot, Rect=Array(list(field.Rect)), F=4, **entries)
    if content is not None:
        drawn(pdf, note, content)
    page_of(pdf, field).obj.Annots.append(pdf.make_indirect(note))


COVERS: dict[str, Change] = {
    "link": lambda pdf, field, _: _annotation(pdf, field, b"1 g 0 0 400 40 re f " + typed("4,35"), Subtype=Name.Link),
    "stamp": lambda pdf, field, _: _annotation(pdf, field, b"0.2 g 0 0 400 40 re f", Subtype=Name.Stamp),
    "square": lambda pdf, field, _: _annotation(pdf, field, None, Subtype=Name.Square, IC=Array([1, 1, 1])),
    "redaction": lambda pdf, field, _: _annotation(pdf, field, None, Subtype=Name.Redact),
    "rich text only": lambda pdf, field, _: _annotation(
        pdf, field, None, Subtype=Name.FreeText, RC=String("<body><p>plutôt <b>9</b></p></body>")
    ),
    "free text that only shows": lambda pdf, field, _: _annotation(pdf, field, typed("non"), Subtype=Name.FreeText),
}


@pytest.mark.parametrize("cover", COVERS)
@pytest.mark.parametrize("slot", ["stage.date_debut", "tuteur.telephone", "organisme.raison_sociale"])
def test_an_answer_under_an_annotation_is_a_doubt(blank: Blank, filled: bytes, slot: str, cover: str) -> None:
    """Whatever its kind, and whether its words stand in it or only in its drawing."""
    with Pdf.open(io.BytesIO(filled)) as pdf:
        COVERS[cover](pdf, widget(pdf, slot.replace(".", "/")), "")
        assert slot in told(changed(pdf), blank)


@pytest.mark.parametrize("slot", ["tuteur/nom", "stage/date_fin", "organisme/siret", "stage/quotite=partiel"])
def test_a_field_that_is_not_at_its_place_is_a_doubt(blank: Blank, filled: bytes, slot: str) -> None:
    """Moved a row down: it answers another question to whoever looks."""
    with Pdf.open(io.BytesIO(filled)) as pdf:
        field = widget(pdf, slot)
        field.Rect = Array([float(one) - (25 if index % 2 else 0) for index, one in enumerate(field.Rect)])
        doubts = told(changed(pdf), blank)
    assert doubts[slot.partition("=")[0].replace("/", ".")].startswith(("VERSION_MODIFIEE", "VALEUR_CACHEE"))


@pytest.mark.parametrize("slot", ["organisme.telephone", "tuteur.fonction", "stage.duree_heures"])
@pytest.mark.parametrize("content", ["words", "strokes"])
def test_what_is_painted_on_the_page_over_a_field_is_told(
    blank: Blank, filled: bytes, slot: str, content: str
) -> None:
    """An answer typed with an editor of pages over an empty field, or a line through a full one."""
    number, x0, y0, x1, y1 = zone_of(blank, slot)
    with Pdf.open(io.BytesIO(filled)) as pdf:
        field = widget(pdf, slot.replace(".", "/"))
        if content == "words":
            field.V = String("")
            del field.AP
            line = b"BT 0 g /Helv 8 Tf %.1f %.1f Td (02 98 55 66 77) Tj ET" % (x0 + 4, y0 + 4)
        else:
            line = b"1 w %.1f %.1f m %.1f %.1f l S" % (x0 + 2, (y0 + y1) / 2, x1 - 2, (y0 + y1) / 2 + 2)
        added(pdf, pdf.pages[number - 1], line)
        assert slot in told(changed(pdf), blank)


def _ticks_drawn(pdf: Pdf, name: str, on: bytes, off: bytes) -> None:
    field = widget(pdf, name)
    x0, _, x1, _ = (float(one) for one in field.Rect)
    for state in list(field.AP.N):
        look = Stream(pdf, off if state == "/Off" else on)
        look.Type, look.Subtype, look.BBox = Name.XObject, Name.Form, Array([0, 0, x1 - x0, x1 - x0])
        field.AP.N[state] = pdf.make_indirect(look)


@pytest.mark.parametrize(
    ("ticked", "clear"),
    [
        ("stage/quotite=partiel", "stage/quotite=plein"),
        ("tuteur/civilite=Mme", "tuteur/civilite=M."),
        ("organisme/droit_public=non", "organisme/droit_public=oui"),
    ],
)
def test_a_tick_is_believed_by_its_ink(blank: Blank, filled: bytes, ticked: str, clear: str) -> None:
    """One that shows nothing when it is on, one that shows a cross when it is off."""
    path = ticked.partition("=")[0].replace("/", ".")
    cross = b"1.3 w 1.9 1.9 m 7 7 l 1.9 7 m 7 1.9 l S"
    with Pdf.open(io.BytesIO(filled)) as pdf:
        _ticks_drawn(pdf, ticked, b" ", b" ")
        assert told(changed(pdf), blank)[path].startswith("VALEUR_CACHEE")
        _ticks_drawn(pdf, ticked, cross, b" ")
        assert told(changed(pdf), blank) == {}
        _ticks_drawn(pdf, clear, cross, cross)
        assert told(changed(pdf), blank)[path].startswith("CASE_AMBIGUE")


def _ring(x: float, y: float, radius: float) -> bytes:
    """A circle of four curves."""
    k = 0.5523 * radius
    turns = ((radius, k, k, radius, 0, radius), (-k, radius, -radius, k, -radius, 0))
    turns += ((-radius, -k, -k, -radius, 0, -radius), (k, -radius, radius, -k, radius, 0))
    placed = (tuple(one + (x, y)[index % 2] for index, one in enumerate(turn)) for turn in turns)
    curves = b" ".join(b"%.2f %.2f %.2f %.2f %.2f %.2f c" % turn for turn in placed)
    return b"0.8 w %.2f %.2f m %b S" % (x + radius, y, curves)


_EMPTY_FRAMES = {
    "ring in the middle": (_ring(4.5, 4.5, 2.9), (4.5, 4.5)),
    "square within": (b"0.6 w 1.7 1.7 5.6 5.6 re S", (4.5, 4.5)),
}


@pytest.mark.parametrize("name", ["stage/quotite", "tuteur/civilite", "organisme/droit_public"])
@pytest.mark.parametrize("frame", _EMPTY_FRAMES)
def test_a_frame_smaller_than_its_box_is_no_mark(blank: Blank, filled: bytes, name: str, frame: str) -> None:
    """What stands in it, and what is drawn through it, is one; where it is ticked, the frame alone is not enough."""
    options = {"stage/quotite": ("partiel", "plein"), "tuteur/civilite": ("Mme", "M.")}.get(name, ("non", "oui"))
    ticked, clear = (f"{name}={option}" for option in options)
    path = name.replace("/", ".")
    line, (x, y) = _EMPTY_FRAMES[frame]
    dot = b" 1.6 w 1 J %.2f %.2f m %.2f %.2f l S" % (x - 0.3, y, x + 0.3, y)
    through = b" 0.8 w 1 1 m 8 8 l S"
    with Pdf.open(io.BytesIO(filled)) as pdf:
        _ticks_drawn(pdf, ticked, line + dot, line)
        _ticks_drawn(pdf, clear, line + dot, line)
        assert told(changed(pdf), blank) == {}
        for mark in (dot, through):
            _ticks_drawn(pdf, clear, line + mark, line + mark)
            assert told(changed(pdf), blank)[path].startswith("CASE_AMBIGUE")
        _ticks_drawn(pdf, clear, line + dot, line)
        _ticks_drawn(pdf, ticked, line, line)
        assert told(changed(pdf), blank)[path].startswith("VALEUR_CACHEE")


@pytest.mark.parametrize(
    ("x", "y", "radius", "side"), [(3.2, 3.2, 2.6, 9), (3.6, 3.6, 3.0, 11), (7, 7.4, 3.1, 11), (6, 6, 5, 12)]
)
def test_a_ring_anywhere_in_its_box_is_no_mark(x: float, y: float, radius: float, side: float) -> None:
    """On a page without printed frames: empty it is no tick, with a dot or a stroke it is a mark."""
    dot = b" 2.4 w 1 J %.2f %.2f m %.2f %.2f l S" % (x - 0.3, y, x + 0.3, y)
    stroke = b" 1 w %.2f %.2f m %.2f %.2f l S" % (0.5, 0.5, side - 0.5, side - 0.5)
    found = []
    for mark in (b"", dot, stroke):
        with Pdf.new() as pdf:
            pdf.add_blank_page(page_size=(100, 100))
            pdf.pages[0].Contents = Stream(pdf, b"1 0 0 1 20.3 20.6 cm " + _ring(x, y, radius) + mark)
            with Sheets(changed(pdf)) as sheets:
                sheet = sheets.sheet(1)
                assert sheet is not None
                box = (20.3, 79.4 - side, 20.3 + side, 79.4)
                doubts = (tick_doubt(sheet, box, ticked=ticked) for ticked in (False, True))
                found.append(tuple(doubt.code.value if doubt else None for doubt in doubts))
    assert found == [(None, "VALEUR_CACHEE"), ("CASE_AMBIGUE", None), ("CASE_AMBIGUE", None)]


def test_a_twin_that_acrobat_shows_instead_is_a_doubt(blank: Blank, filled: bytes) -> None:
    """An XFA form beside the fields, whose data say another thing of some."""
    said = {field.path: field.raw for field in read_own(filled, blank).fields}
    twin = "".join(f"<f>{one}</f>" for path, one in said.items() if path != "tuteur.prenom").replace("&", "&amp;")
    with Pdf.open(io.BytesIO(filled)) as pdf:
        data = pdf.make_stream(f"<xfa:data>{twin}<f>Yann</f></xfa:data>".encode())
        pdf.Root.AcroForm.XFA = Array([String("datasets"), data])
        doubts = told(changed(pdf), blank)
    assert "XFA" in doubts["tuteur.prenom"]
    assert "tuteur.nom" not in doubts


@pytest.mark.parametrize(("x", "y"), [(60, 12), (300, 815), (60, 828)])
def test_what_stands_beside_no_answer_is_told_of_the_page(blank: Blank, filled: bytes, x: int, y: int) -> None:
    """A remark in a margin hangs on no field: it is told with its place, to be settled once."""
    with Pdf.open(io.BytesIO(filled)) as pdf:
        added(pdf, pdf.pages[1], b"BT 0 g /Helv 7 Tf %d %d Td (annule, voir mail) Tj ET" % (x, y))
        data = changed(pdf)
    reading = read_own(data, blank)
    assert [field.path for field in reading.fields if field.doubt] == []
    (stray,) = reading.strays
    assert stray.box is not None
    assert ("annule" in stray.text, stray.page, round(stray.box[0]) in range(x - 2, x + 3)) == (True, 2, True)
