"""Report files of a cohort: a workbook and two PDFs, written into a folder."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.reports.account import Bilan
from pipeline.reports.bilan_page import bilan_pdf
from pipeline.reports.bordereau import bordereau_pdf
from pipeline.reports.workbook import bilan_xlsx
from pipeline.storage.spool import put_file

PAPERS = {"bilan.xlsx": bilan_xlsx, "bilan.pdf": bilan_pdf, "bordereau.pdf": bordereau_pdf}


def write_papers(bilan: Bilan, folder: Path) -> tuple[Path, ...]:
    """Write the three papers into a folder, each whole or not at all, for their owner's eyes; where they are.

    Raises HouseError or Transient when the folder cannot be written, ToolMissing without the font.
    """
    with _beside(lambda: bilan_xlsx(bilan)) as workbook:
        pages = {name: make(bilan) for name, make in PAPERS.items() if make is not bilan_xlsx}
        made = {"bilan.xlsx": workbook(), **pages}
    for name, data in made.items():
        put_file(folder / name, data)
    return tuple(folder / name for name in made)


@contextmanager
def _beside(work: Callable[[], bytes]) -> Iterator[Callable[[], bytes]]:
    """Have a copy of this process do some work meanwhile; what it made, when it is asked for."""
    fork = multiprocessing.get_context("fork")
    ours, theirs = fork.Pipe(duplex=False)

    def work_there() -> None:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        ours.close()  # without us, it ends
        theirs.send_bytes(work())

    def made() -> bytes:
        try:
            return ours.recv_bytes()
        except (EOFError, OSError):  # it was killed, or failed: here it says why
            return work()

    child = fork.Process(target=work_there, daemon=True)
    child.start()
    theirs.close()
    try:
        yield made
    finally:
        ours.close()
        child.kill()
        child.join()
