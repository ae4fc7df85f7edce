"""Word files in, PDFs out: one process for all the documents of a packet.

Its exit code means nothing (it is 0 for a file that it could not open): each PDF is looked at. What goes wrong is
told apart: ToolMissing when the machine lacks something, Transient when the same work may succeed later,
ConversionError when the document is at fault.
"""

from __future__ import annotations

import contextlib
import errno
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pypdfium2

from pipeline.documents.libreoffice import office, running
from pipeline.documents.libreoffice.cage import cage_status, caged
from pipeline.errors import ConversionError, ConversionStopped, ToolMissing, Transient

START_SECONDS = 60
SECONDS_A_DOCUMENT = 20
ROOM = 64_000_000  # bytes that one run may need on the disk: its profile, and the PDFs twice
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_FIRST_START = 81  # soffice's answer when it has just made its profile: ask again
_NOT_STARTED = (126, 127)
_KILLED = 137
_REMOVALS = 100  # of 50 ms: a cage that was killed takes a moment to let go of its files


def convert(documents: Mapping[str, bytes], *, pdfa: bool = False) -> dict[str, bytes]:
    """Word files by name, made into PDFs by the same names, as PDF/A-2b if that is asked.

    Raises ConversionError if one has no good PDF; Transient when the disk is full, or LibreOffice was too slow or
    killed; ToolMissing without LibreOffice, or without the cage that LIASSE_CAGE requires.
    """
    program = office.find_soffice()
    with _workplace() as place:
        try:
            sources = _written(documents, place)
            code = _run(program, place, sources, pdfa=pdfa)
        except OSError as error:
            if error.errno in _FULL:
                raise _disk_full(place) from error
            raise
        return {name: _proved(source.with_suffix(".pdf"), name, code) for name, source in sources.items()}


def _written(documents: Mapping[str, bytes], place: Path) -> dict[str, Path]:
    if shutil.disk_usage(place).free < ROOM + 4 * sum(map(len, documents.values())):
        raise _disk_full(place)
    sources = {}
    for number, (name, docx) in enumerate(documents.items()):
        sources[name] = place / f"{number:03d}.docx"
        sources[name].write_bytes(docx)
    return sources


def _run(program: str, place: Path, sources: Mapping[str, Path], *, pdfa: bool) -> int:
    profile = office.new_profile(place)
    asked = office.command(program, profile, list(sources.values()), place, pdfa=pdfa)
    command = caged(cage_status().cage, asked, place=place, shows=office.folders(program))
    seconds = START_SECONDS + SECONDS_A_DOCUMENT * len(sources)
    environment = office.environment(place)
    code = running.run(command, place=place, environment=environment, seconds=seconds)
    if code == _FIRST_START:
        code = running.run(command, place=place, environment=environment, seconds=seconds)
    return code


def _proved(pdf: Path, name: str, code: int) -> bytes:
    data = pdf.read_bytes() if pdf.is_file() else b""
    try:
        pages = count_pages(data)
    except ConversionError as error:
        raise _failure(pdf.parent, name, code) from error
    if pages < 1:
        raise _failure(pdf.parent, name, code)
    return data


def _failure(place: Path, name: str, code: int) -> ConversionError | Transient | ToolMissing:
    """Why there is no good PDF of that document."""
    said = _last_words(place)
    if shutil.disk_usage(place).free < ROOM // 4:
        return _disk_full(place)
    if code == _KILLED:
        return ConversionStopped(
            f"LibreOffice was killed while it made {name}: the machine may lack memory. Try again."
        )
    if said.startswith("bwrap:"):
        return Transient(f"LibreOffice's cage could not be made for {name} ({said}). Try again.")
    if code in _NOT_STARTED:
        return ToolMissing(f"LibreOffice does not start ({said}). Install it again.")
    return ConversionError(
        f"LibreOffice made no good PDF of {name} (it answered {code}: {said or 'nothing'}). "
        "Open its Word template and save it again."
    )


def _last_words(place: Path) -> str:
    try:
        words = (place / running.LOG).read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
    return words.rpartition("\n")[2][-200:].replace(str(place), "…")


def _disk_full(place: Path) -> Transient:
    free = shutil.disk_usage(place).free // 1_000_000
    return Transient(
        f"the disk that holds {place.parent} is full: {free} MB are free, LibreOffice needs {ROOM // 1_000_000} MB. "
        "Make room; nothing of the form is lost."
    )


@contextlib.contextmanager
def _workplace() -> Iterator[Path]:
    """A folder of our own, gone afterwards with all that was written in it."""
    try:
        place = Path(tempfile.mkdtemp(prefix="liasse-")).resolve()
    except OSError as error:
        if error.errno in _FULL:
            raise _disk_full(Path(tempfile.gettempdir()) / "liasse") from error
        raise
    try:
        yield place
    finally:
        _remove(place)


def _remove(place: Path) -> None:
    for _ in range(_REMOVALS):
        shutil.rmtree(place, ignore_errors=True)
        if not place.exists():
            return
        time.sleep(0.05)
    shutil.rmtree(place)  # says why


def count_pages(pdf: bytes) -> int:
    """How many pages a PDF has; raises ConversionError if it is not one."""
    try:
        document = pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError as error:
        raise ConversionError(f"not a readable PDF: {error}.") from error
    try:
        return len(document)
    finally:
        document.close()
