"""Control sheet: the context of ``controle.docx``, what to look at first, then rules, computations, provenance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from pipeline.core import french
from pipeline.core.agreed import presence_hours
from pipeline.core.days import days_of
from pipeline.core.decisions import Override
from pipeline.core.fields import Field, FieldKind
from pipeline.core.grammar import closed, count
from pipeline.core.identity import Comparison
from pipeline.core.law import STUDENTS
from pipeline.core.models import Form, Record, Severity, Verdict
from pipeline.core.programme import Programme
from pipeline.core.text import displayable
from pipeline.documents.months import presence_of
from pipeline.documents.printable import Hidden, Hours, full_name, show
from pipeline.documents.provenance import display, provenance
from pipeline.documents.template_context import legal_figures

# Results that somebody must look at, each with its colour.
_LOOK = {"projet": "F8CBAD", "avertissement": "FFF2CC", "bloquant levé": "FCE4D6"}
_NOT_DUE = {
    True: "non, pour ce stage à lui seul",
    False: "non (formation continue : l’article L. 124-6 ne s’applique pas)",
}
_AGAIN = "{form} (le même formulaire, liasse {packet})"
_WHY = "Liasse refaite parce que les modèles, les règles ou les réglages ont changé."


def control_context(
    record: Record,
    form: Form,
    *,
    programme: Programme,
    number: str,
    packet: str,
    on: dt.date,
    since: Comparison | None = None,
) -> dict[str, Any]:
    """What ``controle.docx`` prints under the name ``controle``; ``since`` is what a new version changes.

    ``number`` is the dossier's, ``packet`` the short id of the packet. What a person must look at comes first.
    """
    return {
        "identifiant": number,
        "stagiaire": full_name(record.data["stagiaire"]) or number,
        "organisme": record.get("organisme.raison_sociale"),
        "formation": programme.formation.settings["intitule_court"],
        "etat": _state(record),
        "formulaire": displayable(form.name),
        "sha256": form.sha256,
        "recu_le": form.received_on,
        "edite_le": on,
        "liasse": packet,
        "version": _version(since, programme) if since else None,
        "calcul": list(_computation(record, programme)),
        "projet": bool(record.lacks),
        "reglages": [displayable(problem.message) for problem in record.lacks],
        **_rules(record),
        **provenance(record, programme),
    }


def _version(since: Comparison, programme: Programme) -> dict[str, Any]:
    changes = [
        {"libelle": one.label, "avant": _given(field, one.before), "apres": _given(field, one.after)}
        for one in since.changes
        if (field := programme.dictionary.fields[one.field]).kind is not FieldKind.NIR
    ]
    changes += [
        {
            "libelle": displayable(one.where),
            "avant": displayable(one.before) or "—",
            "apres": displayable(one.after) or "—",
        }
        for one in since.words
    ]
    return {
        "remplace": _AGAIN.format(form=since.form, packet=since.packet) if since.packet else since.form,
        "editee_le": dt.date.fromisoformat(since.day),
        "ecarts": changes,
        "levee": _WHY if since.packet else _lifted(since.lifted),
    }


def _lifted(override: Override | None) -> str | None:
    if override is None:
        return None
    return f"{override.rule}, décidé par {override.by} le {french.short_date(override.on)} : {override.reason}"


def _given(field: Field, value: Any) -> str:  # noqa: ANN401 -- JSON
    return "—" if value in (None, "", []) else display(field, value)


def _line(label: str, value: str) -> dict[str, str]:
    return {"libelle": label, "valeur": value}


def _computation(record: Record, programme: Programme) -> Iterator[dict[str, str]]:
    days = days_of(record.data, programme.session)
    figures = legal_figures(record.data, programme.law, days)
    hours = Hours(presence_hours(record.data, days) or 0)
    student = record.get("stagiaire.regime") in STUDENTS
    counted = f", soit {figures['duree']} (D. 124-6 : 7 h par jour, 22 jours par mois)" if student else ""
    yield _line("Durée de présence", f"{show(hours)}{counted}")
    if days is not None:
        yield _line(
            "Jours de présence",
            f"{days.count}, du {french.short_date(days.first)} au {french.short_date(days.last)}, "
            f"{presence_of(days, {}).rythme}",
        )
    if student and figures["plafond_horaire"] is not None:
        yield _line(
            f"Plafond horaire de la sécurité sociale {figures['annee']}",
            f"{show(figures['plafond_horaire'])}, minimum légal {show(figures['minimum_horaire'])} par heure (15 %)",
        )
    yield _line(
        "Gratification obligatoire",
        "oui (plus de 308 h, formation initiale)" if figures["gratification_due"] else _NOT_DUE[student],
    )
    if figures["gratification_totale"] is not None:
        granted = "Gratification totale" if student else "Versement facultatif, total (ni salaire, ni gratification)"
        yield _line(granted, show(figures["gratification_totale"]))


def _rules(record: Record) -> dict[str, Any]:
    """Every rule by its result: what must be looked at, what is good to know, then the others by number and title."""
    told = [(verdict, _result(verdict)) for verdict in record.verdicts]
    return {
        "regarder": [_to_look_at(verdict, result) for verdict, result in told if result in _LOOK],
        "savoir": [f"{verdict.rule} – {_said(verdict)}" for verdict, result in told if result == "à savoir"],
        "conformes": _named(verdict for verdict, result in told if result == "conforme"),
        "reglees": _named(verdict for verdict, result in told if result == "réglages"),
        "sans_objet": _named(verdict for verdict, result in told if result == "sans objet"),
    }


def _to_look_at(verdict: Verdict, result: str) -> dict[str, Any]:
    return {
        "id": verdict.rule,
        "titre": verdict.title,
        "resultat": result,
        "detail": _said(verdict),
        "levee": _decided(verdict.lifted),
        "source": verdict.source,
        "couleur": Hidden(_LOOK[result]),
    }


def _decided(lifted: Override | None) -> str | None:
    if lifted is None:
        return None
    return f"Levée par {displayable(lifted.by)} le {french.short_date(lifted.on)} : {displayable(lifted.reason)}"


def _said(verdict: Verdict) -> str:
    """What a rule says, a sentence each; what a projet lacks stands at the head of the sheet, and once."""
    lacking = sum(problem.severity is Severity.DRAFT for problem in verdict.problems)
    said = [closed(problem.message) for problem in verdict.problems if problem.severity is not Severity.DRAFT]
    if lacking:
        said.append(f"À donner avant la signature, en tête de cette feuille : {count(Decimal(lacking), 'point')}.")
    return displayable(" ".join(said))


def _named(verdicts: Iterable[Verdict]) -> str | None:
    return ", ".join(f"{verdict.rule} ({verdict.title})" for verdict in verdicts) or None


def _state(record: Record) -> str:
    if record.lacks:
        return "Projet : ne peut pas être signée."
    if not record.warnings:
        return "Prête à signer."
    return f"Prête à signer, {count(Decimal(record.warnings), 'avertissement')} à regarder."


def _result(verdict: Verdict) -> str:
    if not verdict.applies:
        return "sans objet"
    if not verdict.problems:
        return "réglages" if verdict.of_settings else "conforme"
    if verdict.lifted:
        return "bloquant levé"
    worst = {problem.severity for problem in verdict.problems}
    if Severity.DRAFT in worst:
        return "projet"
    return "avertissement" if worst != {Severity.INFO} else "à savoir"
