"""The house: a room imports only what stands above it, steps never import each other, files stay small."""

from __future__ import annotations

import ast
from pathlib import Path

PIPELINE = Path(__file__).parent.parent / "pipeline"
# From the ground up: each line may import the lines before it, and itself.
ROOMS = (
    ("ground",),
    ("intake", "checks", "documents"),  # the steps: side by side, never looking at each other
    ("ledger", "shelf"),
    ("cohort",),
    ("impact", "understanding", "versions"),
    ("bilan",),
    ("anew", "journey"),
    ("runs",),
    ("confirming", "evaluation", "keeping", "screens", "teaching", "upkeep"),
    ("cli", "commands", "__main__"),
)
LONGEST = 300


def room_of(module: str) -> str:
    """The room of ``pipeline.x.y``: a folder, or a file that is a room of its own; the rest is the ground."""
    name = module.split(".")[1] if "." in module else "ground"
    named = {room for floor in ROOMS for room in floor}
    return name if name in named else "ground"


def imports_of(path: Path) -> set[str]:
    """The modules of ours that a file imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {
                f"{node.module}.{alias.name}" if node.module == "pipeline" else node.module for alias in node.names
            }
    return {name for name in found if name.startswith("pipeline.") and name != "pipeline.__version__"}


def test_imports_point_down_only() -> None:
    """No file imports a room above its own, nor another step."""
    floor = {room: number for number, rooms in enumerate(ROOMS) for room in rooms}
    wrong = []
    for path in sorted(PIPELINE.rglob("*.py")):
        here = room_of(".".join(("pipeline", *path.relative_to(PIPELINE).with_suffix("").parts)))
        for module in imports_of(path):
            there = room_of(module)
            beside = floor[there] == floor[here] and there != here
            if floor[there] > floor[here] or (beside and floor[here] == 1):
                wrong.append(f"{path.relative_to(PIPELINE)} ({here}) imports {module} ({there})")

    assert wrong == []


def test_files_stay_small() -> None:
    """A file that grows past the ceiling is two files."""
    long = {
        str(path.relative_to(PIPELINE)): lines
        for path in PIPELINE.rglob("*.py")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST
    }

    assert long == {}
