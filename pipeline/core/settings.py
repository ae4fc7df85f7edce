"""Settings of a workspace: ``liasse.toml`` at its root, every key optional; docs/exploitation.md lists them."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from pipeline.core.errors import ConfigError
from pipeline.core.workspace import Workspace

FILE = "liasse.toml"


@dataclass(frozen=True)
class Watching:
    """``[surveillance]``: when a file of the inbox is still and whole. Seconds, and bytes of free disk."""

    rythme: float = 5.0  # between two scans
    calme: float = 3.0  # a file must not change during this time
    calme_partage: float = 10.0  # the same on a network share
    incomplet: float = 900.0  # a file that is still not whole after this time is put in quarantine
    libre: int = 200_000_000  # with less free disk nothing is taken in: files stay in the inbox


@dataclass(frozen=True)
class Queue:
    """``[file]``: how forms are worked on. Seconds, but for ``essais``."""

    bail: float = 300.0  # a worker that says nothing for longer has lost its form
    essais: int = 3  # a form that killed its worker or failed unexpectedly so many times is put in quarantine
    attente: float = 10.0  # before the second try; doubled for each further one
    attente_max: float = 600.0

    def pause(self, attempt: int) -> float:
        """Seconds to wait after so many attempts: doubled for each, bounded, and not the same for all forms.

        None once the attempts are used up: the form goes into quarantine at once. Should that fail, it waits too.
        """
        if attempt == self.essais:
            return 0.0
        longest: float = min(self.attente * 2 ** min(max(attempt, 1) - 1, 10), self.attente_max)
        return longest * random.uniform(0.5, 1.0)  # noqa: S311 -- no secret


@dataclass(frozen=True)
class Retention:
    """``[conservation]``: days after which a class of data is purged; 0 keeps it for ever.

    The proposals are those of the CNIL's and the archives' practice; the delegate to data protection decides.
    """

    formulaires: int = 90  # received files, readings and values, after their packet was fetched or their form dropped
    liasses: int = 180  # packets of the outbox that were fetched, or replaced; never those marked signed
    a_completer: int = 90  # letters and what came with them
    quarantaine: int = 30
    registre: int = 365  # the name in the ledger's line, which then keeps only hashes, states and dates
    journal: int = 365  # who did what
    papiers: int = 180  # papers of a dossier's life that another replaced or nobody signed; never those that were
    faits: int = 365  # days of presence, evaluation and answers of a dossier, once it is closed
    courrier: int = 30  # drafts of mails


@dataclass(frozen=True)
class Living:
    """``[vie]``: the life of dossiers after their packets."""

    signatures: int = 5  # working days before the first day from which on a missing signature is an alarm


@dataclass(frozen=True)
class Deciding:
    """``[decisions]``: who decides where a command names nobody, on a machine that one person uses."""

    par: str = ""


@dataclass(frozen=True)
class Access:
    """``[acces]``: who besides our account enters the workspace."""

    groupe: str = ""  # may drop into inbox/ and read outbox/; empty: nobody


@dataclass(frozen=True)
class Web:
    """``[web]``: the page and the API. Seconds and bytes, where nothing else is said."""

    adresse: str = ""  # how people reach it, https://liasse.example.org; empty: http, on this machine alone
    hotes: tuple[str, ...] = ()  # other names under which it answers
    identite: str = ""  # the header in which the reverse proxy says who it is; empty: accounts of liasse alone
    mandataires: tuple[str, ...] = ()  # addresses or networks of reverse proxies; "unix" for the socket
    inactivite: float = 3600.0  # after which a session ends
    session: float = 36000.0  # after which it ends, whatever happens
    depot: int = 100_000_000  # what one request may bring, in forms
    cadence: float = 20.0  # requests a second of one person, or of one address without
    couleur: str = "#1d4f7c"  # of the school, on the page
    crochets: tuple[str, ...] = ()  # addresses or networks of our own to which webhooks may go, by plain http too


@dataclass(frozen=True)
class Settings:
    """All of them."""

    surveillance: Watching = field(default_factory=Watching)
    file: Queue = field(default_factory=Queue)
    conservation: Retention = field(default_factory=Retention)
    vie: Living = field(default_factory=Living)
    decisions: Deciding = field(default_factory=Deciding)
    acces: Access = field(default_factory=Access)
    web: Web = field(default_factory=Web)

    @classmethod
    def load(cls, workspace: Workspace) -> Settings:
        """The settings of a workspace; raises ConfigError for a key that does not exist or a value out of range."""
        path = workspace.root / FILE
        if not path.is_file():
            return cls()
        try:
            given = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
            raise ConfigError(f"{FILE} cannot be read: {error}. Mend it, or remove it for the defaults.") from error
        settings = cls()
        for section, values in given.items():
            part = getattr(settings, section, None)
            if part is None or not isinstance(values, Mapping):
                raise ConfigError(f"{FILE}: [{section}] is no section. There are {_names(settings)}.")
            settings = replace(settings, **{section: _overlaid(section, part, values)})
        return settings


def _overlaid(section: str, part: Any, values: Mapping[str, Any]) -> Any:  # noqa: ANN401 -- one of the sections
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
    for name, value in values.items():
        default = getattr(part, name, None)
        if default is None:
            raise ConfigError(f"{FILE}, [{section}]: {name} is no setting. There are {_names(part)}.")
        wanted = _wanted(default, value)
        if wanted:
            raise ConfigError(f"{FILE}, [{section}] {name}: write {wanted}.")
    return replace(part, **values)


def _wanted(default: Any, value: Any) -> str:  # noqa: ANN401 -- whatever somebody wrote
    """What is to be written instead of a value; nothing where it is one like the default."""
    if isinstance(default, tuple):
        names = isinstance(value, tuple) and all(isinstance(one, str) for one in value)
        return "" if names else 'names in quotes, in brackets: ["…", "…"]'
    if isinstance(default, str):
        return "" if isinstance(value, str) else "a name in quotes"
    number = isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
    return "" if number and (isinstance(value, int) or isinstance(default, float)) else f"a number, such as {default}"


def _names(part: Any) -> str:  # noqa: ANN401 -- one of the sections
    return ", ".join(one.name for one in fields(part))
