"""Open PDF (pdfium): its number of pages, its texts and its drawings are read from the same open file."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Self

import pypdfium2

from pipeline.core.errors import ConversionError


class Opened:
    """A PDF of our own held open while it is proved and measured; closed when its ``with`` block ends.

    Raises ConversionError if it is not a readable PDF.
    """

    def __init__(self, pdf: bytes) -> None:
        try:
            self._document = pypdfium2.PdfDocument(pdf)
        except pypdfium2.PdfiumError as error:
            raise ConversionError(f"not a readable PDF: {error}.") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._document.close()  # and its pages, and their layers

    def __len__(self) -> int:
        return len(self._document)

    @cached_property
    def pages(self) -> tuple[Any, ...]:
        """The pages, as pypdfium2 knows them, in order."""
        return tuple(self._document)

    @cached_property
    def layers(self) -> tuple[Any, ...]:
        """The text layer of each page: by far the dearest thing to make, so it is made once."""
        return tuple(page.get_textpage() for page in self.pages)

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The text of each page, as the PDF says it."""
        return tuple(layer.get_text_range() for layer in self.layers)
