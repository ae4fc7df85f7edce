"""Decision engine, field by field: the only place that accepts a value of a form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from pipeline.core.doubts import Doubt, Reason
from pipeline.core.fields import FULL_NAME, Dictionary, Nature
from pipeline.core.models import FieldReading
from pipeline.forms.layouts import is_combined
from pipeline.reading.candidates import Candidate
from pipeline.reading.decision.ballots import Ballot, Summary
from pipeline.reading.decision.combined import parts_of, with_unit
from pipeline.reading.decision.cross import cross_checked
from pipeline.reading.decision.read_value import Rules, read_value
from pipeline.reading.decision.swapped import with_swaps
from pipeline.reading.decision.votes import vote

Candidates = Mapping[str, Candidate]
_NIR = "stagiaire.nir"


def decide(
    aligned: Candidates,
    labelled: Candidates,
    *,
    summary: Summary,
    dictionary: Dictionary,
    received_on: dt.date,
    digital: bool,
    second: Candidates | None = None,
    month_first: bool = False,
) -> tuple[FieldReading, ...]:
    """One reading for each place of the form, in the order of the schema.

    ``aligned`` holds what stands at each place of the recognised layout, ``labelled`` what labels alone say, and
    ``second`` what the other OCR engine saw at the places of ``aligned``. A value is accepted (its ``doubt`` is
    ``None``) only if it is valid, its place is sure, nothing unexplained stands beside it, and two readings agree;
    one reader is enough for a digital file of exactly the layout. When no layout was recognised, every value found
    by its label is a doubt: a draft for a person. Combined places are kept beside the fields they give.
    """
    rules = Rules(dictionary, received_on, month_first, digital=digital)
    if not summary.known:
        found = {path: _draft(candidate, rules) for path, candidate in labelled.items()}
        return _ordered(_completed({path: entry for path, entry in found.items() if entry}, rules), dictionary)
    readings: dict[str, FieldReading] = {}
    for path in sorted(aligned, key=lambda name: name != _NIR):  # the NIR first: it dates births
        other = _counterpart(path, labelled, aligned, dictionary)
        readings[path] = vote(Ballot(path, aligned[path], other, (second or {}).get(path)), summary, rules)
        if path == _NIR and readings[path].doubt is None and readings[path].value:
            rules = replace(rules, nir=str(readings[path].value))
    complete = _completed(readings, rules)
    if not (rules.digital and all(candidate.certain for candidate in aligned.values())):
        complete = cross_checked(complete, dictionary, rules.corrector)  # else a contradiction is its writer's
    return _ordered(with_swaps(complete, dictionary), dictionary)


def _counterpart(path: str, labelled: Candidates, aligned: Candidates, dictionary: Dictionary) -> Candidate | None:
    """What labels say of the same place: « Nom » alone may be the label of a whole name."""
    if path in labelled:
        return labelled[path]
    group = path.rpartition(".")[0]
    others: dict[Nature | None, str] = {
        Nature.FULL_NAME: f"{group}.nom",
        Nature.SURNAME: f"{group}.{FULL_NAME}",
        Nature.ADDRESS: f"{path}.voie",
        Nature.STREET: group,
    }
    name = others.get(dictionary.nature(path), path)
    return None if name in aligned else labelled.get(name)


def _draft(candidate: Candidate, rules: Rules) -> FieldReading | None:
    if candidate.option is None and not candidate.text.strip():
        return None
    parsed = read_value(candidate.path, candidate, rules)
    if parsed.value is None and parsed.doubt is None:
        return None
    wrong = Doubt(Reason.INVALID, parsed.doubt, rules.corrector) if parsed.doubt else None
    return FieldReading(
        path=candidate.path,
        value=parsed.value,
        raw=candidate.text or candidate.option or "",
        method=candidate.method,
        confidence=min(candidate.confidence, 0.5),
        page=candidate.page,
        box=candidate.box,
        doubt=candidate.doubt or wrong or Doubt(Reason.UNKNOWN_FORM),
    )


def _completed(readings: dict[str, FieldReading], rules: Rules) -> dict[str, FieldReading]:
    """With the fields that combined places give, and the unit that an amount says."""
    complete = dict(readings)
    for reading in readings.values():
        complete |= {part.path: part for part in parts_of(reading, readings, rules.dictionary)}
    return with_unit(complete, rules.corrector)


def _ordered(readings: Mapping[str, FieldReading], dictionary: Dictionary) -> tuple[FieldReading, ...]:
    """In the order of the schema; a combined place just before the fields of its group, strangers last."""
    order = {path: float(number) for number, path in enumerate(dictionary.fields)}
    for path in readings:
        if is_combined(path, dictionary):
            group = path.removesuffix(f".{FULL_NAME}")
            first = min((place for name, place in order.items() if name.startswith(f"{group}.")), default=1e6)
            order[path] = first - 0.5
    return tuple(sorted(readings.values(), key=lambda reading: order.get(reading.path, 1e6)))
