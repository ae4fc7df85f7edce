"""A whole cohort: ``batch``."""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import click

from pipeline.cli.options import json_option, today_option, workspace_option
from pipeline.cli.session import open_context
from pipeline.core.errors import ExitCode
from pipeline.core.workspace import Workspace

LOG = "batch.jsonl"


@click.command()
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--jobs", type=click.IntRange(1, 64), help="Workers (default: one for each core).")
@click.option(
    "--only-failed",
    is_flag=True,
    help="No new file: what failed or was put in quarantine, and what is left in the queue.",
)
@click.option("--dry-run", is_flag=True, help="Read and check everything, write nothing: what would happen?")
@workspace_option
@today_option
@json_option
def batch(
    *,
    folder: Path | None,
    jobs: int | None,
    root: Path,
    today: dt.date,
    only_failed: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Make the packets of a whole cohort: every form of FOLDER (default: inbox/), and what was left half done.

    All are read and compared before any is printed. Interrupted, the same command goes on where it was.

    Example: liasse batch cohorte-2026/ --jobs 2
    """
    from pipeline.cli.progress import counts_text, follow  # noqa: PLC0415
    from pipeline.reports.papers import write_papers  # noqa: PLC0415 -- heavy
    from pipeline.reports.summary import summarise  # noqa: PLC0415
    from pipeline.runs import batch as batches  # noqa: PLC0415
    from pipeline.runs.watch import Worker  # noqa: PLC0415
    from pipeline.runs.worker_loop import Stop  # noqa: PLC0415

    workspace, stop = Workspace.at(root), Stop()
    files = () if only_failed else batches.files_of(folder or workspace.inbox, workspace)
    with place_of(workspace, dry_run=dry_run) as place, open_context(place.root, today) as context:
        stop.listen()
        arguments = [
            "--workspace",
            str(place.root),
            "--today",
            today.isoformat(),
            *(["--dry-run"] if dry_run else []),
        ]
        workers = [Worker(arguments, log=place.memory / LOG) for _ in range(jobs or os.cpu_count() or 1)]
        asked = batches.Asked(files, workers, only_failed=only_failed)
        counts, received = follow(batches.run(asked, context, stop), as_json=as_json)
        left = context.ledger.jobs.waits_now() or batches.compared(context)
        papers = (
            () if dry_run or left or not context.ledger.entries() else write_papers(summarise(context), place.bilan)
        )
    if not as_json:
        click.echo(counts_text(counts) or "Aucun formulaire.")
        for paper in papers:
            click.echo(paper)
    raise SystemExit(_exit_code(set(counts), left=left or received < len(files)))


@contextmanager
def place_of(workspace: Workspace, *, dry_run: bool) -> Iterator[Workspace]:
    """The workspace, or for a rehearsal one beside its memory that is thrown away, with a copy of the ledger."""
    if not dry_run:
        yield workspace
        return
    from pipeline.ledger.store import FILE, Ledger  # noqa: PLC0415
    from pipeline.storage.spool import spool_file  # noqa: PLC0415 -- heavy
    from pipeline.storage.temporary import thrown_away  # noqa: PLC0415

    with thrown_away(workspace) as root:
        for name in ("templates", "schemas", "liasse.toml"):
            if (workspace.root / name).exists():
                (root / name).symlink_to(workspace.root / name)
        (root / "inbox").mkdir()
        place = Workspace.at(root)
        place.memory.mkdir(mode=0o700)
        if (workspace.memory / FILE).exists():
            with (
                closing(sqlite3.connect(workspace.memory / FILE)) as ours,
                closing(sqlite3.connect(place.memory / FILE)) as copy,
            ):
                ours.backup(copy)
            with Ledger.open(place) as ledger:
                ledger.jobs.take_from_all()
                for entry in ledger.entries():
                    theirs = spool_file(workspace, entry.form.sha256)
                    if entry.state.needs_its_file and theirs.exists():
                        entry.form.path.parent.mkdir(parents=True, exist_ok=True)
                        entry.form.path.hardlink_to(theirs)
        yield place


def _exit_code(states: set[str], *, left: bool) -> ExitCode:
    """0 if all were delivered, 1 if some wait for a person, 3 if some failed, or are left to be received or done."""
    if left or "en panne" in states:
        return ExitCode.OURS_TO_MEND
    return ExitCode.ALL_DELIVERED if states <= {"délivré"} else ExitCode.SOME_WAIT
