"""Control sheet: the context of ``controle.docx``, where values came from, what rules said, the computations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from pipeline.core import french
from pipeline.core.decisions import Override
from pipeline.core.fields import Field, FieldKind
from pipeline.core.identity import Comparison
from pipeline.core.models import CONFIRMED, FieldReading, Form, Record, Severity, Verdict, get
from pipeline.core.programme import Programme
from pipeline.core.text import displayable
from pipeline.documents.printable import Hidden, Hours, printable, show
from pipeline.documents.template_context import legal_figures

_RESULTS = {
    "conforme": "E2F0D9",
    "sans objet": "F2F2F2",
    "à savoir": "DDEBF7",
    "avertissement": "FFF2CC",
    "bloquant levé": "FCE4D6",
}
_AGAIN = "{form} (le même formulaire, liasse {packet})"
_WHY = "Liasse refaite parce que les modèles, les règles ou les réglages ont changé."
_METHODS = {
    "acroform": "champ PDF",
    "docx": "champ Word",
    "pdf-zones": "zone imprimée",
    "pdf-cells": "case imprimée",
    "gabarit": "place sur le formulaire",
    "gabarit+libelles": "place et libellé",
    "libelles": "libellé",
    "defaut": "réglage ou défaut",
    CONFIRMED: "confirmé par une personne",
}


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

    ``number`` is the dossier's, ``packet`` the short id of the packet.
    """
    return {
        "identifiant": number,
        "formulaire": displayable(form.name),
        "sha256": form.sha256,
        "recu_le": form.received_on,
        "edite_le": on,
        "resume": [
            _line("Liasse", packet),
            _line("Formulaire", f"{form.sha256[:12]} ({record.reading.kind.value})"),
            _line("Règles appliquées", str(sum(verdict.applies for verdict in record.verdicts))),
            _line("Avertissements", str(record.warnings)),
            _line("Réglages à compléter", str(len(programme.formation.missing_settings()))),
        ],
        "version": _version(since, programme) if since else None,
        "calcul": list(_computation(record, programme)),
        "regles": [_rule(verdict) for verdict in record.verdicts],
        "champs": list(_fields(record, programme)),
        "reglages": list(programme.formation.missing_settings()),
        "levees": [
            {
                "regle": lifted.rule,
                "par": displayable(lifted.by),
                "motif": displayable(lifted.reason),
                "le": lifted.on,
            }
            for lifted in (verdict.lifted for verdict in record.verdicts)
            if lifted
        ],
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
    return "—" if value in (None, "", []) else _display(field, value)


def _line(label: str, value: str) -> dict[str, str]:
    return {"libelle": label, "valeur": value}


def _computation(record: Record, programme: Programme) -> Iterator[dict[str, str]]:
    figures = legal_figures(record.data, programme.law)
    hours = Hours(str(record.get("stage.duree_heures")))
    yield _line(
        "Durée de présence", f"{show(hours)}, soit {figures['duree']} (D. 124-6 : 7 h par jour, 22 jours par mois)"
    )
    if figures["plafond_horaire"] is not None:
        yield _line(
            f"Plafond horaire de la sécurité sociale {figures['annee']}",
            f"{show(figures['plafond_horaire'])}, minimum légal {show(figures['minimum_horaire'])} par heure (15 %)",
        )
    yield _line(
        "Gratification obligatoire",
        "oui (plus de 308 h, formation initiale)" if figures["gratification_due"] else "non",
    )
    if figures["gratification_totale"] is not None:
        yield _line("Gratification totale", show(figures["gratification_totale"]))


def _rule(verdict: Verdict) -> dict[str, Any]:
    result = _result(verdict)
    return {
        "id": verdict.rule,
        "titre": verdict.title,
        "resultat": result,
        "detail": displayable(" ".join(problem.message for problem in verdict.problems)),
        "source": verdict.source,
        "couleur": Hidden(_RESULTS[result]),
    }


def _result(verdict: Verdict) -> str:
    if not verdict.applies:
        return "sans objet"
    if not verdict.problems:
        return "conforme"
    if verdict.lifted:
        return "bloquant levé"
    warns = any(problem.severity is not Severity.INFO for problem in verdict.problems)
    return "avertissement" if warns else "à savoir"


def _fields(record: Record, programme: Programme) -> Iterator[dict[str, str]]:
    readings = {entry.path: entry for entry in record.reading.fields}
    for path, field in programme.dictionary.fields.items():
        value = get(record.data, path)
        if value is not None and field.kind is not FieldKind.NIR:
            yield _field(field, value, readings.get(path), programme)


def _field(field: Field, value: Any, entry: FieldReading | None, programme: Programme) -> dict[str, str]:  # noqa: ANN401 -- JSON
    read = entry is not None and entry.value is not None
    method = entry.method if entry is not None and read else "defaut"
    return {
        "libelle": programme.dictionary.label(field.path),
        "valeur": _display(field, value),
        "brut": _as_read(field, entry),
        "methode": _METHODS.get(method, method),
        "page": str(entry.page) if entry is not None and entry.page else "—",
        "confiance": f"{entry.confidence:.0%}".replace("%", " %") if entry is not None and read else "—",
    }


def _as_read(field: Field, entry: FieldReading | None) -> str:
    """The text found on the form; a calendar's is the list of its cells, which the value already says."""
    if entry is None or entry.value is None or field.kind is FieldKind.CALENDAR:
        return "—"
    return displayable(entry.raw)


def _display(field: Field, value: Any) -> str:  # noqa: ANN401 -- JSON
    if field.kind is FieldKind.CALENDAR:
        return ", ".join(
            f"{french.short_date(dt.date.fromisoformat(e['date']))} : {show(Hours(str(e['heures'])))}" for e in value
        )
    if field.kind is FieldKind.PERIODS:
        return ", ".join(
            f"{french.short_date(period['debut'])} – {french.short_date(period['fin'])}"
            for period in printable(field, value)
        )
    if isinstance(value, list):
        return " ; ".join(value)
    return show(printable(field, value))
