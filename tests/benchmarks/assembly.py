"""How long it takes from LibreOffice's PDFs to the packet, our way and the ordinary way, turn by turn.

By hand, from the root: ``PYTHONPATH=.:tests python tests/benchmarks/assembly.py``. Convention (4 pages), annexe (2)
and attestation (1) of a salariée. Milliseconds are medians and depend on the machine; the ratios do not, much.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence

import click
import ordinary_assembly
import people
from assembling import NUMBER, ROOT, Raw, finished, raw_pieces

from pipeline.core.fields import Dictionary
from pipeline.core.formation import load_formation
from pipeline.core.law import Law
from pipeline.core.models import Kind, Reading, Record
from pipeline.core.programme import Programme
from pipeline.core.workspace import Workspace
from pipeline.documents.binding.assembly import assemble, settle_piece
from pipeline.documents.binding.code_places import code_places
from pipeline.documents.binding.pieces import Document
from pipeline.documents.binding.signatures import find_boxes
from pipeline.documents.opened import Opened
from pipeline.documents.proof import missing_values, page_texts, require_printed

ROUNDS = 30
WANTED = {"convention": 4, "annexe-4": 2, "annexe-2": 1}
Work = Callable[[], object]


def converted(*, pdfa: bool = False) -> tuple[Raw, ...]:
    """The three pieces, filled and converted for real."""
    workspace = Workspace.at(ROOT)
    formation = load_formation(workspace, people.COORDINATION)
    programme = Programme(Dictionary.load(workspace), Law.load(workspace), formation, formation.session("2024-2025"))
    data = {**people.coordination(), "formation": {"code": people.COORDINATION, "annee": "2024-2025"}}
    record = Record(data, (), Reading("ab" * 32, Kind.ACROFORM, None, people.COORDINATION, "2024-2025", ()))
    raws = {raw.code: raw for raw in raw_pieces(record, programme, workspace, pdfa=pdfa)}
    return tuple(raws[code] for code in WANTED)


def our_proof(raws: Sequence[Raw]) -> None:
    """Each piece opened once: values, marks, boxes, places of the codes, number of pages."""
    for raw in raws:
        with Opened(raw.pdf) as opened:
            require_printed(raw.printed, opened, raw.template)
            find_boxes(opened, raw.anchors, raw.template)
            code_places(opened)
            len(opened)


def usual_proof(raws: Sequence[Raw]) -> None:
    """The values, then marks and cells through pdfplumber on the page that holds them, then the pages counted."""
    for raw in raws:
        missing_values(raw.printed, page_texts(raw.pdf))
        if raw.anchors:
            page_texts(raw.pdf)
            ordinary_assembly.measured_cells(raw.pdf, raw.anchors, pages=[len(page_texts(raw.pdf))])
        len(page_texts(raw.pdf))


def only_boxes(raw: Raw) -> Work:
    """The marks and cells alone, in a file already open."""
    opened = Opened(raw.pdf)
    assert opened.texts
    return lambda: find_boxes(opened, raw.anchors, raw.template)


def steps(raws: tuple[Raw, ...], ready: tuple[Document, ...]) -> dict[str, tuple[Work, Work]]:
    """Each step: our way, and the ordinary way."""
    day = people.TODAY
    signed = raws[0]
    return {
        "proof, boxes, page counts": (lambda: our_proof(raws), lambda: usual_proof(raws)),
        "  of which boxes": (
            only_boxes(signed),
            lambda: ordinary_assembly.measured_cells(signed.pdf, signed.anchors, pages=[4]),
        ),
        "pieces settled": (
            lambda: [settle_piece(raw.pdf, title=raw.title, on=day) for raw in raws],
            lambda: [ordinary_assembly.settle(raw.pdf, title=raw.title, on=day) for raw in raws],
        ),
        "packet put together": (
            lambda: assemble(ready, title="Liasse", packet_id=NUMBER, on=day),
            lambda: ordinary_assembly.assemble(ready, title="Liasse", packet_id=NUMBER, on=day),
        ),
    }


def timed(work: Work, into: list[float]) -> None:
    """Add the milliseconds of one run."""
    start = time.perf_counter()
    work()
    into.append((time.perf_counter() - start) * 1000)


def main() -> None:
    """Print milliseconds and ratios of each step, and of all of them; then PDF/A-2b, which has no ordinary way."""
    raws = converted()
    ready = finished(raws)
    assert [piece.pages for piece in ready] == list(WANTED.values())
    click.echo(f"{'step':<28}{'ours ms':>9}{'usual ms':>10}{'ratio':>8}")
    sums = [0.0, 0.0]
    for name, works in steps(raws, ready).items():
        times: tuple[list[float], list[float]] = ([], [])
        for _ in range(ROUNDS):
            for work, into in zip(works, times, strict=True):
                timed(work, into)
        ours, usual = map(statistics.median, times)
        click.echo(f"{name:<28}{ours:>9.2f}{usual:>10.2f}{usual / ours:>8.1f}")
        if not name.startswith(" "):
            sums = [sums[0] + ours, sums[1] + usual]
    click.echo(f"{'all':<28}{sums[0]:>9.2f}{sums[1]:>10.2f}{sums[1] / sums[0]:>8.1f}")
    click.echo("PDF/A-2b, tagged: put together {:.2f}, settled {:.2f}".format(*archived_medians()))


def archived_medians() -> tuple[float, float]:
    """The same two steps for packets made to be archived."""
    raws = converted(pdfa=True)
    ready = finished(raws, pdfa=True)
    day = people.TODAY
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        timed(lambda: assemble(ready, title="Liasse", packet_id=NUMBER, on=day, pdfa=True), times[0])
        timed(lambda: [settle_piece(raw.pdf, title=raw.title, on=day, pdfa=True) for raw in raws], times[1])
    return statistics.median(times[0]), statistics.median(times[1])


if __name__ == "__main__":
    main()
