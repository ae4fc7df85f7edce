"""What lies in the outbox for a form: what its letter asked, how large its packet is. Nothing where it is gone."""

from __future__ import annotations

import json
from typing import Any

from pipeline.core.models import Problem, Severity, Who
from pipeline.core.workspace import Workspace
from pipeline.ledger.store import Entry, State


def asked(entry: Entry, workspace: Workspace) -> tuple[Problem, ...]:
    """What the sender was asked, from the report beside the letter."""
    try:
        return tuple(
            Problem(one["rule"], Severity(one["severity"]), one["field"], one["message"], Who(one["who"]))
            for one in _load(entry, workspace, "rapport.json")["problems"]
        )
    except (OSError, ValueError, KeyError, TypeError):
        return ()


def counted(entry: Entry, workspace: Workspace) -> tuple[int | None, int | None]:
    """Pages and expected signatures of the packet that counts for a delivered form."""
    if entry.state is not State.DELIVERED:
        return None, None
    try:
        pages = sum(int(piece["pages"]) for piece in _load(entry, workspace, "manifest.json")["pieces"])
        return pages, len(_load(entry, workspace, "signature.json")["signataires"])
    except (OSError, ValueError, KeyError, TypeError):
        return None, None


def _load(entry: Entry, workspace: Workspace, name: str) -> Any:  # noqa: ANN401 -- JSON
    if entry.folder is None:
        raise KeyError(name)
    return json.loads((workspace.outbox / entry.folder / name).read_bytes())
