"""Field dictionary: every leaf of ``formulaire.schema.json``, with what people call it.

Blank forms, label reading, validation messages and the documentation of templates all read it here,
so that a field is added in one place: the schema.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from pipeline.core.errors import ConfigError
from pipeline.core.field_kinds import FieldKind as FieldKind  # noqa: PLC0414 -- found here
from pipeline.core.field_kinds import kind_of
from pipeline.core.folding import fold
from pipeline.core.own_choices import all_choices, choices_of, with_choices
from pipeline.core.paper_kinds import PaperForm, tables, with_papers
from pipeline.core.words import Lexicon
from pipeline.core.workspace import Workspace

ALWAYS = "toujours"
OWN = "propre"  # asked by blanks of ours whose formation names it; no form of others is searched for it
FULL_NAME = "nom_prenom"  # the last name of the path of a whole name
SCHEMA = "formulaire.schema.json"
UNITS = ("semaine", "jour", "mois")
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


LINED = (FieldKind.PERIODS, FieldKind.CHANGES)  # answers of several lines, each of parts


class Nature(StrEnum):
    """What the words of an answer are (``x-nature``): decides what they can be, how they are compared and split."""

    SURNAME = "nom"
    GIVEN_NAME = "prenom"
    BIRTH_NAME = "nom-naissance"
    FULL_NAME = "nom-complet"  # surname and given name together: ``tuteur.nom_prenom``
    CIVILITY = "civilite"
    BIRTH = "naissance"  # a day so far back that two digits of its year say the century
    STREET = "voie"
    POSTCODE = "code-postal"
    PLACE = "lieu"  # a town
    ADDRESS = "adresse"  # street, postcode and town together: ``organisme.adresse``
    BODY = "organisme"  # the name of an organisation
    SERVICE = "service"  # a part of one
    ROLE = "fonction"  # what somebody is, does or has learnt
    CODE = "code"  # an identifier of letters and digits, without a key
    ACTIVITY_CODE = "code-ape"
    PHRASE = "phrase"  # what the stage is about: prose, where other questions' words may stand
    HEADLINE = "intitule"  # a title of several words, commas included
    TIMES = "horaire"  # the hours of half a day, kept as written


PERSON_NAMES = frozenset({Nature.SURNAME, Nature.GIVEN_NAME, Nature.BIRTH_NAME, Nature.FULL_NAME})
PROPER_NAMES = PERSON_NAMES | {Nature.PLACE, Nature.BODY, Nature.ADDRESS}  # every sign of which counts


@dataclass(frozen=True)
class Field:
    """One leaf of the record. ``required`` holds régime codes, or ``toujours``; ``choices`` maps value to French.

    ``words`` are other folded words for its options; ``unit`` is the unit of time that it counts, or speaks of.
    ``parts`` are those of each line of an answer that has several, or the weekdays of a week: name to French title.
    """

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
    nature: Nature | None
    unit: str | None
    words: Mapping[str, str]
    parts: Mapping[str, str]
    lexicon: Lexicon = field(repr=False, compare=False)

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
    """The schema and its leaves, in form order, and the words that forms use."""

    schema: Mapping[str, Any]
    lexicon: Lexicon = field(default_factory=Lexicon)
    common: Mapping[str, Any] | None = None  # the schema without the choices that formations have of their own
    _own: dict[str, Dictionary] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def load(cls, workspace: Workspace) -> Dictionary:
        """Read ``schemas/formulaire.schema.json``, with each formation's choices; ConfigError if it is no JSON."""
        path = workspace.schemas / SCHEMA
        try:
            common = schema = json.loads(path.read_text(encoding="utf-8"))
            for choices in all_choices(workspace):
                schema = with_choices(schema, choices, also=True)
            return cls(schema, Lexicon(workspace.schemas), None if schema is common else common)
        except (OSError, ValueError) as error:
            raise ConfigError(f"{path} cannot be read as JSON: {error}. Restore it or mend it.") from error

    def of(self, settings: Mapping[str, Any]) -> Dictionary:
        """The fields as the formation of these settings has them: its own choices, or those common to all."""
        choices = choices_of(settings)
        if not choices and self.common is None:
            return self
        key = json.dumps(choices, sort_keys=True)
        if key not in self._own:
            self._own[key] = Dictionary(with_choices(self.common or self.schema, choices), self.lexicon)
        return self._own[key]

    def on(self, paper: PaperForm) -> Dictionary:
        """The fields as one of our papers has them: the formulaire those of the record alone."""
        return self if paper is PaperForm.FORMULAIRE else self._of_papers

    def of_field(self, path: str) -> Dictionary:
        """The fields among which a path is: those of the record, else those of the papers."""
        return self if path in self.fields else self._of_papers

    @cached_property
    def _of_papers(self) -> Dictionary:
        common = None if self.common is None else with_papers(self.common)
        return Dictionary(with_papers(self.schema), self.lexicon, common)

    @cached_property
    def tables(self) -> Mapping[str, int]:
        """Path of each object that is asked as a table, to how many columns stand side by side."""
        return tables(self.schema)

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """Path to field, in the order of the schema; raises ConfigError for what it says of one and nobody knows."""
        return {one.path: one for one in _walk(self.schema, "", self.lexicon)}

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """Path of each object to its French title: ``stagiaire.adresse`` to « Adresse personnelle »."""
        return dict(_titles(self.schema, ""))

    @property
    def version(self) -> str:
        """The schema's own version, printed in manifests."""
        return str(self.schema.get("x-version", ""))

    def kind(self, path: str) -> FieldKind | None:
        """The kind of a field; ``None`` for a combined path."""
        return self.fields[path].kind if path in self.fields else None

    def nature(self, path: str) -> Nature | None:
        """The nature of a field, or of several written together: ``tuteur.nom_prenom``, ``organisme.adresse``."""
        if path in self.fields:
            return self.fields[path].nature
        stem, _, last = path.rpartition(".")
        if last == FULL_NAME:
            return Nature.FULL_NAME if {f"{stem}.nom", f"{stem}.prenom"} <= self.fields.keys() else None
        return Nature.ADDRESS if {f"{path}.voie", f"{path}.ville"} <= self.fields.keys() else None

    def label(self, path: str) -> str:
        """How a message names a field: « Stagiaire, Adresse personnelle, Ville »."""
        return ", ".join(self.titles_to(path))

    def titles_to(self, path: str) -> tuple[str, ...]:
        """The titles that lead to a field, its own last, each whole: a title may have commas of its own."""
        names = path.split(".")
        parents = [self.titles.get(".".join(names[: n + 1]), "") for n in range(len(names) - 1)]
        leaf = self.fields[path].title if path in self.fields else self.titles.get(path, path)
        return tuple(part for part in (*parents, leaf) if part)


def _walk(node: Mapping[str, Any], prefix: str, lexicon: Lexicon) -> Iterator[Field]:
    for name, spec in node["properties"].items():
        path = f"{prefix}{name}"
        if _is_group(spec):
            yield from _walk(spec, f"{path}.", lexicon)
        else:
            yield _field(path, spec, lexicon)


def _titles(node: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    for name, spec in node["properties"].items():
        if _is_group(spec):
            yield f"{prefix}{name}", spec["title"]
            yield from _titles(spec, f"{prefix}{name}.")


def _is_group(spec: Mapping[str, Any]) -> bool:
    """Whether an entry of the schema holds fields; an object marked ``x-ensemble`` is one answer."""
    return spec.get("type") == "object" and not spec.get("x-ensemble")


def _field(path: str, spec: Mapping[str, Any], lexicon: Lexicon) -> Field:
    kind = kind_of(spec)
    choices = spec.get("x-options", {})
    if kind is FieldKind.BOOLEAN:
        choices = {"oui": "Oui", "non": "Non"}
    elif kind is FieldKind.DAYS:
        choices = {day: day.capitalize() for day in spec["items"]["enum"]}
    nature = _known(path, spec, "x-nature", tuple(Nature))
    others = spec.get("x-mots", {})
    for code in others:
        _known(path, {"x-mots": code}, "x-mots", choices)
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
        nature=Nature(nature) if nature else None,
        unit=_known(path, spec, "x-unite", UNITS),
        words={fold(word): code for code, words in others.items() for word in words},
        parts={name: part["title"] for name, part in spec.get("items", spec).get("properties", {}).items()},
        lexicon=lexicon,
    )


def _known(path: str, spec: Mapping[str, Any], key: str, known: Collection[str]) -> str | None:
    """The value of one of our keys, if it has one; raises ConfigError for one that nobody reads."""
    value: str | None = spec.get(key)
    if value is not None and value not in known:
        raise ConfigError(f"{SCHEMA}, {path}: {key} {value!r} is not known. Known: {', '.join(known)}.")
    return value
