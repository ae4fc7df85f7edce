"""The decision: every reason code and every rule by which a value is accepted, on candidates made by hand."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.doubts import Doubt, Reason
from pipeline.core.fields import Dictionary
from pipeline.core.models import FieldReading
from pipeline.forms.layouts import is_combined
from pipeline.reading.candidates import Candidate
from pipeline.reading.decision.agreement import Likeness, accented, likeness
from pipeline.reading.decision.ballots import Summary
from pipeline.reading.decision.decide import decide

TODAY = dt.date(2026, 1, 15)
DRIFTED = Summary(match=0.96, extras=2, changed=True)
NAME, CITY, SUBJECT, SIRET, NIR = (
    "stagiaire.nom",
    "stagiaire.adresse.ville",
    "stage.sujet",
    "organisme.siret",
    "stagiaire.nir",
)
START, END, WEEKLY, TOTAL = "stage.date_debut", "stage.date_fin", "stage.heures_hebdo", "stage.duree_heures"
BIRTH, TITLE, AMOUNT, UNIT = (
    "stagiaire.date_naissance",
    "stagiaire.civilite",
    "gratification.montant",
    "gratification.unite",
)
GOOD_SIRET, BAD_SIRET, GOOD_NIR = "732 829 320 00074", "732 829 320 00079", "2 04 12 33 127 030 15"


def seen(path: str, text: str = "", **changes: Any) -> Candidate:
    """A sure reading of a Word form; ``changes`` says what is otherwise."""
    plain = Candidate(
        path, text, None, None, None, "alignement", sure=True, confidence=1.0, doubt=None, source="docx"
    )
    return replace(plain, **changes)


def by_path(*candidates: Candidate) -> dict[str, Candidate]:
    """Candidates as readers hand them over."""
    return {candidate.path: candidate for candidate in candidates}


def outcome(dictionary: Dictionary, *aligned: Candidate, **more: Any) -> dict[str, FieldReading]:
    """What is decided, by path: a digital form of exactly its layout unless ``more`` says otherwise."""
    settings: dict[str, Any] = {
        "labelled": {},
        "summary": Summary(),
        "dictionary": dictionary,
        "received_on": TODAY,
        "digital": True,
    }
    return {reading.path: reading for reading in decide(by_path(*aligned), **{**settings, **more})}


def code(reading: FieldReading) -> str | None:
    """The code of a doubt."""
    return reading.doubt and reading.doubt.code


def scan(dictionary: Dictionary, path: str, first: str, second: str | None, **changes: Any) -> FieldReading:
    """What two engines make of one place."""
    other = {} if second is None else by_path(seen(path, second, source="ocr:tesseract"))
    one = seen(path, first, source="ocr:rapidocr", **changes)
    return outcome(dictionary, one, second=other, digital=False)[path]


def test_one_reader_is_enough_for_a_digital_form_of_exactly_the_layout(dictionary: Dictionary) -> None:
    """And not for one that drifted: VERSION_MODIFIEE."""
    exact = outcome(dictionary, seen(NAME, "DUPONT"))[NAME]
    drifted = outcome(dictionary, seen(NAME, "DUPONT"), summary=DRIFTED)[NAME]
    assert (exact.value, code(exact), drifted.value, code(drifted)) == ("DUPONT", None, "DUPONT", "VERSION_MODIFIEE")


def test_two_readers_that_agree_are_believed_in_a_form_that_drifted(dictionary: Dictionary) -> None:
    """The label confirms the place."""
    labelled = by_path(seen(NAME, "DUPONT"))
    found = outcome(dictionary, seen(NAME, "DUPONT"), labelled=labelled, summary=DRIFTED)[NAME]
    assert (found.value, code(found), found.method) == ("DUPONT", None, "alignement+libelles")


@pytest.mark.parametrize(
    ("summary", "sure", "expected"),
    [
        (Summary(), True, "LECTURES_DIVERGENTES"),
        (Summary(), False, None),
        (DRIFTED, False, "LECTURES_DIVERGENTES"),
    ],
)
def test_a_label_that_says_otherwise(
    dictionary: Dictionary, summary: Summary, *, sure: bool, expected: str | None
) -> None:
    """A sure one always counts; an unsure one counts unless the form is exactly the layout. Both texts are kept."""
    labelled = by_path(seen(NAME, "MARTIN", sure=sure))
    found = outcome(dictionary, seen(NAME, "DUPONT"), labelled=labelled, summary=summary)[NAME]
    assert code(found) == expected
    assert found.raw == ("DUPONT ≠ MARTIN" if expected else "DUPONT")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"doubt": Doubt(Reason.CROSSED_OUT)}, "RATURE"),
        ({"doubt": Doubt(Reason.HIDDEN)}, "VALEUR_CACHEE"),
        ({"doubt": Doubt(Reason.HANDWRITTEN)}, "MANUSCRIT"),
        ({"doubt": Doubt(Reason.MISSING_PAGE)}, "PAGE_MANQUANTE"),
        ({"sure": False}, "TEXTE_NON_RATTACHE"),
        ({"text": "DUPONT 2"}, "VALEUR_INVALIDE"),
        ({"text": "Prénom"}, "TEXTE_NON_RATTACHE"),
        ({"text": "DUPONT Prénom : Marie"}, "TEXTE_NON_RATTACHE"),
    ],
)
def test_what_alone_is_enough_for_a_doubt(dictionary: Dictionary, changes: dict[str, Any], expected: str) -> None:
    """A reader's own doubt, an unsure place, a value that cannot be, another question's words."""
    assert code(outcome(dictionary, replace(seen(NAME, "DUPONT"), **changes))[NAME]) == expected


@pytest.mark.parametrize("reason", [Reason.CROSSED_OUT, Reason.AMBIGUOUS_TICK, Reason.HIDDEN])
def test_what_the_label_reader_saw_wrong_with_the_words_counts(dictionary: Dictionary, reason: Reason) -> None:
    """A struck word that only one reader noticed is struck all the same."""
    labelled = by_path(seen(NAME, "DUPONT", doubt=Doubt(reason)))
    assert outcome(dictionary, seen(NAME, "DUPONT"), labelled=labelled)[NAME].doubt == Doubt(reason)


def test_an_unsure_place_is_confirmed_by_its_label_only_in_an_exact_form(dictionary: Dictionary) -> None:
    """Nothing may be unexplained anywhere."""
    labelled = by_path(seen(NAME, "DUPONT"))
    found = [
        outcome(dictionary, seen(NAME, "DUPONT", sure=False), labelled=labelled, summary=summary)[NAME]
        for summary in (Summary(), DRIFTED)
    ]
    assert [code(reading) for reading in found] == [None, "VERSION_MODIFIEE"]


@pytest.mark.parametrize(
    ("source", "digital", "expected"),
    [
        ("docx", True, "VERSION_MODIFIEE"),
        ("ocr:rapidocr", False, "ILLISIBLE"),
    ],
)
def test_a_form_that_fits_badly_is_not_trusted(
    dictionary: Dictionary, source: str, *, digital: bool, expected: str
) -> None:
    """Below 85 % of the printed words."""
    found = outcome(dictionary, seen(NAME, "DUPONT", source=source), summary=Summary(match=0.6), digital=digital)
    assert code(found[NAME]) == expected


def test_an_empty_place_is_believed_unless_somebody_saw_an_answer(dictionary: Dictionary) -> None:
    """Empty and sure; empty but the label has one; empty at an unsure place of a form that drifted."""
    plain = outcome(dictionary, seen(NAME))[NAME]
    other = outcome(dictionary, seen(NAME), labelled=by_path(seen(NAME, "DUPONT")))[NAME]
    lost = outcome(dictionary, seen(NAME, sure=False), summary=DRIFTED)[NAME]
    assert [(one.value, code(one)) for one in (plain, other, lost)] == [
        (None, None),
        ("DUPONT", "LECTURES_DIVERGENTES"),
        (None, "CHAMP_VIDE"),
    ]


def test_an_unknown_form_accepts_nothing(dictionary: Dictionary) -> None:
    """A draft: every value found by its label is proposed with a doubt."""
    labelled = by_path(seen(NAME, "DUPONT"), seen(SIRET, BAD_SIRET), seen(CITY))
    found = outcome(dictionary, labelled=labelled, summary=Summary(known=False))
    assert {path: (one.value, code(one)) for path, one in found.items()} == {
        NAME: ("DUPONT", "FORMULAIRE_INCONNU"),
        SIRET: ("73282932000079", "VALEUR_INVALIDE"),
    }


@pytest.mark.parametrize(
    ("path", "first", "second", "expected"),
    [
        (START, "01/02/2026", "1er février 2026", None),
        (START, "01/02/2026", "07/02/2026", "LECTURES_DIVERGENTES"),
        (WEEKLY, "35h", "85h", "LECTURES_DIVERGENTES"),
        (WEEKLY, "35h", None, "LECTURES_DIVERGENTES"),
        (WEEKLY, "3Sh", "35h", "VALEUR_INVALIDE"),
        (SIRET, GOOD_SIRET, GOOD_SIRET, None),
        (SIRET, GOOD_SIRET, BAD_SIRET, None),
        (SIRET, BAD_SIRET, GOOD_SIRET, None),
        (SIRET, BAD_SIRET, BAD_SIRET, "VALEUR_INVALIDE"),
        (SIRET, GOOD_SIRET, None, None),
        (NAME, "LEFÈVRE", "LEFÈVRE", None),
        (NAME, "Noel", "Noël", "ACCENT"),
        (NAME, "Klein", "Kiein", "LECTURES_DIVERGENTES"),
        (SUBJECT, "Etude du réseau", "Étude du réseau", None),
        (SUBJECT, "Étude du réseau", "Étude du réseau.", None),
        (SUBJECT, "Étude du réseau", "Étude du bureau", "LECTURES_DIVERGENTES"),
        ("stagiaire.numero", "22122693", "22122098", "LECTURES_DIVERGENTES"),
    ],
)
def test_two_engines_on_a_scan(
    dictionary: Dictionary, path: str, first: str, second: str | None, expected: str | None
) -> None:
    """Figures want both engines or a key; names every accent; other words only their letters."""
    assert code(scan(dictionary, path, first, second)) == expected


def test_the_accented_reading_is_the_one_kept(dictionary: Dictionary) -> None:
    """Engines lose accents, they do not make them up; the right key wins over the wrong one."""
    assert scan(dictionary, NAME, "Noel", "Noël").value == "Noël"
    assert scan(dictionary, SUBJECT, "Etude du réseau", "Étude du reseau").value == "Etude du réseau"
    assert scan(dictionary, SUBJECT, "Etude du réseau", "Étude du réseau").value == "Étude du réseau"
    assert scan(dictionary, SIRET, BAD_SIRET, GOOD_SIRET).value == "73282932000074"


def test_a_key_is_believed_alone_only_when_the_engine_is_confident(dictionary: Dictionary) -> None:
    """Luhn lets one wrong number in ten through."""
    assert code(scan(dictionary, SIRET, GOOD_SIRET, None, confidence=0.6)) == "LECTURES_DIVERGENTES"


def test_ticks(dictionary: Dictionary) -> None:
    """A box answers alone; two engines that see different boxes, or a reader that sees two, are a doubt."""
    path = "stage.obligatoire"
    ticked = seen(path, "oui", option="oui")
    other = by_path(seen(path, "non", option="non"))
    both = seen(path, doubt=Doubt(Reason.AMBIGUOUS_TICK, "plusieurs cases sont cochées"))
    assert (outcome(dictionary, ticked)[path].value, code(outcome(dictionary, ticked)[path])) == (True, None)
    assert code(outcome(dictionary, ticked, second=other, digital=False)[path]) == "CASE_AMBIGUE"
    assert code(outcome(dictionary, both)[path]) == "CASE_AMBIGUE"


def test_a_whole_name_gives_its_parts_at_the_same_place(dictionary: Dictionary) -> None:
    """Both the words as typed and the fields they give are kept."""
    found = outcome(dictionary, seen("tuteur.nom_prenom", "M. BESSON Grégoire", page=2, box=(1, 2, 3, 4)))
    assert {path: (one.value, one.page, one.box, code(one)) for path, one in found.items()} == {
        "tuteur.nom_prenom": ("M. BESSON Grégoire", 2, (1, 2, 3, 4), None),
        "tuteur.civilite": ("M.", 2, (1, 2, 3, 4), None),
        "tuteur.nom": ("BESSON", 2, (1, 2, 3, 4), None),
        "tuteur.prenom": ("Grégoire", 2, (1, 2, 3, 4), None),
    }
    assert [path for path in found if is_combined(path, dictionary)] == ["tuteur.nom_prenom"]


def test_a_name_that_cannot_be_taken_apart_is_doubted_in_its_parts_only(dictionary: Dictionary) -> None:
    """« Marie Dupont » was read well; where to cut it is for a person."""
    found = outcome(dictionary, seen("referent.nom_prenom", "Marie Dupont"))
    assert {path: (one.value, code(one)) for path, one in found.items()} == {
        "referent.nom_prenom": ("Marie Dupont", None),
        "referent.nom": (None, "A_SEPARER"),
        "referent.prenom": (None, "A_SEPARER"),
    }


def test_a_whole_address_gives_its_parts(dictionary: Dictionary) -> None:
    """And a doubt about the whole is a doubt about each."""
    found = outcome(dictionary, seen("stagiaire.adresse", "12 rue de l’Église\n29000 Quimper"))
    assert (found["stagiaire.adresse.voie"].value, found[CITY].value) == ("12 rue de l’Église", "Quimper")
    unsure = outcome(dictionary, seen("stagiaire.adresse", "12 rue de l’Église\n29000 Quimper", sure=False))
    assert code(unsure[CITY]) == "TEXTE_NON_RATTACHE"


def test_an_amount_says_its_unit(dictionary: Dictionary) -> None:
    """« 4,35 €/heure »; a box that says otherwise makes both doubtful."""
    alone = outcome(dictionary, seen(AMOUNT, "4,35 €/heure"))
    assert (alone[AMOUNT].value, alone[UNIT].value, code(alone[UNIT])) == (4.35, "heure", None)
    against = outcome(dictionary, seen(AMOUNT, "4,35 €/heure"), seen(UNIT, "mois", option="mois"))
    assert (code(against[AMOUNT]), code(against[UNIT])) == ("INCOHERENCE", "INCOHERENCE")


STAGE = (seen(START, "01/02/2026"), seen(END, "23/05/2026"), seen(WEEKLY, "35h"), seen(TOTAL, "560"))


@pytest.mark.parametrize(
    ("change", "doubted"),
    [
        ((), set()),
        ((seen(TOTAL, "600"),), set()),
        ((seen(WEEKLY, "85h"),), {WEEKLY, TOTAL}),
        ((seen(TOTAL, "140"),), {WEEKLY, TOTAL}),
        ((seen(END, "23/01/2026"),), {START, END}),
    ],
)
def test_hours_weeks_and_dates_must_agree(
    dictionary: Dictionary, change: tuple[Candidate, ...], doubted: set[str]
) -> None:
    """Within 10 %: it catches 35 read for 85."""
    found = outcome(dictionary, *STAGE, *change)
    assert {path for path, one in found.items() if code(one) == "INCOHERENCE"} == doubted


def test_a_timetable_that_does_not_add_up(dictionary: Dictionary) -> None:
    """25 h against 35: the timetable is doubted; the weekly hours too, unless the total bears them out."""
    day = seen("stage.horaires.lundi.matin", "9h-12h")
    with_total = outcome(dictionary, *STAGE, day)
    without = outcome(dictionary, seen(WEEKLY, "35h"), day)
    assert {path for path, one in with_total.items() if one.doubt} == {day.path}
    assert {path for path, one in without.items() if one.doubt} == {day.path, WEEKLY}


@pytest.mark.parametrize(
    ("birth", "title", "doubted"),
    [
        ("05/12/2004", "Mme", set()),
        ("05/11/2004", "Mme", {NIR, BIRTH}),
        ("05/12/2003", "Mme", {NIR, BIRTH}),
        ("05/12/2004", "M.", {NIR, TITLE}),
    ],
)
def test_the_nir_against_birth_and_civility(
    dictionary: Dictionary, birth: str, title: str, doubted: set[str]
) -> None:
    """Year, month and sex."""
    found = outcome(dictionary, seen(NIR, GOOD_NIR), seen(BIRTH, birth), seen(TITLE, title, option=title))
    assert {path for path, one in found.items() if code(one) == "INCOHERENCE"} == doubted


def test_a_birth_year_of_two_digits_is_told_by_the_nir_only(dictionary: Dictionary) -> None:
    """« 05/12/04 »: accepted with a NIR of December 04, a doubt without, or with another month."""
    told = outcome(dictionary, seen(BIRTH, "05/12/04"), seen(NIR, GOOD_NIR))[BIRTH]
    alone = outcome(dictionary, seen(BIRTH, "05/12/04"))[BIRTH]
    other = outcome(dictionary, seen(BIRTH, "05/11/04"), seen(NIR, GOOD_NIR))[BIRTH]
    assert [(one.value, code(one)) for one in (told, alone, other)] == [
        ("2004-12-05", None),
        (None, "VALEUR_INVALIDE"),
        (None, "VALEUR_INVALIDE"),
    ]


def test_other_answers_that_cannot_both_be_right(dictionary: Dictionary) -> None:
    """A weekday, a department that does not exist, a tuteur who is the stagiaire."""
    weekday = outcome(dictionary, seen(START, "mardi 7 avril 2025"))[START]
    nowhere = outcome(dictionary, seen("stagiaire.adresse.code_postal", "99123"))["stagiaire.adresse.code_postal"]
    same = outcome(
        dictionary, seen(NAME, "DUPONT"), seen("stagiaire.prenom", "Marie"), seen("tuteur.nom_prenom", "Marie DUPONT")
    )
    assert [code(one) for one in (weekday, nowhere, same["tuteur.nom_prenom"], same["tuteur.nom"])] == [
        "INCOHERENCE"
    ] * 4


def test_readings_come_in_the_order_of_the_schema(dictionary: Dictionary) -> None:
    """A combined place just before the fields it gives."""
    found = list(
        outcome(dictionary, seen(SUBJECT, "x"), seen("tuteur.nom_prenom", "BESSON Guy"), seen(NAME, "DUPONT"))
    )
    assert found == [NAME, "tuteur.nom_prenom", "tuteur.nom", "tuteur.prenom", SUBJECT]


@given(st.text(min_size=1, max_size=30))
def test_a_reading_is_like_itself(text: str) -> None:
    """Whatever the text; and an accent lost is never taken for the same."""
    assert likeness(text, text) is Likeness.SAME
    assert likeness(f"{text}é", f"{text}e") is not Likeness.SAME


def test_accents_of_each_side_are_not_mixed() -> None:
    """Where each reading has an accent that the other lost, none is whole."""
    assert (accented("Noel", "Noël"), accented("Zoé", "Zoe"), accented("Éve", "Evé")) == ("Noël", "Zoé", None)


@given(
    first=st.sampled_from(["35h", "85h", "3S", "", "560"]),
    second=st.sampled_from(["35h", "85h", "", None]),
    sure=st.booleans(),
)
def test_figures_of_a_scan_are_never_accepted_from_one_engine(
    dictionary: Dictionary, first: str, second: str | None, *, sure: bool
) -> None:
    """Whatever the two saw: a value without a doubt was seen by both."""
    found = scan(dictionary, WEEKLY, first, second, sure=sure)
    if found.doubt is None and found.value is not None:
        assert first == second
