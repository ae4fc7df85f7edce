"""Beside the inbox (``watch``, ``worker``), forms that failed (``retry``, ``discard``), packets (``fetch``)."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import click

from pipeline.cli.options import Day, json_option, today_option, workspace_option
from pipeline.cli.session import go_on, open_context, the_one
from pipeline.core.errors import ExitCode
from pipeline.core.workspace import Workspace

_DAY = click.option("--today", type=Day(), metavar="DATE", help="Replay a day (default: each day as it comes).")


@click.command()
@click.option("--jobs", type=click.IntRange(1, 64), help="Workers (default: one for each core).")
@workspace_option
@_DAY
def watch(jobs: int | None, root: Path, today: dt.date | None) -> None:
    """Take in every form dropped in inbox/, and make its packet, until stopped. Logs are JSON on standard error.

    Several watchers, also on several machines that share one workspace's disk, do not disturb each other.

    Example: liasse watch --jobs 2
    """
    from pipeline.ledger.store import Ledger  # noqa: PLC0415
    from pipeline.runs.context_loader import ContextLoader  # noqa: PLC0415
    from pipeline.runs.logs import open_log  # noqa: PLC0415
    from pipeline.runs.watch import Worker  # noqa: PLC0415
    from pipeline.runs.watch import watch as watch_on  # noqa: PLC0415
    from pipeline.runs.worker_loop import Stop  # noqa: PLC0415
    from pipeline.storage.temporary import own_temporary  # noqa: PLC0415 -- heavy

    workspace, stop = Workspace.at(root), Stop()
    stop.listen()
    arguments = ["--workspace", str(workspace.root), *(["--today", today.isoformat()] if today else [])]
    workers = [Worker(arguments) for _ in range(jobs or os.cpu_count() or 1)]
    with own_temporary(workspace), Ledger.open(workspace) as ledger:
        office = ContextLoader(workspace, ledger, lambda: today or dt.date.today())  # noqa: DTZ011 -- the day here
        watch_on(office.context, stop, open_log(), workers=workers)


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
    from pipeline.ledger.store import Ledger  # noqa: PLC0415
    from pipeline.runs.context_loader import ContextLoader  # noqa: PLC0415
    from pipeline.runs.logs import open_log  # noqa: PLC0415
    from pipeline.runs.worker_loop import Stop, work_on  # noqa: PLC0415
    from pipeline.storage.temporary import own_temporary  # noqa: PLC0415 -- heavy

    workspace, stop = Workspace.at(root), Stop()
    stop.listen()
    with own_temporary(workspace), Ledger.open(workspace) as ledger:
        office = ContextLoader(workspace, ledger, lambda: today or dt.date.today(), dry_run=dry_run)  # noqa: DTZ011
        orphaned = (lambda: os.getppid() != follow) if follow else (lambda: False)
        work_on(office.context, stop, open_log(), orphaned=orphaned, drain=drain)


@click.command()
@click.argument("id")
@click.option("--by", required=True, help="Who asks.")
@workspace_option
@today_option
@json_option
def retry(*, id: str, by: str, root: Path, today: dt.date, as_json: bool) -> None:  # noqa: A002 -- what the user types
    """Try a form again that failed, was put in quarantine, or waited for another form to be put away.

    Example: liasse retry 3f2a91c0 --by "F. GARÇON"
    """
    from pipeline.runs import quarantine  # noqa: PLC0415 -- heavy

    with open_context(root, today) as context:
        entry = the_one(context.ledger.find(id), id)
        quarantine.retry(entry, context, by=by)
        go_on(entry, context, as_json=as_json)


@click.command()
@click.argument("id")
@click.option("--by", required=True, help="Who decides.")
@click.option("--reason", required=True, help="Why.")
@workspace_option
@today_option
def discard(*, id: str, by: str, reason: str, root: Path, today: dt.date) -> None:  # noqa: A002 -- what the user types
    """Put a form away that needs no packet: a duplicate, a mistake, one that a newer version replaces.

    Example: liasse discard 3f2a91c0 --by "F. GARÇON" --reason "envoyé par erreur"
    """
    from pipeline.runs import quarantine  # noqa: PLC0415 -- heavy

    with open_context(root, today) as context:
        entry = the_one(context.ledger.find(id), id)
        quarantine.discard(entry, context, by=by, reason=reason)
        click.echo(f"{entry.form.id} écarté.")


@click.command()
@click.argument("id")
@click.option("--by", required=True, help="Who takes it.")
@click.option("--to", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Copy the packet there.")
@click.option(
    "--signed", is_flag=True, help="It came back signed: it is never replaced or purged without a decision."
)
@workspace_option
def fetch(*, id: str, by: str, to: Path | None, root: Path, signed: bool) -> None:  # noqa: A002 -- what the user types
    """Note that a packet was taken to be signed (or signed): a later version then asks before it takes its place.

    Example: liasse fetch 3f2a91c0 --by "F. GARÇON" --to ~/a-signer
    """
    from pipeline.ledger.store import Ledger  # noqa: PLC0415 -- heavy
    from pipeline.services.fetching import fetch as take  # noqa: PLC0415

    workspace = Workspace.at(root)
    with Ledger.open(workspace) as ledger:
        entry = the_one(ledger.find(id), id)
        click.echo(take(entry, ledger, workspace, by=by, to=to, signed=signed))
    raise SystemExit(ExitCode.ALL_DELIVERED)
