"""What is wrong with a TOML file of the school, in French, with the line: for a secretary who has a text editor."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import jsonschema

_HEAD = re.compile(r"\s*(\[\[?)\s*([\w.\"-]+)\s*\]\]?\s*(?:#.*)?$")
_TYPES = {
    "string": "un texte entre guillemets",
    "array": "une liste entre crochets",
    "object": "un bloc",
    "boolean": "true ou false",
    "number": "un nombre",
    "integer": "un nombre entier",
}


def line_of(text: str, path: Sequence[str | int]) -> int:
    """The line (from 1) of what a path names in a TOML file: of its key, else of its block, else 1."""
    number, names = 1, [str(one) for one in path]
    counts: dict[str, int] = {}
    here: list[str] = []
    depth = 0
    for at, line in enumerate(text.splitlines(), 1):
        if head := _HEAD.match(line):
            here = head[2].replace('"', "").split(".")
            if head[1] == "[[":
                counts[head[2]] = counts.get(head[2], -1) + 1
                here.append(str(counts[head[2]]))
        elif key := re.match(r"\s*([\w\"-]+)\s*=", line):
            here, known = [*here[: len(here)], key[1].strip('"')], here
            if names[: len(here)] == here and len(here) > depth:
                number, depth = at, len(here)
            here = known
            continue
        if here and names[: len(here)] == here and len(here) > depth:
            number, depth = at, len(here)
    return number


def told(path: Sequence[str | int]) -> str:
    """« [[signataires]] nº 3, personne »: where a path leads, as the file writes it."""
    pieces: list[str] = []
    for one in path:
        if isinstance(one, int) and pieces:
            pieces[-1] = f"[[{pieces[-1]}]] nº {one + 1}" if len(pieces) == 1 else f"{pieces[-1]} nº {one + 1}"
        else:
            pieces.append(str(one))
    return ", ".join(pieces) or "le fichier"


def fault_of_schema(error: jsonschema.ValidationError, text: str) -> str:
    """One fault that JSON Schema finds in a file, with its line, its place, and what may stand there."""
    path = list(error.absolute_path)
    return f"ligne {line_of(text, [*path, *_extra(error)[:1]])}, {told(path)} : {_said(error)}"


def _known(error: jsonschema.ValidationError) -> list[str]:
    """The keys that a block may have."""
    return list(_schema(error).get("properties", ()))


def _schema(error: jsonschema.ValidationError) -> Mapping[str, Any]:
    """The part of the schema that a file does not keep to; ``x-attendu`` says its pattern in French."""
    schema: Any = error.schema
    return schema if isinstance(schema, Mapping) else {}


def _extra(error: jsonschema.ValidationError) -> list[str]:
    """The keys that nobody knows, where that is the fault."""
    block: Any = error.instance
    return [name for name in block if name not in _known(error)] if error.validator == "additionalProperties" else []


def _said(error: jsonschema.ValidationError) -> str:
    say = _SAYINGS.get(str(error.validator))
    return say(error.instance, error.validator_value, error) if say else error.message


_SAYINGS: Mapping[str, Callable[[Any, Any, jsonschema.ValidationError], str]] = {
    "additionalProperties": lambda _value, _wanted, error: " ; ".join(
        f"la clé « {one} » n’est pas connue{near(one, _known(error))}" for one in _extra(error)
    ),
    "required": lambda value, wanted, _error: (
        f"il manque {', '.join(f'« {one} »' for one in wanted if one not in value)}"
    ),
    "type": lambda value, wanted, _error: f"« {value} » n’est pas {_kinds(wanted)}",
    "enum": lambda value, wanted, _error: (
        f"« {value} » n’est pas connu{near(str(value), map(str, wanted))} (il y a : {', '.join(map(str, wanted))})"
    ),
    "pattern": lambda value, wanted, error: (
        f"« {value} » ne s’écrit pas ainsi (attendu : {_schema(error).get('x-attendu', wanted)})"
    ),
    "anyOf": lambda _value, wanted, _error: (
        f"il manque l’une de ses clés ({', '.join(key for one in wanted for key in one.get('required', ()))})"
    ),
}


def _kinds(wanted: str | Sequence[str]) -> str:
    named = [wanted] if isinstance(wanted, str) else wanted
    return " ni ".join(_TYPES.get(kind, kind) for kind in named)


def near(name: str, known: Iterable[str]) -> str:
    """« : vouliez-vous dire … ? », or nothing where no name is near."""
    found = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f" : vouliez-vous dire {found[0]} ?" if found else ""
