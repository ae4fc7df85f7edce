"""What the code promises to stay: no function decides too much at once, nothing is kept that nobody uses."""

from __future__ import annotations

from pathlib import Path

import lizard
import vulture

PIPELINE = Path(__file__).parent.parent / "pipeline"
MOST = 15  # cyclomatic complexity, as lizard counts
_EXEMPT = "reading"  # the two readers become one: their long decisions are cut then
# What vulture takes for unused, and who uses it.
_USED = {
    "_begun": "SQLAlchemy calls it",
    "_connected": "SQLAlchemy calls it",
    "critical": "structlog calls it",
    "debug": "structlog calls it",
    "is_loaded": "tests ask it what a command loads",
    "isolation_level": "sqlite3 reads it",
    "POINTS": "the chaos tests kill at each of them",
    "verifies": "docs/regles.md is written from it",
}


def test_no_function_decides_too_much() -> None:
    """Outside the readers, a function above fifteen is cut along what it decides."""
    paths = [str(path) for path in sorted(PIPELINE.rglob("*.py")) if _EXEMPT not in path.relative_to(PIPELINE).parts]
    found = [
        f"{file.filename}:{function.start_line} {function.name} {function.cyclomatic_complexity}"
        for file in map(lizard.analyze_file, paths)
        for function in file.function_list
        if function.cyclomatic_complexity > MOST
    ]

    assert len(paths) > 100
    assert found == []


def test_nothing_is_kept_that_nobody_uses() -> None:
    """What vulture finds is gone or has its reason; a reason without its find is gone too."""
    looking = vulture.Vulture()
    looking.scavenge([str(PIPELINE)])
    found = {item.name: f"{item.filename}:{item.first_lineno}" for item in looking.get_unused_code(min_confidence=60)}

    assert {name: place for name, place in found.items() if name not in _USED} == {}
    assert set(_USED) <= set(found)
