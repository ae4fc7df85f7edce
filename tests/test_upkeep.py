"""What the code promises to stay: no function decides too much at once, nothing is kept that nobody uses."""

from __future__ import annotations

from pathlib import Path

import lizard
import vulture

PIPELINE = Path(__file__).parent.parent / "pipeline"
MOST = 15  # cyclomatic complexity, as lizard counts
# The reader of our own form gives way to the one of all forms, and scans are worked on: cut then.
_EXEMPT = tuple(
    f"reading/{name}"
    for name in ("alignment/", "astray.py", "ocr/", "own_word.py", "printed_cells.py", "streams/docx.py")
)
# What vulture takes for unused, and who uses it.
_RULES = [
    *("@control*", "@legal*"),  # a formation.toml names them, and the law's are asked of every form
    *("@router.*", "@doors.*", "@routes.*", "@*.command"),  # FastAPI and Click call them
]
_SET_FOR_OTHERS = {  # attributes of objects of libraries, by the file that sets them
    "binding/": "pikepdf writes them into a PDF",
    "sandbox/inert": "pikepdf writes them into a PDF",
    "filling/": "docxtpl reads them",
    "uno_child.py": "LibreOffice reads them",
    "word_page.py": "python-docx writes them into a Word file",
    "database.py": "sqlite3 reads them",
    "quotas.py": "Python reads them",
    "late.py": "Python reads them",
}
_USED = {
    "_begun": "SQLAlchemy calls it",
    "_connected": "SQLAlchemy calls it",
    "can_change": "a template asks it",
    "api": "an answer of the API bears it",
    "detail_fr": "an answer of the API bears it",
    "fetched_at": "an answer of the API bears it",
    "fetched_by": "an answer of the API bears it",
    "in_": "an answer of the API bears it",
    "mid_term": "an answer of the API bears it",
    "presence_why": "an answer of the API bears it",
    "revision": "an answer of the API bears it",
    "signed_on": "an answer of the API bears it",
    "mid_terms": "a template asks it",
    "model_config": "pydantic reads it",
    "next_attempt": "an answer of the API bears it",
    "organisme": "an answer of the API bears it",
    "critical": "structlog calls it",
    "debug": "structlog calls it",
    "dernier": "a template prints it",
    "du": "a template prints it",
    "formatter_class": "Click reads it",
    "genre": "a template prints it",
    "hebdo": "a template prints it",
    "intercepted_binops": "Jinja reads it",
    "persistent_id": "pickle calls it",
    "persistent_load": "pickle calls it",
    "seekable": "zipfile calls it",
    "visit_Assign": "Jinja calls it",
    "visit_Block": "Jinja calls it",
    "visit_CallBlock": "Jinja calls it",
    "visit_Concat": "Jinja calls it",
    "visit_Dict": "Jinja calls it",
    "visit_For": "Jinja calls it",
    "visit_If": "Jinja calls it",
    "visit_List": "Jinja calls it",
    "visit_Macro": "Jinja calls it",
    "visit_Output": "Jinja calls it",
    "visit_Tuple": "Jinja calls it",
    "letter_taken": "a template prints it",
    "liftable": "a template asks it",
    "is_loaded": "tests ask it what a command loads",
    "numero": "a template prints it",
    "premier": "a template prints it",
    "POINTS": "the chaos tests kill at each of them",
    "LIFE_POINTS": "the tests of lives kill at each of them",
    "render_footnotes": "docxtpl calls it",
    "semaine": "a template prints it",
    "titre": "a template prints it",
    "verifies": "docs/regles.md is written from it",
}


def test_no_function_decides_too_much() -> None:
    """A function above fifteen is cut along what it decides."""
    files = sorted(PIPELINE.rglob("*.py"))
    paths = [str(path) for path in files if not str(path.relative_to(PIPELINE)).startswith(_EXEMPT)]
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
    looking = vulture.Vulture(ignore_decorators=_RULES)
    looking.scavenge([str(PIPELINE)])
    found = {
        item.name: f"{item.filename}:{item.first_lineno}"
        for item in looking.get_unused_code(min_confidence=60)
        if item.typ != "attribute" or not any(place in str(item.filename) for place in _SET_FOR_OTHERS)
    }

    assert {name: place for name, place in found.items() if name not in _USED} == {}
    assert set(_USED) <= set(found)
