"""The house: what each room may import, held against the real imports; no arrow up, no cycle, small files."""

from __future__ import annotations

import ast
import statistics
from collections import defaultdict
from functools import cache
from pathlib import Path

PIPELINE = Path(__file__).parent.parent / "pipeline"
# From the ground up. A room is a folder with its sub-folders, or a loose file at the top: what each may import.
MAY_IMPORT = {
    "core": "",
    "sandbox": "core",
    "storage": "core",
    "forms": "core",
    "checks": "core",
    "reading": "core sandbox forms",
    "pictures": "core sandbox forms reading",
    "documents": "core sandbox forms",
    "blanks": "core sandbox forms reading documents",
    "ledger": "core storage",
    "cohort": "core checks ledger",
    "dossier": "core storage forms checks reading documents ledger cohort",
    "teaching": "core sandbox forms reading pictures documents blanks",
    "regeneration": "core documents ledger cohort dossier",
    "reports": "core sandbox storage forms checks reading pictures documents blanks ledger cohort dossier",
    "runs": "core storage reading documents blanks ledger dossier regeneration",
    "maintenance": "core sandbox storage forms checks reading documents blanks ledger",
    "services": "documents storage core checks sandbox reading pictures blanks ledger cohort dossier regeneration "
    "maintenance reports forms",
    "web": "core ledger dossier reports runs services",
    "cli": "core storage documents ledger dossier teaching regeneration reports runs maintenance services web",
    "__main__": "cli",
}
MOST_ROOMS, MOST_FLOORS = 22, 11
LONGEST, MEDIAN = 300, 120


def room_of(path: Path) -> str:
    """The room in which a file stands."""
    return path.relative_to(PIPELINE).parts[0].removesuffix(".py")


def imports_of(path: Path) -> set[str]:
    """The modules of ours that a file imports, wherever in it, also only for their types."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in found if name.startswith("pipeline.") and name != "pipeline.__version__"}


@cache
def arrows() -> dict[str, dict[str, set[str]]]:
    """Room to room, with the files that draw the arrow."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for path in sorted(PIPELINE.rglob("*.py")):
        here = room_of(path)
        if here == "__init__":
            continue
        found[here]  # a room without an arrow is one too
        for module in imports_of(path):
            there = module.split(".")[1]
            if there != here:
                found[here][there].add(str(path.relative_to(PIPELINE)))
    return found


def floors() -> dict[str, int]:
    """The floor of each room: above all that it imports; 1 is the ground. Raises AssertionError for a cycle."""
    known: dict[str, int] = {}

    def floor(room: str, through: tuple[str, ...] = ()) -> int:
        assert room not in through, f"a cycle of rooms: {' → '.join((*through, room))}"
        if room not in known:
            known[room] = 1 + max((floor(there, (*through, room)) for there in arrows()[room]), default=0)
        return known[room]

    for room in tuple(arrows()):
        floor(room)
    return known


def test_each_room_imports_what_it_may() -> None:
    """Every room of the house is known, and imports no room that is not named beside it."""
    wrong = [
        f"{here} imports {there}: {', '.join(sorted(files))}"
        for here, others in arrows().items()
        for there, files in others.items()
        if there not in MAY_IMPORT[here].split()
    ]

    assert wrong == []
    assert set(arrows()) == set(MAY_IMPORT)


def test_no_permission_is_left_over() -> None:
    """A room that no longer imports another is no longer allowed to."""
    unused = [
        f"{here} → {there}"
        for here, line in MAY_IMPORT.items()
        for there in line.split()
        if there not in arrows()[here]
    ]

    assert unused == []


def test_permissions_point_down_only() -> None:
    """The table itself is in order: a room may import only rooms that stand above it in the list."""
    order = list(MAY_IMPORT)
    up = [
        f"{here} → {there}"
        for here, line in MAY_IMPORT.items()
        for there in line.split()
        if order.index(there) >= order.index(here)
    ]

    assert up == []


def test_the_house_is_simple() -> None:
    """Few rooms on few floors, computed from the imports: no cycle, no arrow up."""
    levels = floors()

    assert len(levels) <= MOST_ROOMS
    assert max(levels.values()) <= MOST_FLOORS


def test_files_stay_small() -> None:
    """A file that grows past the ceiling is two files; most are read in a minute."""
    lines = {
        str(path.relative_to(PIPELINE)): len(path.read_text(encoding="utf-8").splitlines())
        for path in PIPELINE.rglob("*.py")
    }

    assert {name: count for name, count in lines.items() if count > LONGEST} == {}
    assert statistics.median(lines.values()) <= MEDIAN


def test_a_name_of_a_module_stands_once() -> None:
    """Nobody has to ask which ``places`` is meant."""
    names = defaultdict(list)
    for path in PIPELINE.rglob("*.py"):
        if path.name != "__init__.py":
            names[path.stem].append(str(path.relative_to(PIPELINE)))
    rooms = {path.name for path in PIPELINE.iterdir() if path.is_dir()}

    assert {name: places for name, places in names.items() if len(places) > 1 or name in rooms} == {}
