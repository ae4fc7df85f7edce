"""From what stands beside labels to one candidate a field: made, compared, put under the right path."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from pipeline.reading.candidates import Candidate
from pipeline.reading.labels.items import Atom, Item, around, text_of

METHOD = "libelles"
_TWICE = "LECTURES_DIVERGENTES : plusieurs endroits du formulaire répondent à ce libellé"


def made(
    path: str,
    atoms: Sequence[Atom],
    item: Item,
    *,
    sure: bool,
    option: str | None = None,
    doubt: str | None = None,
    ticks: bool = False,
) -> Candidate:
    """The candidate of a path: what these atoms say, and where; ``item`` says where when there are none."""
    kept = [atom for atom in atoms if not atom.leader]
    page, box = around(kept) if kept else (item.page, item.box)
    marks = [atom.token.doubt for atom in kept if atom.token.doubt]
    source = next((atom.token.source.value for atom in (*kept, *item.atoms)), "")
    confidence = min((atom.token.confidence for atom in kept), default=1.0)
    text = option or "" if ticks else text_of(kept)
    return Candidate(
        path, text, option, page, box, METHOD, sure, confidence, doubt or next(iter(marks), None), source
    )


def settled(found: Iterable[Candidate]) -> dict[str, Candidate]:
    """One candidate a path: the filled one; several different ones are a doubt, and nobody's answer is sure."""
    by_path: dict[str, list[Candidate]] = {}
    for candidate in found:
        by_path.setdefault(candidate.path, []).append(candidate)
    settled = {}
    for path, several in by_path.items():
        filled = [candidate for candidate in several if candidate.text] or several[:1]
        if len({candidate.text for candidate in filled}) > 1:
            settled[path] = replace(filled[0], sure=False, doubt=filled[0].doubt or _TWICE)
        else:
            settled[path] = replace(filled[0], sure=filled[0].sure and len(several) == 1)
    return settled


def whole_fields(found: dict[str, Candidate]) -> dict[str, Candidate]:
    """« Nom » without any « Prénom » holds a whole name, « Adresse » without « Code postal » a whole address."""
    whole = dict(found)
    for path in found:
        group, _, last = path.rpartition(".")
        if last == "nom" and f"{group}.prenom" not in found:
            name, other = f"{group}.nom_prenom", f"{group}.prenom"
        elif last == "voie" and group.endswith(".adresse"):
            name, other = group, f"{group}.code_postal"
        else:
            continue
        if other not in found and name not in found:
            whole[name] = replace(whole.pop(path), path=name)
    return whole
