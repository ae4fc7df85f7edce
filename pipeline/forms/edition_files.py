"""Files of the editions of our own blanks: those that came with a formation, and those that a workspace gave out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from pipeline.core.errors import ConfigError
from pipeline.core.workspace import Workspace
from pipeline.forms.editions import Mark, load_edition, mark_of_stem, opening

FOLDER = "editions"


def opening_of(mark: Mark) -> str:
    """How the file of an edition begins."""
    return json.dumps(opening(mark), ensure_ascii=False, separators=(",", ":"))[:-1] + ","


def edition_files(workspace: Workspace) -> Iterator[tuple[Mark, Path]]:
    """Every edition that is kept: the mark that its file's place and name say, and the file; the workspace's last."""
    shipped = workspace.models(f"*/formulaires/{FOLDER}/*.json")
    for path, code in (
        *((path, path.parent.parent.parent.name) for path in shipped),
        *((path, path.parent.name) for path in sorted(workspace.memory.glob(f"{FOLDER}/*/*.json"))),
    ):
        yield mark_of_stem(code, path.stem), path


def damaged_editions(workspace: Workspace) -> Iterator[str]:
    """What is wrong with each kept edition that cannot be read; every file is opened."""
    for _, path in edition_files(workspace):
        try:
            load_edition(path)
        except ConfigError as error:
            yield str(error)
