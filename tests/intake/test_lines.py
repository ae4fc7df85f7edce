"""Dates and hours by lines: as boxes give them, and as people write them in one place."""

from __future__ import annotations

from typing import Any

import people
import pytest

from pipeline.core.errors import ConfigError
from pipeline.core.fields import Dictionary
from pipeline.forms.layouts import Placeholder, parse_placeholder
from pipeline.forms.values.lines import lines_of, parse_lines

WEEK, ABSENCES, CHANGES, CALENDAR = "stage.semaine", "stage.interruptions", "stage.exceptions", "stage.calendrier"
DAY = {"date": "2025-04-12", "heures": 4}


@pytest.mark.parametrize(
    ("path", "text", "value"),
    [
        (WEEK, "lundi : 7 ; mardi : 3 h 30", {"lundi": 7, "mardi": 3.5}),
        (WEEK, "Lundi: 9h-12h, 14h-18h\nVendredi = 3,5", {"lundi": 7, "vendredi": 3.5}),
        (WEEK, "lundi : 7, mardi : repos", {"lundi": 7}),
        (ABSENCES, "du 14/07/2025 au 18/07/2025", [{"debut": "2025-07-14", "fin": "2025-07-18"}]),
        (
            ABSENCES,
            "Du 14 juillet 2025 au 18 juillet 2025 ; le 21/07/2025",
            [{"debut": "2025-07-14", "fin": "2025-07-18"}, {"debut": "2025-07-21", "fin": "2025-07-21"}],
        ),
        (CHANGES, "12/04/2025 : 4 ; le 14/04/2025 : absent", [DAY, {"date": "2025-04-14", "heures": 0}]),
        (CALENDAR, "12/04/2025 : 4, 14/04/2025 : repos", [DAY]),
        (CALENDAR, "", None),
    ],
)
def test_what_is_written_in_one_place_is_cut_into_lines(
    dictionary: Dictionary, path: str, text: str, value: Any
) -> None:
    """A school's box in prose, and « liasse confirm »."""
    parsed = parse_lines(dictionary.fields[path], lines_of(text), people.TODAY)
    assert (parsed.value, parsed.doubt) == (value, None)


@pytest.mark.parametrize(
    ("path", "lines", "value", "why"),
    [
        (WEEK, ["lundi : beaucoup"], None, "« lundi : beaucoup » : "),
        (WEEK, ["dimanche : 7", "lundi : 7"], {"lundi": 7}, "jour de la semaine"),
        (WEEK, ["lundi : 7", "lundi : 8"], {"lundi": 8}, "« lundi » y est deux fois"),
        (ABSENCES, ["14/07 au 18/07/2025"], [{"fin": "2025-07-18"}], "n’est pas une date lisible"),
        (CHANGES, ["12/04/2025 : 30"], [{"date": "2025-04-12"}], "vingt-quatre heures"),
        (CHANGES, ["samedi 4 h"], None, "n’est pas une date lisible"),
    ],
)
def test_what_cannot_be_read_is_a_doubt(
    dictionary: Dictionary, path: str, lines: list[str], value: Any, why: str
) -> None:
    """The line is quoted; what could be read of it is proposed, never another day."""
    parsed = parse_lines(dictionary.fields[path], lines, people.TODAY)
    assert parsed.value == value
    assert parsed.doubt
    assert why in parsed.doubt


@pytest.mark.parametrize(
    ("path", "lines", "value"),
    [
        (CHANGES, ["12/04/2025 : "], [{"date": "2025-04-12"}]),
        (CHANGES, [" : 4"], [{"heures": 4}]),
        (ABSENCES, [" au 18/07/2025"], [{"fin": "2025-07-18"}]),
    ],
)
def test_a_line_that_lacks_a_part_keeps_the_other(
    dictionary: Dictionary, path: str, lines: list[str], value: Any
) -> None:
    """The schema then says which line is incomplete: half a line is never dropped."""
    parsed = parse_lines(dictionary.fields[path], lines, people.TODAY)
    assert (parsed.value, parsed.doubt) == (value, None)


def test_a_placeholder_names_a_part_of_a_line(dictionary: Dictionary) -> None:
    """In a school's blank as on ours; what is no part, no line or no weekday is refused."""
    assert parse_placeholder("stage.semaine.lundi", dictionary) == Placeholder(WEEK, part="lundi")
    part = parse_placeholder("stage.interruptions.2.fin", dictionary)
    assert (part, part.name) == (Placeholder(ABSENCES, item=2, part="fin"), "stage.interruptions.2.fin")
    wrong = ("semaine.dimanche", "semaine.1.lundi", "interruptions.0.fin", "interruptions.fin", "exceptions.1.fin")
    for name in wrong:
        with pytest.raises(ConfigError, match="n’est pas un champ"):
            parse_placeholder(f"stage.{name}", dictionary)
