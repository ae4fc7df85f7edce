"""Nasty inputs 16 to 25: what people write in the right place."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import school
from layout_people import nir
from school import Seen, form, outcome, person
from word_kit import run_xml

from pipeline.core.models import Reading

pytestmark = pytest.mark.sampled(3)

Read = Callable[..., Reading]
START, BIRTH, NIR, AMOUNT, UNIT = (
    "stage.date_debut",
    "stagiaire.date_naissance",
    "stagiaire.nir",
    "gratification.montant",
    "gratification.unite",
)


def written(read: Read, **typed: str | None) -> Reading:
    """The bordered form of Marie DUPONT, who writes this."""
    return read(form(who=person(**typed)))


@pytest.mark.parametrize("text", ["1er février 2026", "01.02.26", "1/2/26", "2026-02-01"])
def test_n16_dates(read: Read, text: str) -> None:
    """16. Every French way to write a date, and the ISO one: accepted."""
    assert outcome(written(read, stage__date_debut=text), START) == ("2026-02-01", None)


@pytest.mark.parametrize(
    ("number", "expected"),
    [(nir("2030256260145"), ("2003-02-01", None)), (None, (None, "VALEUR_INVALIDE"))],
)
def test_n17_birth_with_two_digits(read: Read, number: str | None, expected: Seen) -> None:
    """17. Born 01/02/03: 1 February 2003 if the NIR says so, else a doubt."""
    reading = written(read, stagiaire__date_naissance="01/02/03", stagiaire__nir=number)

    assert outcome(reading, BIRTH) == expected


def test_n18_american_order(read: Read) -> None:
    """18. 05/27/2026: a doubt, without a guess."""
    assert outcome(written(read, stage__date_debut="05/27/2026"), START) == (None, "VALEUR_INVALIDE")


def test_n19_nir_of_another_month(read: Read) -> None:
    """19. A NIR of another month than the birth: both are doubted."""
    reading = written(read, stagiaire__nir=nir("2040556260145"))

    assert [outcome(reading, path)[1] for path in (NIR, BIRTH)] == ["INCOHERENCE", "INCOHERENCE"]


@pytest.mark.parametrize("text", ["néant", "étranger", "sans objet"])
def test_n20_foreign_host(read: Read, text: str) -> None:
    """20. No SIRET abroad: nothing, as written, and nothing made up."""
    reading = written(read, organisme__siret=text)
    entry = next(entry for entry in reading.fields if entry.path == "organisme.siret")

    assert (entry.value, entry.raw) == (None, text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("marie dupont@example.org", ("marie dupont@example.org", "VALEUR_INVALIDE")),
        ("marie.dupont arobase example.org", ("marie.dupont arobase example.org", "VALEUR_INVALIDE")),
    ],
)
def test_n21_email(read: Read, text: str, expected: Seen) -> None:
    """21. An address with a space or « arobase » is doubted."""
    assert outcome(written(read, stagiaire__courriel=text), "stagiaire.courriel") == expected


def test_n21_email_over_two_lines(read: Read) -> None:
    """21. An address that a line break cuts is joined; the break, which a person typed, is doubted in Word.

    Printed, the break is the printer's and the address is accepted:
    ``alignment/test_printed_reading.py::test_lines_broken_by_the_printer``.
    """
    row, xml = "Téléphone portable", run_xml("marie.dupont@etu.\nexample.org")

    reading = read(form(lambda document: school.in_cell(document, row, xml, 3)))

    assert outcome(reading, "stagiaire.courriel") == ("marie.dupont@etu.example.org", "TEXTE_NON_RATTACHE")


@pytest.mark.parametrize(
    ("text", "expected", "unit"),
    [
        ("4,50 €/h", (4.5, None), "heure"),
        ("4.50€ net de l’heure", (4.5, None), "heure"),
        ("15 %", (None, "VALEUR_INVALIDE"), None),
        ("600 € / mois", (600, None), "mois"),
        ("1 200,50 €", (1200.5, None), None),
    ],
)
def test_n22_amounts(read: Read, text: str, expected: Seen, unit: str | None) -> None:
    """22. Amounts with their unit are accepted; a share is no amount."""
    reading = written(read, gratification__montant=text)
    units = [entry.value for entry in reading.fields if entry.path == UNIT and entry.doubt is None]

    assert outcome(reading, AMOUNT) == expected
    assert [value for value in units if value] == ([unit] if unit else [])


def test_n23_idem(read: Read) -> None:
    """23. « idem ci-dessus » as an address: a doubt, without a copy of the other."""
    reading = written(read, organisme__adresse__voie="idem ci-dessus")

    assert outcome(reading, "organisme.adresse.voie") == (None, "VALEUR_INVALIDE")


@pytest.mark.parametrize(
    ("text", "surname", "given_name"),
    [
        ("MOREAU Marie", ("MOREAU", None), ("Marie", None)),
        ("Marie MOREAU", ("MOREAU", None), ("Marie", None)),
        ("NGUYEN VAN Anh", ("NGUYEN VAN", None), ("Anh", None)),
        ("Marie Moreau", (None, "A_SEPARER"), (None, "A_SEPARER")),
        ("NGUYEN VAN ANH", (None, "A_SEPARER"), (None, "A_SEPARER")),
    ],
)
def test_n24_whole_names(read: Read, text: str, surname: Seen, given_name: Seen) -> None:
    """24. A whole name is taken apart where capitals tell the surname, and nowhere else."""
    reading = written(read, tuteur__nom_prenom=text)

    assert outcome(reading, "tuteur.nom_prenom") == (text, None)
    assert [outcome(reading, f"tuteur.{part}") for part in ("nom", "prenom")] == [surname, given_name]


FULL = ("9h-12h30", "13h30-17h")


def week(read: Read, hours: str = "35 h", **cells: tuple[str, ...]) -> Reading:
    """A week of seven hours a day, otherwise on some days."""
    return read(school.saved(school.week(dict.fromkeys(school.DAYS[:5], FULL) | cells, hours)))


def half(reading: Reading, day: str, part: str = "matin") -> Seen:
    """What was read of half a day."""
    return outcome(reading, f"stage.horaires.{day}.{part}")


def test_n25_hours_of_a_week(read: Read) -> None:
    """25. « 9h-12h » is accepted as written, and so is a Saturday."""
    reading = week(
        read, "34,5 h", lundi=("9h-12h30", "repos"), samedi=("9h-12h", ""), vendredi=("9h-12h30", "13h-16h30")
    )

    assert [half(reading, day) for day in ("lundi", "samedi")] == [("9h-12h30", None), ("9h-12h", None)]


def test_n25_day_of_rest(read: Read) -> None:
    """25. « repos »: nothing."""
    reading = week(read, "28 h", mercredi=("repos", "repos"))

    assert [half(reading, "mercredi", part) for part in ("matin", "apres_midi")] == [(None, None), (None, None)]


def test_n25_hours_that_do_not_add_up(read: Read) -> None:
    """25. 25 hours in the timetable against 35 announced: INCOHERENCE on both."""
    reading = week(read, lundi=("9h-12h", ""), mardi=("", "13h-14h"))

    assert outcome(reading, "stage.heures_hebdo") == (35, "INCOHERENCE")
    assert half(reading, "jeudi")[1] == "INCOHERENCE"


def test_n25_merged_cell(read: Read) -> None:
    """25. Morning and afternoon merged in one cell: accepted as one stretch of hours, that of the day."""
    reading = week(read, jeudi=("9h-16h",))

    assert [half(reading, "jeudi", part) for part in ("matin", "apres_midi")] == [("9h-16h", None), (None, None)]
    assert half(reading, "lundi") == ("9h-12h30", None)
