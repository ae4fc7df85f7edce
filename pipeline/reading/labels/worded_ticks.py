"""Check boxes read by their own words: the option ticked, and its field when no label says it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.core.doubts import Doubt, Reason, corrector
from pipeline.core.fields import Dictionary, Field, FieldKind
from pipeline.forms.values.choices import option_label, option_words
from pipeline.reading.labels.items import Atom
from pipeline.reading.labels.vocabulary import Words, label_words

_KINDS = (FieldKind.CHOICE, FieldKind.BOOLEAN, FieldKind.DAYS)


@dataclass(frozen=True)
class Ticked:
    """Check-box result: the option (``None``: no box is ticked), a doubt when it cannot be told, its label."""

    option: str | None
    doubt: Doubt | None
    said: str = ""


def answers_by_boxes(field: Field) -> bool:
    """Whether boxes may answer a field: a choice, or a line that some forms ask as « oui / non »."""
    return field.kind in _KINDS or field.path == "stage.presence_exceptionnelle"


def read_ticks(atoms: Sequence[Atom], field: Field) -> Ticked | None:
    """What the boxes among these atoms say of a field; ``None`` when their words are not its options."""
    known = {label_words(words): code for words, code in option_words(field).items()}
    if not field.choices:
        known |= {("oui",): "oui", ("non",): "non"}
    for groups in (_after(atoms), _before(atoms)):
        codes = [_code(group, known) for _, group in groups]
        if codes and all(codes) and len(set(codes)) == len(codes):
            return _state([box for box, _ in groups], [code or "" for code in codes], field)
    return None


def field_of_ticks(atoms: Sequence[Atom], section: str | None, dictionary: Dictionary) -> Field | None:
    """The only field of a section whose options are written beside these boxes (at least two)."""
    if not section or sum(atom.tick for atom in atoms) < 2:
        return None
    near = [
        field
        for field in dictionary.fields.values()
        if answers_by_boxes(field) and field.group == section and read_ticks(atoms, field) is not None
    ]
    if len(near) > 1:  # bare « Oui  Non »: under GRATIFICATION only one question is meant
        near = [field for field in near if field.path == "gratification.prevue"]
    return near[0] if len(near) == 1 else None


def _after(atoms: Sequence[Atom]) -> list[tuple[Atom, list[Atom]]]:
    groups: list[tuple[Atom, list[Atom]]] = []
    for atom in atoms:
        if atom.tick:
            groups.append((atom, []))
        elif groups:
            groups[-1][1].append(atom)
    return groups


def _before(atoms: Sequence[Atom]) -> list[tuple[Atom, list[Atom]]]:
    groups: list[tuple[Atom, list[Atom]]] = []
    words: list[Atom] = []
    for atom in atoms:
        if atom.tick:
            groups.append((atom, words))
            words = []
        else:
            words.append(atom)
    return groups


def _code(group: Iterable[Atom], known: dict[Words, str]) -> str | None:
    """The option that a box's words begin with, the longest one; nothing else of weight may follow."""
    words = label_words(" ".join(atom.text for atom in group if not atom.leader))
    sizes = range(len(words), max(0, len(words) - 7), -1)
    return next((known[words[:size]] for size in sizes if words[:size] in known), None)


def _state(boxes: list[Atom], codes: list[str], field: Field) -> Ticked:
    unsure = next((box.token.doubt for box in boxes if box.token.doubt), None)
    if unsure is None and any(box.token.ticked is None for box in boxes):
        unsure = Doubt(Reason.AMBIGUOUS_TICK, "une case ne se lit pas sûrement")
    on = [code for box, code in zip(boxes, codes, strict=True) if box.token.ticked]
    if field.kind is FieldKind.DAYS:  # asked for as many as one likes
        return Ticked(None, unsure, "\n".join(option_label(field, code) for code in on))
    if len(on) > 1:
        why = f"plusieurs cases sont cochées : {', '.join(f'« {option_label(field, code)} »' for code in on[:4])}"
        who = corrector(digital=boxes[0].token.source.digital)
        return Ticked(None, Doubt(Reason.AMBIGUOUS_TICK, why, who))
    return Ticked(on[0], unsure, option_label(field, on[0])) if on else Ticked(None, unsure)
