"""The control sheet's context: what to look at first, every rule by its result, where each value came from."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import people
import pytest

from pipeline.checks import validate
from pipeline.core.decisions import Decisions, Override
from pipeline.core.models import CONFIRMED, FieldReading, Form, Kind, Reading, Record, leaves, put
from pipeline.core.programme import Programme
from pipeline.documents.control import control_context

Sheet = Callable[..., dict[str, Any]]
LATE = dt.date(2025, 3, 28)


@pytest.fixture
def sheet(programme: Callable[[str], Programme]) -> Sheet:
    """The context of the sheet of a student's form, as it was read on ``on`` with these readings changed."""

    def made(
        on: dt.date = people.TODAY,
        decisions: Decisions | None = None,
        lacking: tuple[str, ...] = (),
        **read: FieldReading,
    ) -> dict[str, Any]:
        house = programme(people.CNAM)
        settings = copy.deepcopy(dict(house.formation.settings))
        for key in lacking:
            put(settings, key, "")
        house = replace(house, formation=replace(house.formation, settings=settings))
        fields = {
            path: FieldReading(path, value, str(value), "acroform", 0.99, page=1)
            for path, value in leaves(people.cnam())
        }
        fields |= {entry.path: entry for entry in read.values()}
        reading = Reading("ab" * 32, Kind.ACROFORM, None, people.CNAM, "2024-2025", tuple(fields.values()))
        checked = validate(
            reading,
            dictionary=house.dictionary,
            formation=house.formation,
            session=house.session,
            law=house.law,
            decisions=decisions or Decisions(),
            today=on,
            received_on=people.TODAY,
        )
        record = Record(checked.data, checked.verdicts, checked.reading)
        form = Form("ab" * 32, Path("x"), "formulaire.pdf", people.TODAY)
        return control_context(record, form, programme=house, number="2024-001", packet="1a2b3c4d", on=on)

    return made


def test_every_rule_stands_once_under_its_result(sheet: Sheet, programme: Callable[[str], Programme]) -> None:
    """Those to look at, those good to know, the others by number and title."""
    made = sheet()
    shown = [one["id"] for one in made["regarder"]] + [text.split(" – ")[0] for text in made["savoir"]]
    for rest in (made["conformes"], made["reglees"], made["sans_objet"]):
        shown += [part.split(" (")[0] for part in rest.split("), ")]

    assert len(shown) == len(set(shown))
    assert "S1-15" in made["reglees"]  # the pieces of the formation: the same for every form
    assert "S1-15" not in made["conformes"]
    assert {line["id"] for line in programme(people.CNAM).formation.rules} <= set(shown)
    assert made["stagiaire"] == "Élise LEFÈVRE"
    assert made["organisme"] == "Dupont & Fils Insertion"


def test_what_a_projet_lacks_is_said_once(sheet: Sheet) -> None:
    """At the head of the sheet, one line each; in the table of rules only how many, apart from what else is said."""
    made = sheet(lacking=("etablissement.nom", "etablissement.siret"))
    (ready,) = (one for one in made["regarder"] if one["id"] == "F-05")

    assert len(made["reglages"]) == 2
    assert ready["resultat"] == "projet"
    assert ready["detail"].replace("\u00a0", " ").endswith("en tête de cette feuille : 2 points.")
    assert not any(said in one["detail"] for said in made["reglages"] for one in made["regarder"])


def test_what_was_lifted_is_to_be_looked_at_with_who_and_why(sheet: Sheet) -> None:
    """S1-23 lifted by a named person: first on the sheet, and in the state."""
    lifting = Override("S1-23", "F. GARÇON", "direction d’accord", LATE)
    made = sheet(LATE, Decisions(overrides=(lifting,)))
    (lifted,) = [one for one in made["regarder"] if one["id"] == "S1-23"]

    assert lifted["resultat"] == "bloquant levé"
    assert lifted["levee"] == "Levée par F. GARÇON le 28/03/2025 : direction d’accord"
    assert made["etat"].startswith("Prête à signer")


def test_a_value_says_where_it_comes_from_only_where_that_tells_something(sheet: Sheet) -> None:
    """A sure value stands alone; one confirmed, uncertain or written otherwise says so in brackets."""
    settled = FieldReading("organisme.service", "Pôle A", "confirmé par F. GARÇON", CONFIRMED, 1.0, page=2)
    weak = FieldReading("stage.sujet", "Un sujet", "Un sujet", "acroform", 0.6, page=2)
    spelt = FieldReading("organisme.raison_sociale", "Maison Exemple", "Maison Exempel", "acroform", 0.99, page=1)
    made = sheet(a=settled, b=weak, c=spelt)
    text = " ".join(section["texte"] for section in made["sections"])

    assert "Nom : LEFÈVRE ;" in text
    assert "Pôle A [confirmé par une personne, lu « confirmé par F. GARÇON »]" in text
    assert "Un sujet [confiance 60 %]" in text
    assert "Maison Exemple [lu « Maison Exempel »]" in text
    assert "champ PDF" in made["lecture"]
    assert any(section["titre"].startswith("Organisme d’accueil (p. 1, 2") for section in made["sections"])


def test_a_social_security_number_is_never_on_the_sheet(sheet: Sheet) -> None:
    """Whatever the form says."""
    number = FieldReading("stagiaire.nir", "295109912611193", "295109912611193", "acroform", 0.99, page=1)

    assert "295109912611193" not in str(sheet(a=number))


def test_figures_written_in_another_way_are_the_same_value(sheet: Sheet) -> None:
    """« 07/04/2025 », « 4,35 » and a telephone with spaces need no remark; another day does."""
    plain = {
        "a": FieldReading("stage.date_debut", "2025-04-07", "07/04/2025", "acroform", 0.99, page=1),
        "b": FieldReading("gratification.montant", 4.35, "4,35", "acroform", 0.99, page=1),
        "c": FieldReading("tuteur.telephone", "+33145678903", "01.45.67.89.03", "acroform", 0.99, page=1),
    }
    text = str(sheet(**plain)["sections"])
    other = replace(plain["a"], raw="le 7 avril")

    for raw in ("07/04/2025", "01.45.67.89.03"):
        assert f"lu « {raw} »" not in text
    assert "Date de début : 7 avril 2025 [lu « le 7 avril »]" in str(sheet(a=other)["sections"]).replace("\\xa0", " ")


def test_the_legal_minimum_is_that_of_students(sheet: Sheet) -> None:
    """A form of formation continue has no minimum of L. 124-6 to be looked at, and is told why."""
    regime = FieldReading("stagiaire.regime", "FPC_DEMANDEUR_EMPLOI", "", "acroform", 0.99, page=1)
    student, other = (
        {line["libelle"]: line["valeur"] for line in made["calcul"]} for made in (sheet(), sheet(r=regime))
    )
    ceiling = "Plafond horaire de la sécurité sociale 2025"

    assert "minimum légal 4,35" in student[ceiling]
    assert student["Gratification obligatoire"].startswith("oui")
    assert ceiling not in other
    assert other["Gratification obligatoire"].startswith("non (formation continue")


@pytest.mark.parametrize("regime", ["FPC_SALARIE_EMPLOYEUR", "FPC_DEMANDEUR_EMPLOI", "AGENT_PUBLIC", "FI_ETUDIANT"])
def test_what_is_granted_outside_formation_initiale_is_no_gratification(sheet: Sheet, regime: str) -> None:
    """The sheet says of an amount what the convention says: « Versement facultatif », or a gratification."""
    read = FieldReading("stagiaire.regime", regime, "", "acroform", 0.99, page=1)
    lines = {line["libelle"]: line["valeur"].replace("\u00a0", " ") for line in sheet(r=read)["calcul"]}
    totals = {label for label, value in lines.items() if value == "2 436,00 €"}
    student = regime == "FI_ETUDIANT"
    assert totals == {
        "Gratification totale" if student else "Versement facultatif, total (ni salaire, ni gratification)"
    }
