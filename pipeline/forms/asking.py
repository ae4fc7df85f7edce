"""Questions of a formation's own blank: the fields that it asks for, each with the choices that it offers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pipeline.core.fields import ALWAYS, Dictionary, Field
from pipeline.core.formation import Formation
from pipeline.core.law import AGENTS, EMPLOYEES

_STATUS, _EMPLOYER = "stagiaire.regime", "employeur"


def asked_fields(dictionary: Dictionary, formation: Formation) -> Iterator[Field]:
    """The fields of the schema, in its order, that ``[formulaire]`` and the admitted statuses leave on the blank."""
    form = formation.settings["formulaire"]
    named = {*form.get("avec", ()), *form.get("requis", ())}
    for field in dictionary.fields.values():
        asked = field.on_form == ALWAYS or field.path in form.get("avec", ())
        concerned = field.path in named or _concerns(field, formation)
        if asked and concerned and not formation.leaves_out(field.path):
            yield _offered(field, formation)


def _offered(field: Field, formation: Formation) -> Field:
    """The field with the choices that this formation offers: of the statuses, those that it admits."""
    if field.path != _STATUS:
        return field
    admitted = {value: label for value, label in field.choices.items() if formation.takes(value)}
    return replace(field, choices=admitted or field.choices)


def _concerns(field: Field, formation: Formation) -> bool:
    """Whether anybody whom the formation admits answers there: an employer, only who has one."""
    return field.section != _EMPLOYER or any(formation.takes(status) for status in EMPLOYEES | AGENTS)
