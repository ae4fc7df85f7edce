"""Bytes in, one stream of tokens out: Word documents, PDF pages and PDF form fields look alike from here on."""

from pipeline.reading.streams.docx import docx_stream
from pipeline.reading.streams.form_stream import acroform_stream, free_texts
from pipeline.reading.streams.pdf import pdf_stream

__all__ = ["acroform_stream", "docx_stream", "free_texts", "pdf_stream"]
