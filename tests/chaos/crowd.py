"""Forms for the chaos runs: many people, and for each form how it must end."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import people
from forms_filler import fill_acroform, fill_word

from pipeline.core.fields import Dictionary
from pipeline.core.formation import load_formation
from pipeline.core.workspace import Workspace
from pipeline.forms.blank import plan_blank
from pipeline.forms.drawing.blank_docx import draw_docx
from pipeline.forms.drawing.blank_pdf import draw_pdf
from pipeline.forms.prefill import slot_texts
from pipeline.ledger.entries import State

_NAMES = ("MARTIN", "BERNARD", "THOMAS", "PETIT", "ROBERT", "RICHARD", "DURAND", "DUBOIS", "MOREAU", "LAURENT")
_FIRST = ("Léa", "Hugo", "Inès", "Noé", "Zoé", "Théo", "Maëlys", "Ali", "Joël", "Anaïs")


@dataclass(frozen=True)
class Dropped:
    """A file for the inbox, and the states in which its form may end."""

    name: str
    data: bytes
    ends: frozenset[State]


def crowd(root: Path, count: int, *, seed: int) -> Iterator[Dropped]:
    """``count`` files: two thirds good, the others waiting, sent back, unreadable, or the bytes of an earlier one."""
    chance = random.Random(seed)  # noqa: S311 -- the same crowd for the same seed
    workspace = Workspace.at(root)
    dictionary = Dictionary.load(workspace)
    blanks = {}
    for code in (people.CNAM, people.COORDINATION):
        formation = load_formation(workspace, code)
        blank = plan_blank(dictionary, formation, formation.session("2024-2025"))
        blanks[code] = (blank, draw_pdf(blank), draw_docx(blank))
    made: list[Dropped] = []
    for number in range(count):
        kind = chance.choices(("good", "waiting", "wrong", "garbage", "again"), (60, 12, 12, 8, 8))[0]
        if kind == "again" and made:
            first = chance.choice(made)
            made.append(Dropped(f"encore-{number:03d}{Path(first.name).suffix}", first.data, first.ends))
        elif kind == "garbage":
            data = b"%PDF-1.7\n" + chance.randbytes(2000) + f"\n{number}\n%%EOF\n".encode()
            made.append(Dropped(f"abime-{number:03d}.pdf", data, frozenset({State.TO_COMPLETE})))
        else:
            made.append(_form(number, "good" if kind == "again" else kind, chance, blanks))
        yield made[-1]


def _form(number: int, kind: str, chance: random.Random, blanks: dict[str, tuple]) -> Dropped:  # type: ignore[type-arg]
    who = {
        "stagiaire__nom": f"{chance.choice(_NAMES)}-{_letters(number)}",
        "stagiaire__prenom": chance.choice(_FIRST),
        "stagiaire__courriel": f"personne{number}@example.org",
        "stagiaire__numero": f"NPE{number:06d}",
    }
    if kind == "waiting":
        code, data, end = people.CNAM, people.cnam(**who, accord_pedagogique={}), State.WAITING
    elif kind == "wrong":
        code, data, end = (
            people.COORDINATION,
            people.coordination(**who, tuteur__fonction="Secrétaire"),
            State.TO_COMPLETE,
        )
    else:
        code = chance.choice((people.CNAM, people.COORDINATION))
        data = (people.cnam if code == people.CNAM else people.coordination)(**who)
        end = State.DELIVERED
    blank, pdf, docx = blanks[code]
    texts = slot_texts(blank, data)
    if chance.random() < 0.5:
        return Dropped(f"formulaire-{number:03d}.docx", fill_word(docx, texts), frozenset({end}))
    return Dropped(f"formulaire-{number:03d}.pdf", fill_acroform(pdf, blank, texts), frozenset({end}))


def _letters(number: int) -> str:
    """A number spelt in letters, as part of a name."""
    return "".join("ABCDEFGHIJ"[int(digit)] for digit in f"{number:03d}")
