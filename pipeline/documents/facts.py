"""Facts that a formation says once and every paper prints: who evaluates, on which paper; who agrees to a change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.core.formation import Formation
from pipeline.core.units import Piece

_ROLES = {
    "stagiaire": "le stagiaire",
    "organisme": "l’organisme d’accueil",
    "tuteur": "le tuteur",
    "referent": "l’enseignant référent",
    "employeur": "l’employeur",
    "etablissement": "l’établissement",
}


def facts(formation: Formation, pieces: Sequence[Piece]) -> dict[str, Any]:
    """``evaluation`` and ``changement``, as in ``docs/modeles.md``; ``pieces`` are those of the packet."""
    return {"evaluation": _evaluation(formation, pieces), "changement": _change(formation)}


def _evaluation(formation: Formation, pieces: Sequence[Piece]) -> dict[str, Any]:
    said: Mapping[str, Any] = formation.settings.get("evaluation", {})
    titles = {piece.code: piece.title for piece in pieces}
    who, when = said.get("par", ["tuteur"]), said.get("quand", "à la fin du stage")
    together, paper = len(who) > 1, titles.get(said.get("document", ""))
    verbs = [("évaluent" if together else "évalue")]
    if said.get("valide", False):
        verbs.append("valident" if together else "valide")
    words = (
        f"{_capital(when)}, {_people(who, formation)} {' et '.join(verbs)}{' ensemble' if together else ''} le stage"
    )
    return {
        "par": _people(who, formation),
        "quand": when,
        "document": paper,
        "texte": f"{words}, sur le document « {paper} » remis par l’établissement." if paper else f"{words}.",
        "questionnaire": titles.get(said.get("questionnaire", "")),
    }


def _change(formation: Formation) -> dict[str, str]:
    said: Mapping[str, Any] = formation.settings.get("changement", {})
    told, who = said.get("annonce", "à l’établissement"), _people(said.get("accord", ["referent"]), formation)
    address = formation.settings["etablissement"].get("courriel")
    return {
        "annonce": told,
        "accord": who,
        "texte": "Tout changement de dates, d’horaires, de lieu, de tuteur ou d’activités est annoncé au plus vite, "
        f"par courriel, {told}{f' ({address})' if address else ''}. Il n’a d’effet qu’une fois accepté par {who} ; "
        "un avenant, signé des mêmes parties que la convention, est obligatoirement établi.",
    }


def _people(roles: Sequence[str], formation: Formation) -> str:
    words = formation.settings.get("vocabulaire", {})
    named = [words.get(role) or _ROLES[role] for role in roles]
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} et {named[-1]}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
