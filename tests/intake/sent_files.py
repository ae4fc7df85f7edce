"""Files as people and programs send them, made from filled forms: printed again, turned, put together, locked."""

from __future__ import annotations

import io
import os
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pikepdf
import pypdfium2
from reportlab.pdfgen.canvas import Canvas

SAMPLES = Path(__file__).parent.parent / "samples"
INVOICE = (
    "FACTURE n° 2025-113",
    "Société Exemple, 12 rue des Lilas, 29000 Quimper",
    "Client : Mme Durand",
    "Total HT 120,00 euros, TVA 24,00 euros, total TTC 144,00 euros",
    "Règlement à trente jours fin de mois, par virement ou par chèque à l’ordre de la société.",
)
INSURANCE = (
    "ATTESTATION D’ASSURANCE",
    "Responsabilité civile vie privée, contrat 980 0012 345, pour l’année en cours",
)


def sample(name: str) -> bytes:
    """One of the filled forms of the samples, by the beginning of its name."""
    (path,) = SAMPLES.glob(f"{name}*")
    return path.read_bytes()


def edited(data: bytes, edit: Callable[[pikepdf.Pdf], object], **how: object) -> bytes:
    """The same PDF, changed by ``edit`` and saved."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        edit(pdf)
        made = io.BytesIO()
        pdf.save(made, **how)
    return made.getvalue()


def written(*pages: tuple[str, ...]) -> bytes:
    """A PDF with these lines on its pages."""
    made = io.BytesIO()
    canvas = Canvas(made, invariant=1)
    for lines in pages:
        for number, line in enumerate(lines):
            canvas.drawString(60, 780 - 20 * number, line)
        canvas.showPage()
    canvas.save()
    return made.getvalue()


def with_fields_of_others() -> bytes:
    """A fillable PDF of somebody else, of a few words."""
    made = io.BytesIO()
    canvas = Canvas(made, invariant=1)
    canvas.drawString(60, 780, "Nom")
    canvas.acroForm.textfield(name="a", x=100, y=770, width=100, height=20, value="Durand")
    canvas.showPage()
    canvas.save()
    return made.getvalue()


def by_ghostscript(data: bytes) -> bytes:
    """The same pages as Ghostscript and what is built on it (PDFCreator) print them.

    The library that fills our forms leaves a clip without its end, which Ghostscript takes amiss: it is taken away
    first, for viewers do not apply it.
    """

    def mend(pdf: pikepdf.Pdf) -> None:
        for one in pdf.objects:
            if isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Form":
                drawn = one.read_bytes()
                if b"\nW\nBT" in drawn:
                    one.write(drawn.replace(b"\nW\nBT", b"\nn\nBT"))

    with tempfile.TemporaryDirectory() as place:
        source, target = Path(place, "in.pdf"), Path(place, "out.pdf")
        source.write_bytes(edited(data, mend))
        command = ["gs", "-q", "-dBATCH", "-dNOPAUSE", "-sDEVICE=pdfwrite", "-o", target, source]
        subprocess.run(command, check=True, capture_output=True, timeout=60)
        return target.read_bytes()


def united(*files: bytes) -> bytes:
    """Files put together by poppler, which loses half of their fields."""
    with tempfile.TemporaryDirectory() as place:
        for number, data in enumerate(files):
            Path(place, f"{number}.pdf").write_bytes(data)
        names = [f"{number}.pdf" for number in range(len(files))]
        subprocess.run(["pdfunite", *names, "all.pdf"], check=True, capture_output=True, timeout=60, cwd=place)
        return Path(place, "all.pdf").read_bytes()


def appended(*files: bytes) -> bytes:
    """Files put together by qpdf, which renames the fields of all but the first."""
    whole = pikepdf.new()
    for data in files:
        whole.add_pages_from(pikepdf.open(io.BytesIO(data)))
    made = io.BytesIO()
    whole.save(made)
    return made.getvalue()


def turned(degrees: int) -> Callable[[pikepdf.Pdf], None]:
    """Each page turned by its own setting."""

    def turn(pdf: pikepdf.Pdf) -> None:
        for page in pdf.pages:
            page.rotate(degrees, relative=True)

    return turn


def drawn_turned(degrees: int) -> Callable[[pikepdf.Pdf], None]:
    """What each page draws turned, on paper that is turned with it."""

    def turn(pdf: pikepdf.Pdf) -> None:
        for page in pdf.pages:
            wide, high = (float(side) for side in list(page.MediaBox)[2:])
            matrix = {
                90: f"0 1 -1 0 {high} 0 cm",
                180: f"-1 0 0 -1 {wide} {high} cm",
                270: f"0 -1 1 0 0 {wide} cm",
            }[degrees]
            page.contents_add(pdf.make_stream(f"q {matrix}\n".encode()), prepend=True)
            page.contents_add(pdf.make_stream(b"\nQ"))
            if degrees != 180:
                page.MediaBox = pikepdf.Array([0, 0, high, wide])

    return turn


def locked(data: bytes, *, revision: int, user: str = "", owner: str = "") -> bytes:
    """The same PDF under passwords, by the scheme of that revision."""
    old = {} if revision >= 4 else {"aes": False, "metadata": False}
    return edited(data, lambda _: None, encryption=pikepdf.Encryption(user=user, owner=owner, R=revision, **old))


def with_locked_attachment(data: bytes) -> bytes:
    """The same PDF with an attached file that alone is under a password: whoever opens the PDF sees its pages."""
    lock = pikepdf.Dictionary(
        Filter=pikepdf.Name.Standard,
        V=5,
        R=6,
        Length=256,
        P=-4,
        EncryptMetadata=False,
        CF=pikepdf.Dictionary(
            StdCF=pikepdf.Dictionary(AuthEvent=pikepdf.Name.EFOpen, CFM=pikepdf.Name.AESV3, Length=32)
        ),
        StmF=pikepdf.Name.Identity,
        StrF=pikepdf.Name.Identity,
        EFF=pikepdf.Name.StdCF,
    )
    for name, length in (("/O", 48), ("/U", 48), ("/OE", 32), ("/UE", 32), ("/Perms", 16)):
        lock[name] = pikepdf.String(bytes(range(1, length + 1)))

    def attach(pdf: pikepdf.Pdf) -> None:
        pdf.attachments["annexe.pdf"] = os.urandom(400)
        pdf.trailer["/EncrypX"] = pdf.make_indirect(lock)

    return edited(data, attach).replace(b"/EncrypX", b"/Encrypt")


def for_recipients(data: bytes) -> bytes:
    """A PDF that says it is locked for the holders of certificates."""
    lock = pikepdf.Dictionary(
        Filter=pikepdf.Name("/Adobe.PubSec"), SubFilter=pikepdf.Name("/adbe.pkcs7.s5"), V=5, Length=256
    )
    return edited(data, lambda pdf: pdf.trailer.__setitem__("/EncrypX", pdf.make_indirect(lock))).replace(
        b"/EncrypX", b"/Encrypt"
    )


def portfolio() -> bytes:
    """A PDF that is a cover for the files in it."""

    def collect(pdf: pikepdf.Pdf) -> None:
        pdf.attachments["formulaire.pdf"] = sample("1-")
        pdf.Root.Collection = pikepdf.Dictionary(Type=pikepdf.Name.Collection, View=pikepdf.Name.T)

    return edited(written(("Ouvrez ce porte-documents PDF dans Acrobat ou Adobe Reader.",)), collect)


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A ZIP archive of these files."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2025, 3, 17, 9, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def zip_under_a_password(files: Mapping[str, bytes]) -> bytes:
    """An archive whose directory says that its files are encrypted."""
    raw = bytearray(zipped(files))
    place = -1
    while (place := raw.find(b"PK\x01\x02", place + 1)) >= 0:
        raw[place + 8] |= 1
    return bytes(raw)


def two_up(data: bytes) -> bytes:
    """Two pages on each sheet, as a printer puts them."""
    made, sheets = io.BytesIO(), pikepdf.new()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for number, page in enumerate(pdf.pages):
            sheet = sheets.pages[-1] if number % 2 else sheets.add_blank_page(page_size=(842, 595))
            left = 421 * (number % 2)
            sheet.add_overlay(page, pikepdf.Rectangle(left, 0, left + 421, 595))
        sheets.save(made)
    return made.getvalue()


def scanned(data: bytes) -> bytes:
    """The pages as a scanner makes them, at 200 points an inch."""
    made = io.BytesIO()
    with pypdfium2.PdfDocument(data) as pdf:
        pdf.init_forms()
        first, *others = [page.render(scale=200 / 72, grayscale=True).to_pil() for page in pdf]
    first.save(made, "PDF", save_all=True, append_images=others, resolution=200)
    return made.getvalue()
