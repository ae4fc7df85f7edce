"""The command line: ``liasse run`` and the commands around it. Heavy parts are imported when a command needs them."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from pipeline import __version__
from pipeline.errors import ConfigError, ExitCode, FormRejected, LiasseError
from pipeline.workspace import Workspace

if TYPE_CHECKING:
    from pipeline.journey import Desk, Report
    from pipeline.ledger.store import Entry

Command = TypeVar("Command", bound=Callable[..., Any])


class _Day(click.ParamType[dt.date]):
    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        """An ISO date; anything else is a usage error."""
        if isinstance(value, dt.date):
            return value
        try:
            return dt.date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is not a date: write it YYYY-MM-DD.", param, ctx)


def _workspace_option(command: Command) -> Command:
    return click.option(
        "--workspace", "root", type=click.Path(exists=True, file_okay=False, path_type=Path), default=Path(),
        help="The folder with templates/, schemas/, inbox/ and outbox/ (default: here).",
    )(command)  # fmt: skip


def _today_option(command: Command) -> Command:
    return click.option(
        "--today", type=_Day(), default=dt.date.today, metavar="DATE",
        help="Replay a day, such as 2025-03-17: a session in the past, a test.",
    )(command)  # fmt: skip


def _json_option(command: Command) -> Command:
    return click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")(command)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="liasse")
def cli() -> None:
    """Turn filled formulaires préalables into signed-ready packets of internship papers.

    Exit codes: 0 all delivered, 1 some forms wait for a person, 2 usage, 3 ours to mend, 4 a tool is missing.
    """


@cli.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_workspace_option
@_today_option
@_json_option
def run(files: tuple[Path, ...], root: Path, today: dt.date, *, as_json: bool) -> None:
    """Make the packets of everything in inbox/, or of the FILES named.

    Example: liasse run inbox/formulaire.pdf
    """
    from pipeline import journey  # noqa: PLC0415 -- heavy

    with _desk(root, today) as desk:
        paths = files or tuple(_inbox(desk.workspace))
        reports = list(journey.run(paths, desk))
    _say_reports(reports, as_json=as_json)
    raise SystemExit(exit_code(reports))


@cli.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_workspace_option
@_today_option
@click.option(
    "--json", "as_json", is_flag=True, default=True, help="Print one JSON object (this command always does)."
)
def read(file: Path, root: Path, today: dt.date, *, as_json: bool) -> None:
    """Print the reading of one form as JSON; nothing is written.

    Example: liasse read inbox/formulaire.pdf --json
    """
    del as_json
    from pipeline import views  # noqa: PLC0415 -- heavy

    answer = views.reading_json(file, Workspace.at(root), today)
    click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
    blocked = any(problem["severity"] == "blocking" for problem in answer["problems"])
    raise SystemExit(ExitCode.SOME_WAIT if blocked else ExitCode.ALL_DELIVERED)


@cli.command()
@click.argument("formation")
@click.option("--session", "annee", metavar="YEAR", help="Such as 2024-2025 (default: the last session).")
@click.option(
    "--to", "folder", type=click.Path(file_okay=False, path_type=Path), help="Where to write (default: here)."
)
@_workspace_option
def blank(formation: str, annee: str | None, folder: Path | None, root: Path) -> None:
    """Write the blank form of a FORMATION, as a fillable PDF and as a Word file.

    Example: liasse blank coordination-essms --session 2024-2025
    """
    from pipeline import upkeep  # noqa: PLC0415 -- heavy

    place = folder or Path()
    place.mkdir(parents=True, exist_ok=True)
    for path in upkeep.write_blanks(Workspace.at(root), formation, annee, place):
        click.echo(path)


@cli.command()
@_workspace_option
def check(root: Path) -> None:
    """Say whether templates, schemas and rules agree, and which settings are still empty."""
    from pipeline import upkeep  # noqa: PLC0415 -- heavy

    faults = 0
    for found in upkeep.inspect(Workspace.at(root)):
        click.echo(f"{found.formation}: {'ok' if not found.faults else f'{len(found.faults)} fault(s)'}")
        for fault in found.faults:
            click.echo(f"  fault: {fault}")
        for setting in found.empty_settings:
            click.echo(f"  empty setting: {setting} (printed « À COMPLÉTER »)")
        faults += len(found.faults)
    raise SystemExit(ExitCode.OURS_TO_MEND if faults else ExitCode.ALL_DELIVERED)


@cli.command()
@click.argument("id", required=False)
@_workspace_option
@_json_option
def status(id: str | None, root: Path, *, as_json: bool) -> None:  # noqa: A002 -- what the user types
    """List the forms received and where each has got; with an ID, that one only."""
    from pipeline import tables, views  # noqa: PLC0415 -- heavy
    from pipeline.ledger.store import Ledger, State  # noqa: PLC0415

    with Ledger.open(Workspace.at(root)) as ledger:
        entries = (_one(ledger.find(id), id),) if id else ledger.entries()
    if as_json:
        click.echo(json.dumps([views.entry_json(entry) for entry in entries], ensure_ascii=False, indent=2))
    else:
        tables.console().print(tables.status_table(entries))
    waiting = any(entry.state is not State.DELIVERED for entry in entries)
    raise SystemExit(ExitCode.SOME_WAIT if waiting else ExitCode.ALL_DELIVERED)


@cli.command()
@click.argument("id")
@_workspace_option
@_today_option
def show(id: str, root: Path, today: dt.date) -> None:  # noqa: A002 -- what the user types
    """Show one form: where it is, what was read and where, what the rules say, what was decided."""
    from pipeline import tables, views  # noqa: PLC0415 -- heavy

    with _desk(root, today) as desk:
        entry = _one(desk.ledger.find(id), id)
        screen = tables.console()
        for part in views.form_screens(entry, desk):
            screen.print(part)


@cli.command()
@click.argument("id")
@click.option("--by", required=True, help="Who gives the accord pédagogique.")
@click.option("--date", "on", type=_Day(), help="When it was given (default: today).")
@click.option("--refuse", is_flag=True, help="The accord is refused; give --reason.")
@click.option("--reason", default="", help="Why it is refused.")
@_workspace_option
@_today_option
@_json_option
def approve(
    *, id: str, by: str, on: dt.date | None, reason: str, root: Path, today: dt.date, refuse: bool, as_json: bool,  # noqa: A002
) -> None:  # fmt: skip
    """Record the accord pédagogique of a form, and go on with it.

    Example: liasse approve 3f2a91c0 --by "F. GARÇON"
    """
    if refuse and not reason:
        raise click.UsageError("A refusal needs --reason: it is sent to the student.")
    accord = {"decision": "defavorable" if refuse else "favorable", "date": (on or today).isoformat(), "par": by}
    if reason:
        accord["motif"] = reason
    with _desk(root, today) as desk:
        entry = _one(desk.ledger.find(id), id)
        desk.ledger.decide_accord(entry.form, accord, by)
        _resume(entry, desk, as_json=as_json)


@cli.command()
@click.argument("id")
@click.argument("rule")
@click.option("--by", required=True, help="Who lifts the rule.")
@click.option("--reason", required=True, help="Why; printed on the control sheet.")
@_workspace_option
@_today_option
@_json_option
def override(
    *, id: str, rule: str, by: str, reason: str, root: Path, today: dt.date, as_json: bool,  # noqa: A002
) -> None:  # fmt: skip
    """Lift a blocking RULE for one form, by a named person with a reason, and go on with it.

    Example: liasse override 3f2a91c0 S1-23 --by "F. GARÇON" --reason "accord de la direction"
    """
    from pipeline import views  # noqa: PLC0415 -- heavy
    from pipeline.models import Override  # noqa: PLC0415

    with _desk(root, today) as desk:
        entry = _one(desk.ledger.find(id), id)
        views.require_overridable(entry, rule, desk)
        desk.ledger.decide_override(entry.form, Override(rule, by, reason, today))
        _resume(entry, desk, as_json=as_json)


@contextmanager
def _desk(root: Path, today: dt.date) -> Iterator[Desk]:
    from pipeline.fields import Dictionary  # noqa: PLC0415 -- heavy
    from pipeline.journey import Desk  # noqa: PLC0415
    from pipeline.law import Law  # noqa: PLC0415
    from pipeline.ledger.store import Ledger  # noqa: PLC0415

    workspace = Workspace.at(root)
    dictionary, law = Dictionary.load(workspace), Law.load(workspace)
    with Ledger.open(workspace) as ledger:
        yield Desk(workspace, dictionary, law, ledger, today)


def _inbox(workspace: Workspace) -> Iterator[Path]:
    """The files of the inbox, sorted, without what programs leave while they write."""
    workspace.inbox.mkdir(exist_ok=True)
    for path in sorted(workspace.inbox.iterdir()):
        if path.is_file() and not path.is_symlink() and not path.name.startswith((".", "~$")):
            yield path


def _one(entries: tuple[Entry, ...], asked: str) -> Entry:
    if not entries:
        raise click.UsageError(f"No form {asked!r}. 'liasse status' lists the ids.")
    if len(entries) > 1:
        raise click.UsageError(f"{len(entries)} forms begin with {asked!r}. Type more of the id.")
    return entries[0]


def _resume(entry: Entry, desk: Desk, *, as_json: bool) -> None:
    from pipeline import journey  # noqa: PLC0415 -- heavy

    report = journey.resume(entry.form, desk)
    _say_reports([report], as_json=as_json)
    raise SystemExit(exit_code([report]))


def _say_reports(reports: list[Report], *, as_json: bool) -> None:
    from pipeline import tables, views  # noqa: PLC0415 -- heavy

    if as_json:
        click.echo(json.dumps([views.report_json(report) for report in reports], ensure_ascii=False, indent=2))
        return
    if reports:
        tables.console().print(tables.report_table(reports))
    click.echo(tables.summary(reports))


def exit_code(reports: list[Report]) -> int:
    """0 if all were delivered, 1 if some wait for a person, the worst of ours otherwise."""
    from pipeline.outcomes import Delivered, Failed  # noqa: PLC0415

    failures = [report.outcome.exit_code for report in reports if isinstance(report.outcome, Failed)]
    if failures:
        return max(failures)
    delivered = all(isinstance(report.outcome, Delivered) for report in reports)
    return ExitCode.ALL_DELIVERED if delivered else ExitCode.SOME_WAIT


def main() -> None:
    """Run the command line; errors of ours become one line that says what, where and what to do."""
    try:
        cli()
    except (FormRejected, ConfigError, LiasseError) as error:
        click.echo(f"liasse: {error}", err=True)
        sys.exit(error.exit_code)
