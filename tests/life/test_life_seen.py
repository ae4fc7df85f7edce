"""A word on a dossier's life that rests on what was seen: what was told since is not passed over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from amend_kit import BY, WHY, at
from life_kit import delivered

from pipeline.core.errors import ChangedMeanwhile
from pipeline.dossier.context import Context
from pipeline.services import amends, attending, attesting, closures, milestones, signed_papers

MAY = dt.date(2025, 5, 20)
MOVED = ("stage.calendrier-=2025-05-27", "stage.calendrier+=2025-06-11=7")
WORDS: dict[str, Callable[..., Any]] = {
    "signed": lambda desk, word, **how: signed_papers.note_signed(desk, word, piece="convention", on=MAY, **how),
    "asked": lambda desk, word, **how: amends.ask_change(desk, word, MOVED, effect_on=MAY, reason=WHY, **how),
    "judged": lambda desk, word, **how: amends.judge_change(desk, word, 1, favorable=False, reason=WHY, **how),
    "present": lambda desk, word, **how: attending.note_presence(desk, word, ["2025-04-14=M"], **how),
    "attested": lambda desk, word, **how: attesting.attest(desk, word, attesting.Wish("2025-04"), **how),
    "mid-term": lambda desk, word, **how: milestones.note_mid_term(desk, word, on=MAY, text="Vu.", **how),
    "closed": lambda desk, word, **how: closures.close(desk, word, reason=WHY, **how),
    "opened": lambda desk, word, **how: closures.reopen(desk, word, reason=WHY, **how),
}


@pytest.mark.parametrize("what", WORDS)
def test_what_was_told_since_is_not_passed_over(context: Context, what: str) -> None:
    """Refused as changed meanwhile, before anything else is looked at; nothing is noted."""
    desk = at(context, MAY)
    life = delivered(desk)
    seen = life.facts.seen
    milestones.note_mid_term(desk, life.dossier.number, on=MAY, text="Projet engagé.", by=BY)
    before = context.ledger.life.facts(life.dossier.id)

    with pytest.raises(ChangedMeanwhile, match=r"Regardez-le de nouveau"):
        WORDS[what](desk, life.dossier.number, by=BY, seen=seen)

    assert context.ledger.life.facts(life.dossier.id) == before
