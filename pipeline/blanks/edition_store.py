"""Store of the editions of our own blanks: kept from the day they can be given out, for ever.

An edition of the product's formations comes with it (``templates/<formation>/formulaires/editions/``); those that
this workspace gives out are kept in its memory (``.liasse/editions/<formation>/``).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from pipeline.blanks import drawn_blank, edition_layout
from pipeline.core.errors import ConfigError
from pipeline.core.fields import Dictionary
from pipeline.core.formation import formation_codes, load_formation
from pipeline.core.workspace import Workspace
from pipeline.forms.blank import Blank, plan_blank
from pipeline.forms.editions import Edition, Mark, load_edition
from pipeline.reading import alignment
from pipeline.reading.known_forms import OwnBlanks

FOLDER = "editions"


def open_blanks(workspace: Workspace, dictionary: Dictionary) -> OwnBlanks:
    """Every edition known here, those of today kept; a broken formation does not keep others from being read."""
    kept: dict[Mark, Edition | Path] = dict(_kept(workspace))
    current: list[Mark] = []
    broken: dict[str, str] = {}
    for code in formation_codes(workspace):
        try:
            formation = load_formation(workspace, code)
        except ConfigError as error:
            broken[code] = str(error)
            continue
        for session in formation.sessions:
            blank = plan_blank(dictionary, formation, session)
            mark = Mark(code, session.annee, blank.version)
            current.append(mark)
            if mark not in kept:
                kept[mark] = keep(blank, workspace)
    editions = {mark: partial(_compiled, edition, dictionary) for mark, edition in kept.items()}
    folders = sorted({str(place.parent) for place in kept.values() if isinstance(place, Path)})
    return OwnBlanks(editions, tuple(current), tuple(folders), broken)


def _compiled(edition: Edition | Path, dictionary: Dictionary) -> alignment.Compiled:
    given = load_edition(edition) if isinstance(edition, Path) else edition
    return edition_layout.compile_edition(given, dictionary)


def keep(blank: Blank, workspace: Workspace) -> Edition | Path:
    """The edition of a plan, in its file from now on; by itself where the workspace has no memory yet."""
    edition = drawn_blank.edition_of(blank)
    if not workspace.memory.is_dir():
        return edition
    place = workspace.memory / FOLDER / edition.formation / f"{edition.session}-{edition.version}.json"
    place.parent.mkdir(parents=True, exist_ok=True)
    work = place.with_suffix(".tmp")
    work.write_text(edition.as_json(), encoding="utf-8")
    work.replace(place)
    return place


def _kept(workspace: Workspace) -> Iterator[tuple[Mark, Path]]:
    """The mark that each file's place and name say, and the file."""
    shipped = workspace.templates.glob(f"*/formulaires/{FOLDER}/*.json")
    for path, code in (
        *((path, path.parent.parent.parent.name) for path in sorted(shipped)),
        *((path, path.parent.name) for path in sorted(workspace.memory.glob(f"{FOLDER}/*/*.json"))),
    ):
        session, _, version = path.stem.rpartition("-")
        yield Mark(code, session, version), path
