"""What drifted Word forms are made with: two kinds of mutation, the answers nobody asked for, and shared gestures.

A *change* is made to a filled copy, as students do; a *drift* is made to the form itself before anybody fills it, as
the school that sends last year's edition does: the same people then answer what they are asked.
"""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import colonnes
import convention
import pointilles
import tableau
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.table import _Row
from docx.text.paragraph import Paragraph
from layout_people import Person, siret
from word_kit import Ink

Change = Callable[[Document, dict[str, Any]], Iterable[str]]
Drift = Callable[[Any], Any]  # the source of a layout in, the source of its other edition out
SOURCES: dict[str, tuple[Any, Any]] = {
    "tableau": (tableau, tableau.SECTIONS),
    "pointilles": (pointilles, pointilles.BODY),
    "colonnes": (colonnes, colonnes.BLOCKS),
    "convention": (convention, convention.TEXT),
}
# What people write in places that our layouts do not have; each could pass for an answer that they do have.
OTHERS = {
    "autre.nom_usage": "MARTIN",
    "autre.telephone": "02 61 91 00 88",
    "autre.courriel": "claire.rouault@example.org",
    "autre.date": "15/09/2025",
    "autre.date_fin": "26/06/2026",
    "autre.personne": "ROUAULT Claire",
    "autre.fonction": "Coordinatrice",
    "autre.siret": siret("5127704410001"),
    "autre.voie": "7, rue des Acacias",
    "autre.code_postal": "35000",
    "autre.ville": "Rennes",
    "autre.montant": "600,00 € par mois",
    "autre.heures": "21 h",
}


@dataclass(frozen=True)
class WordMutation:
    """One thing that happens to the form of a layout.

    ``person`` is the place in people.toml of the one whose copy is kept among the files; ``after`` says that the
    filled copy is changed, ``before`` that the form is.
    """

    name: str
    layout: str
    person: int
    after: Change | None = None
    before: Drift | None = None


MUTATIONS: list[WordMutation] = []


@dataclass
class OtherInk(Ink):
    """The ink of a copy whose form may ask things that our layouts do not know."""

    def text(self, path: str, empty: str = "") -> str:
        """What stands there: the person's own answer, or the one that everybody gives to that other question."""
        return OTHERS[path] if path in OTHERS else super().text(path, empty)


def mutation(layout: str, person: int = 0) -> Callable[[Change], Change]:
    """Keeps a change to filled copies."""

    def keep(change: Change) -> Change:
        MUTATIONS.append(WordMutation(name_of(change), layout, person, after=change))
        return change

    return keep


def drift(layout: str, person: int = 0) -> Callable[[Drift], Drift]:
    """Keeps another edition of a form."""

    def keep(change: Drift) -> Drift:
        MUTATIONS.append(WordMutation(name_of(change), layout, person, before=change))
        return change

    return keep


def name_of(change: Callable[..., Any]) -> str:
    """« _tableau_ligne_inseree » as a name of file."""
    return change.__name__.strip("_").replace("_", "-")


def drawn(change: WordMutation, person: Person) -> tuple[Document, dict[str, Any], tuple[str, ...]]:
    """The copy of one person, its truth (``None``: nothing may be accepted), and the paths that may be doubted."""
    module, source = SOURCES[change.layout]
    ink = OtherInk(person)
    document = module.draw(ink, change.before(source) if change.before else source)
    truth = dict.fromkeys(asked(change.layout)) | ink.truth()
    doubtful = change.after(document, truth) if change.after else truth
    return document, truth, tuple(path for path in doubtful if path in truth and path != "douteux")


@functools.cache
def asked(layout: str) -> tuple[str, ...]:
    """What the layout asks, as it is annotated."""
    ink = Ink()
    SOURCES[layout][0].draw(ink)
    return tuple(ink.asked)


def all_mutations() -> tuple[WordMutation, ...]:
    """Those of every module, in the order of their names."""
    for name in ("word", "tableau", "pointilles", "colonnes", "convention"):
        importlib.import_module(f"mutations_{name}")
    return tuple(sorted(MUTATIONS, key=lambda mutation: mutation.name))


def rewritten(text: str, *changes: tuple[str, str]) -> str:
    """The source with pieces of it replaced, each of which must stand there once."""
    for old, new in changes:
        if text.count(old) != 1:
            raise ValueError(f"{old!r} stands there {text.count(old)} times")
        text = text.replace(old, new)
    return text


def thawed(source: Any) -> Any:
    """Nested tuples as lists that can be changed; a slot with its options stays a tuple."""
    if isinstance(source, tuple) and not _is_slot(source):
        return [thawed(piece) for piece in source]
    return source


def _is_slot(source: tuple[Any, ...]) -> bool:
    names = [piece for piece in source if isinstance(piece, str) and "." in piece and " " not in piece]
    return bool(names) and isinstance(source[-1], tuple) and all(len(option) == 2 for option in source[-1])


def row_of(document: Document, label: str) -> _Row:
    """The row of a table that begins with this label."""
    return next(row for table in document.tables for row in table.rows if row.cells[0].text == label)


def line_of(document: Document, start: str) -> Paragraph:
    """The paragraph that begins with these words."""
    return next(paragraph for paragraph in document.paragraphs if paragraph.text.startswith(start))


def swap(first: Any, second: Any) -> None:
    """Exchange two XML elements, wherever they stand."""
    mark = parse_xml(f"<w:p {nsdecls('w')}/>")
    first.addprevious(mark)
    second.addprevious(first)
    mark.addprevious(second)
    mark.getparent().remove(mark)


def gone(truth: dict[str, Any], *paths: str) -> tuple[str, ...]:
    """Nothing may be accepted there any more."""
    truth.update(dict.fromkeys(paths))
    return paths
