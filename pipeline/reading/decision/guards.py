"""Signs that an answer is not where it should be: another question's words inside it."""

from __future__ import annotations

import re

from pipeline.reading.labels.label_words import label_words

# Questions that every form asks; an answer that is one of them, or holds one with its colon, has slipped.
_ASKED = frozenset(
    label_words(text)
    for text in (
        "Nom",
        "Prénom",
        "Nom et prénom",
        "Téléphone",
        "Courriel",
        "Adresse",
        "Code postal",
        "Ville",
        "SIRET",
        "N° SIRET",
        "Date de naissance",
        "Né(e) le",
        "Fonction",
        "Raison sociale",
        "Code APE",
        "N° étudiant",
        "Date de début",
        "Date de fin",
        "N° de sécurité sociale",
        "Montant",
        "N° de contrat",
        "Signature",
        "Qualité",
        "Représenté par",
    )
)
_BEFORE_COLON = re.compile(r"([^\n:;,.]{2,40}?)\s*:(?=\s|$|\S)")


def asks_of_another(path: str, text: str) -> bool:
    """Whether an answer is itself a question, or holds one (« DUPONT Prénom : Marie »)."""
    words = label_words(text)
    if words in _ASKED:
        return True
    if path.startswith(("stage.activites", "stage.objectifs", "stage.competences", "stage.sujet")):
        return False
    for match in _BEFORE_COLON.finditer(text):
        asked = label_words(match[1])
        if any(asked[-size:] in _ASKED for size in range(1, len(asked) + 1)):
            return not path.endswith(
                (".telephone", ".courriel", ".siret", ".nir")
            )  # « Tél. : 06… » typed by the person
    return False
