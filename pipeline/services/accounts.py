"""Use cases of accounts: added, closed, given a new password; for who has a terminal on the machine."""

from __future__ import annotations

import re
from collections.abc import Collection

from pipeline.core.errors import InvalidRequest, NotFound
from pipeline.core.formation import formation_codes
from pipeline.core.visitors import Right, Role, rights_of
from pipeline.core.workspace import Workspace
from pipeline.ledger.account_book import Account
from pipeline.ledger.store import Ledger
from pipeline.services.authors import author
from pipeline.services.secret_words import hashed, new_password
from pipeline.services.signing_in import login_of

CONSOLE = "console"  # the actor of what somebody does who has a terminal on the machine
FIRST = "admin"
FIRST_ROLES = (Role.ADMINISTRATION, Role.SCOLARITE)  # whose accord counts, the formation says
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,99}")


def add_account(
    ledger: Ledger,
    workspace: Workspace,
    login: str,
    *,
    name: str,
    roles: Collection[Role],
    formations: Collection[str] = (),
    by_proxy: bool = False,
) -> str:
    """Keep a new account; its password, to be changed at the first sign-in, or nothing for one of the reverse proxy.

    Without ``formations`` it reaches all. Raises InvalidRequest for a login, a name, a role or a formation that
    cannot be, and for a login that is taken.
    """
    login = login_of(login)
    if not _LOGIN.fullmatch(login):
        raise InvalidRequest(
            f"« {login} » n’est pas un identifiant. Que faire : des lettres, des chiffres et . _ - @ +, par exemple "
            "f.garcon."
        )
    if not roles:
        raise InvalidRequest(f"Dites ce que cette personne fait : --role, parmi {', '.join(Role)}.")
    unknown = sorted(set(formations) - set(formation_codes(workspace)))
    if unknown:
        raise InvalidRequest(f"Aucune formation {unknown[0]}. Il y a {', '.join(formation_codes(workspace))}.")
    where = frozenset(formations) or None
    password = "" if by_proxy else new_password()
    kept = hashed(password) if password else ""
    account = Account("", login, author(name), frozenset(roles), where, kept, renews=bool(password))
    if not ledger.accounts.add(account, by=CONSOLE):
        raise InvalidRequest(f"« {login} » a déjà un compte. Que faire : « liasse user list » les montre.")
    return password


def first_account(
    ledger: Ledger, workspace: Workspace, *, roles: Collection[Role] = FIRST_ROLES
) -> tuple[str, str] | None:
    """The first account of a small school, login and password; ``None`` where somebody administers already."""
    if any(Right.ADMINISTER in rights_of(one.roles) and one.enabled for one in ledger.accounts.all()):
        return None
    return FIRST, add_account(ledger, workspace, FIRST, name="Administration", roles=roles)


def find_account(ledger: Ledger, login: str) -> Account:
    """The account of that login; raises NotFound."""
    found = ledger.accounts.named(login_of(login))
    if found is None:
        raise NotFound(f"Aucun compte « {login} ». Que faire : « liasse user list » les montre.")
    return found


def new_password_for(ledger: Ledger, login: str) -> str:
    """Another password for an account, to be changed at the next sign-in; its sessions and its waiting time end."""
    account, password = find_account(ledger, login), new_password()
    ledger.accounts.set_password(account, hashed(password), by=CONSOLE, renews=True)
    return password


def set_enabled(ledger: Ledger, login: str, *, enabled: bool) -> Account:
    """Let an account in again, or no more; raises NotFound."""
    account = find_account(ledger, login)
    ledger.accounts.set_enabled(account, enabled=enabled, by=CONSOLE)
    return account
