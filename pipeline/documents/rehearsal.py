"""Template check: each is filled with made-up records, a full one and a bare one per régime."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

from pipeline.core.errors import TemplateError
from pipeline.core.fields import Field, FieldKind
from pipeline.core.models import JSON, Kind, Reading, Record, put
from pipeline.core.programme import Programme
from pipeline.core.school import ROOTS, SETTINGS, SettingKind
from pipeline.core.workspace import Workspace
from pipeline.documents.annexes import listings
from pipeline.documents.filling import fill
from pipeline.documents.template_context import build_context, signing_parties

_START, _END = dt.date(2025, 4, 7), dt.date(2025, 7, 3)
_SAMPLES: dict[FieldKind, JSON] = {
    FieldKind.LIST: ["Une chose", "Une autre"],
    FieldKind.DATE: _START.isoformat(),
    FieldKind.HOURS: 7,
    FieldKind.EUROS: 4.35,
    FieldKind.WHOLE: 3,
    FieldKind.BOOLEAN: True,
    FieldKind.CALENDAR: [{"date": _START.isoformat(), "heures": 7}, {"date": _END.isoformat(), "heures": 7}],
    FieldKind.CHANGES: [{"date": _START.isoformat(), "heures": 4}],
    FieldKind.WEEK: {"lundi": 7, "mardi": 7},
    FieldKind.PERIODS: [{"debut": _START.isoformat(), "fin": _END.isoformat()}],
    FieldKind.DAYS: ["lundi", "mardi"],
    FieldKind.SIRET: "73282932000074",
    FieldKind.PHONE: "+33612345678",
    FieldKind.EMAIL: "exemple@example.org",
    FieldKind.POSTCODE: "75001",
}

_GIVEN: dict[SettingKind, JSON] = {
    SettingKind.SIRET: "73282932000074",
    SettingKind.EMAIL: "exemple@example.org",
    SettingKind.PHONE: "+33612345678",
    SettingKind.HOURS: 450,
}


def rehearse(programme: Programme, workspace: Workspace) -> tuple[str, ...]:
    """What goes wrong when each Word template is filled: missing files, unknown names, values printed untested."""
    faults: list[str] = []
    programmes = {bare: _with_settings(programme, bare=bare) for bare in (False, True)}
    for regime in programme.dictionary.fields["stagiaire.regime"].choices:
        pieces = [piece for piece in programme.formation.pieces() if piece.belongs_to(regime) and not piece.pdf]
        for bare in (False, True):
            record = _made_up(programme, regime, bare=bare)
            context = build_context(record, programmes[bare], number="00000000", on=_START, pieces=pieces)
            parties = programme.formation.signataires(regime)
            told = listings(pieces, programme.formation.units)
            for number, piece in enumerate(pieces, 1):
                if piece.template is None:
                    continue
                signing = signing_parties(piece, parties, context, prefix="")
                values = {
                    "piece": {"code": piece.code, "titre": piece.title, "numero": number},
                    "signataires": signing,
                }
                try:
                    words = context | values | told[number - 1]
                    filled = fill(workspace.model(piece.template), words, title=piece.title)
                except TemplateError as error:
                    faults.append(str(error))
                    continue
                faults.extend(
                    f"{piece.template} does not print the mark {party['ancre']}: put {{{{ s.ancre }}}} in its cell."
                    for party in signing
                    if party["ancre"] not in filled.printed
                )
    return tuple(dict.fromkeys(faults))


def _with_settings(programme: Programme, *, bare: bool) -> Programme:
    """The programme of a school that gave every setting, or with ``bare`` only those that are needed."""
    formation = programme.formation
    settings = json.loads(json.dumps({name: formation.settings.get(name, {}) for name in ROOTS}))
    for setting in SETTINGS:
        put(settings, setting.key, "" if bare and not setting.needed else _GIVEN.get(setting.kind, "Exemple"))
    return replace(programme, formation=replace(formation, settings={**formation.settings, **settings}))


def _made_up(programme: Programme, regime: str, *, bare: bool) -> Record:
    data: dict[str, JSON] = {}
    for path, field in programme.dictionary.fields.items():
        if not bare or field.required_for(regime):
            put(data, path, _sample(field))
    put(data, "stagiaire.regime", regime)
    put(data, "stagiaire.date_naissance", "1990-01-01")
    put(data, "stage.date_fin", _END.isoformat())
    put(data, "formation.annee", programme.session.annee)
    reading = Reading("0" * 64, Kind.ACROFORM, None, programme.formation.code, programme.session.annee, ())
    return Record(data, (), reading)


def _sample(field: Field) -> JSON:
    if field.choices and field.kind is FieldKind.CHOICE:
        return next(iter(field.choices))
    return _SAMPLES.get(field.kind, "Exemple")
