"""PDF/A-2b checker: the clauses of ISO 19005-2 that our chain, or a centre's own PDF, can break.

It is no validator: the inside of fonts, of pictures and of the colour profile is left to veraPDF, at the archive.
What it says is broken is broken; each fault begins with the number of its clause.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator

import pikepdf
from lxml import etree
from pikepdf import Dictionary, Object, Pdf

from pipeline.documents.binding.pdfa_drawing import check_colours, check_states, check_streams, everything
from pipeline.documents.binding.pdfa_fonts import check_fonts
from pipeline.documents.binding.pdfa_interaction import check_actions, check_annotations, check_forms

_HEADER = re.compile(rb"%PDF-1\.[0-7]\r?\n%[\x80-\xff]{4}")
_END = re.compile(rb"%%EOF\r?\n?\Z")
_SPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
}
_SAME = (("/Title", "dc:title"), ("/Producer", "pdf:Producer"), ("/Creator", "xmp:CreatorTool"))
_DATES = (("/CreationDate", "xmp:CreateDate"), ("/ModDate", "xmp:ModifyDate"))
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)


def faults_of(data: bytes) -> tuple[str, ...]:
    """What keeps a PDF from being PDF/A-2b, as far as it is looked at (« 6.2.11.4: the font X is not embedded »)."""
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            things = tuple(everything(pdf.trailer))
            found = [*_file(data, pdf)]
            for check in _CHECKS:
                found += check(pdf, things)
    except (pikepdf.PdfError, LookupError, TypeError, ValueError, AttributeError) as error:
        return (f"6.1: the file cannot be read ({error})",)
    return tuple(dict.fromkeys(found))


def _file(data: bytes, pdf: Pdf) -> Iterator[str]:
    if not _HEADER.match(data):
        yield "6.1.2: the header is not %PDF-1.n and a line of four bytes above 127"
    if not _END.search(data):
        yield "6.1.3: something follows the end of the file"
    if "/ID" not in pdf.trailer:
        yield "6.1.3: the trailer has no /ID"
    if pdf.is_encrypted:
        yield "6.1.3: the file is encrypted"


def _metadata(pdf: Pdf, _: Iterable[Object]) -> Iterator[str]:
    if "/Metadata" not in pdf.Root:
        yield "6.6.2.1: there is no XMP"
        return
    try:
        xmp = etree.fromstring(pdf.Root.Metadata.read_bytes(), _PARSER)
    except etree.XMLSyntaxError:
        yield "6.6.2.1: the XMP is not well formed"
        return
    if (_said(xmp, "pdfaid:part"), _said(xmp, "pdfaid:conformance")) not in (("2", "B"), ("2", "U"), ("2", "A")):
        yield "6.6.4: the XMP does not say that it is PDF/A-2"
    info = pdf.trailer.get("/Info", Dictionary())
    for key, path in _SAME:
        if key in info and str(info[key]) != _said(xmp, path):
            yield f"6.6.3: {key[1:]} is not the same in /Info and in the XMP"
    for key, path in _DATES:
        if key in info and _digits(str(info[key])) != _digits(_said(xmp, path)):
            yield f"6.6.3: {key[1:]} is not the same in /Info and in the XMP"


def _said(xmp: etree._Element, path: str) -> str:
    """What the XMP says of a property, as an element or as an attribute."""
    found = xmp.xpath(f"//{path}//text() | //@{path}", namespaces=_SPACES)
    return "".join(map(str, found)).strip() if isinstance(found, list) else ""


def _digits(date: str) -> str:
    return re.sub(r"\D", "", date)[:14]


_CHECKS: tuple[Callable[[Pdf, tuple[Object, ...]], Iterator[str]], ...] = (
    check_streams,
    check_colours,
    check_states,
    check_fonts,
    check_annotations,
    check_forms,
    check_actions,
    _metadata,
)
