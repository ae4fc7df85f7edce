"""Facts of a new formation: what is asked, what an answer may be, and what a ``formation.toml`` is filled with."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from pipeline.core.errors import NotAllowed
from pipeline.core.folding import fold
from pipeline.core.formation import school_year
from pipeline.core.law import CONTINUING, HOURS_A_MONTH, STUDENTS, WITH_EMPLOYER
from pipeline.core.stage_length import StageLength

# How a régime is named here, and in the schema.
REGIMES = {
    "etudiant": "FI_ETUDIANT",
    "salarie-employeur": "FPC_SALARIE_EMPLOYEUR",
    "salarie-individuel": "FPC_SALARIE_INDIVIDUEL",
    "demandeur-emploi": "FPC_DEMANDEUR_EMPLOI",
    "autofinance": "FPC_AUTOFINANCE",
    "agent-public": "AGENT_PUBLIC",
}
STUDENT_ROLES = ("stagiaire", "organisme", "tuteur", "referent", "etablissement")  # C. éduc., D124-4
_ORDER = ("stagiaire", "organisme", "employeur", "tuteur", "referent", "etablissement")
_PARTIES = {
    "stagiaire": ("Le stagiaire", "stagiaire", "Lu et approuvé"),
    "organisme": ("L’organisme d’accueil", "organisme.signataire", "Signature et cachet"),
    "employeur": ("L’employeur", "employeur.signataire", "Signature et cachet"),
    "tuteur": ("Le tuteur de stage", "tuteur", "Signature"),
    "referent": ("L’enseignant référent", "referent", "Signature"),
    "etablissement": ("L’établissement", "etablissement.signataire", "Signature et cachet"),
}
_OPTIONAL = frozenset({"tuteur", "referent"})  # who signs for students, and for others where the formation says so
_DAYS = {
    "semaine": (("stage.semaine", "stage.interruptions", "stage.exceptions"), ("stage.semaine",)),
    "calendrier": (("stage.calendrier",), ("stage.calendrier",)),
}
_ACCORD = tuple(f"accord_pedagogique.{name}" for name in ("decision", "date", "par", "motif"))
_REFERENT = tuple(f"referent.{name}" for name in ("nom", "prenom", "fonction", "telephone", "courriel"))
_ASKED_OF_REFERENT = ("referent.nom", "referent.prenom", "referent.courriel")


@dataclass(frozen=True)
class Fact:
    """One question: its key for ``--set``, its French words, how the answer is read, and what holds without one.

    ``default`` is ``None`` where an answer is needed; ``only_if`` names the yes-or-no question that it follows.
    """

    key: str
    label: str
    read: Callable[[str], Any]
    default: str | None = None
    only_if: str = ""


def facts(today: dt.date) -> tuple[Fact, ...]:
    """The questions, in order; the session proposed is that of the school year of the day."""
    year = school_year(today)
    return (
        Fact("intitule", "Intitulé complet de la formation", _text),
        Fact("court", "Nom court, pour les tableaux (vide : l’intitulé)", _line, ""),
        Fact("heures", "Durée du stage, en heures (560, ou de 800 à 924), ou en mois au plus (six mois)", _length),
        Fact("heures_jour", "Heures par jour", _number, "7"),
        Fact("annee", "Année scolaire de la première session", _year, f"{year}-{year + 1}"),
        Fact("debut", "Premier jour où un stage peut commencer, JJ/MM/AAAA (vide : aucun)", _day, ""),
        Fact("fin", "Dernier jour où un stage peut finir, JJ/MM/AAAA (vide : aucun)", _day, ""),
        Fact("regimes", f"Statuts admis, parmi {', '.join(REGIMES)}", _several(REGIMES), ", ".join(REGIMES)),
        Fact("jours", "Les jours de stage se disent par semaine type (semaine) ou un par un (calendrier)",
             _one_of("semaine", "calendrier"), "semaine"),
        Fact("signent", "Qui signe aussi hors formation initiale, parmi tuteur, referent (vide : personne)",
             _several({"tuteur": "tuteur", "referent": "referent"}), ""),
        Fact("accord", "Un accord pédagogique est-il demandé avant la convention (oui, non)", _yes, "non"),
        Fact("accord_par", "Qui donne cet accord", _text, "le responsable pédagogique de la formation", "accord"),
        Fact("referent", "Le référent est une personne de l’école (ecole), ou le formulaire le demande (formulaire)",
             _one_of("ecole", "formulaire"), "ecole"),
        Fact("modeles", "Modèles Word : à soi, copiés des communs (copies), ou les communs tels quels (communs)",
             _one_of("copies", "communs"), "copies"),
    )  # fmt: skip


def answered(fact: Fact, text: str) -> Any:  # noqa: ANN401 -- what its question asks for
    """The value of an answer, or of none; raises NotAllowed, in French, for one that does not suit."""
    said = text.strip() or fact.default
    if said is None:
        raise NotAllowed(f"{fact.label} ({fact.key}) : une réponse est nécessaire.")
    try:
        return fact.read(said)
    except (ValueError, InvalidOperation) as error:
        why = "écrivez un nombre" if isinstance(error, InvalidOperation) else str(error)
        raise NotAllowed(f"{fact.label} ({fact.key}) : {why}.") from error


def filling(code: str, known: Mapping[str, Any]) -> dict[str, Any]:
    """What the ``formation.toml`` of these answers is filled with; raises NotAllowed where they contradict."""
    begins, ends = known["debut"], known["fin"]
    if bool(begins) != bool(ends) or (begins and ends <= begins):
        raise NotAllowed("debut et fin vont ensemble, et la fin vient après le début.")
    if not known["regimes"]:
        raise NotAllowed(f"regimes : nommez au moins un statut, parmi {', '.join(REGIMES)}.")
    return {
        **known,
        "code": code,
        "court": known["court"] or known["intitule"],
        "heures_lues": known["heures"].told(),
        "duree": _said(known["heures"]),
        "modeles": code if known["modeles"] == "copies" else "commun",
        **_by_status(known),
        **_of_form(known),
    }


def _by_status(known: Mapping[str, Any]) -> dict[str, Any]:
    """Which status is taken, and who signs for each."""
    regimes = [one for one in REGIMES.values() if one in known["regimes"]]
    students, others = ([one for one in regimes if one in some] for some in (STUDENTS, CONTINUING))
    return {
        "admis": regimes if len(regimes) < len(REGIMES) else [],  # all of them need not be named
        "etudiants": students,
        "continue": others,
        "roles_etudiants": list(STUDENT_ROLES),
        **_signing(students, [one for one in others if one in WITH_EMPLOYER], known["signent"]),
    }


def _signing(students: list[str], employed: list[str], chosen: Sequence[str]) -> dict[str, Any]:
    """The parties in the order in which they sign, those of some status with it."""
    always = [role for role in STUDENT_ROLES if role not in _OPTIONAL or role in chosen]
    only = {"employeur": employed, **dict.fromkeys(_OPTIONAL - {*always}, students)}
    signing = [role for role in _ORDER if role in always or only[role]]
    return {
        "toujours": always,
        "employeur": bool(employed),
        "roles_continue": [role for role in signing if role in (*always, "employeur")],
        "signataires": [_party(role, only.get(role, [])) for role in signing],
    }


def _of_form(known: Mapping[str, Any]) -> dict[str, Any]:
    """What the blank asks for beside what all ask."""
    asked, required = _DAYS[known["jours"]]
    from_form = known["referent"] == "formulaire"
    return {
        "avec": [*asked, *(_ACCORD if known["accord"] else ()), *(_REFERENT if from_form else ())],
        "requis": [*required, *(_ASKED_OF_REFERENT if from_form else ())],
        "du_formulaire": from_form,
    }


def _party(role: str, only: list[str]) -> dict[str, Any]:
    title, person, mention = _PARTIES[role]
    return {"role": role, "titre": title, "personne": person, "mention": mention, "regimes": only}


def as_toml(value: Any) -> str:  # noqa: ANN401 -- a text, a yes or no, a list of texts
    """A value as TOML writes it: as JSON does, but for one character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "")


def _text(text: str) -> str:
    line = _line(text)
    if len(line) < 3:
        raise ValueError("trois caractères au moins")
    return line


def _line(text: str) -> str:
    """One line of characters that print: it also stands in a comment of the file."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _number(text: str) -> Decimal:
    value = Decimal(re.sub(r"\s|h(?:eures?)?$", "", text.lower()).replace(",", "."))
    if not value.is_finite() or value <= 0:
        raise ValueError("un nombre plus grand que zéro")
    return value.normalize() if value != value.to_integral() else Decimal(int(value))


_MONTHS = ("un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze")
_IN_MONTHS = re.compile(rf"(?:au plus )?(\d+|{'|'.join(_MONTHS)}) mois(?: au plus)?")
_BETWEEN = re.compile(r"(?:de|entre)?\s*([\d.,]+)\s*(?:h|heures?)?\s*(?:a|et|-|–)\s*([\d.,]+)\s*(?:h|heures?)?")
_AT_MOST = re.compile(r"(?:au plus |maximum )(.+)|(.+?) (?:au plus|maximum)")


def _length(text: str) -> StageLength:
    """« 560 », « de 800 à 924 », « 924 h au plus », « six mois »: months of 154 hours, at most (C. éduc., D124-6)."""
    said = " ".join(fold(text).split())
    if found := _IN_MONTHS.fullmatch(said):
        months = int(found[1]) if found[1].isdecimal() else _MONTHS.index(found[1]) + 1
        if not months:
            raise ValueError("un nombre de mois plus grand que zéro")
        return StageLength(None, Decimal(HOURS_A_MONTH) * months)
    if found := _BETWEEN.fullmatch(said):
        least, most = _number(found[1]), _number(found[2])
        if least >= most:
            raise ValueError("la plus petite durée d’abord, comme « de 800 à 924 »")
        return StageLength(least, most)
    if found := _AT_MOST.fullmatch(said):
        return StageLength(None, _number(found[1] or found[2]))
    exact = _number(text)
    return StageLength(exact, exact)


def _said(length: StageLength) -> dict[str, Decimal]:
    """The keys of ``[stage]``, and of its rule."""
    if length.exact is not None:
        return {"duree_heures": length.exact}
    told = {"heures_min": length.least, "heures_max": length.most}
    return {key: value for key, value in told.items() if value is not None}


def _year(text: str) -> str:
    found = re.fullmatch(r"(\d{4})\s*[-–/]\s*(\d{4})", text)
    if found is None or int(found[2]) != int(found[1]) + 1:
        raise ValueError("deux années qui se suivent, par exemple 2026-2027")
    return f"{found[1]}-{found[2]}"


def _day(text: str) -> dt.date | None:
    if not text:
        return None
    for form in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return dt.datetime.strptime(text, form).date()  # noqa: DTZ007 -- a day has no time zone
        except ValueError:
            continue
    raise ValueError("un jour, par exemple 06/04/2026")


def _yes(text: str) -> bool:
    return _one_of("oui", "non")(text) == "oui"


def _one_of(*words: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if fold(text) not in words:
            raise ValueError(f"choisissez {' ou '.join(words)}")
        return fold(text)

    return read


def _several(words: Mapping[str, str]) -> Callable[[str], tuple[str, ...]]:
    def read(text: str) -> tuple[str, ...]:
        said = [one for one in re.split(r"[,;\s]+", text) if one]
        found = {one: words.get(fold(one).replace(" ", "-"), one if one in words.values() else "") for one in said}
        unknown = [one for one, value in found.items() if not value]
        if unknown:
            raise ValueError(f"« {', '.join(unknown)} » n’en est pas : {', '.join(words)}")
        return tuple(dict.fromkeys(found.values()))

    return read
