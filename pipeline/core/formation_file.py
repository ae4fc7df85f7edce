"""The file of a formation: read as TOML and held against its schema, once for each wording of the two."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from functools import lru_cache
from pathlib import Path
from typing import Any

import jsonschema

from pipeline.core.errors import FormationIll
from pipeline.core.toml_faults import fault_of_schema, line_of, near, told
from pipeline.core.units import faults_of_pieces


def said_by(path: Path, text: str, schema: str, parties: Sequence[str]) -> dict[str, Any]:
    """What the text of a ``formation.toml`` says, by its schema; ``parties``: who may sign, by name.

    Raises FormationIll naming the file, the place and the mend.
    """
    return deepcopy(_read(path, text, schema, tuple(parties)))


@lru_cache(maxsize=64)
def _read(path: Path, text: str, schema: str, parties: tuple[str, ...]) -> dict[str, Any]:
    code = path.parent.name
    try:
        settings = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FormationIll(f"{path} is not valid TOML: {error}. Mend that line.", code) from error
    plain = json.loads(json.dumps(settings, default=lambda moment: moment.isoformat()))  # JSON Schema knows no dates
    found = jsonschema.Draft202012Validator(json.loads(schema)).iter_errors(plain)
    errors = sorted(found, key=lambda error: list(map(str, error.absolute_path)))
    if errors:
        lines = "\n".join(f"  {fault_of_schema(error, text)}" for error in errors)
        raise FormationIll(f"{path} ne suit pas schemas/formation.schema.json :\n{lines}", code)
    wrong = "\n".join(
        f"  {fault}" for fault in (*faults_of_pieces(settings), *_faults_of_parties(settings, text, parties))
    )
    if wrong:
        raise FormationIll(f"{path}:\n{wrong}", code)
    return settings


def _faults_of_parties(settings: Mapping[str, Any], text: str, parties: Sequence[str]) -> Iterator[str]:
    """Parties whose ``personne`` is nobody that a form or the school names."""
    for number, item in enumerate(settings["signataires"]):
        if item["personne"] not in parties:
            path = ("signataires", number, "personne")
            yield (
                f"ligne {line_of(text, path)}, {told(path)} : « {item['personne']} » n’est personne"
                f"{near(item['personne'], parties)} (il y a : {', '.join(parties)})."
            )
