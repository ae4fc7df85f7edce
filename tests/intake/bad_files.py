"""Small files that are not a form that can be read, built on the spot: nothing hostile is kept in the repository."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from pypdf import PdfReader, PdfWriter
from pypdf.generic import BooleanObject, NameObject
from reportlab.pdfgen.canvas import Canvas

MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def content_types(main: str = MAIN) -> str:
    """The part of an Office file that says what it is."""
    return (
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>'
    )


def document(body: str = "<w:p><w:r><w:t>Bonjour</w:t></w:r></w:p>") -> str:
    """A Word document around this body."""
    return f'<?xml version="1.0"?><w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'


def docx(extra: Mapping[str, bytes | str] | None = None, *, main: str = MAIN, body: str | None = None) -> bytes:
    """A small Word file with these parts besides its own."""
    parts = {
        "[Content_Types].xml": content_types(main),
        "word/document.xml": document(body) if body else document(),
        **(extra or {}),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return buffer.getvalue()


def docx_with_twins() -> bytes:
    """A Word file with two documents under one name: readers differ on which to believe."""
    raw = docx({"word/documenu.xml": document("<w:p/>")})
    return raw.replace(b"word/documenu.xml", b"word/document.xml")


def docx_named(name: str) -> bytes:
    """A Word file with a part of exactly this name, also where zipfile would have mended it."""
    placeholder = "x" * len(name)
    return docx({placeholder: b"."}).replace(placeholder.encode(), name.encode())


def docx_encrypted() -> bytes:
    """A Word file whose parts are flagged as encrypted."""
    raw = bytearray(docx())
    place = raw.rfind(b"PK\x01\x02")
    raw[place + 8] |= 1
    return bytes(raw)


def pdf(lines: tuple[str, ...] = ("Bonjour",), *, pages: int = 1, keywords: str = "") -> bytes:
    """A PDF with these lines on each page."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=1)
    canvas.setKeywords(keywords)
    for _ in range(pages):
        for number, line in enumerate(lines):
            canvas.drawString(60, 780 - 14 * number, line)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def pdf_encrypted(source: bytes, *, user: str, owner: str) -> bytes:
    """The same PDF under these passwords."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(source)))
    writer.encrypt(user_password=user, owner_password=owner, algorithm="AES-256")
    return _written(writer)


def pdf_dynamic() -> bytes:
    """A PDF of the dynamic kind that only one program shows."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(("Please wait...",)))))
    writer.root_object[NameObject("/NeedsRendering")] = BooleanObject(True)  # noqa: FBT003 -- pypdf's own signature
    return _written(writer)


def pdf_scan() -> bytes:
    """A PDF whose pages hold a drawing and no text."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=1)
    canvas.rect(50, 50, 400, 700, fill=1)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _written(writer: PdfWriter) -> bytes:
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


OTHER_SCHOOL = (
    "DEMANDE DE STAGE – UNIVERSITÉ EXEMPLE",
    "Année universitaire 2025-2026, à retourner au secrétariat.",
    "1. L’étudiant : Nom GARÇON Prénom Mehdi, né le 17/05/2006",
    "2. L’organisme d’accueil : SARL Exemple, Brest",
    "3. Le tuteur : Grégoire BESSON, maître de conférences",
    "Sujet du stage : l’accueil des publics",
)
