"""Files that people really send: what was done to the form changes nothing of what is read, or is told as it is."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from pathlib import Path

import people
import pikepdf
import pytest
import sent_files as sent
from forms_filler import print_pdf, print_words

from pipeline.core.doubts import Reason
from pipeline.core.errors import FormRejected
from pipeline.core.models import Form, Reading
from pipeline.reading import reader
from pipeline.reading.bundles import Bundle
from pipeline.reading.known_forms import KnownForms

pytestmark = pytest.mark.sampled(3)

Read = Callable[[bytes], Reading]
FILLABLE, PRINTED, WORD = sent.sample("1-"), sent.sample("6-"), sent.sample("5-")


@pytest.fixture
def received(tmp_path: Path) -> Callable[[bytes], Form]:
    """Bytes to the form that they are in the spool."""

    def keep(data: bytes) -> Form:
        path = tmp_path / "recu"
        path.write_bytes(data)
        return Form(hashlib.sha256(data).hexdigest(), path, "lot.pdf", people.TODAY)

    return keep


@pytest.fixture
def read(given_out: KnownForms, received: Callable[[bytes], Form]) -> Read:
    """Bytes to a reading, as for a received file."""
    return lambda data: reader.read(received(data), given_out)


@pytest.fixture(scope="session")
def plain(given_out: KnownForms, tmp_path_factory: pytest.TempPathFactory) -> dict[bytes, dict[str, object]]:
    """What the samples say as they are."""
    path = tmp_path_factory.mktemp("plain") / "recu"
    found = {}
    for data in (FILLABLE, PRINTED, WORD):
        path.write_bytes(data)
        found[data] = reader.read(Form("ab" * 32, path, "x", people.TODAY), given_out).values
    return found


def line(text: str) -> Callable[[bytes], bytes]:
    """A file behind a line of text."""
    return lambda data: text.encode() + data


def edit(change: Callable[[pikepdf.Pdf], object]) -> Callable[[bytes], bytes]:
    """A change of a PDF."""
    return lambda data: sent.edited(data, change)


def backwards(pdf: pikepdf.Pdf) -> None:
    """The last page first."""
    pdf.pages.reverse()


@pytest.mark.parametrize("form", [FILLABLE, PRINTED], ids=["fillable", "printed"])
@pytest.mark.parametrize(
    "dress",
    [
        pytest.param(line("\ufeff"), id="behind a byte order mark"),
        pytest.param(line("GPL Ghostscript 9.55.0: a warning\n"), id="behind a printer's line"),
        pytest.param(line("HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n"), id="behind a gateway's lines"),
        pytest.param(edit(sent.turned(90)), id="turned by 90"),
        pytest.param(edit(sent.turned(270)), id="turned by 270"),
        pytest.param(edit(backwards), id="backwards"),
        pytest.param(lambda data: sent.edited(data, lambda _: None, linearize=True), id="linearised"),
        pytest.param(lambda data: sent.locked(data, revision=3, owner="chef"), id="owner's password R3"),
        pytest.param(lambda data: sent.locked(data, revision=6), id="two empty passwords R6"),
        pytest.param(sent.with_locked_attachment, id="with an attachment under a password"),
    ],
)
def test_what_every_viewer_shows_is_read(
    read: Read, plain: dict[bytes, dict[str, object]], form: bytes, dress: Callable[[bytes], bytes]
) -> None:
    """The same answers, and no doubt."""
    reading = read(dress(form))
    assert (reading.values, reading.doubts, reading.strays) == (plain[form], (), ())


@pytest.mark.parametrize("degrees", [90, 180])
def test_a_print_that_is_drawn_turned_is_read(
    read: Read, plain: dict[bytes, dict[str, object]], degrees: int
) -> None:
    """The paper is turned with it, or lies upside down."""
    reading = read(sent.edited(PRINTED, sent.drawn_turned(degrees)))
    assert (reading.values, reading.doubts) == (plain[PRINTED], ())


@pytest.mark.parametrize("turn", [0, 90])
def test_two_pages_on_a_sheet_are_read(read: Read, plain: dict[bytes, dict[str, object]], turn: int) -> None:
    """Whichever way the sheets lie."""
    reading = read(sent.edited(sent.two_up(PRINTED), sent.turned(turn)))
    assert (reading.values, reading.doubts) == (plain[PRINTED], ())


def test_two_pages_of_a_word_print_on_a_sheet_are_told_apart(read: Read) -> None:
    """An answer goes on below, not on the page beside: nothing is read that the print does not say."""
    (printed,) = print_words([WORD])
    alone, together = read(printed).values, read(sent.two_up(printed))
    seen = {one.path: one.value for one in together.fields if one.doubt is None and one.value is not None}
    assert len(together.doubts) < 10
    assert {path: value for path, value in seen.items() if value != _at(alone, path)} == {}


def _at(values: dict[str, object], path: str) -> object:
    for key in path.split("."):
        values = values[key]  # type: ignore[assignment]
    return values


@pytest.mark.parametrize("form", ["1-", "4-"])
def test_our_form_printed_by_ghostscript_is_read(read: Read, form: str) -> None:
    """It loses the table of accented letters: our own printed words are known again with holes in them."""
    before, after = read(sent.sample(form)), read(sent.by_ghostscript(sent.sample(form)))
    assert (after.values, after.doubts) == (before.values, ())


def test_a_hole_in_an_answer_stays_a_doubt(read: Read) -> None:
    """A letter that the file does not say is never guessed in what somebody wrote."""

    def lose(pdf: pikepdf.Pdf) -> None:
        for one in pdf.objects:
            if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/Font" and "/ToUnicode" in one:
                table = one.ToUnicode.read_bytes()
                one.ToUnicode.write(table.replace(b"<00E9>", b"<FFFD>").replace(b"<00e9>", b"<FFFD>"))

    reading = read(sent.edited(print_pdf(FILLABLE), lose))
    wrong = [one for one in reading.fields if one.doubt is None and "\ufffd" in str(one.value)]
    assert wrong == []


@pytest.mark.parametrize("together", [sent.united, sent.appended], ids=["by poppler, losing fields", "by qpdf"])
@pytest.mark.parametrize("form", [FILLABLE, PRINTED], ids=["fillable", "printed"])
def test_a_page_of_something_else_is_told_and_hurts_no_answer(
    read: Read, plain: dict[bytes, dict[str, object]], together: Callable[..., bytes], form: bytes
) -> None:
    """An insurance certificate behind the form: every answer is read, and a person is shown that page."""
    reading = read(together(form, sent.written(sent.INSURANCE)))
    assert (reading.values, reading.doubts) == (plain[form], ())
    (page,) = reading.strays
    told = (page.page, page.doubt.code if page.doubt else None, page.text[:24])
    assert told == (len(pikepdf.open(io.BytesIO(form)).pages) + 1, Reason.EXTRA_PAGE, "ATTESTATION D’ASSURANCE ")


def parts_of(data: bytes, read: Read, received: Callable[[bytes], Form]) -> list[tuple[str, Reading]]:
    """The forms in a file: what each is called, and what it says, cut out twice alike."""
    form = received(data)
    with pytest.raises(Bundle) as caught:
        read(data)
    cut = [(part, reader.read_part(form, part), reader.read_part(form, part)) for part in caught.value.parts]
    assert [one == again for _, one, again in cut] == [True] * len(cut)
    return [(part.named_in("lot.pdf"), read(one)) for part, one, _ in cut]


@pytest.mark.parametrize(
    ("files", "together"),
    [
        pytest.param(("1-", "3-"), sent.appended, id="fillable, of one formation, fields renamed"),
        pytest.param(("4-", "1-"), sent.united, id="fillable, of two, ticks lost"),
        pytest.param(("6-", "6-"), sent.united, id="printed, the same twice"),
    ],
)
def test_forms_in_one_pdf_are_read_each_for_itself(
    read: Read,
    received: Callable[[bytes], Form],
    files: tuple[str, ...],
    together: Callable[..., bytes],
) -> None:
    """Each says what it says alone, and is called by its pages."""
    wanted = [read(sent.sample(name)).values for name in files]
    found = parts_of(together(*map(sent.sample, files)), read, received)
    assert [reading.values for _, reading in found] == wanted
    assert [reading.doubts for _, reading in found] == [(), ()]
    assert found[0][0].startswith("pages 1 à ")


def test_a_page_between_two_forms_goes_with_the_form_before(read: Read, received: Callable[[bytes], Form]) -> None:
    """And a page before the first with the first: no page is lost."""
    data = sent.united(sent.written(sent.INSURANCE), PRINTED, sent.written(sent.INVOICE), print_pdf(FILLABLE))
    found = parts_of(data, read, received)
    first = [[page.text.split()[0] for page in reading.strays] for _, reading in found]
    assert first == [["ATTESTATION", "FACTURE"], []]


def test_word_forms_printed_into_one_pdf_are_told_apart(read: Read, received: Callable[[bytes], Form]) -> None:
    """Of two formations, whose pages are much alike: each page says whose it is."""
    printed = print_words([sent.sample("2-"), WORD])
    found = parts_of(sent.united(*printed), read, received)
    assert [reading.values for _, reading in found] == [read(one).values for one in printed]


@pytest.mark.long
def test_two_forms_in_a_scan_are_told_apart(read: Read, received: Callable[[bytes], Form]) -> None:
    """By the mark at the foot of their pages: each has its own."""
    whole = sent.scanned(sent.united(PRINTED, print_pdf(FILLABLE)))
    form = received(whole)
    with pytest.raises(Bundle) as caught:
        read(whole)
    assert [part.pages for part in caught.value.parts] == [(1, 2, 3, 4), (5, 6, 7, 8)]
    assert read(reader.read_part(form, caught.value.parts[1])).formation == people.CNAM


def test_sheets_that_were_shuffled_are_nobody_s_guess(read: Read) -> None:
    """Page by page of two people: the file goes back, and says why."""
    with pikepdf.open(io.BytesIO(sent.united(PRINTED, PRINTED))) as pdf:
        count = len(pdf.pages) // 2
        order = [page for number in range(count) for page in (pdf.pages[number], pdf.pages[number + count])]
        shuffled = pikepdf.new()
        shuffled.pages.extend(order)
        made = io.BytesIO()
        shuffled.save(made)
    with pytest.raises(FormRejected) as caught:
        read(made.getvalue())
    assert caught.value.reason == "PLUSIEURS_FORMULAIRES"


def test_a_cut_form_holds_nothing_of_the_other(read: Read, received: Callable[[bytes], Form]) -> None:
    """Neither words, nor fields, nor bookmarks of the person whose pages were left out."""

    def mark(pdf: pikepdf.Pdf) -> None:
        with pdf.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem("LEFÈVRE", 0))
        pdf.Root.OpenAction = pikepdf.Array([pdf.pages[0].obj, pikepdf.Name.Fit])

    whole = sent.edited(sent.appended(FILLABLE, sent.sample("3-")), mark)
    form = received(whole)
    with pytest.raises(Bundle) as caught:
        read(whole)
    _, second = (reader.read_part(form, part) for part in caught.value.parts)
    with pikepdf.open(io.BytesIO(second)) as pdf:
        drawn = (one.read_bytes() for one in pdf.objects if isinstance(one, pikepdf.Stream))
        said = b"".join((*(one.unparse(resolved=True) for one in pdf.objects), *drawn))
    assert ["ROUX".encode("latin-1") in said, "LEFÈVRE".encode("latin-1") in said] == [True, False]


def test_the_files_of_an_archive_are_read_each_for_itself(read: Read, received: Callable[[bytes], Form]) -> None:
    """In folders, beside what systems leave; names are shown, and are no path."""
    files = {
        "classe/Élise/fiche é.pdf": FILLABLE,
        "__MACOSX/classe/._fiche.pdf": b"x",
        "../../etc/passwd.docx": WORD,
        "classe/.DS_Store": b"x",
    }
    found = parts_of(sent.zipped(files), read, received)
    assert [name for name, _ in found] == ["lot.pdf : fiche é.pdf", "lot.pdf : passwd.docx"]
    assert [reading.values for _, reading in found] == [read(FILLABLE).values, read(WORD).values]
