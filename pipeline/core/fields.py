"""Field dictionary: every leaf of ``formulaire.schema.json``, with what people call it.

Blank forms, label reading, validation messages and the documentation of templates all read it here,
so that a field is added in one place: the schema.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from pipeline.core.errors import ConfigError
from pipeline.core.workspace import Workspace

ALWAYS = "toujours"
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


class FieldKind(StrEnum):
    """What a field's answer is: decides its box on a form, how it is read, checked and printed."""

    LINE = "ligne"
    TEXT = "texte"
    LIST = "liste"
    DATE = "date"
    HOURS = "heures"
    EUROS = "euros"
    WHOLE = "entier"
    BOOLEAN = "oui-non"
    CHOICE = "choix"
    DAYS = "jours"
    CALENDAR = "calendrier"
    PERIODS = "periodes"
    SIRET = "siret"
    NIR = "nir"
    PHONE = "telephone"
    EMAIL = "courriel"
    POSTCODE = "code-postal"


@dataclass(frozen=True)
class Field:
    """One leaf of the record. ``required`` holds régime codes, or ``toujours``; ``choices`` maps value to French."""

    path: str
    title: str
    kind: FieldKind
    synonyms: tuple[str, ...]
    choices: Mapping[str, str]
    required: frozenset[str]
    on_form: str
    help: str
    lines: int
    max_length: int | None
    mention: str | None

    @property
    def section(self) -> str:
        """The first name of the path: which part of the form it stands in."""
        return self.path.split(".")[0]

    @property
    def group(self) -> str:
        """The path without its last name: ``stagiaire.adresse`` for ``stagiaire.adresse.ville``."""
        return self.path.rpartition(".")[0]

    def required_for(self, regime: str | None) -> bool:
        """Whether the schema asks for it under this régime (unknown: only what everyone must give)."""
        return ALWAYS in self.required or (regime is not None and regime in self.required)


@dataclass(frozen=True)
class Dictionary:
    """The schema and its leaves, in form order."""

    schema: Mapping[str, Any]

    @classmethod
    def load(cls, workspace: Workspace) -> Dictionary:
        """Read ``schemas/formulaire.schema.json``; raises ConfigError if it is not JSON."""
        path = workspace.schemas / "formulaire.schema.json"
        try:
            return cls(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError) as error:
            raise ConfigError(f"{path} cannot be read as JSON: {error}. Restore it or mend it.") from error

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """Path to field, in the order of the schema."""
        return {field.path: field for field in _walk(self.schema, "")}

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """Path of each object to its French title: ``stagiaire.adresse`` to « Adresse personnelle »."""
        return dict(_titles(self.schema, ""))

    @property
    def version(self) -> str:
        """The schema's own version, printed in manifests."""
        return str(self.schema.get("x-version", ""))

    def label(self, path: str) -> str:
        """How a message names a field: « Stagiaire, Adresse personnelle, Ville »."""
        names = path.split(".")
        parents = [self.titles.get(".".join(names[: n + 1]), "") for n in range(len(names) - 1)]
        leaf = self.fields[path].title if path in self.fields else self.titles.get(path, path)
        return ", ".join(part for part in (*parents, leaf) if part)


def _walk(node: Mapping[str, Any], prefix: str) -> Iterator[Field]:
    for name, spec in node["properties"].items():
        path = f"{prefix}{name}"
        if spec.get("type") == "object":
            yield from _walk(spec, f"{path}.")
        else:
            yield _field(path, spec)


def _titles(node: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    for name, spec in node["properties"].items():
        if spec.get("type") == "object":
            yield f"{prefix}{name}", spec["title"]
            yield from _titles(spec, f"{prefix}{name}.")


def _field(path: str, spec: Mapping[str, Any]) -> Field:
    kind = _kind(path, spec)
    choices = spec.get("x-options", {})
    if kind is FieldKind.BOOLEAN:
        choices = {"oui": "Oui", "non": "Non"}
    elif kind is FieldKind.DAYS:
        choices = {day: day.capitalize() for day in spec["items"]["enum"]}
    return Field(
        path=path,
        title=spec["title"],
        kind=kind,
        synonyms=tuple(spec.get("x-libelles", ())),
        choices=choices,
        required=frozenset(spec.get("x-requis", ())),
        on_form=spec.get("x-formulaire", ALWAYS),
        help=spec.get("description", ""),
        lines=spec.get("x-lignes", 1),
        max_length=spec.get("maxLength") or spec.get("items", {}).get("maxLength"),
        mention=spec.get("x-mention"),
    )


_BY_TYPE = {"boolean": FieldKind.BOOLEAN, "integer": FieldKind.WHOLE}
_BY_FORMAT = {
    "date": FieldKind.DATE,
    "heures": FieldKind.HOURS,
    "euros": FieldKind.EUROS,
    "siret": FieldKind.SIRET,
    "siret-pays": FieldKind.SIRET,
    "nir": FieldKind.NIR,
    "telephone": FieldKind.PHONE,
    "courriel": FieldKind.EMAIL,
}


def _kind(path: str, spec: Mapping[str, Any]) -> FieldKind:
    if spec.get("type") == "array":
        return _list_kind(spec["items"])
    if spec.get("type") in _BY_TYPE:
        return _BY_TYPE[spec["type"]]
    if "enum" in spec:
        return FieldKind.CHOICE
    if path.endswith(".code_postal"):
        return FieldKind.POSTCODE
    plain = FieldKind.TEXT if "x-lignes" in spec else FieldKind.LINE
    return _BY_FORMAT[spec["format"]] if "format" in spec else plain


def _list_kind(items: Mapping[str, Any]) -> FieldKind:
    if "enum" in items:
        return FieldKind.DAYS
    if items.get("type") == "object":
        return FieldKind.CALENDAR if "heures" in items["properties"] else FieldKind.PERIODS
    return FieldKind.LIST
