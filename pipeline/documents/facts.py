"""Facts that a formation says once and every paper prints: who evaluates, on which paper; who agrees to a change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.core.formation import Formation
from pipeline.core.grammar import capital
from pipeline.core.units import Piece
from pipeline.documents.nouns import Noun, nouns

_NOBODY: Mapping[str, Any] = {}


def facts(formation: Formation, pieces: Sequence[Piece], persons: Mapping[str, Any] = _NOBODY) -> dict[str, Any]:
    """``evaluation`` and ``changement``, as in ``docs/modeles.md``; ``pieces`` are those of the packet.

    The parties are named in the group's words, in the gender of ``persons`` (by role) where that is known.
    """
    words = nouns(formation, persons)
    return {
        "evaluation": _evaluation(formation, pieces, words),
        "changement": _change(formation, words, persons),
    }


def _evaluation(formation: Formation, pieces: Sequence[Piece], mot: Mapping[str, Noun]) -> dict[str, Any]:
    said: Mapping[str, Any] = formation.settings.get("evaluation", {})
    titles = {piece.code: piece.title for piece in pieces}
    who, when = said.get("par", ["tuteur"]), said.get("quand", "à la fin du stage")
    together, paper = len(who) > 1, titles.get(said.get("document", ""))
    verbs = [("évaluent" if together else "évalue")]
    if said.get("valide", False):
        verbs.append("valident" if together else "valide")
    words = f"{capital(when)}, {_people(who, mot)} {' et '.join(verbs)}{' ensemble' if together else ''} le stage"
    return {
        "par": _people(who, mot),
        "quand": when,
        "document": paper,
        "texte": f"{words}, sur le document « {paper} » remis par {mot['etablissement'].le}."
        if paper
        else f"{words}.",
        "questionnaire": titles.get(said.get("questionnaire", "")),
    }


def _change(formation: Formation, mot: Mapping[str, Noun], persons: Mapping[str, Any]) -> dict[str, str]:
    status: Mapping[str, Any] = persons.get("statut", _NOBODY)
    said: Mapping[str, Any] = formation.settings.get("changement", {})
    what = f"de dates, d’horaires, de lieu, {mot['tuteur'].de} ou d’activités"
    told, who = said.get("annonce", "à l’établissement"), _people(said.get("accord", ["referent"]), mot)
    address = formation.settings["etablissement"].get("courriel")
    return {
        "annonce": told,
        "accord": who,
        "destinataires": mot["employeur" if status.get("employeur_partie") else "stagiaire"].au
        + _payer(persons.get("employeur", _NOBODY).get("financeur"), status),
        "texte": f"Tout changement {what} est annoncé au plus vite, par courriel, {told}"
        f"{f' ({address})' if address else ''}. Il n’a d’effet qu’une fois accepté par {who} ; "
        "un avenant, signé des mêmes parties que la convention, est obligatoirement établi.",
    }


def _payer(name: str | None, status: Mapping[str, Any]) -> str:
    """Who pays, where it is told of presence: by its name if the form gives it."""
    if name:
        return f" et au financeur ({name})"
    return "" if status.get("sans_financeur") else " et, s’il y a lieu, au financeur"


def _people(roles: Sequence[str], mot: Mapping[str, Noun]) -> str:
    named = [mot[role].le for role in roles]
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} et {named[-1]}"
