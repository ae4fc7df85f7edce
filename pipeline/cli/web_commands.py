"""Commands of the web: serve, and who may enter: accounts and tokens."""

from __future__ import annotations

import datetime as dt
import os
from contextlib import nullcontext
from pathlib import Path

import click

from pipeline.cli.options import Day, workspace_option
from pipeline.core import shipped
from pipeline.core.settings import Settings
from pipeline.core.visitors import Right, Role
from pipeline.core.workspace import Workspace
from pipeline.ledger import store
from pipeline.runs import open_house
from pipeline.services import accounts, demonstration, passes
from pipeline.web import server

_NEAR = ("127.0.0.1", "::1", "localhost")
_ROLES = click.Choice([role.value for role in Role])
_SCOPES = click.Choice([right.value for right in Right])
_TOLD_ONCE = "It is told once, and changed at the first sign-in."
_FORMATION = click.option(
    "--formation", "formations", multiple=True, metavar="CODE", help="Only that formation; several times for several."
)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="The port.")
@click.option("--uds", type=click.Path(path_type=Path), metavar="FILE", help="A Unix socket instead, for a proxy.")
@click.option("--jobs", type=click.IntRange(0, 64), help="Workers (else: one a core; 0: 'liasse watch' runs beside).")
@click.option("--demo", is_flag=True, help="A first look: the samples in a workspace that is thrown away.")
@click.option("--create-admin", is_flag=True, help="Make the first account, and tell its password.")
@workspace_option
@click.option("--today", type=Day(), metavar="DATE", help="Replay a day (default: each day as it comes).")
def serve(
    *,
    host: str,
    port: int,
    uds: Path | None,
    jobs: int | None,
    demo: bool,
    create_admin: bool,
    root: Path,
    today: dt.date | None,
) -> None:
    """Serve the scolarité's page and the API, and make packets of what is dropped, until stopped.

    It answers on this machine alone unless told (--host). Logs are JSON on standard error, without names.

    Example: liasse serve --demo
    """
    with demonstration.demonstration() if demo else nullcontext(None) as thrown_away:
        workspace = thrown_away or Workspace.at(root)
        place = server.listening(host, port, uds)
        if uds is None and host not in _NEAR:
            click.echo(
                f"Beyond this machine ({host}), passwords travel readable: put nginx in front (deploy/).", err=True
            )

        def begun(house: open_house.OpenHouse) -> None:
            if demo or create_admin:
                roles = list(Role) if demo else accounts.FIRST_ROLES
                _say_first(accounts.first_account(house.ledger, workspace, roles=roles))
            where = uds or f"http://{f'[{host}]' if ':' in host else host}:{port}/"
            click.echo(f"liasse: {where} (Ctrl-C ends it)", err=True)

        server.serve(
            workspace,
            Settings.load(workspace),
            place,
            day=today or (shipped.SAMPLES_DAY if demo else None),
            jobs=(os.cpu_count() or 1) if jobs is None else jobs,
            begun=begun,
        )


def _say_first(made: tuple[str, str] | None) -> None:
    if made is None:
        click.echo(
            "Somebody administers already: 'liasse user list' shows who, 'liasse user password' helps.", err=True
        )
    else:
        click.echo(f"Account: {made[0]}   password: {made[1]}   {_TOLD_ONCE}", err=True)


@click.group()
def user() -> None:
    """Say who may enter by the web: accounts of people, tokens of programs."""


@user.command("add")
@click.argument("login")
@click.option(
    "--role", "roles", type=_ROLES, multiple=True, required=True, help="What they do; several times for several."
)
@_FORMATION
@click.option("--name", help="As decisions bear it (else: the login).")
@click.option("--by-proxy", is_flag=True, help="No password: the reverse proxy says who it is.")
@workspace_option
def add(
    *, login: str, roles: tuple[str, ...], formations: tuple[str, ...], name: str | None, by_proxy: bool, root: Path
) -> None:
    """Make an account; without --formation it reaches all of them.

    Example: liasse user add f.garcon --name "F. GARÇON" --role scolarite --formation coordination-essms
    """
    workspace = Workspace.at(root)
    with store.Ledger.open(workspace) as ledger:
        password = accounts.add_account(
            ledger,
            workspace,
            login,
            name=name or login,
            roles=[Role(one) for one in roles],
            formations=formations,
            by_proxy=by_proxy,
        )
    click.echo(f"Password: {password}   {_TOLD_ONCE}" if password else "Added.")


@user.command("list")
@workspace_option
def list_users(root: Path) -> None:
    """Show the accounts, closed ones too.

    Example: liasse user list
    """
    with store.Ledger.open(Workspace.at(root)) as ledger:
        for one in ledger.accounts.all():
            where = "all formations" if one.formations is None else " ".join(sorted(one.formations))
            how = "proxy" if not one.password else "password to be changed" if one.renews else "password"
            state = "" if one.enabled else "   closed"
            click.echo(f"{one.login:<24} {' '.join(sorted(one.roles)):<28} {where}   {how}{state}")


@user.command("disable")
@click.argument("login")
@workspace_option
def disable(login: str, root: Path) -> None:
    """Close an account: it enters no more, and its sessions end now. 'enable' opens it again.

    Example: liasse user disable f.garcon
    """
    with store.Ledger.open(Workspace.at(root)) as ledger:
        accounts.set_enabled(ledger, login, enabled=False)
    click.echo("Closed.")


@user.command("enable")
@click.argument("login")
@workspace_option
def enable(login: str, root: Path) -> None:
    """Open an account again.

    Example: liasse user enable f.garcon
    """
    with store.Ledger.open(Workspace.at(root)) as ledger:
        accounts.set_enabled(ledger, login, enabled=True)
    click.echo("Open.")


@user.command("password")
@click.argument("login")
@workspace_option
def password(login: str, root: Path) -> None:
    """Give an account another password, and end its sessions and its waiting time.

    Example: liasse user password f.garcon
    """
    with store.Ledger.open(Workspace.at(root)) as ledger:
        click.echo(f"Password: {accounts.new_password_for(ledger, login)}   {_TOLD_ONCE}")


@user.command("token")
@click.argument("label")
@click.option(
    "--scope", "scopes", type=_SCOPES, multiple=True, required=True, help="What it may do; several times for several."
)
@_FORMATION
@click.option("--days", type=int, default=365, show_default=True, help="How long it holds.")
@workspace_option
def token(*, label: str, scopes: tuple[str, ...], formations: tuple[str, ...], days: int, root: Path) -> None:
    """Make a token for a program that asks the API; LABEL says which. It is told once.

    Example: liasse user token "ENT de l’école" --scope lecture --scope depot
    """
    workspace = Workspace.at(root)
    rights = [Right(one) for one in scopes]
    with store.Ledger.open(workspace) as ledger:
        made = passes.issue_token(
            ledger, workspace, label, rights, formations=formations, days=days, by=accounts.CONSOLE
        )
    click.echo(made)


@user.command("tokens")
@workspace_option
def list_tokens(root: Path) -> None:
    """Show the tokens, those that hold no more too.

    Example: liasse user tokens
    """
    with store.Ledger.open(Workspace.at(root)) as ledger:
        for one in ledger.passes.tokens():
            until = f"revoked {one.revoked_at[:10]}" if one.revoked_at else f"until {one.expires_at[:10]}"
            where = "all formations" if one.formations is None else " ".join(sorted(one.formations))
            click.echo(f"{one.id}  {one.holder:<28} {' '.join(sorted(one.rights)):<28} {where}   {until}")


@user.command("revoke")
@click.argument("id")
@workspace_option
def revoke(id: str, root: Path) -> None:  # noqa: A002 -- what the user types
    """Take a token back, by the id that 'tokens' shows.

    Example: liasse user revoke 3f2a91c0
    """
    with store.Ledger.open(Workspace.at(root)) as ledger:
        passes.revoke_token(ledger, id, by=accounts.CONSOLE)
    click.echo("Revoked.")


COMMANDS = (serve, user)
