"""Use cases of personal data: everything held of one person handed over, or removed."""

from __future__ import annotations

from pathlib import Path

from pipeline.core.workspace import Workspace
from pipeline.ledger.store import Ledger
from pipeline.maintenance import person
from pipeline.maintenance.near_names import ToLookAt, to_look_at
from pipeline.services.authors import author, motive
from pipeline.services.lookup import find_form


def export(ledger: Ledger, workspace: Workspace, word: str, to: Path) -> Path:
    """Put all that is held of the person of a form into a new folder; raises RequestRefused, HouseError."""
    return person.export(find_form(ledger, word), ledger, workspace, to)


def beside(ledger: Ledger, workspace: Workspace, word: str) -> ToLookAt:
    """Where the person of a form may stand besides what ``erase`` removes; asked before, while names are known."""
    return to_look_at(person.forms_of(find_form(ledger, word), ledger), ledger, workspace)


def erase(ledger: Ledger, workspace: Workspace, word: str, *, by: str, reason: str, signed_too: bool = False) -> int:
    """Remove everything held of the person of a form but hashes, states and dates; how many forms.

    Raises NotAllowed where a packet was fetched or signed and ``signed_too`` is not given.
    """
    by, reason = author(by), motive(reason)
    entry = find_form(ledger, word)
    return person.erase(entry, ledger, workspace, by=by, reason=reason, signed_too=signed_too)
