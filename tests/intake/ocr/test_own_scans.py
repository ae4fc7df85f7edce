"""Scans of our own form: known by the mark at their foot, read zone by zone; a pen over an answer is a doubt."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import cv2
import numpy as np
import own_scans
import people
import pytest

from pipeline.blanks.layout_cache import open_forms
from pipeline.core.doubts import Doubt, Reason
from pipeline.core.errors import FormRejected
from pipeline.core.fields import Dictionary
from pipeline.core.models import FieldReading
from pipeline.core.workspace import Workspace
from pipeline.forms.layouts import Placeholder
from pipeline.reading.alignment.harvest import Mention, put_together
from pipeline.reading.decision.agreement import Likeness, accented, likeness
from pipeline.reading.decision.read_value import Rules, read_value
from pipeline.reading.exchange import FormReading
from pipeline.reading.known_forms import KnownForms
from pipeline.reading.ocr.accents import differ_by_dots, marks_shown
from pipeline.reading.ocr.exact_places import exact_places
from pipeline.reading.ocr.exact_zones import joined
from pipeline.reading.ocr.page_images import PageImage
from pipeline.reading.ocr.registration import Anchor, measured
from pipeline.reading.ocr.rulings import Rulings
from pipeline.reading.ocr.scan_reading import Scan, ScannedPage, known_mark
from pipeline.reading.ocr.strokes import is_told_round
from pipeline.reading.scan_fitting import marked
from pipeline.reading.scan_mentions import mended
from pipeline.reading.scans import read_scanned_form
from pipeline.reading.tokens import Source, Token, TokenKind
from pipeline.reports.truth import agrees

MARKS = ("liasse/coordination-essms/2024-2025/1a2b3c4d", "liasse/coordination-essms/2025-2026/9f8e7d6c")
CALENDAR = "stage.calendrier"
CASE = own_scans.Case(4, people.COORDINATION, "contre-penche")
STRUCK = "organisme.service"


@pytest.fixture(scope="module")
def known(workspace: Workspace, dictionary: Dictionary) -> KnownForms:
    """The forms of the workspace."""
    return open_forms(workspace, dictionary)


@pytest.fixture(scope="module")
def reading(workspace: Workspace, dictionary: Dictionary, known: KnownForms) -> FormReading:
    """A form printed, signed, one answer of it struck out, and scanned askew with a letter behind it."""
    blank = own_scans.blank_of(workspace, dictionary, CASE.formation)
    letter = "Attestation de responsabilité civile\nValable jusqu’au 31 décembre"
    scan = own_scans.scan_of(CASE, blank, own_scans.record_of(CASE), struck=(STRUCK,), stapled=letter)
    return read_scanned_form(scan, known, people.TODAY, photo=False)


def found(reading: FormReading) -> dict[str, FieldReading]:
    """The fields by path."""
    return {field.path: field for field in reading.fields}


def test_formation_and_session_are_known_by_the_mark(reading: FormReading) -> None:
    """The foot of the page says which form it is."""
    assert reading.layout == "coordination-essms/2024-2025"


def test_what_was_printed_is_accepted_and_right(
    reading: FormReading, workspace: Workspace, dictionary: Dictionary
) -> None:
    """At least nineteen values of twenty, calendar included, and none that was not printed."""
    blank = own_scans.blank_of(workspace, dictionary, CASE.formation)
    truth = own_scans.truth_of(blank, own_scans.record_of(CASE))
    accepted = {
        path: field.value for path, field in found(reading).items() if not field.doubt and field.value is not None
    }
    wrong = {
        path: value
        for path, value in accepted.items()
        if not agrees(dictionary.fields[path].kind, truth.get(path), value)
    }

    assert wrong == {}
    assert len(accepted) >= 0.95 * len(truth)
    assert accepted[CALENDAR] == truth[CALENDAR]


def test_answer_that_a_pen_struck_out_is_a_doubt(reading: FormReading) -> None:
    """Both engines may well read through the stroke."""
    doubt = found(reading)[STRUCK].doubt
    assert doubt is not None
    assert doubt.code is Reason.CROSSED_OUT


def test_page_stapled_behind_is_told_and_doubts_nothing(reading: FormReading) -> None:
    """Its words are shown to the scolarité; signatures are not words."""
    seen = [one.text.replace("'", "’") for one in reading.strays]
    assert seen == ["Attestation de responsabilité civile", "Valable jusqu’au 31 décembre"]


@pytest.mark.parametrize(
    ("line", "mark"),
    [
        ("liasse/coordination-essms/2024-2025/1a2b3c4d", MARKS[0]),
        ("Iiasse/c0ordination-essms/2025-2026/9f8e7d6c", MARKS[1]),
        ("liasse/coordination-essms/2024-2025/ffffffff", None),
        ("Formulaire préalable – Coordination ESSMS", None),
    ],
    ids=["as printed", "bent by the engine", "of another version", "no mark"],
)
def test_mark_is_one_of_those_known_or_none(line: str, mark: str | None) -> None:
    """A letter or two may be bent; another version of the form is another form."""
    assert known_mark(line, MARKS) == mark


def test_two_forms_in_one_scan_are_refused(known: KnownForms) -> None:
    """Nobody may guess whose answers are whose."""
    marks = [str(mark) for mark in known.own.current]
    empty = np.full((8, 8), 255, np.uint8)
    page = ScannedPage(PageImage(1, empty, 1.0, np.eye(3)), empty, Rulings((), ()), 1.0, 0)
    pages = tuple(replace(page, mark=mark) for mark in list(marks)[:2])

    with pytest.raises(FormRejected) as refused:
        marked(Scan(pages, (), ()), known.own)

    assert refused.value.reason == "PLUSIEURS_FORMULAIRES"


def words(shift: float, odd: int = -1) -> list[Anchor]:
    """Twenty printed words and where they were read, all moved alike but for one."""
    made = []
    for number in range(20):
        x, y = 40.0 + 97 * (number % 5), 50.0 + 180 * (number // 5)
        down = shift + (30.0 if number == odd else 0.0)
        printed = Token(TokenKind.WORD, f"mot{number}", 1, (x, y, x + 30, y + 10))
        made.append(
            Anchor(printed, Token(TokenKind.WORD, f"mot{number}", 3, (x + 2, y + down, x + 32, y + down + 10)))
        )
    return made


def test_places_follow_the_page_and_not_a_word_matched_wrong() -> None:
    """One affine rule a page; what is beside a word that moved is not believed."""
    anchors = words(5.0, odd=7)
    place = exact_places(measured([anchor.literal for anchor in anchors], anchors, {}))
    page, box = place.moved(1, (100.0, 300.0, 200.0, 315.0)) or (0, (0.0,) * 4)

    assert (page, box) == (3, pytest.approx((102.0, 305.0, 202.0, 320.0), abs=0.01))
    assert [token.text for token in place.astray] == ["mot7"]
    assert place.moved(2, (0.0, 0.0, 1.0, 1.0)) is None


def test_days_of_a_calendar_travel_as_one_field(dictionary: Dictionary) -> None:
    """Days in order, empty ones left out; one that is doubted doubts the calendar."""
    days = [(dt.date(2025, 4, 9), "3,5"), (dt.date(2025, 4, 7), "7"), (dt.date(2025, 4, 8), "")]
    seen = [Mention(Placeholder(CALENDAR, day=day), text) for day, text in days]
    rules = Rules(dictionary, people.TODAY)

    candidate = put_together(seen, dictionary, Source.RAPIDOCR)[CALENDAR]
    blurred = [*seen, replace(seen[0], doubt=Doubt(Reason.ILLEGIBLE, "x"))]
    doubted = put_together(blurred, dictionary, Source.RAPIDOCR)[CALENDAR]
    letters = replace(candidate, items=("09/04/2025 : LES",))

    assert candidate.text == "07/04/2025 : 7\n09/04/2025 : 3,5"
    assert read_value(CALENDAR, candidate, rules).value == [
        {"date": "2025-04-07", "heures": 7},
        {"date": "2025-04-09", "heures": 3.5},
    ]
    assert "09/04/2025" in (read_value(CALENDAR, letters, rules).doubt or "")
    assert doubted.doubt == Doubt(Reason.ILLEGIBLE, "x")


def test_item_in_its_own_box_is_one_item(dictionary: Dictionary) -> None:
    """Neither a semicolon nor a small letter parts or joins what the form keeps apart."""
    texts = ["Lire ; écrire", "compter"]
    seen = [Mention(Placeholder("stage.activites", item=number), text) for number, text in enumerate(texts, start=1)]
    candidate = put_together(seen, dictionary, Source.RAPIDOCR)["stage.activites"]

    assert read_value("stage.activites", candidate, Rules(dictionary, people.TODAY)).value == texts


def test_lines_broken_by_the_printer_are_joined() -> None:
    """A word cut after its hyphen closes up."""
    assert joined(["bilan à mi-", "parcours, avec", "l’équipe"]) == "bilan à mi-parcours, avec l’équipe"


@pytest.mark.parametrize(
    ("read", "meant"),
    [("état de I’école", "état de l’école"), ("ZAïDI", "ZAÏDI"), ("Isère", "Isère"), ("McÉwan", "McÉwan")],
)
def test_letters_bent_by_engines_are_mended(read: str, meant: str) -> None:
    """« I’ » is no French word, and no name has one small letter between capitals."""
    assert mended(read) == meant


def test_ligature_is_told_as_an_accent_is() -> None:
    """RapidOCR knows no « œ »: the reading that has it is the fuller one."""
    assert likeness("Cœur", "Coeur") is Likeness.ACCENTS
    assert accented("Cœur", "Coeur") == "Cœur"


def test_torn_circumflex_is_no_diaeresis() -> None:
    """Its halves join again; two dots stay two."""
    box = (8.0, 8.0, 40.0, 36.0)
    for gap, dots in ((1, False), (6, True)):
        ink = np.zeros((40, 48), np.uint8)
        cv2.rectangle(ink, (10, 16), (36, 35), (255,), 3)
        ink[9:12, 20 - gap : 23 - gap] = ink[9:12, 23:26] = 255
        assert marks_shown(ink, 1.0, box, "Ü") is dots


def test_only_a_diaeresis_is_settled_by_its_dots() -> None:
    """An acute and a grave accent are both one stroke: the ink cannot tell them."""
    assert differ_by_dots("Maÿlis", "Maýlis")
    assert not differ_by_dots("Hélène", "Hèlène")
    assert not differ_by_dots("Jörg", "Jorge")


@pytest.mark.parametrize(("text", "told"), [("A10", True), ("A1O", False), ("n° O", True)])
def test_figure_read_for_a_letter_is_seen_by_its_width(text: str, told: bool) -> None:  # noqa: FBT001 -- a table
    """A 0 is narrow, an O is round: engines agree on either."""
    ink = np.zeros((40, 60), np.uint8)
    cv2.rectangle(ink, (5, 8), (20, 32), (255,), 2)
    cv2.line(ink, (26, 8), (26, 32), (255,), 2)
    cv2.ellipse(ink, (42, 20), (8, 12), 0, 0, 360, (255,), 2)

    assert is_told_round(ink, 1.0, (4.0, 7.0, 52.0, 34.0), text) is told


@pytest.mark.long
def test_week_and_lines_of_dates_are_read(workspace: Workspace, dictionary: Dictionary, known: KnownForms) -> None:
    """The Cnam's calendar: hours of weekdays, absences, days added with theirs."""
    case = own_scans.Case(1, people.CNAM, "droit")
    record = own_scans.record_of(case)
    days = {
        "semaine": {"lundi": 7, "mardi": 7.5, "mercredi": 3.5, "jeudi": 7, "vendredi": 6},
        "interruptions": [
            {"debut": "2025-07-14", "fin": "2025-07-18"},
            {"debut": "2025-05-02", "fin": "2025-05-02"},
        ],
        "exceptions": [{"date": "2025-04-12", "heures": 4}, {"date": "2025-06-14", "heures": 0}],
    }
    record["stage"] |= days
    scan = own_scans.scan_of(case, own_scans.blank_of(workspace, dictionary, people.CNAM), record)

    fields = found(read_scanned_form(scan, known, people.TODAY, photo=False))

    assert {name: fields[f"stage.{name}"].value for name in days} == days
    assert [fields[f"stage.{name}"].doubt for name in days] == [None] * len(days)
