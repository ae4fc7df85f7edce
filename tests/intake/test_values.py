"""What people write, and the canonical value or the doubt that it gives."""

from __future__ import annotations

import datetime as dt
import unicodedata
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core import french
from pipeline.core.fields import Dictionary
from pipeline.core.identity import differences
from pipeline.core.workspace import Workspace
from pipeline.documents.printable import printable
from pipeline.forms.spelling import value_text
from pipeline.forms.values.canonical import clean, parse

FIELDS = Dictionary.load(Workspace.at(Path(__file__).parents[2])).fields
RECEIVED = dt.date(2025, 3, 17)
DATE, BIRTH, HOURS, WEEKLY, DAILY = (
    "stage.date_debut",
    "stagiaire.date_naissance",
    "stage.duree_heures",
    "stage.heures_hebdo",
    "stage.heures_jour",
)
EUROS, CALENDAR, STAFF, MONTHS = (
    "gratification.montant",
    "stage.calendrier",
    "organisme.effectif",
    "stagiaire.experience_insertion_mois",
)
PHONE, EMAIL, SIRET, NAME = "stagiaire.telephone", "stagiaire.courriel", "organisme.siret", "stagiaire.nom"
TEXT, ITEM, POSTCODE, APE = "stage.objectifs", "stage.activites", "stagiaire.adresse.code_postal", "organisme.ape"
STREET = "organisme.lieu_stage.voie"

SURE: list[tuple[str, str, Any]] = [
    (DATE, "7/4/25", "2025-04-07"),
    (DATE, "07.04.2025", "2025-04-07"),
    (DATE, "07-04-2025", "2025-04-07"),
    (DATE, "2025-04-07", "2025-04-07"),
    (DATE, "07 / 04 / 2025", "2025-04-07"),
    (DATE, "07042025", "2025-04-07"),
    (DATE, "20250417", "2025-04-17"),
    (DATE, "7 avril 2025", "2025-04-07"),
    (DATE, "le 7 avril 2025", "2025-04-07"),
    (DATE, "1er septembre 2025", "2025-09-01"),
    (DATE, "1er sept. 2025", "2025-09-01"),
    (DATE, "lundi 7 avril 2025", "2025-04-07"),
    (DATE, "Lun. 7 AVRIL 2025", "2025-04-07"),
    (DATE, "mardi 15/04/2025", "2025-04-15"),
    (DATE, "3 févr. 2026", "2026-02-03"),
    (DATE, "3 fevrier 26", "2026-02-03"),
    (DATE, "14 août 2025", "2025-08-14"),
    (DATE, "14 aout 2025", "2025-08-14"),
    (DATE, "24 déc. 2025", "2025-12-24"),
    (DATE, "29/02/2028", "2028-02-29"),
    (DATE, "01.02.26", "2026-02-01"),
    (DATE, "1/2/26", "2026-02-01"),
    (DATE, "", None),
    (DATE, "../../....", None),
    (DATE, "à préciser", None),
    (DATE, "__/__/____", None),
    (BIRTH, "17/03/1988", "1988-03-17"),
    (BIRTH, "17/03/88", "1988-03-17"),
    (BIRTH, "17 mars 88", "1988-03-17"),
    (BIRTH, "17 mars 05", "2005-03-17"),
    (BIRTH, "17 mars 15", "1915-03-17"),
    (HOURS, "140", 140),
    (HOURS, "140h", 140),
    (HOURS, "140 heures", 140),
    (HOURS, "560,0", 560),
    (HOURS, "1 607 h", 1607),
    (HOURS, "1607h00", 1607),
    (HOURS, "néant", None),
    (DAILY, "7h00", 7),
    (DAILY, "7 h 30", 7.5),
    (DAILY, "7:30", 7.5),
    (DAILY, "7,5", 7.5),
    (DAILY, "7.5 h", 7.5),
    (DAILY, "7h30min", 7.5),
    (DAILY, "7h par jour", 7),
    (DAILY, "7 h/j", 7),
    (DAILY, "7h20", 7.3333),
    (DAILY, "45 min", 0.75),
    (WEEKLY, "35h/semaine", 35),
    (WEEKLY, "35 h par semaine", 35),
    (WEEKLY, "35 heures hebdomadaires", 35),
    (CALENDAR, "7", 7),
    (CALENDAR, "3,5", 3.5),
    (CALENDAR, "9h-12h", 3),
    (CALENDAR, "9h00-12h30, 14h-17h30", 7),
    (CALENDAR, "9h à 12h et 13h à 17h", 7),
    (CALENDAR, "repos", None),
    (CALENDAR, "-", None),
    (CALENDAR, "0", 0),
    (EUROS, "4,35 €", 4.35),
    (EUROS, "4.35€/h", 4.35),
    (EUROS, "1 234,56 €", 1234.56),
    (EUROS, "1.234,56", 1234.56),
    (EUROS, "669,90 € par mois", 669.9),
    (EUROS, "600 € / mois", 600),
    (EUROS, "4.50€ net de l’heure", 4.5),
    (EUROS, "12 € 50", 12.5),
    (EUROS, "1\u202f200,50\u00a0€", 1200.5),
    (EUROS, "0", 0),
    (EUROS, "néant", 0),
    (EUROS, "non gratifié", 0),
    (EUROS, "Sans objet", 0),
    (EUROS, "à préciser", None),
    (EUROS, "…………", None),
    (STAFF, "48", 48),
    (STAFF, "1 200", 1200),
    (STAFF, "48 salariés", 48),
    (STAFF, "aucun", 0),
    (STAFF, "N/A", None),
    (MONTHS, "18 mois", 18),
    (MONTHS, "0", 0),
    (PHONE, "06 12 34 56 78", "+33612345678"),
    (PHONE, "06.12.34.56.78", "+33612345678"),
    (PHONE, "+33 (0)6 12 34 56 78", "+33612345678"),
    (PHONE, "0033 6 12 34 56 78", "+33612345678"),
    (PHONE, "06-12-34-56-78", "+33612345678"),
    (PHONE, "+32 470 12 34 56", "+32470123456"),
    (PHONE, "Tél. : 06 12 34 56 78", "+33612345678"),
    (PHONE, "+262 262 12 34 56", "+262262123456"),
    (EMAIL, "Maelle.LeGoff@Example.ORG", "Maelle.LeGoff@example.org"),
    (EMAIL, "mailto:a@example.org", "a@example.org"),
    (EMAIL, "maelle.legoff@exam\nple.org", "maelle.legoff@example.org"),
    (EMAIL, "sans-arobe", "sans-arobe"),
    (SIRET, "732 829 320 00074", "73282932000074"),
    (SIRET, "732.829.320-00074", "73282932000074"),
    (SIRET, "n° SIRET : 73282932000074", "73282932000074"),
    (SIRET, "732 829 320", "732829320"),
    (SIRET, "monacoconfo001", "MONACOCONFO001"),
    (SIRET, "étranger", None),
    (SIRET, "néant", None),
    (NAME, "  LE\u00a0GOFF ", "LE GOFF"),
    (NAME, "Le\u0301a", "Léa"),
    (NAME, "O’Connor", "O’Connor"),
    (NAME, "DUPONT.......", "DUPONT"),
    (NAME, "..DUPONT....", "DUPONT"),
    (NAME, "Le\x07 Goff\u202e", "Le Goff"),
    (NAME, "Na", "Na"),
    (NAME, "......", None),
    (NAME, "_____", None),
    (NAME, "N/A", None),
    (NAME, "—", None),
    (TEXT, "Un\r\n  deux   trois\n", "Un\ndeux trois"),
    (TEXT, "Accueillir, animer, etc.", "Accueillir, animer, etc."),
    (TEXT, "à compléter", None),
    (ITEM, "- Tenir le relevé", "Tenir le relevé"),
    (ITEM, "• Animer", "Animer"),
    (ITEM, "…", None),
    (POSTCODE, "29 000", "29000"),
    (POSTCODE, "F-29000", "29000"),
    (POSTCODE, "B-1000", "B-1000"),
    (APE, "88.99b", "8899B"),
    (APE, "8899 b", "8899B"),
]


@pytest.mark.parametrize(("path", "text", "value"), SURE, ids=[f"{p}={t!r}" for p, t, _ in SURE])
def test_a_usual_writing_gives_the_canonical_value(path: str, text: str, value: Any) -> None:
    """Value rules of the domain dossier: no doubt, and the type of the schema."""
    parsed = parse(FIELDS[path], text, RECEIVED)
    assert (parsed.value, type(parsed.value), parsed.doubt) == (value, type(value), None)


DOUBTFUL: list[tuple[str, str, Any, str]] = [
    (DATE, "05/27/2026", None, "mois avant le jour"),
    (DATE, "31/04/2025", None, "n’existe pas"),
    (DATE, "29/02/2025", None, "n’existe pas"),
    (DATE, "mardi 7 avril 2025", "2025-04-07", "est un lundi"),
    (DATE, "avril 2025", None, "n’est pas une date"),
    (DATE, "du 7 avril au 3 juillet 2025", None, "n’est pas une date"),
    (DATE, "7/4/225", None, "n’est pas une date"),
    (DATE, "01/01/1066", None, "vraisemblable"),
    (DATE, "12342025", None, "n’est pas une date"),
    (BIRTH, "01/02/03", None, "deux chiffres"),
    (HOURS, "20 jours", None, "heures"),
    (HOURS, "35 h par semaine", None, "par semaine"),
    (HOURS, "1.607", None, "heures"),
    (DAILY, "7h75", None, "59 minutes"),
    (WEEKLY, "7 h par jour", None, "par jour"),
    (DAILY, "environ 7", None, "heures"),
    (CALENDAR, "x", None, "heures"),
    (CALENDAR, "12h-9h", None, "horaire possible"),
    (CALENDAR, "25", None, "vingt-quatre"),
    (EUROS, "15 %", None, "montant"),
    (EUROS, "4,35 ou 4,50", None, "montant"),
    (EUROS, "1.234", None, "montant"),
    (STAFF, "une dizaine", None, "nombre entier"),
    (STAFF, "10-20", None, "nombre entier"),
    (MONTHS, "2 ans", None, "mois"),
    (PHONE, "06 12 34 56", "06 12 34 56", "téléphone"),
    (PHONE, "06 12 34 56 78 / 02 98 00 11 22", None, "téléphone"),
    (PHONE, "celui du service", "celui du service", "téléphone"),
    (EMAIL, "maelle arobase example.org", None, "courriel"),
    (EMAIL, "maelle @example.org", None, "courriel"),
    (EMAIL, "maëlle@example.org", "maëlle@example.org", "courriel"),
    (EMAIL, "maelle.legoff\n@example.org\nperso", "maelle.legoff@example.org", "autre chose"),
    (EMAIL, "maelle.le\ngoff@exam\nple.org\nperso", "maelle.legoff@example.org", "autre chose"),
    (STREET, "idem ci-dessus", None, "une autre case"),
    (STREET, "même adresse", None, "une autre case"),
    (NAME, "LE\ue000GOFF", "LE\ue000GOFF", "illisible"),
    (NAME, "MA\ufffdLLE", "MA\ufffdLLE", "illisible"),
]


@pytest.mark.parametrize(("path", "text", "value", "words"), DOUBTFUL, ids=[f"{p}={t!r}" for p, t, _, _ in DOUBTFUL])
def test_what_is_not_sure_is_a_doubt_and_never_a_guess(path: str, text: str, value: Any, words: str) -> None:
    """The reason is in French; dates and numbers that could not be read propose nothing."""
    parsed = parse(FIELDS[path], text, RECEIVED)
    assert words in (parsed.doubt or "")
    if path not in (PHONE, EMAIL) or value is not None:
        assert parsed.value == value


@given(st.dates(dt.date(1930, 1, 1), dt.date(2090, 12, 31)))
def test_every_french_writing_of_a_date_is_read_back(day: dt.date) -> None:
    """Long, short and ISO writings of any date give that date."""
    field = FIELDS[DATE]
    writings = (french.long_date(day), french.short_date(day), day.isoformat(), f"{day.day}.{day.month}.{day.year}")
    assert {parse(field, text, RECEIVED).value for text in writings} == {day.isoformat()}


@given(st.integers(0, 2_000), st.integers(0, 59).filter(lambda n: n % 3 == 0))
def test_hours_and_minutes_are_read_back(whole: int, minutes: int) -> None:
    """« 7 h 30 » as our own documents print it gives 7.5."""
    field = FIELDS[HOURS]
    text = french.hours(whole + Decimal(minutes) / 60)
    assert parse(field, text, RECEIVED).value == whole + minutes / 60


@given(st.integers(0, 9_999_999))
def test_euros_are_read_back(cents: int) -> None:
    """« 2 520,00 € » as our own documents print it gives 2520."""
    field = FIELDS[EUROS]
    assert parse(field, french.euros(Decimal(cents) / 100), RECEIVED).value == cents / 100


@pytest.mark.parametrize("kept", ["8899B", "88.99B"])
def test_an_activity_code_is_printed_as_insee_writes_it(kept: str) -> None:
    """Kept without its full stop (with it by the first readings of our own form), printed with it."""
    assert printable(FIELDS[APE], kept) == value_text(FIELDS[APE], kept) == "88.99B"


def test_an_activity_code_kept_in_two_ways_is_no_change(dictionary: Dictionary) -> None:
    """A form sent again after the update is not told to have changed its APE."""
    before, same, other = ({"organisme": {"ape": code}} for code in ("88.99B", "8899B", "8810C"))

    assert list(differences(before, same, dictionary)) == []
    assert [one.after for one in differences(before, other, dictionary)] == ["8810C"]


@given(st.text())
def test_cleaning_leaves_no_control_character_and_changes_nothing_twice(text: str) -> None:
    """Whatever the bytes, a clean text is composed, printable, and stays as it is."""
    once = clean(text, lines=True)
    assert [char for char in once if unicodedata.category(char) in ("Cc", "Cf", "Cs") and char != "\n"] == []
    assert clean(once, lines=True) == once


@given(st.sampled_from([DATE, BIRTH, HOURS, CALENDAR, EUROS, STAFF, PHONE, EMAIL, SIRET, NAME, TEXT]), st.text())
def test_no_writing_at_all_makes_a_reader_fail(path: str, text: str) -> None:
    """Any text gives a value, nothing, or a doubt."""
    field = FIELDS[path]
    parsed = parse(field, text, RECEIVED)
    assert parsed.doubt is None or parsed.doubt != ""
