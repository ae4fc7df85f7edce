"""Conversion entry point: by the LibreOffice that this process keeps running, or by one started for the call."""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Iterable, Iterator, Mapping

from pipeline.core.timing import step
from pipeline.documents.libreoffice.conversion import convert_cold
from pipeline.documents.libreoffice.ligatures import without_ligatures
from pipeline.documents.libreoffice.warm import Named, WarmOffice

_kept: list[WarmOffice] = []  # at most one: an office for a process, whichever of its threads asks


def convert(documents: Mapping[str, bytes], *, pdfa: bool = False) -> dict[str, bytes]:
    """Word files by name, made into PDFs (PDF/A-2b if that is asked) by the same names.

    Within ``warm_office`` by the office that is kept.

    Raises ConversionError if one has no good PDF; Transient when the disk is full, or LibreOffice was too slow or
    killed; ToolMissing without LibreOffice, or without the cage that LIASSE_CAGE requires or the warm office that
    LIASSE_OFFICE does.
    """
    return dict(convert_each(documents.items(), pdfa=pdfa))


def convert_each(documents: Iterable[Named], *, pdfa: bool = False) -> Generator[Named, None, None]:
    """The same one by one, in their order: the office that is kept works at the next while the caller looks at one.

    To be read to its end, or closed.
    """
    with contextlib.closing(_converted(documents, pdfa=pdfa)) as made:
        while True:
            with step("convert"):
                one = next(made, None)
            if one is None:
                return
            yield one


def _converted(given: Iterable[Named], *, pdfa: bool) -> Generator[Named, None, None]:
    documents = ((name, without_ligatures(docx)) for name, docx in given)
    for kept in _kept:
        if kept.ours:
            yield from kept.convert_each(documents, pdfa=pdfa)
            return
    yield from convert_cold(dict(documents), pdfa=pdfa).items()


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
