"""What returned papers tell of a dossier: each one's answers as facts, in the words of whoever filled it."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from pipeline.core.amendable import Amendable
from pipeline.core.done_days import HALF_DAY
from pipeline.core.errors import RequestRefused
from pipeline.core.fields import LINED, Field, FieldKind
from pipeline.core.folding import plain_signs
from pipeline.core.formation import Session
from pipeline.core.identity import Difference
from pipeline.core.law import as_date
from pipeline.core.life import FactKind, Told
from pipeline.core.models import JSON, Reading, get
from pipeline.core.paper_kinds import PaperForm
from pipeline.core.terms import Change
from pipeline.dossier.handed_out import terms_today
from pipeline.dossier.life.changing import Request, next_number, request_of
from pipeline.dossier.life.holding import Life
from pipeline.forms.blank import session_days
from pipeline.forms.paper_plans import modifiable
from pipeline.forms.spelling import written
from pipeline.forms.values.calendar_months import month_of

HALVES = ("matin", "apres_midi")
_MOTIVES = {"fin_anticipee": "fin-anticipee", "horaires": "calendrier", "periode": ""}  # the last: by what changes
_MARKS: Mapping[str | None, str] = {"S": "P", "–": "-", None: "-"}


def changes_asked(life: Life, reading: Reading) -> tuple[Difference, ...]:
    """What a demande de modification changes of the terms in force: the fields that were answered otherwise."""
    terms, fields = terms_today(life), life.programme.dictionary.fields
    found = []
    for entry in reading.fields:
        if not modifiable(entry.path) or entry.value is None or entry.combined:
            continue
        before = get(terms, entry.path)
        after = _whole(fields[entry.path], before, entry.value, life.programme.session)
        if _shown(fields[entry.path], before) != _shown(fields[entry.path], after):
            label = life.programme.dictionary.label(entry.path)
            found.append(Difference(entry.path, label, get(life.data, entry.path), after))
    return tuple(found)


def _shown(field: Field, value: JSON) -> tuple[str, ...]:
    """A value as it shows on the paper: an image does not tell one apostrophe from another."""
    return tuple(map(plain_signs, written(field, value)))


def _whole(field: Field, before: JSON, after: JSON, session: Session) -> JSON:
    """An answer with what the paper had no place to show: lines beyond the last, days out of the session."""
    if not isinstance(before, list):
        return after
    if field.kind in LINED:
        return [*after, *before[field.lines :]]
    if field.kind is FieldKind.CALENDAR:
        shown = {day.isoformat() for day in session_days(session)}
        lines = [*after, *(line for line in before if line["date"] not in shown)]
        return sorted(lines, key=lambda line: str(line["date"]))
    return after


def emptied(life: Life, reading: Reading) -> tuple[str, ...]:
    """The fields that a demande leaves empty although the terms in force say something: nothing is changed there."""
    terms = terms_today(life)
    return tuple(
        entry.path
        for entry in reading.fields
        if modifiable(entry.path) and entry.value is None and get(terms, entry.path) is not None
    )


def _modification(life: Life, reading: Reading) -> tuple[Told, ...]:
    asked = reading.values["modification"]
    more = {"demande_le": asked.get("demande_le"), "vides": list(emptied(life, reading))}
    body = {**_request(life, reading, asked).body(), **more}
    return (_told(FactKind.ASKED, str(next_number(life)), body, reading),)


def _request(life: Life, reading: Reading, asked: Mapping[str, JSON]) -> Request:
    """What is asked, with what follows from it; alone where that cannot be, and whoever judges it is told why."""
    effect_on = dt.date.fromisoformat(asked["date_effet"])
    amendable, found = Amendable.load(life.workspace), changes_asked(life, reading)
    wanted = {**_of_renamed(reading, [one.field for one in found]), **{one.field: one.after for one in found}}
    said: dict[str, Any] = {
        "effect_on": effect_on,
        "motive": _MOTIVES.get(asked["motif"], asked["motif"]) or amendable.motive_of(wanted),
        "reason": asked.get("raison") or "",
        "asked_by": asked.get("demandeur") or asked.get("demande_par") or "",
        "asked_on": as_date(asked.get("demande_le")) or effect_on,
    }
    try:
        return request_of(life, wanted, amendable, **said)
    except RequestRefused:
        return Request(changes=tuple(Change(one.field, one.before, one.after) for one in found), **said)


def _of_renamed(reading: Reading, changed: Sequence[str]) -> dict[str, JSON]:
    """What the page says of a person whose name becomes another, also where it is what was said of the one before."""
    persons = {path.rpartition(".")[0] for path in changed if path.rpartition(".")[2] in ("nom", "prenom")}
    return {
        one.path: one.value
        for one in reading.fields
        if one.path.rpartition(".")[0] in persons and modifiable(one.path) and one.value is not None
    }


def _evaluation(_: Life, reading: Reading) -> tuple[Told, ...]:
    return (_told(FactKind.EVALUATION, "", reading.values["evaluation"], reading),)


def _questionnaire(_: Life, reading: Reading) -> tuple[Told, ...]:
    return (_told(FactKind.QUESTIONNAIRE, "", reading.values["questionnaire"], reading),)


def _emargement(_: Life, reading: Reading) -> tuple[Told, ...]:
    sheet = reading.values["emargement"]
    month = month_of(str(sheet["mois"])) or ""
    body = {
        "mois": month,
        "jours": dict(half_days_of(sheet.get("jours", {}), month)),
        "total_heures": sheet.get("total_heures"),
        "signe_stagiaire": sheet.get("stagiaire_le"),
        "signe_tuteur": sheet.get("tuteur_le"),
    }
    return (_told(FactKind.SHEET, month, body, reading),)


def half_days_of(rows: Mapping[str, Any], month: str) -> Iterator[tuple[str, Mapping[str, JSON]]]:
    """ISO day to what its row says, for the rows of a sheet of a month (« 2025-04 ») on which something is written.

    A half-day that somebody signed, and that a person looked at, is one of presence; an empty one is none of stage.
    """
    year, number = map(int, month.split("-"))
    for day in range(1, calendar.monthrange(year, number)[1] + 1):
        row = rows.get(f"j{day:02d}", {})
        if any(row.get(name) for name in (*HALVES, "heures")):
            codes = {half: _MARKS.get(row.get(half), row.get(half)) for half in HALVES}
            kept = {name: row[name] for name in ("prevues", "heures") if name in row}
            if (
                "heures" not in row
                and _is_short(row)
                and codes[HALVES[0]] != codes[HALVES[1]]
                and "P" in codes.values()
            ):
                kept["heures"] = row["prevues"]  # the other half was not of the stage
            yield dt.date(year, number, day).isoformat(), {**codes, **kept}


def _is_short(row: Mapping[str, Any]) -> bool:
    """Whether one half of a day was planned, and the other was left empty."""
    return 0 < row.get("prevues", 0) <= HALF_DAY and any(row.get(half) is None for half in HALVES)


def unsigned(reading: Reading) -> tuple[str, ...]:
    """Who gave no date of signature on a feuille d’émargement: it attests nothing before both did."""
    parties = {"stagiaire": "le stagiaire", "tuteur": "le tuteur"}
    return tuple(name for party, name in parties.items() if not get(reading.values, f"emargement.{party}_le"))


def _told(kind: FactKind, key: str, body: Mapping[str, JSON], reading: Reading) -> Told:
    return Told(kind, key, {**body, "formulaire": reading.sha256})


TAKERS: Mapping[PaperForm, Callable[[Life, Reading], tuple[Told, ...]]] = {
    PaperForm.MODIFICATION: _modification,
    PaperForm.EVALUATION: _evaluation,
    PaperForm.QUESTIONNAIRE: _questionnaire,
    PaperForm.EMARGEMENT: _emargement,
}
