"""Use case: a workspace laid in a folder, or brought up to date with what comes with the product.

What the school changed in ``templates/`` is moved to ``etablissement/`` before ours takes its place: it goes on
holding, and no later update meets it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path

from pipeline.core import shipped
from pipeline.core.errors import NotAllowed
from pipeline.core.modes import make_folder
from pipeline.core.settings import FILE, Settings
from pipeline.core.workspace import Workspace
from pipeline.storage.access import close_places, share_places
from pipeline.storage.spool import put_file

_LAID = "templates/.livre.json"  # what was laid last, by name, with its hash: what differs was changed by the school
_SETTINGS = shipped.PACKAGE / "core" / FILE
_OPEN_FOLDER, _OPEN_FILE = 0o755, 0o644  # no names in what comes with the product


@dataclass(frozen=True)
class Laid:
    """What was laid: how many files, the school's own that were moved, those to compare with ours.

    ``aside`` are files of ``schemas/`` that were changed: they hold no more, and stand beside ours.
    """

    workspace: Workspace
    written: int
    moved: tuple[str, ...] = ()
    aside: tuple[str, ...] = ()
    compare: tuple[str, ...] = ()


def lay(root: Path, example: str = shipped.EXAMPLE) -> Laid:
    """Lay a workspace in ``root``, with one formation as an example; one that is there is brought up to date.

    An example whose folder the school removed is not laid again.

    ``etablissement/``, ``liasse.toml``, forms, packets and the ledger are never touched. Raises NotAllowed, in
    French, for a folder of other things, a clone, or a formation that does not come with liasse; HouseError.
    """
    _require_room(root, example)
    root.mkdir(mode=_OPEN_FOLDER, parents=True, exist_ok=True)
    known = _laid_before(root)
    files = dict(shipped.files(_formations(root, example)))
    workspace = Workspace(root.resolve())
    written = 0
    moved: list[str] = []
    aside: list[str] = []
    compare: list[str] = []
    for name, data in files.items():
        place = root / name
        before = place.read_bytes() if place.is_file() else None
        if before == data:
            continue
        own = workspace.school / name.removeprefix("templates/")
        if before is not None and _hash(before) != known.get(name):
            kept = own if name.startswith("templates/") and not own.exists() else _beside(place, before)
            put_file(kept, before)
            (moved if kept == own else aside).append(str(kept))
        elif name.startswith("templates/") and own.is_file():
            compare.append(str(own))
        _write(place, data)
        written += 1
    _write(root / _LAID, json.dumps({name: _hash(data) for name, data in files.items()}, indent=0).encode())
    if not (root / FILE).exists():
        _write(root / FILE, _SETTINGS.read_bytes())
    _close(workspace)
    return Laid(workspace, written, tuple(moved), tuple(aside), tuple(compare))


def _formations(root: Path, example: str) -> frozenset[str]:
    """Ours that are laid: those that are there; the first day the example, which a school may remove for good."""
    there = {path.parent.name for path in root.glob("templates/*/formation.toml")} & set(shipped.formations())
    return frozenset(there if there or (root / _LAID).exists() else {example})


def _beside(place: Path, data: bytes) -> Path:
    """The first free name for what a file held before: nothing that an earlier update put aside is lost."""
    first = place.with_name(f"{place.name}.avant")
    names = chain([first], (first.with_name(f"{first.name}-{number}") for number in count(2)))
    return next(one for one in names if not one.exists() or one.read_bytes() == data)


def _require_room(root: Path, example: str) -> None:
    if example not in shipped.formations():
        raise NotAllowed(f"{example} n’est pas une formation livrée avec liasse : {', '.join(shipped.formations())}.")
    if (root / ".git").exists():
        raise NotAllowed(
            f"{root} est un clone de liasse : c’est déjà un dossier de travail, que « make update » met à jour."
        )
    is_workspace = (root / "templates").is_dir() and (root / "schemas").is_dir()
    if root.exists() and not is_workspace and (not root.is_dir() or any(root.iterdir())):
        raise NotAllowed(f"{root} contient déjà autre chose : nommez un dossier nouveau, ou vide.")


def _laid_before(root: Path) -> Mapping[str, str]:
    try:
        found = json.loads((root / _LAID).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _write(place: Path, data: bytes) -> None:
    """Write a file of the product, whole or not at all; anybody may read it."""
    place.parent.mkdir(mode=_OPEN_FOLDER, parents=True, exist_ok=True)
    put_file(place, data)
    place.chmod(_OPEN_FILE)


def _close(workspace: Workspace) -> None:
    """Make what holds names, for our account alone or as ``[acces]`` says."""
    for place in (workspace.inbox, workspace.outbox, workspace.school):
        make_folder(place)
    close_places(workspace)
    share_places(workspace, Settings.load(workspace).acces.groupe)


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
