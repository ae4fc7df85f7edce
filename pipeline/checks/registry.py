"""Rule registry: controls that a formation.toml calls by name, and the rules of the law.

A control is a generator function ``(case, *, parameters) -> Findings``: its keyword parameters, with their types and
defaults, are the keys that a ``[[regles]]`` line may set, and its docstring says what it verifies.
A rule of the law is a generator function ``(case) -> Findings``; number, title, severity and article stand above it.
Either yields what it finds, and raises NotApplicable where it has nothing to say of the record.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any, get_type_hints

from pipeline.checks.case import Case, Findings
from pipeline.checks.parameters import SEVERITIES, convert
from pipeline.core.errors import ConfigError, FormationIll
from pipeline.core.fields import Dictionary
from pipeline.core.formation import Formation
from pipeline.core.models import Severity
from pipeline.core.remarks import STRAY_RULE

Check = Callable[[Case], Findings]
_OURS = re.compile(r"[CV]-\d+|L-13")  # the rules on several forms: the cohort's, and those on versions
_OWN_KEYS = frozenset({"id", "controle", "gravite", "derogeable", "source", "titre", "imprime"})


class LooksAt(StrEnum):
    """What a rule looks at before it says « conforme »: in docs/regles.md, one that tests settings only says so."""

    FORM = "le formulaire"
    STATUS = "les réglages de la formation, d’après le statut du formulaire"
    SETTINGS = "les réglages de la formation seulement"
    NOTHING = "rien : un rappel"


@dataclass(frozen=True)
class Rule:
    """A rule ready to be asked: empty ``regimes`` means everyone."""

    id: str
    title: str
    source: str
    severity: Severity
    overridable: bool
    check: Check
    regimes: frozenset[str] = frozenset()
    looks_at: LooksAt = LooksAt.FORM
    once: bool = False  # of a form when it comes in: an avenant is not asked again


@dataclass(frozen=True)
class Control:
    """A check that formations call by ``name``; ``parameters`` maps each key to its type."""

    name: str
    title: str
    function: Callable[..., Findings]
    parameters: Mapping[str, Any]
    required: frozenset[str]
    looks_at: LooksAt
    once: bool


_CONTROLS: dict[str, Control] = {}
_LAW: dict[str, Rule] = {}


def control(
    title: str, looks_at: LooksAt = LooksAt.FORM, *, once: bool = False
) -> Callable[[Callable[..., Findings]], Callable[..., Findings]]:
    """Register a function under its own name as a check that formations may call; ``title`` is its French name.

    ``once``: it looks at how a form came in, and has nothing to say of an avenant.
    """

    def register(function: Callable[..., Findings]) -> Callable[..., Findings]:
        hints = get_type_hints(function)
        signature = inspect.signature(function).parameters
        keys = [name for name, parameter in signature.items() if parameter.kind is parameter.KEYWORD_ONLY]
        needed = frozenset(name for name in keys if signature[name].default is inspect.Parameter.empty)
        name = function.__name__
        _CONTROLS[name] = Control(name, title, function, {key: hints[key] for key in keys}, needed, looks_at, once)
        return function

    return register


def legal(
    number: str,
    title: str,
    severity: Severity,
    source: str,
    *,
    regimes: frozenset[str] = frozenset(),
    overridable: bool = False,
    looks_at: LooksAt = LooksAt.FORM,
    once: bool = False,
) -> Callable[[Check], Check]:
    """Register a rule of the law, asked of every formation: its number, French title, severity and article."""

    def register(function: Check) -> Check:
        _LAW[number] = Rule(number, title, source, severity, overridable, function, regimes, looks_at, once)
        return function

    return register


def controls() -> Mapping[str, Control]:
    """Every control by name."""
    return dict(sorted(_CONTROLS.items()))


def legal_rules() -> tuple[Rule, ...]:
    """The rules of the law by number."""
    return tuple(rule for _, rule in sorted(_LAW.items()))


def formation_rules(formation: Formation, dictionary: Dictionary) -> tuple[Rule, ...]:
    """The ``[[regles]]`` of a formation, in the order of the file; raises FormationIll naming file, rule and mend."""
    faults = check_rules(formation, dictionary)
    if faults:
        raise FormationIll("\n".join(faults), formation.code)
    return tuple(_rule(formation, line) for line in formation.rules)


def check_rules(formation: Formation, dictionary: Dictionary | None = None) -> tuple[str, ...]:
    """What is wrong in the ``[[regles]]`` of a formation, all at once; with a dictionary, field names too."""
    faults = []
    taken = set(_LAW) | {"F-01", STRAY_RULE, "F-04", "F-05"}
    for line in formation.rules:
        place = _place(formation, line["id"])
        if line["id"] in taken or _OURS.fullmatch(line["id"]):
            faults.append(f"{place}: this number is already taken. Give it another.")
        taken.add(line["id"])
        try:
            _rule(formation, line)
        except ConfigError as error:
            faults.append(str(error))
        faults += [
            f"{place}: {path!r} is no field of schemas/formulaire.schema.json. Mend its name."
            for path in _field_names(line)
            if dictionary is not None and path not in dictionary.fields
        ]
    return tuple(faults)


def _field_names(line: Mapping[str, Any]) -> list[str]:
    several = line.get("champs")
    return [
        path for path in (line.get("champ"), *(several if isinstance(several, list) else ())) if isinstance(path, str)
    ]


def _rule(formation: Formation, line: Mapping[str, Any]) -> Rule:
    place = _place(formation, line["id"])
    found = _CONTROLS.get(line["controle"])
    if found is None:
        raise ConfigError(
            f"{place}: controle = {line['controle']!r} does not exist. "
            f"The controls are: {', '.join(sorted(_CONTROLS))}."
        )
    written = {key: value for key, value in line.items() if key not in _OWN_KEYS}
    for key in sorted(found.required - written.keys()):
        raise ConfigError(f"{place}: {found.name} needs the parameter {key!r}. Add it to this [[regles]] block.")
    for key in sorted(written.keys() - found.parameters.keys()):
        known = ", ".join(sorted(found.parameters)) or "none"
        raise ConfigError(f"{place}: {found.name} has no parameter {key!r} (it has: {known}). Mend or remove it.")
    values = {key: convert(value, found.parameters[key], f"{place}: {key}") for key, value in written.items()}
    return Rule(
        id=line["id"],
        title=line.get("titre", found.title),
        source=line["source"],
        severity=SEVERITIES[line["gravite"]],
        overridable=line.get("derogeable", False),
        check=partial(found.function, **values),
        looks_at=found.looks_at,
        once=found.once,
    )


def _place(formation: Formation, number: str) -> str:
    return f"{formation.folder.name}/formation.toml, rule {number}"
