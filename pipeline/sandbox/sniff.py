"""File type detection, by the first bytes and never by the name.

Three kinds of file can hold one of our forms: a PDF, a Word document and an OpenDocument text. Anything else is
refused here, before any parser is started, with a message that names what was received and says what to send instead.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from pipeline.core.errors import FormRejected

SUFFIXES = (
    ".pdf",
    ".docx",
    ".odt",
    ".jpg",
    ".jpeg",
    ".png",
    ".tif",
    ".tiff",
)  # of the files in a folder to try or evaluate
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEIC_BRANDS = (b"heic", b"heix", b"mif1", b"msf1", b"hevc", b"avif")
_READABLE_PHOTOS = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"II*\x00", b"MM\x00*")
_PHOTOS = (*_READABLE_PHOTOS, b"GIF8", b"BM")
_PAGES = (b"<!doctype html", b"<html", b"<head", b"<body", b"<?xml", b"<!--")
_MAIN_TYPE = re.compile(rb'ContentType="([^"]*\.main\+xml)"')
_TYPES_PART = "[Content_Types].xml"
_TYPES_LIMIT = 1_000_000  # bytes of [Content_Types].xml looked at; a real one has a few thousand
ODT_TYPE = b"application/vnd.oasis.opendocument.text"
DOCX_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"

_SEND = "Renvoyez le formulaire de l’année rempli, en PDF ou en Word (.docx)."
_REFUSALS = {
    "FICHIER_VIDE": "Le fichier reçu est vide : l’envoi ou l’enregistrement s’est interrompu. "
    "Ouvrez le formulaire sur votre ordinateur, enregistrez-le de nouveau, puis renvoyez-le.",
    "WORD_PROTEGE": "Ce document Word est protégé par un mot de passe : il ne peut pas être ouvert. "
    "Dans Word, menu Fichier, Informations, Protéger le document, retirez le mot de passe, puis renvoyez-le.",
    "WORD_ANCIEN": "Ce fichier est à l’ancien format Word (.doc), même si son nom finit par .docx. "
    "Dans Word, choisissez Fichier, Enregistrer sous, « Document Word (*.docx) », puis renvoyez ce nouveau fichier.",
    "OFFICE_ANCIEN": "Ce fichier est à un ancien format Office qui n’est pas un document Word. " + _SEND,
    "PHOTO_RECUE": "C’est une photo ou une image qui a été reçue : elle ne se lit pas de façon sûre. "
    "Merci d’envoyer le PDF ou le document Word rempli à l’ordinateur, et non sa photographie.",
    "PAGE_WEB": "Le fichier reçu est une page web ou un fichier XML, quel que soit son nom. " + _SEND,
    "FICHIER_RTF": "Le fichier reçu est au format RTF. "
    "Dans Word, choisissez Fichier, Enregistrer sous, « Document Word (*.docx) », puis renvoyez ce nouveau fichier.",
    "FICHIER_ODT": "Le fichier reçu est un modèle ou un document maître OpenDocument (.ott, .odm). Dans LibreOffice, "
    "choisissez Fichier, Enregistrer sous, « Texte ODF (.odt) », puis renvoyez ce nouveau fichier.",
    "WORD_MACRO": "Ce document Word contient des macros (.docm) : il n’est pas ouvert, par sécurité. "
    "Enregistrez-le sous « Document Word (*.docx) », puis renvoyez ce nouveau fichier.",
    "OFFICE_AUTRE": "Ce fichier Office n’est pas un document Word (tableur, présentation ou modèle). " + _SEND,
    "ARCHIVE_RECUE": "Le fichier reçu est une archive (.zip) ou un fichier d’une autre application. "
    "Sortez le formulaire de l’archive et envoyez-le seul, en PDF ou en Word (.docx).",
    "WORD_ENDOMMAGE": "Ce document Word est incomplet ou endommagé : il ne s’ouvre pas. "
    "Ouvrez-le dans Word, enregistrez-le de nouveau, vérifiez qu’il s’affiche, puis renvoyez-le.",
    "FORMAT_INCONNU": "Le contenu du fichier n’est ni un PDF ni un document Word, quel que soit son nom. " + _SEND,
}


class Container(StrEnum):
    """The kinds of file that may hold a form."""

    PDF = "pdf"
    DOCX = "docx"
    ODT = "odt"


def container_of(data: bytes) -> Container:
    """PDF, DOCX or ODT, by the content at offset 0; raises FormRejected with its own code for anything else."""
    if data.startswith(b"%PDF-"):
        return Container.PDF
    if data.startswith(_ZIP):
        return _sniff_zip(data)
    raise _refusal(_name(data))


def is_picture(data: bytes) -> bool:
    """Whether the file is a photograph or a scan of a kind that the reader of images opens (JPEG, PNG, TIFF)."""
    return data.startswith(_READABLE_PHOTOS)


def _name(data: bytes) -> str:
    if not data.strip(b"\x00 \t\r\n"):
        return "FICHIER_VIDE"
    if data.startswith(_OLE):
        return _name_ole(data)
    webp = data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    if data.startswith(_PHOTOS) or (data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS) or webp:
        return "PHOTO_RECUE"
    head = data[:1024].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if head.startswith(b"{\\rtf"):
        return "FICHIER_RTF"
    return "PAGE_WEB" if head.startswith(_PAGES) else "FORMAT_INCONNU"


def _name_ole(data: bytes) -> str:
    """Old Office and password-protected Office share one container; the UTF-16 names of its streams tell."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "WORD_PROTEGE"
    return "WORD_ANCIEN" if "WordDocument".encode("utf-16-le") in data else "OFFICE_ANCIEN"


@contextmanager
def open_archive(data: bytes) -> Iterator[zipfile.ZipFile]:
    """A ZIP archive to look into; whatever goes wrong with it raises FormRejected (WORD_ENDOMMAGE)."""
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
        raise _refusal("WORD_ENDOMMAGE") from error


def _sniff_zip(data: bytes) -> Container:
    with open_archive(data) as archive:
        names = set(archive.namelist())
        types = _head(archive, _TYPES_PART) if _TYPES_PART in names else b""
        flat = _head(archive, "mimetype") if "mimetype" in names else b""
    main = [match.decode("ascii", "replace") for match in _MAIN_TYPE.findall(types)]
    if DOCX_MAIN in main:
        return Container.DOCX
    if any("macroEnabled" in name for name in main):
        raise _refusal("WORD_MACRO")
    if flat.strip() == ODT_TYPE:
        return Container.ODT
    if types:
        raise _refusal("OFFICE_AUTRE")
    raise _refusal("FICHIER_ODT" if b"opendocument.text" in flat else "ARCHIVE_RECUE")


def _head(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(_TYPES_LIMIT)


def _refusal(reason: str) -> FormRejected:
    return FormRejected(reason, _REFUSALS[reason])
