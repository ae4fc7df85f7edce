"""The sniffer names what was received, by its content, and says what to send instead."""

from __future__ import annotations

import io
import zipfile

import bad_files
import pytest

from pipeline.core.errors import FormRejected
from pipeline.sandbox.sniff import Container, container_of


def archive(**parts: bytes) -> bytes:
    """A zip of these members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        for name, part in parts.items():
            target.writestr(name, part)
    return buffer.getvalue()


def test_a_pdf_and_a_word_document_go_on() -> None:
    """The two kinds of file that may hold a form."""
    found = [container_of(data) for data in (bad_files.pdf(), bad_files.docx(), archive(photo=b"\xff\xd8\xff"))]
    assert found == [Container.PDF, Container.DOCX, Container.ARCHIVE]


SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
WITH_MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"
REFUSED = [
    (b"", "FICHIER_VIDE", "est vide"),
    (b"\x00\x00\r\n ", "FICHIER_VIDE", "est vide"),
    (bad_files.OLE + "EncryptedPackage".encode("utf-16-le"), "WORD_PROTEGE", "mot de passe"),
    (bad_files.OLE + "WordDocument".encode("utf-16-le"), "WORD_ANCIEN", "ancien format Word (.doc)"),
    (bad_files.OLE + "Workbook".encode("utf-16-le"), "OFFICE_ANCIEN", "ancien format Office"),
    (b"\xff\xd8\xff\xe0\x00\x10JFIF", "FORMAT_INCONNU", "ni un PDF ni"),
    (b"\x89PNG\r\n\x1a\n", "FORMAT_INCONNU", "ni un PDF ni"),
    (b"\x00\x00\x00\x18ftypheic\x00\x00", "PHOTO_RECUE", "image"),
    (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "PHOTO_RECUE", "image"),
    (b"II*\x00\x08\x00", "FORMAT_INCONNU", "ni un PDF ni"),
    (b"\xef\xbb\xbf  <!DOCTYPE html><html></html>", "PAGE_WEB", "page web"),
    (b'<?xml version="1.0"?><office:document/>', "PAGE_WEB", "fichier XML"),
    (b"{\\rtf1\\ansi Bonjour}", "FICHIER_RTF", "RTF"),
    (archive(mimetype=b"application/vnd.oasis.opendocument.text-template"), "FICHIER_ODT", "OpenDocument"),
    (archive(photo=b"\xff\xd8\xff")[:40], "ARCHIVE_ENDOMMAGEE", "archive"),
    (b"7z\xbc\xaf\x27\x1c\x00\x04", "ARCHIVE_AUTRE", "7z"),
    (b"From: a@example.org\r\nSubject: Fiche\r\n\r\n", "COURRIEL_RECU", "courriel"),
    (bad_files.OLE + "__properties_version1.0".encode("utf-16-le"), "COURRIEL_RECU", "courriel"),
    (archive(**{"Index/Document.iwa": b"x", "preview.jpg": b"x"}), "FICHIER_PAGES", "Pages"),
    (archive(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "OFFICE_AUTRE", "n’est pas un document"),
    (bad_files.docx(main=SPREADSHEET), "OFFICE_AUTRE", "n’est pas un document Word"),
    (bad_files.docx(main=WITH_MACROS), "WORD_MACRO", "macros"),
    (bad_files.docx()[:120], "WORD_ENDOMMAGE", "endommagé"),
    (b"x" * 1_100 + bad_files.pdf(), "FORMAT_INCONNU", "ni un PDF ni un document Word"),
    (b"Bonjour, voici mon formulaire.", "FORMAT_INCONNU", "ni un PDF ni un document Word"),
]


@pytest.mark.parametrize(("data", "reason", "words"), REFUSED, ids=[f"{r[1]}-{n}" for n, r in enumerate(REFUSED)])
def test_anything_else_is_refused_with_its_own_code(data: bytes, reason: str, words: str) -> None:
    """Each kind of file has its code, and a message that names it."""
    with pytest.raises(FormRejected) as caught:
        container_of(data)
    assert (caught.value.reason, words.lower() in caught.value.message.lower()) == (reason, True)
