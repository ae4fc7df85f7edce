"""Residual search of an erasure: forms where a person may still stand, unread or named alike.

Nothing here is removed: a homonym is somebody else, and what could not be read is looked at by a person.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection
from dataclasses import dataclass

from pipeline.core.folding import folded_letters, folded_words
from pipeline.core.models import get
from pipeline.core.text import visible_line
from pipeline.core.workspace import Workspace
from pipeline.ledger.entries import Entry, State
from pipeline.ledger.store import Ledger
from pipeline.maintenance.named_files import set_aside
from pipeline.storage.inbox import scan

_ALIKE = 0.8  # of the letters of two names, in their order: « Lefèvre Élise » and « Lefebvre Elise »
_SHORTEST = 3  # letters from which a surname is looked for in the name of a file


@dataclass(frozen=True)
class ToLookAt:
    """What the person in charge looks at: forms without a name, forms named alike, files that are not received.

    ``aside``: what a recovery or a restore moved out of the way, with everybody's data of then. ``archives``: those
    that were made of the person's dossiers or of their sessions, and went wherever somebody put them.
    """

    unread: tuple[Entry, ...]
    alike: tuple[Entry, ...]
    inbox: tuple[str, ...]
    aside: tuple[str, ...]
    archives: tuple[str, ...]


def to_look_at(forms: Collection[Entry], ledger: Ledger, workspace: Workspace) -> ToLookAt:
    """What is left once these forms of one person are erased; to be asked before, while their names are known."""
    hers = {one.form.sha256 for one in forms}
    names, surnames = _names(forms, ledger)
    others = [one for one in ledger.entries.all() if one.form.sha256 not in hers and one.state is not State.ERASED]
    unread = [
        one for one in others if not one.stagiaire and one.state is not State.DIVIDED and one.form.path.exists()
    ]
    alike = [one for one in others if _is_alike(one, names, surnames)]
    lying = scan(workspace.inbox)
    left = [visible_line(str(one.path.relative_to(workspace.inbox))) for one in lying.files]
    return ToLookAt(
        tuple(one for one in unread if one not in alike),
        tuple(alike),
        tuple(sorted((*left, *(one.name for one in lying.odd)))),
        set_aside(workspace),
        _archives(forms, ledger),
    )


def _archives(forms: Collection[Entry], ledger: Ledger) -> tuple[str, ...]:
    outlines = ledger.members.outlines([one.form.sha256 for one in forms])
    named = {one.number for one in forms}
    named |= {f"{one.formation}-{outlines[one.form.sha256].year}" for one in forms if one.form.sha256 in outlines}
    made = [one for one in ledger.journal() if one.event == "archived" and one.detail in named]
    return tuple(f"archive-{one.detail}.zip, du {one.at[:10]}" for one in made)


def _names(forms: Collection[Entry], ledger: Ledger) -> tuple[set[str], set[str]]:
    """The folded names of the person, in both orders, and their surnames."""
    names, surnames = set(), set()
    for one in forms:
        record = ledger.readings.record(one.form.sha256) or {}
        nom, prenom = (str(get(record, f"stagiaire.{part}") or "") for part in ("nom", "prenom"))
        names |= {folded_letters(text) for text in (one.stagiaire or "", f"{nom} {prenom}", f"{prenom} {nom}")}
        surnames |= {folded_letters(nom), *folded_words(nom)}
    return names - {""}, {one for one in surnames if len(one) >= _SHORTEST}


def _is_alike(entry: Entry, names: Collection[str], surnames: Collection[str]) -> bool:
    file = folded_letters(entry.form.name)
    if any(one in file for one in surnames):
        return True
    named = folded_letters(entry.stagiaire or "")
    return bool(named) and any(_ratio(named, one) >= _ALIKE for one in names)


def _ratio(one: str, other: str) -> float:
    matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
    return matcher.ratio() if min(matcher.real_quick_ratio(), matcher.quick_ratio()) >= _ALIKE else 0.0
