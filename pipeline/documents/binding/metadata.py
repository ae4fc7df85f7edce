"""PDF metadata (Info, XMP, PDF/A-2b): title, language, dates, producer; and the writing of the file.

Nothing comes from the clock or from chance: dates are the day of edition, the identifier is computed from the bytes.
"""

from __future__ import annotations

import datetime as dt
import io
import os
from contextlib import suppress
from xml.sax.saxutils import escape

import pikepdf

from pipeline.core.errors import ConversionError
from pipeline.documents.binding.font_tags import tag_fonts
from pipeline.documents.binding.pdfa import faults_of

_VERSION = "1.7"
pikepdf.settings.set_flate_compression_level(3)  # what a packet adds is small: a quarter of the time for 2 % more
_NAME = "liasse"
_PDFA_PART = "2"
_PDFA_SPACE = "http://www.aiim.org/pdfa/ns/id/"
_ICC_DATE = slice(24, 36)  # of a colour profile's header: six numbers of two bytes
_ICC_FIXED = b"".join(number.to_bytes(2) for number in (2000, 1, 1, 0, 0, 0))
_ICC_SIGNED = slice(84, 100)  # its checksum, which may be left at zero
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdfaid="{space}">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>fr-FR</rdf:li></rdf:Bag></dc:language>
<pdf:Producer>{name}</pdf:Producer>
<xmp:CreatorTool>{name}</xmp:CreatorTool>
<xmp:CreateDate>{day}T00:00:00Z</xmp:CreateDate>
<xmp:ModifyDate>{day}T00:00:00Z</xmp:ModifyDate>
{claim}</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""
_CLAIM = f"<pdfaid:part>{_PDFA_PART}</pdfaid:part>\n<pdfaid:conformance>B</pdfaid:conformance>\n"


def write(pdf: pikepdf.Pdf, *, title: str, on: dt.date, pdfa: bool) -> bytes:
    """The bytes of an open PDF once it says its title, language and dates, and nothing of when it was made.

    Its fonts are told apart (see ``font_tags``), and its objects packed in streams (PDF 1.5), as Word's are: tags are
    many small objects, and so a tagged packet weighs little more than one without. Raises ConversionError if it
    should be PDF/A (``pdfa``) and breaks a clause of it.
    """
    tag_fonts(pdf)
    stamp = f"D:{on:%Y%m%d}000000Z"
    pdf.trailer.Info = pdf.make_indirect(
        pikepdf.Dictionary(Title=title, Producer=_NAME, Creator=_NAME, CreationDate=stamp, ModDate=stamp)
    )
    xmp = _XMP.format(
        space=_PDFA_SPACE, title=escape(title), name=_NAME, day=on.isoformat(), claim=_CLAIM if pdfa else ""
    )
    pdf.Root.Metadata = pdf.make_stream(xmp.encode(), Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML)
    pdf.Root.Lang = "fr-FR"
    pdf.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
    for by_chance in ("/ID", "/DocChecksum"):
        if by_chance in pdf.trailer:
            del pdf.trailer[by_chance]
    for intent in pdf.Root.get("/OutputIntents", ()):
        _settle_profile(intent)
    out = io.BytesIO()
    pdf.save(
        out,
        force_version=_VERSION,
        fix_metadata_version=False,
        deterministic_id=True,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
    )
    written = out.getvalue()
    faults = faults_of(written) if pdfa else ()
    if faults:
        raise ConversionError(
            f"« {title} » is not PDF/A-2b, and [archivage] pdfa wants that: {'; '.join(faults)}. Save it again as "
            "PDF/A-2b, or set pdfa = false in formation.toml."
        )
    return written


def opened_pdf(data: bytes, title: str) -> pikepdf.Pdf:
    """The PDF, ready to be taken apart; raises ConversionError, naming the piece, if it cannot be."""
    try:
        pdf = open_in_memory(data)
    except (pikepdf.PdfError, pikepdf.PasswordError) as error:
        raise ConversionError(f"the PDF of « {title} » cannot be opened ({error}). Save it again.") from error
    if not len(pdf.pages):
        raise ConversionError(f"the PDF of « {title} » has no page. Save it again.")
    return pdf


def open_in_memory(data: bytes) -> pikepdf.Pdf:
    """The PDF as a file in memory where there are such (in the jail not): qpdf reads its objects bit by bit."""
    if hasattr(os, "memfd_create"):
        with suppress(OSError), os.fdopen(os.memfd_create("pdf"), "wb") as file:
            file.write(data)
            file.flush()
            return pikepdf.open(f"/proc/self/fd/{file.fileno()}")
    return pikepdf.open(io.BytesIO(data))


def declares_pdfa(pdf: pikepdf.Pdf) -> bool:
    """Whether the PDF says that it is PDF/A-2."""
    return "/Metadata" in pdf.Root and pdf.open_metadata().get(f"{{{_PDFA_SPACE}}}part") == _PDFA_PART


def require_pdfa(pdf: pikepdf.Pdf, title: str) -> None:
    """Raise ConversionError unless the PDF declares itself PDF/A-2, with LibreOffice's kind of colours (RGB).

    Whether that is true is looked at once it is written (see ``pdfa``).
    """
    profiles = [intent.get("/DestOutputProfile") for intent in pdf.Root.get("/OutputIntents", ())]
    if not declares_pdfa(pdf) or any(profile is None or profile.get("/N") != 3 for profile in profiles):
        raise ConversionError(
            f"the PDF of « {title} » does not say that it is PDF/A-2 with RGB colours, and [archivage] pdfa wants "
            "that of every piece. Save it again as PDF/A-2b, or set pdfa = false in formation.toml."
        )


def _settle_profile(intent: pikepdf.Object) -> None:
    """LibreOffice dates the colour profile that it writes by the clock: give it a fixed date."""
    profile = intent.get("/DestOutputProfile")
    if profile is None:
        return
    icc = bytearray(profile.read_bytes())
    icc[_ICC_DATE] = _ICC_FIXED
    icc[_ICC_SIGNED] = bytes(16)
    profile.write(bytes(icc))
