"""The vote on codes that two engines read: a letter taken for the figure it looks like; no engine is needed here."""

from __future__ import annotations

import datetime as dt

import pytest

from pipeline.core.fields import Dictionary
from pipeline.reading.candidates import Candidate
from pipeline.reading.decision.ballots import Ballot
from pipeline.reading.decision.read_value import Rules, read_value
from pipeline.reading.decision.votes import optical

APE = "organisme.ape"


def seen(text: str, source: str) -> Candidate:
    """What one engine read at the place of the code."""
    return Candidate(APE, text, None, 1, (0.0, 0.0, 40.0, 10.0), "gabarit", True, 0.99, None, source)  # noqa: FBT003


@pytest.mark.parametrize(
    ("first", "second", "accepted"),
    [("8411Z", "84117", True), ("84.11Z", "84.112", True), ("8411Z", "34117", False), ("8411Z", "8411B", False)],
)
def test_letter_of_an_activity_code_may_be_read_as_its_figure(
    first: str,
    second: str,
    accepted: bool,  # noqa: FBT001 -- a table
    dictionary: Dictionary,
) -> None:
    """« 84117 » is no activity code and confirms 8411Z; another figure or another letter does not."""
    rules = Rules(dictionary, dt.date(2026, 1, 5))
    ballot = Ballot(APE, seen(first, "ocr:rapidocr"), None, seen(second, "ocr:tesseract"))
    reading = optical(ballot, read_value(APE, ballot.aligned, rules), rules)

    assert (reading.value, reading.doubt is None) == ("8411Z", accepted)
