"""One door for whoever has Word files: the office that this process keeps running, or one started for them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping

from pipeline.documents.libreoffice.conversion import convert_cold
from pipeline.documents.libreoffice.warm import WarmOffice
from pipeline.steps import step

_kept: list[WarmOffice] = []  # at most one: an office for a process, whichever of its threads asks


@step("convert")
def convert(documents: Mapping[str, bytes], *, pdfa: bool = False) -> dict[str, bytes]:
    """Word files by name, made into PDFs (PDF/A-2b if that is asked) by the same names.

    Within ``warm_office`` by the office that is kept.

    Raises ConversionError if one has no good PDF; Transient when the disk is full, or LibreOffice was too slow or
    killed; ToolMissing without LibreOffice, or without the cage that LIASSE_CAGE requires or the warm office that
    LIASSE_OFFICE does.
    """
    for kept in _kept:
        if kept.ours:
            return kept.convert(documents, pdfa=pdfa)
    return convert_cold(documents, pdfa=pdfa)


@contextlib.contextmanager
def warm_office() -> Iterator[WarmOffice]:
    """Within: ``convert`` keeps one LibreOffice running, from its first document on. Nested, there is still one."""
    if _kept and _kept[0].ours:
        yield _kept[0]
        return
    with WarmOffice() as office:
        _kept[:] = [office]
        try:
            yield office
        finally:
            _kept.clear()
