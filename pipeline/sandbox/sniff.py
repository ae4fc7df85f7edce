"""File type detection, by the first bytes and never by the name.

Three kinds of file can hold one of our forms: a PDF, a Word document and an OpenDocument text; an archive may hold
several of them. Anything else is refused here, before any parser is started, with a message that names it.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from enum import StrEnum

from pipeline.core.refusals import Refusal, refused

# Of the files in a folder to try or evaluate.
SUFFIXES = (".pdf", ".docx", ".odt", ".jpg", ".jpeg", ".png", ".tif", ".tiff")
PDF_WITHIN = 1_024  # bytes before which a PDF may begin, as viewers have it: a mark, a line of a printer
_PDF = re.compile(rb"%PDF-[0-9]")
ZIP = (b"PK\x03\x04", b"PK\x05\x06")  # the second: an archive of nothing
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEIC_BRANDS = (b"heic", b"heix", b"mif1", b"msf1", b"hevc", b"avif")
_READABLE_PHOTOS = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"II*\x00", b"MM\x00*")
_OTHER_PHOTOS = (b"GIF8", b"BM")
_OTHER_ARCHIVES = (b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ\x00")
_PAGES = (b"<!doctype html", b"<html", b"<head", b"<body", b"<?xml", b"<!--")
_MESSAGE = re.compile(
    rb"(?:received|return-path|delivered-to|from|to|date|subject|message-id|mime-version|dkim-signature|x-[a-z-]+)"
    rb":[ \t][^\n]*\n(?:[ \t][^\n]*\n)*[a-z][a-z0-9-]*:[ \t]"
)
_MAIN_TYPE = re.compile(rb'ContentType="([^"]*\.main\+xml)"')
_TYPES_PART = "[Content_Types].xml"
_TYPES_LIMIT = 1_000_000  # bytes of [Content_Types].xml looked at; a real one has a few thousand
_PROGRAM = "META-INF/MANIFEST.MF"
_IWORK = ("index/document.iwa", "index.zip", "index.xml", "index.apxl")
ODT_TYPE = b"application/vnd.oasis.opendocument.text"
DOCX_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


class Container(StrEnum):
    """The kinds of file that may hold a form, and the one that may hold several."""

    PDF = "pdf"
    DOCX = "docx"
    ODT = "odt"
    ARCHIVE = "zip"


def from_its_beginning(data: bytes) -> bytes:
    """The file; a PDF without what stands before it, where viewers look past that too."""
    if data.startswith((*ZIP, _OLE, *_READABLE_PHOTOS)):
        return data
    begins = _PDF.search(data[: PDF_WITHIN + 6])
    return data[begins.start() :] if begins else data


def container_of(data: bytes) -> Container:
    """PDF, DOCX, ODT or archive, by the content at offset 0; raises FormRejected with a code for anything else."""
    if _PDF.match(data):
        return Container.PDF
    if data.startswith(ZIP):
        return _sniff_zip(data)
    raise refused(_name(data))


def is_picture(data: bytes) -> bool:
    """Whether the file is a photograph or a scan of a kind that the reader of images opens (JPEG, PNG, TIFF)."""
    return data.startswith(_READABLE_PHOTOS)


def _name(data: bytes) -> Refusal:
    """What a file is that is neither a PDF nor a ZIP."""
    if not data.strip(b"\x00 \t\r\n"):
        return Refusal.EMPTY
    if data.startswith(_OLE):
        return _name_ole(data)
    head = data[:4_096].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    webp = data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    heic = data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS
    tar = data[257:262] == b"ustar"
    signs = (
        (Refusal.OTHER_IMAGE, data.startswith(_OTHER_PHOTOS) or heic or webp),
        (Refusal.OTHER_ARCHIVE, data.startswith(_OTHER_ARCHIVES) or tar),
        (Refusal.RTF, head.startswith(b"{\\rtf")),
        (Refusal.MESSAGE, _MESSAGE.match(head)),
        (Refusal.WEB_PAGE, head.startswith(_PAGES)),
    )
    return next((reason for reason, seen in signs if seen), Refusal.UNKNOWN_TYPE)


def _name_ole(data: bytes) -> Refusal:
    """Old Office, Outlook and password-protected Office share one container; the UTF-16 names of its streams tell."""
    for stream, reason in (
        ("EncryptedPackage", Refusal.WORD_PASSWORD),
        ("__properties_version1.0", Refusal.MESSAGE),
        ("WordDocument", Refusal.OLD_WORD),
    ):
        if stream.encode("utf-16-le") in data:
            return reason
    return Refusal.OLD_OFFICE


@contextmanager
def open_archive(data: bytes) -> Iterator[zipfile.ZipFile]:
    """A ZIP archive to look into; whatever goes wrong with it raises FormRejected, of a Word document or another."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield archive
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        ValueError,
        OSError,
        EOFError,
    ) as error:
        if b"word/document.xml" in data or _TYPES_PART.encode() in data[:200]:
            raise refused(Refusal.WORD_DAMAGED, how="il ne s’ouvre pas") from error
        if ODT_TYPE in data[:200]:
            raise refused(Refusal.ODT_DAMAGED, how="il ne s’ouvre pas") from error
        raise refused(Refusal.ARCHIVE_DAMAGED) from error


def _sniff_zip(data: bytes) -> Container:
    with open_archive(data) as archive:
        names = set(archive.namelist())
        types = _head(archive, _TYPES_PART) if _TYPES_PART in names else b""
        flat = _head(archive, "mimetype") if "mimetype" in names else b""
    main = [match.decode("ascii", "replace") for match in _MAIN_TYPE.findall(types)]
    if DOCX_MAIN in main:
        return Container.DOCX
    if any("macroEnabled" in name for name in main):
        raise refused(Refusal.WORD_MACROS)
    if flat.strip() == ODT_TYPE:
        return Container.ODT
    if types:
        raise refused(Refusal.OTHER_OFFICE)
    if b"opendocument" in flat:
        raise refused(Refusal.ODT if b"opendocument.text" in flat else Refusal.OTHER_OFFICE)
    if _of_iwork(names):
        raise refused(Refusal.PAGES)
    if flat or _PROGRAM in names:
        raise refused(Refusal.UNKNOWN_TYPE)  # a book, a program: no file of it was put there by hand
    return Container.ARCHIVE


def _of_iwork(names: Collection[str]) -> bool:
    low = {name.lower() for name in names}
    return any(part in low for part in _IWORK) and any("preview" in name or name.endswith(".iwa") for name in low)


def _head(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(_TYPES_LIMIT)
