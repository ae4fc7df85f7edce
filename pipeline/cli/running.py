"""Commands that make packets: run, batch; watch and worker beside the inbox."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import click

from pipeline.cli import file_table, progress, screens, todo_screen
from pipeline.cli.options import Day, json_option, today_option, workspace_option
from pipeline.cli.session import open_context, say_incomplete, say_left, say_reports
from pipeline.cli.telling import tell
from pipeline.core.errors import ExitCode
from pipeline.core.french import counted_all
from pipeline.core.workspace import Workspace
from pipeline.documents import libreoffice
from pipeline.ledger import store
from pipeline.reports import account as accounts
from pipeline.reports import papers, summary
from pipeline.runs import batch as batches
from pipeline.runs import batch_files, context_loader, logs, once, settling, worker_loop
from pipeline.runs import dry_run as rehearsals
from pipeline.runs import watch as watching
from pipeline.services import reader_start
from pipeline.storage import inbox, temporary

LOG = "batch.jsonl"
_DAY = click.option("--today", type=Day(), metavar="DATE", help="Replay a day (default: each day as it comes).")
_JOBS = click.option("--jobs", type=click.IntRange(1, 64), help="Ouvriers (sinon : un par cœur).")


@click.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@workspace_option
@today_option
@json_option
def run(files: tuple[Path, ...], root: Path, today: dt.date, *, as_json: bool) -> ExitCode:
    """Faire les liasses de tout ce qui est dans inbox/, ou des fichiers nommés (FILES).

    Exemple : liasse run inbox/formulaire.pdf
    """
    workspace = Workspace.at(root)
    dropped = inbox.scan(workspace.inbox)
    with temporary.own_temporary(workspace), libreoffice.warm_office() as office:
        if files or dropped.files:
            reader_start.preload_one()
            office.prepare()  # it comes up while the rest is loaded and the first form is read
        with open_context(root, today) as context:
            say_incomplete(context.ledger)
            reports = once.run_settled(files, context)
    if not files:
        say_left(dropped.odd)
    code = say_reports(reports, as_json=as_json)
    if reports and not as_json:
        screens.say(todo_screen.then())
    return code


@click.command()
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@_JOBS
@click.option(
    "--only-failed",
    is_flag=True,
    help="Aucun nouveau fichier : ce qui est en panne ou en quarantaine, et ce qui reste dans la file.",
)
@click.option("--dry-run", is_flag=True, help="Tout lire et vérifier, ne rien écrire : qu’arriverait-il ?")
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
) -> ExitCode:
    """Faire les liasses d’une promotion : les formulaires de FOLDER (sinon : inbox/), et ce qui était à moitié fait.

    Tous sont lus et comparés avant qu’une liasse soit imprimée. Interrompue, la même commande reprend où elle était.

    Exemple : liasse batch cohorte-2026/ --jobs 2
    """
    workspace, stop = Workspace.at(root), worker_loop.Stop()
    files = () if only_failed else batches.files_of(folder or workspace.inbox, workspace)
    with rehearsals.rehearsing(workspace, dry_run=dry_run) as place, open_context(place.root, today) as context:
        stop.listen()
        say_incomplete(context.ledger)
        settled = settling.settle(files, context.settings.surveillance)
        halves = (*settled.waited, *settled.given_up)
        asked = batches.Asked(settled.ready, _workers(place, today, jobs, dry_run=dry_run), only_failed=only_failed)
        seen: list[batches.Event] = []
        events = batch_files.received(batches.run(asked, context, stop), seen)
        counts, received = progress.follow(events, as_json=as_json)
        given = () if only_failed else batch_files.given_files(settled.ready, seen, halves, context.ledger)
        left = batches.is_left(context)
        account = summary.summarise(context)
        written = () if dry_run or left else papers.write_papers(account, place.bilan)
    file_table.say_files(given, account, as_json=as_json)
    if not as_json:
        tell(
            f"Terminés maintenant : {counted_all(counts, accounts.STATES.values())}."
            if counts
            else "Aucun formulaire."
        )
        for paper in written:
            click.echo(paper)
        if counts and not dry_run:
            screens.say(todo_screen.then())
    owed = len(files) - len(settled.waited)  # a file that is not whole waits for whoever sends it
    code = progress.exit_code(counts, left=left or received < owed)
    return max(code, ExitCode.SOME_WAIT) if settled.waited else code


def _workers(place: Workspace, today: dt.date, jobs: int | None, *, dry_run: bool) -> list[watching.Worker]:
    arguments = ["--workspace", str(place.root), "--today", today.isoformat(), *(["--dry-run"] if dry_run else [])]
    return [watching.Worker(arguments, log=place.memory / LOG) for _ in range(jobs or os.cpu_count() or 1)]


@click.command()
@_JOBS
@workspace_option
@_DAY
def watch(jobs: int | None, root: Path, today: dt.date | None) -> None:
    """Take in every form dropped in inbox/, and make its packet, until stopped. Logs are JSON on standard error.

    Several watchers, also on several machines that share one workspace's disk, do not disturb each other.

    Example: liasse watch --jobs 2
    """
    workspace, stop = Workspace.at(root), worker_loop.Stop()
    stop.listen()
    arguments = ["--workspace", str(workspace.root), *(["--today", today.isoformat()] if today else [])]
    workers = [watching.Worker(arguments) for _ in range(jobs or os.cpu_count() or 1)]
    with temporary.own_temporary(workspace), store.Ledger.open(workspace) as ledger:
        loader = context_loader.ContextLoader(workspace, ledger, lambda: today or dt.date.today())  # noqa: DTZ011 -- the day here
        watching.watch(loader.context, stop, logs.open_log(), workers=workers)


@click.command()
@click.option("--follow", type=int, metavar="PID", help="End when this process is no longer the parent.")
@click.option("--drain", is_flag=True, help="End when nothing is left to do.")
@click.option("--dry-run", is_flag=True, hidden=True, help="Make nothing: batch --dry-run rehearses so.")
@workspace_option
@_DAY
def worker(follow: int | None, root: Path, today: dt.date | None, *, drain: bool, dry_run: bool) -> None:
    """Work on the forms that are in the queue, until stopped; watch starts its own, this one is for one more.

    Example: liasse worker --drain
    """
    workspace, stop = Workspace.at(root), worker_loop.Stop()
    stop.listen()
    with temporary.own_temporary(workspace), store.Ledger.open(workspace) as ledger:
        day = lambda: today or dt.date.today()  # noqa: E731, DTZ011 -- the day here, as it comes
        loader = context_loader.ContextLoader(workspace, ledger, day, dry_run=dry_run)
        orphaned = (lambda: os.getppid() != follow) if follow else (lambda: False)
        worker_loop.work_on(loader.context, stop, logs.open_log(), orphaned=orphaned, drain=drain)


COMMANDS = (run, batch, watch, worker)
