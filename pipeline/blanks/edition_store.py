"""Store of the editions of our own blanks: kept from the day they can be given out, for ever.

The form of a session can be from the day its formation is there; a paper of a dossier's life is given out by us,
and kept then. An edition of the product's formations comes with it (``templates/<formation>/formulaires/editions/``);
those that this workspace gives out are kept in its memory (``.liasse/editions/<formation>/``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from itertools import product
from pathlib import Path

from pipeline.blanks import drawn_blank, edition_layout
from pipeline.blanks.keeping import keep_file
from pipeline.core.errors import ConfigError
from pipeline.core.fields import Dictionary
from pipeline.core.formation import Formation, formation_codes, load_formation
from pipeline.core.paper_kinds import PaperForm
from pipeline.core.workspace import Workspace
from pipeline.forms.blank import Blank
from pipeline.forms.edition_files import FOLDER, edition_files, opening_of
from pipeline.forms.editions import Edition, Mark, load_edition
from pipeline.forms.paper_plans import plan_paper
from pipeline.reading import alignment
from pipeline.reading.known_forms import OwnBlanks

_ENDS = re.compile(rb'"prints":\["[0-9a-f]{64}"(?:,\s*"[0-9a-f]{64}")*\]\}\s*\Z')


def open_blanks(workspace: Workspace, dictionary: Dictionary) -> OwnBlanks:
    """Every edition known here, today's forms kept; a broken formation does not keep others from being read.

    Where the file of an edition of today is damaged, that edition is drawn again; an older one cannot be.
    """
    kept: dict[Mark, Edition | Path] = dict(edition_files(workspace))
    current: list[Mark] = []
    broken: dict[str, str] = {}
    for code in formation_codes(workspace):
        try:
            formation = load_formation(workspace, code)
        except ConfigError as error:
            broken[code] = str(error)
            continue
        for blank in _blanks_of(formation, dictionary):
            mark = mark_of(blank)
            wanted = not _is_whole(kept[mark], mark) if mark in kept else blank.paper is PaperForm.FORMULAIRE
            if wanted:
                kept[mark] = keep(blank, workspace)
            if mark in kept:
                current.append(mark)
    editions = {mark: partial(_opened, edition) for mark, edition in kept.items()}
    folders = sorted({str(place.parent) for place in kept.values() if isinstance(place, Path)})
    return OwnBlanks(editions, partial(_ready, dictionary=dictionary), tuple(current), tuple(folders), broken)


def _opened(edition: Edition | Path) -> Edition:
    return load_edition(edition) if isinstance(edition, Path) else edition


def _ready(edition: Edition, dictionary: Dictionary) -> alignment.Compiled:
    return edition_layout.compile_edition(edition, dictionary)  # by its module, which is loaded when a form comes


def place_of_editions(workspace: Workspace) -> Path:
    """Where this workspace keeps the editions that it gives out."""
    return workspace.memory / FOLDER


def keep(blank: Blank, workspace: Workspace) -> Edition | Path:
    """The edition of a plan, in its file from now on; by itself where the workspace has no memory that keeps it."""
    edition = drawn_blank.edition_of(blank)
    if not workspace.memory.is_dir():
        return edition
    place = place_of_editions(workspace) / edition.formation / f"{edition.mark.stem}.json"
    return place if keep_file(place, edition.as_json().encode()) else edition


def keep_papers(workspace: Workspace, dictionary: Dictionary) -> None:
    """Keep the editions of today of every paper of a dossier's life, as if each had been given out.

    Where nobody knows any more which were; a broken formation is left out.
    """
    for code in formation_codes(workspace):
        with suppress(ConfigError):
            for blank in _blanks_of(load_formation(workspace, code), dictionary):
                if not kept_whole(blank, workspace):
                    keep(blank, workspace)


def kept_whole(blank: Blank, workspace: Workspace) -> bool:
    """Whether the edition of a plan is in a file already, shipped or this workspace's, that is not damaged."""
    mark = mark_of(blank)
    return any(_is_whole(place, mark) for found, place in edition_files(workspace) if found == mark)


def mark_of(blank: Blank) -> Mark:
    """The mark that a blank prints at the foot of its pages."""
    return Mark(blank.formation.code, blank.session.annee, blank.version, blank.paper)


def _blanks_of(formation: Formation, dictionary: Dictionary) -> Iterator[Blank]:
    """The plans of today: the form and each paper, of each session."""
    for session, paper in product(formation.sessions, PaperForm):
        yield plan_paper(dictionary, formation, session, paper)


def _is_whole(place: Edition | Path, mark: Mark) -> bool:
    """Whether the file of an edition begins and ends as it is written today; its inside is not looked at."""
    if isinstance(place, Edition):
        return True
    try:
        data = place.read_bytes()
    except OSError:
        return False
    return data.startswith(opening_of(mark).encode()) and _ENDS.search(data) is not None and b"\0" not in data
