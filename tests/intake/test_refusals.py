"""The table of refusals: each reason is given by a file of which it is true, through the real jailed reading."""

from __future__ import annotations

import ast
import hashlib
import io
import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import bad_files as bad
import people
import pikepdf
import pytest
import sent_files as sent
from by_value import ByValue
from forms_filler import print_pdf
from PIL import Image

from pipeline.core.errors import FormRejected
from pipeline.core.models import Form
from pipeline.core.refusals import REFUSALS, Refusal, refused
from pipeline.reading import reader
from pipeline.reading.known_forms import KnownForms
from pipeline.reports.review_pdf import review_pdf
from pipeline.reports.review_sheet import Item, ReviewSheet
from pipeline.sandbox.attachments import open_attachment

pytestmark = pytest.mark.sampled(3)

ROOT = Path(__file__).parent.parent.parent
UTF16 = "utf-16-le"
ODT = b"application/vnd.oasis.opendocument.text"


def office(part: str) -> bytes:
    """A Word file that says it is another Office document."""
    return bad.docx(main=f"application/vnd.openxmlformats-officedocument.{part}.main+xml")


def odt(parts: dict[str, bytes], locked: str = "") -> bytes:
    """An OpenDocument text of these parts; the directory says of the ``locked`` one that it is encrypted."""
    raw = bytearray(sent.zipped({"mimetype": ODT, "content.xml": b"<x/>"} | parts))
    if locked:
        raw[raw.rfind(b"PK\x01\x02", 0, raw.rfind(locked.encode())) + 8] |= 1
    return bytes(raw)


def picture(width: int, height: int, kind: str = "PNG") -> bytes:
    """A white picture."""
    made = io.BytesIO()
    Image.new("L", (width, height), 255).save(made, kind)
    return made.getvalue()


def scan(pages: int = 1, side: int = 595) -> bytes:
    """A PDF of black pages."""
    made = io.BytesIO()
    sheets = [Image.new("1", (80, 80)) for _ in range(pages)]
    sheets[0].save(made, "PDF", save_all=True, append_images=sheets[1:], resolution=72 * 80 / side)
    return made.getvalue()


def emptied() -> bytes:
    """Our Word form, whose text was taken out and whose mark is still there."""
    mark = "liasse/cnam-lp-insertion/2024-2025/185eb0bd"
    return bad.docx(body=f"<w:p><w:r><w:t>{mark}</w:t></w:r></w:p>")


def marked(mark: str) -> bytes:
    """A page with the mark of a form, and other words."""
    return sent.written((*sent.INVOICE, mark))


def cut_short(data: bytes, pages: int) -> bytes:
    """The first pages of a PDF."""

    def keep(pdf: pikepdf.Pdf) -> None:
        while len(pdf.pages) > pages:
            del pdf.pages[-1]

    return sent.edited(data, keep)


def shuffled() -> bytes:
    """The pages of one form, each followed by itself."""
    form = print_pdf(sent.sample("6-"))
    twice = pikepdf.new()
    with pikepdf.open(io.BytesIO(form)) as pdf:
        twice.pages.extend(page for page in pdf.pages for _ in range(2))
        made = io.BytesIO()
        twice.save(made)
    return made.getvalue()


def review_sheet() -> bytes:
    """The sheet of a form in doubt, as ``liasse review`` makes it."""
    item = Item("stagiaire.nom", "Nom", "à vérifier", "scolarite", ("ROUX",), "ROUX")
    mark = f"{'3f2a91c0' * 2}-{'5d0c' * 4}"
    return review_pdf(ReviewSheet("3f2a91c0", "2025-014", "f.pdf", "ROUX Anaïs", "BUT", mark, people.TODAY, (item,)))


FILES: dict[Refusal, Callable[[], bytes]] = {
    Refusal.EMPTY: lambda: bytes(300),
    Refusal.TOO_BIG: lambda: bytes(60_000_001),
    Refusal.UNKNOWN_TYPE: lambda: b"Bonjour, voici mon formulaire.",
    Refusal.WEB_PAGE: lambda: b"\xef\xbb\xbf <!DOCTYPE html><html>Connexion</html>",
    Refusal.MESSAGE: lambda: b"Received: from mx.example.org\r\n\tby mx2\r\nSubject: Fiche\r\n\r\nBonjour",
    Refusal.RTF: lambda: b"{\\rtf1\\ansi Bonjour}",
    Refusal.ODT: lambda: sent.zipped({"mimetype": ODT + b"-template"}),
    Refusal.PAGES: lambda: sent.zipped({"Index/Document.iwa": b"x", "preview.jpg": b"x"}),
    Refusal.OTHER_OFFICE: lambda: office("spreadsheetml.sheet"),
    Refusal.OLD_OFFICE: lambda: bad.OLE + "Workbook".encode(UTF16),
    Refusal.OTHER_IMAGE: lambda: b"\x00\x00\x00\x18ftypheic" + bytes(100),
    Refusal.OTHER_ARCHIVE: lambda: b"Rar!\x1a\x07\x01\x00" + bytes(100),
    Refusal.ARCHIVE_DAMAGED: lambda: sent.zipped({"fiche.pdf": sent.sample("6-")})[:-60],
    Refusal.ARCHIVE_ENCRYPTED: lambda: sent.zip_under_a_password({"fiche.pdf": sent.sample("6-")}),
    Refusal.ARCHIVE_HUGE: lambda: sent.zipped({"fiche.pdf": bytes(5_000_000)}),
    Refusal.ARCHIVE_CROWDED: lambda: sent.zipped({f"{number}.pdf": b"x" for number in range(41)}),
    Refusal.ARCHIVE_EMPTY: lambda: sent.zipped({"__MACOSX/._fiche.pdf": b"x", ".DS_Store": b"x"}),
    Refusal.OLD_WORD: lambda: bad.OLE + "WordDocument".encode(UTF16),
    Refusal.WORD_PASSWORD: lambda: bad.OLE + "EncryptedPackage".encode(UTF16),
    Refusal.WORD_DAMAGED: lambda: sent.sample("5-")[:-100],
    Refusal.WORD_MACROS: lambda: bad.docx({"word/vbaProject.bin": b"."}),
    Refusal.WORD_ACTIVE: lambda: bad.docx({"word/activeX/activeX1.bin": b"."}),
    Refusal.WORD_CROWDED: lambda: bad.docx({f"word/{number}.txt": b"." for number in range(2_000)}),
    Refusal.WORD_TWINS: bad.docx_with_twins,
    Refusal.WORD_HUGE: lambda: bad.docx({f"word/{number}.bin": bytes(900_000) for number in range(60)}),
    Refusal.WORD_BOMB: lambda: bad.docx({"word/media/image1.bin": bytes(5_000_000)}),
    Refusal.WORD_PATH: lambda: bad.docx_named("../../evil.txt"),
    Refusal.WORD_ENCRYPTED: bad.docx_encrypted,
    Refusal.WORD_DECLARATION: lambda: bad.docx({"word/document.xml": "<!DOCTYPE x><x/>"}),
    Refusal.ODT_DAMAGED: lambda: odt({"content.xml": b"<office"}),
    Refusal.ODT_PASSWORD: lambda: odt({"META-INF/manifest.xml": b"<m><manifest:encryption-data/></m>"}),
    Refusal.ODT_MACROS: lambda: odt({"vbaProject.bin": b"."}),
    Refusal.ODT_ACTIVE: lambda: odt({"activeX/1.bin": b"."}),
    Refusal.ODT_CROWDED: lambda: odt({f"Pictures/{number}.txt": b"." for number in range(2_000)}),
    Refusal.ODT_TWINS: lambda: odt({"Content.xml": b"<x/>"}),
    Refusal.ODT_HUGE: lambda: odt({f"Pictures/{number}.bin": bytes(900_000) for number in range(60)}),
    Refusal.ODT_BOMB: lambda: odt({"Pictures/1.bin": bytes(5_000_000)}),
    Refusal.ODT_PATH: lambda: odt({"../../evil.txt": b"."}),
    Refusal.ODT_ENCRYPTED: lambda: odt({"Pictures/1.txt": b"."}, locked="Pictures/1.txt"),
    Refusal.ODT_DECLARATION: lambda: odt({"content.xml": b"<!DOCTYPE x><x/>"}),
    Refusal.PDF_HUGE: lambda: bad.pdf() + bytes(25_000_001),
    Refusal.PDF_DAMAGED: lambda: sent.sample("6-")[:20_000],
    Refusal.PDF_FOLLOWED: lambda: bad.pdf() + b"x" * 2_000,
    Refusal.PDF_PASSWORD: lambda: sent.locked(bad.pdf(), revision=6, user="u"),
    Refusal.PDF_CERTIFICATE: lambda: sent.for_recipients(bad.pdf()),
    Refusal.PDF_LONG: lambda: bad.pdf(pages=31),
    Refusal.PDF_DYNAMIC: bad.pdf_dynamic,
    Refusal.PDF_PORTFOLIO: sent.portfolio,
    Refusal.PDF_HEAVY: lambda: bad.pdf(("x" * 100,) * 25_000),
    Refusal.IMAGE_DAMAGED: lambda: b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(100),
    Refusal.IMAGE_SMALL: lambda: picture(300, 400),
    Refusal.IMAGE_LARGE: lambda: scan(side=12_000),
    Refusal.IMAGES_MANY: lambda: scan(pages=9),
    Refusal.ILLEGIBLE: scan,
    Refusal.UNKNOWN_FORM: lambda: sent.written(sent.INVOICE),
    Refusal.REVIEW_SHEET: review_sheet,
    Refusal.EMPTIED: emptied,
    Refusal.MISSING_PAGE: lambda: cut_short(sent.sample("6-"), 2),
    Refusal.SEVERAL: shuffled,
    Refusal.BUNDLE: lambda: sent.zipped({"a.pdf": sent.sample("6-"), "b.docx": sent.sample("5-")}),
    Refusal.UNKNOWN_SESSION: lambda: marked("liasse/cnam-lp-insertion/1999-2000/0123abcd"),
    Refusal.UNKNOWN_FORMATION: lambda: marked("liasse/cuisine/2024-2025/0123abcd"),
}


@pytest.fixture
def why(given_out: KnownForms, tmp_path: Path) -> Callable[[bytes], FormRejected]:
    """Bytes to the refusal of their file."""

    def run(data: bytes) -> FormRejected:
        path = tmp_path / "recu"
        path.write_bytes(data)
        with pytest.raises(FormRejected) as caught:
            reader.read(Form(hashlib.sha256(data).hexdigest(), path, "lot.pdf", people.TODAY), given_out)
        return caught.value

    return run


@pytest.mark.parametrize("reason", FILES)
def test_a_reason_is_given_by_a_file_of_which_it_is_true(
    why: Callable[[bytes], FormRejected], reason: Refusal
) -> None:
    """With its sentence, in which every fact is filled in."""
    rejection = why(FILES[reason]())
    assert (rejection.reason, "{" in rejection.message) == (reason.value, False)


LIMITED = {
    Refusal.SLOW: {"cpu": 1},
    Refusal.WORDY: {"answer": 500},
    Refusal.STOPPED: {"memory": 1_000_000},
}


@pytest.mark.parametrize("reason", LIMITED)
def test_a_limit_that_is_reached_is_told_as_that(
    why: Callable[[bytes], FormRejected], monkeypatch: pytest.MonkeyPatch, reason: Refusal
) -> None:
    """Of the processor, of what is answered, of the memory: no parent leaves any over."""
    monkeypatch.setattr(reader, "LIMITS", replace(reader.LIMITS, **LIMITED[reason]))
    heavy = bad.docx(body="".join(f"<w:p><w:r><w:t>{number}</w:t></w:r></w:p>" for number in range(200_000)))
    assert why(sent.sample("6-") if reason is Refusal.WORDY else heavy).reason == reason.value


def test_a_scan_without_its_reader_says_so(
    why: Callable[[bytes], FormRejected], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where tesseract is not installed."""
    monkeypatch.setenv("PATH", "")
    assert why(scan()).reason == Refusal.NO_OCR.value


def turned_on(pdf: pikepdf.Pdf) -> None:
    """A layer that is not shown."""
    layer = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name="x"))
    off = pikepdf.Dictionary(OFF=pikepdf.Array([layer]))
    pdf.Root.OCProperties = pikepdf.Dictionary(OCGs=pikepdf.Array([layer]), D=off)


def of_no_paper(pdf: pikepdf.Pdf) -> None:
    """A page of a hundred kilometres."""
    pdf.pages[0].MediaBox = pikepdf.Array([0, 0, 3e8, 3e8])


def without_end(pdf: pikepdf.Pdf) -> None:
    """Drawings within drawings."""
    inner = pdf.make_stream(b"")
    for _ in range(60):
        outer = pdf.make_stream(b"/X Do")
        outer.Type, outer.Subtype, outer.BBox = pikepdf.Name.XObject, pikepdf.Name.Form, pikepdf.Array([0, 0, 9, 9])
        outer.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(X=inner))
        inner = outer
    pdf.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(X=inner))


def unfit(_: bytes) -> None:
    """What the trial of a packet says of a piece that does not bind."""
    raise refused(Refusal.UNFIT, how="its fonts are not embedded")


PIECES: dict[Refusal, tuple[bytes, Callable[[bytes], object]]] = {
    Refusal.PDF_LAYERS: (sent.edited(bad.pdf(), turned_on), len),
    Refusal.PDF_SHEET: (sent.edited(bad.pdf(), of_no_paper), len),
    Refusal.PDF_ENDLESS: (sent.edited(bad.pdf(), without_end), len),
    Refusal.NOT_A_PDF: (bad.docx(), len),
    Refusal.UNFIT: (bad.pdf(), unfit),
}


@pytest.mark.parametrize("reason", PIECES)
def test_a_piece_that_is_not_joined_is_told_why(tmp_path: Path, reason: Refusal) -> None:
    """Through the jail, as a form."""
    data, trial = PIECES[reason]
    (tmp_path / "piece.pdf").write_bytes(data)
    with pytest.raises(FormRejected) as caught:
        open_attachment(tmp_path / "piece.pdf", ByValue(trial), ByValue(lambda: None))
    assert caught.value.reason == reason.value


IN_A_RUN = {Refusal.ARCHIVE_NESTED}  # tests/runs/test_bundles.py


def test_every_reason_of_the_table_has_its_file() -> None:
    """None is left out, and the table has no other."""
    shown = {*FILES, *LIMITED, *PIECES, *IN_A_RUN, Refusal.NO_OCR}
    table = tomllib.loads((ROOT / "pipeline/core/refus.toml").read_text(encoding="utf-8"))
    assert (shown, {*REFUSALS}, {*table}) == ({*Refusal}, {*Refusal}, {reason.value for reason in Refusal})
    short = [code for code, told in table.items() if not told["vrai"] or not told["dit"].endswith((".", "}"))]
    assert short == []


def test_no_file_is_refused_for_a_reason_outside_of_the_table() -> None:
    """Nobody makes a refusal but by the table; the jail passes on what it knows."""
    made = set()
    for path in sorted((ROOT / "pipeline").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "FormRejected":
                made.add(str(path.relative_to(ROOT / "pipeline")))
    assert made == {"core/refusals.py", "sandbox/jail.py"}


def test_a_file_without_a_picture_is_never_called_one(why: Callable[[bytes], FormRejected]) -> None:
    """Some words, a form of others, a page of nothing: unknown forms, and nothing was looked for in pictures."""
    files = (sent.written(("Bonjour",)), sent.with_fields_of_others(), sent.written(()), sent.written(sent.INVOICE))
    said = [why(data) for data in files]
    assert {(one.reason, "scan" in one.message or "photo" in one.message) for one in said} == {
        ("FORMULAIRE_INCONNU", False)
    }


@pytest.mark.filterwarnings("ignore:Encryption R=5")
@pytest.mark.parametrize("revision", [2, 3, 4, 5, 6])
@pytest.mark.parametrize("owner", ["", "chef"])
def test_a_password_to_open_is_told_as_that(why: Callable[[bytes], FormRejected], revision: int, owner: str) -> None:
    """By every scheme, whoever else has a password."""
    assert why(sent.locked(bad.pdf(), revision=revision, user="u", owner=owner)).reason == "PDF_CHIFFRE"
