"""The page’s server killed while it takes a form, a word, sends an archive: nothing lost, nothing twice."""

from __future__ import annotations

from pathlib import Path

from served_siege import Siege


def test_a_server_that_dies_keeps_its_word(tmp_path: Path) -> None:
    """Each of the three once or more; what was answered holds, what was not is sent again and is there once."""
    toll = Siege(tmp_path, seed=3, dossiers=4).besiege(4)

    assert toll.faults == []
    assert sum(toll.kills.values()) == 4
