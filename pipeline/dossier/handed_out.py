"""Answers with which a paper is handed out for one dossier: whose it is, the terms in force, the days of a month."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.core.models import JSON, Data, get, put
from pipeline.core.paper_kinds import PaperForm
from pipeline.dossier.life.holding import Life
from pipeline.forms.paper_plans import NUMBER, PERSON, REFERENT
from pipeline.forms.prefill import to_sign_again
from pipeline.forms.values.calendar_months import month_text
from pipeline.forms.values.figures import as_number

HOLIDAY, NO_STAGE = "F", "–"


def answers_for(life: Life, paper: PaperForm, month: str = "") -> Data:
    """What a paper of a dossier already says; ``month`` (« 2025-04 ») is that of a feuille d’émargement."""
    data: dict[str, JSON] = dict(terms_today(life)) if paper is PaperForm.MODIFICATION else {}
    put(data, NUMBER, life.dossier.number)
    for path in PERSON:
        put(data, path, get(life.data, path))
    if paper is PaperForm.EVALUATION:
        names = (get(life.data, f"tuteur.{part}") for part in ("prenom", "nom"))
        put(data, "evaluation.evaluateur", " ".join(filter(None, names)) or None)
        put(data, "evaluation.fonction", get(life.data, "tuteur.fonction"))
    if paper is PaperForm.EMARGEMENT and month:
        put(data, "emargement.mois", month_text(month))
        put(data, "emargement.jours", dict(_rows(life, month)))
    return data


def terms_today(life: Life) -> Data:
    """The terms in force as our papers ask them: the week by weekdays, the référent of the school if no other is."""
    data = {name: dict(one) if isinstance(one, Mapping) else one for name, one in to_sign_again(life.data).items()}
    person = data.get(REFERENT, {})
    school = life.programme.formation.settings.get(REFERENT, {})
    if all(person.get(name) in (None, school.get(name)) for name in ("nom", "prenom")):
        asked = (one.path for one in life.programme.dictionary.fields.values() if one.section == REFERENT)
        names = [path.rpartition(".")[2] for path in asked]
        data[REFERENT] = {name: school[name] for name in names if school.get(name)} | person
    return data


def months_of(life: Life) -> tuple[str, ...]:
    """The months in which days of presence are planned; none where the terms do not say the days."""
    days = life.terms.days(life.programme.session)
    return tuple(f"{year}-{number:02d}" for year, number in sorted(days.by_month)) if days else ()


def _rows(life: Life, month: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The rows of a month: planned hours, or the code of a day without stage."""
    days = life.terms.days(life.programme.session)
    if days is None:
        return
    year, number = map(int, month.split("-"))
    for day in range(1, calendar.monthrange(year, number)[1] + 1):
        date = dt.date(year, number, day)
        hours = days.hours.get(date)
        if hours:
            yield f"j{day:02d}", {"prevues": as_number(hours)}
        else:
            code = HOLIDAY if days.place.holiday(date) else NO_STAGE
            yield f"j{day:02d}", {"matin": code, "apres_midi": code}
