"""Invented dossiers: for each régime one that answers everything, as long as answers get, and one that is bare."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from PIL import Image

from pipeline.core.fields import Field, FieldKind
from pipeline.core.models import JSON, Kind, Reading, Record, put
from pipeline.core.programme import Programme
from pipeline.core.school import ROOTS, SETTINGS, SettingKind
from pipeline.core.units import Piece
from pipeline.documents.annexes import listings
from pipeline.documents.printable import Picture
from pipeline.documents.template_context import Context, build_context, signing_parties

_START, _END = dt.date(2025, 4, 7), dt.date(2025, 7, 3)
_LINE, _NAME, _TEXT, _ENTRY = 120, 80, 2000, 300  # letters of the longest answers
_SAMPLES: dict[FieldKind, JSON] = {
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
    FieldKind.POSTCODE: "75001",
}
_GIVEN: dict[SettingKind, JSON] = {
    SettingKind.SIRET: "73282932000074",
    SettingKind.EMAIL: "exemple@example.org",
    SettingKind.PHONE: "+33612345678",
    SettingKind.HOURS: 450,
}


@dataclass(frozen=True)
class Invented:
    """One dossier of a régime, and each Word template that its packet is made of, with all that it may print."""

    regime: str
    bare: bool
    papers: tuple[tuple[Piece, Context], ...]

    @property
    def said(self) -> str:
        """Which dossier it is, as faults name it."""
        return f"dossier {'minimal' if self.bare else 'complet'}, {self.regime}"


def dossiers(programme: Programme) -> Iterator[Invented]:
    """A full and a bare dossier of each régime."""
    programmes = {bare: _with_settings(programme, bare=bare) for bare in (False, True)}
    for regime in programme.dictionary.fields["stagiaire.regime"].choices:
        pieces = [piece for piece in programme.formation.pieces() if piece.belongs_to(regime) and not piece.pdf]
        for bare in (False, True):
            record = made_up(programme, regime, bare=bare)
            context = build_context(record, programmes[bare], number="00000000", on=_START, pieces=pieces)
            context["etablissement"]["logo"] = None if bare else Picture(invented_logo())
            yield Invented(regime, bare, tuple(_papers(programme, regime, pieces, context)))


@cache
def invented_logo() -> bytes:
    """A picture in the place of the school's logo."""
    drawn = io.BytesIO()
    Image.new("RGB", (300, 100), "#336699").save(drawn, "PNG")
    return drawn.getvalue()


def _papers(
    programme: Programme, regime: str, pieces: list[Piece], context: Context
) -> Iterator[tuple[Piece, Context]]:
    parties = programme.formation.signataires(regime)
    told = listings(pieces, programme.formation.units)
    for number, piece in enumerate(pieces, 1):
        if piece.template is not None:
            own: dict[str, Any] = {
                "piece": {"code": piece.code, "titre": piece.title, "numero": number},
                "signataires": signing_parties(piece, parties, context, prefix=""),
            }
            yield piece, context | own | told[number - 1]


def _with_settings(programme: Programme, *, bare: bool) -> Programme:
    """The programme of a school that gave every setting, or with ``bare`` only those that are needed."""
    formation = programme.formation
    settings = json.loads(json.dumps({name: formation.settings.get(name, {}) for name in ROOTS}))
    for setting in SETTINGS:
        put(settings, setting.key, "" if bare and not setting.needed else _GIVEN.get(setting.kind, setting.label))
    return replace(programme, formation=replace(formation, settings={**formation.settings, **settings}))


def made_up(programme: Programme, regime: str, *, bare: bool) -> Record:
    """The record of a full dossier, each answer as long as it gets, or of a bare one with what must be answered."""
    data: dict[str, JSON] = {}
    for path, field in programme.dictionary.fields.items():
        if not bare or field.required_for(regime):
            put(data, path, _sample(field, bare=bare))
    put(data, "stagiaire.regime", regime)
    put(data, "stagiaire.date_naissance", "1990-01-01")
    put(data, "stage.date_fin", _END.isoformat())
    put(data, "formation.annee", programme.session.annee)
    put(data, "formation.code", programme.formation.code)
    reading = Reading("0" * 64, Kind.ACROFORM, None, programme.formation.code, programme.session.annee, ())
    return Record(data, (), reading)


def _sample(field: Field, *, bare: bool) -> JSON:
    if field.choices and field.kind is FieldKind.CHOICE:
        return max(field.choices, key=lambda code: len(field.choices[code]))
    if field.kind is FieldKind.LIST:
        return [_words(field, 10)] if bare else [_words(field, _ENTRY), *(_words(field, 40) for _ in range(5))]
    if field.kind is FieldKind.EMAIL:
        return "a@example.org" if bare else f"{'tres-longue-adresse.' * 3}{field.section}@example.org"
    if field.kind is FieldKind.TEXT:
        return _words(field, 10 if bare else min(field.max_length or _TEXT, _TEXT))
    return _SAMPLES.get(field.kind) or _words(field, 1 if bare else min(field.max_length or _NAME, _LINE))


def _words(field: Field, length: int) -> str:
    """The field's title over and over, so many letters at most and never less than once."""
    title = field.title.replace("’", "'")[: max(length, 12)]
    return " ".join([title] * max((length + 1) // (len(title) + 1), 1))
