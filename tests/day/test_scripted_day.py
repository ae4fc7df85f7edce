"""A day of the scolarité at its terminal: sixty forms settled by what the screens suggest, and nothing else."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from clerk import blocks
from pictured import drawn, shown
from scripted import Day, laid, play
from terminal import Screen

from pipeline.ledger.entries import State
from pipeline.ledger.store import Ledger
from pipeline.services.arrivals import Inbox, look

_SETTLED = {State.DELIVERED, State.TO_COMPLETE, State.DISCARDED, State.DIVIDED, State.SUPERSEDED}
_OURS = re.compile(r"Traceback|None|State\.|Error|\bwaiting\b|\bdelivered\b|\\u|�|\bForm\(")
_LOOSE = re.compile(r"^\s*[:;!?»](?:\s|$)|«$", re.MULTILINE)


def test_a_day_ends_by_what_its_screens_suggest(tmp_path: Path) -> None:
    """One test for one day: it is played once. Then what its screens look like, and what the guide shows of them."""
    day = laid(tmp_path)
    play(day)

    _everything_is_settled(day)
    for screen in day.clerk.screens:
        _can_be_read(screen)
    for wide, narrow in day.lists:
        assert wide.commands == narrow.commands
        assert [one.commands for one in blocks(wide)] == [one.commands for one in blocks(narrow)]
    assert drawn(day) == shown()


def _everything_is_settled(day: Day) -> None:
    """No form waits: delivered and taken, replaced, put away, cut in parts, or sent back with a letter that left."""
    with Ledger.open(day.workspace) as ledger:
        entries = ledger.entries.all()
        states = Counter(entry.state for entry in entries)
        left = {entry.form.sha256 for entry in entries if entry.state is State.TO_COMPLETE}
        assert left <= set(ledger.letters.taken())
        assert ledger.faults() == []
    parted = states[State.DIVIDED]
    assert len(day.sent) + len(day.answered) >= 60
    assert sum(states.values()) - parted >= 60
    assert set(states) <= _SETTLED
    assert states[State.DELIVERED] >= 50
    assert states[State.DISCARDED] == 1
    assert look(day.workspace) == Inbox()


def _can_be_read(screen: Screen) -> None:
    """No line but a command or a path goes over the edge, none begins with a lone « : », no word is the program's."""
    over = [line for line in screen.lines if len(line) > screen.columns and not _stays_whole(line)]
    assert over == [], f"$ {screen.typed} at {screen.columns}"
    assert not _LOOSE.search(screen.text), f"$ {screen.typed}\n{screen.text}"
    assert not _OURS.search(screen.text), f"$ {screen.typed}\n{screen.text}"


def _stays_whole(line: str) -> bool:
    return line.strip().removeprefix("image : ").startswith(("liasse ", "/"))
