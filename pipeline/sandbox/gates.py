"""Input validation: what a PDF or a DOCX must be before any parser walks through it.

A gate looks at the outside only (the archive's directory, the PDF's trailer and page tree, the length of what it
draws), inside the jail, and refuses with one code and one French message each thing that a filled form never is.
Limits are far above what our own blank forms need: 2000 entries and 50 MB for a DOCX, 30 pages and 25 MB for a PDF.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile

import pypdf
import pypdfium2
from pypdf.errors import DependencyError
from pypdf.generic import DictionaryObject

from pipeline.core.errors import FormRejected
from pipeline.core.refusals import Refusal, of_odt, refused
from pipeline.sandbox.sniff import open_archive
from pipeline.sandbox.weights import MAX_BEHIND_IMAGES, weigh

MAX_ENTRIES = 2_000
MAX_TOTAL = 50_000_000
MAX_PART = 20_000_000
MAX_RATIO = 200
RATIO_FROM = 1_000_000  # small parts of spaces compress well without harm
MAX_PDF = 25_000_000
MAX_PAGES = 30
PDF_TAIL = 1_024  # bytes that may follow the last %%EOF: mail gateways add a few

_PADDING = b"\x00\t\n\f\r "  # what a disk or a gateway fills up a file with
ENCRYPTED = 0x1
_MANIFEST = "META-INF/manifest.xml"
_ODT_PARTS = ("content.xml", "styles.xml", "meta.xml", _MANIFEST)
_XML_NAMES = (".xml", ".rels", ".vml")


def open_docx(data: bytes) -> dict[str, bytes]:
    """The XML parts of a Word document by name, once its archive has passed the gate; raises FormRejected."""
    with open_archive(data) as archive:
        entries = archive.infolist()
        _check_directory(entries)
        parts = {
            entry.filename: _part(archive, entry) for entry in entries if entry.filename.lower().endswith(_XML_NAMES)
        }
    for name, part in parts.items():
        _check_xml(name, part)
    return parts


def open_odt(data: bytes) -> dict[str, bytes]:
    """The parts of an OpenDocument text that say what it shows, once its archive has passed the gate of Word’s.

    Raises FormRejected, ODT_PROTEGE for one that a password protects. Its scripts and pictures are not opened.
    """
    try:
        with open_archive(data) as archive:
            entries = archive.infolist()
            _check_directory(entries)
            parts = {entry.filename: _part(archive, entry) for entry in entries if entry.filename in _ODT_PARTS}
        _check_locked(parts.pop(_MANIFEST, b""))
        for name, part in parts.items():
            _check_xml(name, part)
    except FormRejected as rejection:
        raise of_odt(rejection) from rejection
    return parts


def _check_locked(manifest: bytes) -> None:
    if b"encryption-data" in manifest:
        raise refused(Refusal.ODT_PASSWORD)


def _part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    with archive.open(entry) as part:
        return part.read(entry.file_size + 1)  # bounded: the directory's word on sizes is not to be trusted


def _check_directory(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_ENTRIES:
        raise refused(Refusal.WORD_CROWDED, count=len(entries))
    names = [entry.filename for entry in entries]
    if len({name.lower() for name in names}) < len(names):  # readers differ on which of the two they believe
        raise refused(Refusal.WORD_TWINS)
    for entry in entries:
        _check_name(entry.orig_filename)
        _check_size(entry)
    total = sum(entry.file_size for entry in entries)
    if total > MAX_TOTAL:
        raise refused(Refusal.WORD_HUGE, total=total // 1_000_000)


def _check_name(name: str) -> None:
    if "\\" in name or "\x00" in name or posixpath.isabs(name) or ":" in name or ".." in name.split("/"):
        raise refused(Refusal.WORD_PATH)
    lowered = name.lower()
    if lowered.endswith("vbaproject.bin"):
        raise refused(Refusal.WORD_MACROS)
    if "activex" in lowered or (lowered.startswith("word/embeddings/") and lowered.endswith(".bin")):
        raise refused(Refusal.WORD_ACTIVE)


def swells(entry: zipfile.ZipInfo) -> bool:
    """Whether a large file of an archive was packed tighter than any honest one."""
    return entry.file_size > RATIO_FROM and entry.file_size > MAX_RATIO * max(entry.compress_size, 1)


def _check_size(entry: zipfile.ZipInfo) -> None:
    if entry.flag_bits & ENCRYPTED:
        raise refused(Refusal.WORD_ENCRYPTED)
    size = entry.file_size
    if size > MAX_PART or swells(entry):
        raise refused(Refusal.WORD_BOMB, size=size // 1_000_000)


_DECLARATION = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([^"']*)["']""", re.IGNORECASE)
_ENCODINGS = (b"utf-8", b"utf8", b"utf-16", b"utf-16le", b"utf-16be", b"us-ascii", b"iso-8859-1", b"windows-1252")


def _check_xml(name: str, part: bytes) -> None:
    """A declaration of entities can swell without end or name a file of ours; no office program writes one."""
    wide = part.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in part[:4]
    text = part.replace(b"\x00", b"") if wide else part  # UTF-16 would hide it from the search
    head = text[:200].lstrip(b"\xef\xbb\xbf\xff\xfe")
    encoding = _ENCODING.match(head)
    strange = head.strip() and not head.lstrip().startswith(b"<")  # EBCDIC, say: parsers read it, this search cannot
    if strange or (encoding and encoding[1].lower() not in _ENCODINGS) or _DECLARATION.search(text):
        raise refused(Refusal.WORD_DECLARATION, part=name[:60])


def open_pdf(data: bytes) -> pypdf.PdfReader:
    """The PDF opened by pypdf with lowered limits, once it has passed the gate; raises FormRejected.

    A file protected by an owner's password only (print, no change) is opened: nobody had to hide its content.
    """
    if len(data) > MAX_PDF:
        raise refused(Refusal.PDF_HUGE, size=len(data) // 1_000_000, limit=MAX_PDF // 1_000_000)
    end = data.rfind(b"%%EOF")
    if end < 0:
        raise _damaged("il s’arrête avant sa fin")
    if len(data.rstrip(_PADDING)) - end - len(b"%%EOF") > PDF_TAIL:
        raise refused(Refusal.PDF_FOLLOWED)
    pypdf.overwrite_configuration(
        zlib_maximum_output_length=20_000_000,
        lzw_maximum_output_length=20_000_000,
        run_length_maximum_output_length=20_000_000,
        maximum_declared_stream_length=25_000_000,
        array_based_stream_maximum_output_length=20_000_000,
        stream_decoding_work_maximum_length=60_000_000,
        page_tree_maximum_entries=10_000,
        form_fields_maximum_entries=5_000,
        jbig2dec_binary=None,
    )
    try:
        reader = _reader(data)
        _check_encryption(reader, data)
        _check_pages(reader)
        _check_xfa(reader)
        weigh(reader)
    except FormRejected:
        raise
    except Exception as error:  # pypdf raises anything on a damaged file
        raise _damaged("il ne s’ouvre pas") from error
    return reader


def check_images(data: bytes) -> None:
    """The gate of a PDF whose pages are to be drawn and read as images; raises FormRejected.

    Drawing cannot be interrupted, and long strokes make it slow: behind a scan there is next to nothing to draw.
    """
    weigh(open_pdf(data), MAX_BEHIND_IMAGES)


def _damaged(how: str) -> FormRejected:
    return refused(Refusal.PDF_DAMAGED, how=how)


def _reader(data: bytes) -> pypdf.PdfReader:
    try:
        return pypdf.PdfReader(io.BytesIO(data))
    except NotImplementedError as error:  # a certificate, or the scheme of a vendor
        raise refused(Refusal.PDF_CERTIFICATE) from error


def _check_encryption(reader: pypdf.PdfReader, data: bytes) -> None:
    """Whoever receives the file must be able to open it: an empty password of its owner's is none of a reader's."""
    if not reader.is_encrypted:
        return
    try:
        opened = reader.decrypt("")
    except (NotImplementedError, DependencyError) as error:
        raise refused(Refusal.PDF_CERTIFICATE) from error
    if opened is pypdf.PasswordType.NOT_DECRYPTED or not _opens_in_viewers(data):
        raise refused(Refusal.PDF_PASSWORD)


def _opens_in_viewers(data: bytes) -> bool:
    try:
        with pypdfium2.PdfDocument(data):
            return True
    except pypdfium2.PdfiumError:
        return False


def _check_pages(reader: pypdf.PdfReader) -> None:
    count = len(reader.pages)
    if count == 0:
        raise _damaged("il n’a aucune page")
    if count > MAX_PAGES:
        raise refused(Refusal.PDF_LONG, count=count, limit=MAX_PAGES)


def _check_xfa(reader: pypdf.PdfReader) -> None:
    """A dynamic XFA form has one page that says « Please wait… »: its answers are not in the PDF's own fields."""
    root = reader.root_object
    form = root.get("/AcroForm")
    form = form.get_object() if form is not None else None
    rendering = root.get("/NeedsRendering")
    empty_twin = isinstance(form, DictionaryObject) and "/XFA" in form and not form.get("/Fields")
    if (rendering is not None and bool(rendering.get_object())) or empty_twin:
        raise refused(Refusal.PDF_DYNAMIC)
