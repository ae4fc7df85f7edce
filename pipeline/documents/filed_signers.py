"""Who signs what lies in the outbox: the signing units of a packet or a paper, by its ``signature.json``."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.core.units import ONLY_UNIT
from pipeline.core.workspace import Workspace
from pipeline.documents.filed import MANIFEST, SIGNATURES


@dataclass(frozen=True)
class Signer:
    """One party: its role, what the paper calls it, the name of who signs for it."""

    role: str
    title: str
    name: str


@dataclass(frozen=True)
class SigningUnit:
    """One PDF that is signed at one moment: its code, its file, the parties in order."""

    code: str
    file: str
    signers: tuple[Signer, ...]


def signing_units(workspace: Workspace, folder: Path) -> tuple[SigningUnit, ...]:
    """The units of what lies in a folder of the outbox that somebody signs; none where it is gone or damaged."""
    place = workspace.outbox / folder
    try:
        plan = json.loads((place / SIGNATURES).read_bytes())
        manifest = json.loads((place / MANIFEST).read_bytes())
        codes = {one["fichier"]: one["code"] for one in manifest.get("unites", ())}
        return tuple(_units(plan, codes))
    except (OSError, ValueError, KeyError, TypeError):
        return ()


def _units(plan: Mapping[str, Any], codes: Mapping[str, str]) -> Iterator[SigningUnit]:
    if "unites" not in plan:  # an older packet: one PDF, whose plan lists boxes
        boxes = ((box, f"{box.get('nom', '')}".strip()) for box in plan["signataires"])
        yield SigningUnit(ONLY_UNIT, "liasse.pdf", _once((box["role"], box["titre"], name) for box, name in boxes))
        return
    for unit in plan["unites"]:
        file = unit["fichier"]
        signers = (
            (box["role"], box["titre"], f"{person['prenom'] or ''} {person['nom']}".strip())
            for person in unit["signataires"]
            for box in person["boites"]
        )
        yield SigningUnit(codes.get(file, ONLY_UNIT), file, _once(signers))


def _once(found: Iterator[tuple[str, str, str]]) -> tuple[Signer, ...]:
    """Each role once, in the order in which they sign."""
    return tuple({role: Signer(role, title, name) for role, title, name in found}.values())
