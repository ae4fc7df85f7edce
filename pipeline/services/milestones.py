"""Use case of milestones that a person tells: the bilan à mi-parcours."""

from __future__ import annotations

import datetime as dt

from pipeline.core.errors import InvalidRequest, NotAllowed
from pipeline.core.french import short_date
from pipeline.core.life import FactKind, Told
from pipeline.core.text import refusal
from pipeline.dossier.context import Context
from pipeline.dossier.life import life_rules
from pipeline.services.attending import tell_all
from pipeline.services.authors import author
from pipeline.services.life_seen import life_as_seen

_LONGEST = 2000  # characters


def note_mid_term(context: Context, word: str, *, on: dt.date, text: str, by: str, seen: int | None = None) -> bool:
    """Note that the bilan à mi-parcours took place; ``False`` where the same was noted before.

    ``seen`` is as ``life_as_seen`` has it.
    Raises NotFound, Ambiguous, ChangedMeanwhile; InvalidRequest for a text that says nothing or does not print;
    NotAllowed for a day to come, or outside the internship.
    """
    by, said = author(by), " ".join(text.split())
    if not said or len(said) > _LONGEST or refusal(said):
        raise InvalidRequest(f"Le bilan se dit en quelques phrases, {_LONGEST} caractères au plus : --text « … ».")
    life = life_as_seen(context, word, seen)
    if on > context.today:
        raise NotAllowed(f"Le {short_date(on)} est à venir : un bilan se note une fois tenu.")
    first, last = life_rules.first_day(life), life_rules.last_day(life)
    if first and last and not first <= on <= last:
        raise NotAllowed(f"Le {short_date(on)} n’est pas du stage ({short_date(first)} – {short_date(last)}).")
    body = {"le": on.isoformat(), "comment": "", "notes": said}
    before = life.facts.last(FactKind.MID_TERM)
    if before is not None and before.body == body:
        return False
    tell_all(context, life, [Told(FactKind.MID_TERM, "", body)], by=by)
    return True
