"""JSON Schema validation of a record: every error at once, each in the words printed on the form."""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from jsonschema import Draft202012Validator, ValidationError

from pipeline.checks.case import Finding, Shape
from pipeline.checks.formats import format_checker, is_rna, is_siren
from pipeline.checks.messages import doubt_message, wrong_message
from pipeline.core.countries import ADDRESS_OF, is_address_abroad
from pipeline.core.fields import Dictionary, FieldKind
from pipeline.core.formation import Formation
from pipeline.core.models import Data, FieldReading, Reading, Severity, Who, get
from pipeline.core.text import refusal

_ONLY_FRENCH = {
    "organisme.adresse": ("organisme.siret", "organisme.adresse.code_postal"),
    "employeur.adresse": ("employeur.siret", "employeur.adresse.code_postal"),
    "stagiaire.adresse": ("stagiaire.adresse.code_postal",),
}
_FROM_SETTINGS = "referent."  # asked of no sender unless the formation's form does: F-05 tells of an empty setting


def inspect_shape(data: Data, reading: Reading, dictionary: Dictionary, formation: Formation) -> Shape:
    """What the schema says of a completed record under its régime, in form order.

    A field that the reader doubts is reported as a doubt, not as missing.
    """
    regime = get(data, "stagiaire.regime")
    wanted = required_paths(dictionary, formation, regime if isinstance(regime, str) else None)
    unknown = _unknown_abroad(data)
    wanted = tuple(path for path in wanted if path not in unknown)
    errors = list(_validator(json.dumps(dictionary.schema), wanted).iter_errors(data))
    doubts = list(_doubts(reading, dictionary))
    doubted = {finding.field for finding in doubts}
    absent = dict.fromkeys(path for error in errors if error.validator == "required" for path in _missing(error))
    unusable = [finding for finding in _unusable(data, dictionary) if finding.field not in doubted]
    wrong = (*_wrong_values(errors, dictionary, data), *_torn_lines(absent, dictionary), *unusable, *doubts)
    order = {path: place for place, path in enumerate(dictionary.fields)}
    return Shape(
        missing=tuple(path for path in order if path in absent and path not in doubted),
        wrong=tuple(sorted(wrong, key=lambda finding: order.get(finding.field or "", len(order)))),
    )


def required_paths(dictionary: Dictionary, formation: Formation, regime: str | None) -> tuple[str, ...]:
    """The fields that must be answered: by the schema's x-requis under this régime, and by the formation.

    The référent is the school's to name, but where the formation's own form asks for it.
    """
    own = frozenset(formation.settings["formulaire"].get("requis", ()))
    return tuple(
        path
        for path, field in dictionary.fields.items()
        if (field.required_for(regime) or path in own)
        and (not path.startswith(_FROM_SETTINGS) or formation.asks(path))
    )


def effective_schema(schema: Mapping[str, Any], required: Iterable[str]) -> dict[str, Any]:
    """The schema with ``required`` filled in: the file leaves it out since it depends on régime and formation."""
    effective = copy.deepcopy(dict(schema))
    for path in required:
        *parents, last = path.split(".")
        node: dict[str, Any] = effective
        for name in parents:
            node = node["properties"][name]
        node.setdefault("required", []).append(last)
    return effective


@lru_cache(maxsize=32)
def _validator(schema: str, required: tuple[str, ...]) -> Draft202012Validator:
    return Draft202012Validator(effective_schema(json.loads(schema), required), format_checker=format_checker())


def _missing(error: ValidationError) -> Iterator[str]:
    here = [str(name) for name in error.absolute_path]
    instance: Any = error.instance
    wanted: Any = error.validator_value
    yield from (".".join([*here, name]) for name in wanted if name not in instance)


def _wrong_values(errors: Iterable[ValidationError], dictionary: Dictionary, data: Data) -> Iterator[Finding]:
    for error in errors:
        if error.validator != "required":
            names = [str(name) for name in error.absolute_path]
            above = (".".join(names[:n]) for n in range(len(names), 0, -1))
            path = next((path for path in above if path in dictionary.fields), "")
            severity = Severity.WARNING if _is_mild(error, path, data) else None
            yield Finding(path or None, wrong_message(error, path, dictionary), severity)


def _is_mild(error: ValidationError, path: str, data: Data) -> bool:
    """A wrong NIR, which no paper needs; a SIREN, or an association's number, for a SIRET; a local number abroad."""
    wanted, value = error.validator_value if error.validator == "format" else None, str(error.instance)
    abroad = is_address_abroad(data, ADDRESS_OF.get(path.split(".", maxsplit=1)[0], ""))
    return (
        wanted == "nir"
        or (wanted == "siret" and (is_siren(value) or is_rna(value)))
        or (wanted == "telephone" and abroad)
    )


def _unknown_abroad(data: Data) -> frozenset[str]:
    """The answers that only France has, of whoever has their address in another country: SIRET, postcode."""
    return frozenset(
        path for address, paths in _ONLY_FRENCH.items() if is_address_abroad(data, address) for path in paths
    )


def _doubts(reading: Reading, dictionary: Dictionary) -> Iterator[Finding]:
    for entry in reading.fields:
        if entry.doubt and not entry.combined:  # then the fields that it gives carry the doubt
            here = entry.doubt.settled_here
            yield Finding(
                entry.path,
                doubt_message(entry, dictionary.label(entry.path), private=_is_private(entry, dictionary)),
                who=Who.SCOLARITE if here else None,  # None: whoever answers in that section of the form
                waits=here,
            )


def _is_private(entry: FieldReading, dictionary: Dictionary) -> bool:
    field = dictionary.fields.get(entry.path)
    return field is not None and field.kind is FieldKind.NIR


def _torn_lines(absent: Iterable[str], dictionary: Dictionary) -> Iterator[Finding]:
    """The lines of lists that lack a part: ``stage.calendrier.3.heures`` is no field by itself."""
    for line in dict.fromkeys(path.rpartition(".")[0] for path in absent if path not in dictionary.fields):
        path, _, number = line.rpartition(".")
        yield Finding(
            path, f"{dictionary.label(path)}, ligne {int(number) + 1} : incomplète. Complétez-la ou effacez-la."
        )


def _unusable(data: Data, dictionary: Dictionary) -> Iterator[Finding]:
    for path, field in dictionary.fields.items():
        value = get(data, path)
        if isinstance(value, float) and math.isnan(value):
            yield Finding(path, f"{dictionary.label(path)} : ce n’est pas un nombre. Corrigez cette case.")
        for text in value if isinstance(value, list) else [value]:
            reason = refusal(text) if isinstance(text, str) and field.kind is not FieldKind.NIR else None
            if reason:
                yield Finding(path, f"{dictionary.label(path)} : la réponse {reason}.")
