"""Which formations cannot be followed, of those that a visitor sees: told beside a list that does without them."""

from __future__ import annotations

from pipeline.core.errors import FormationIll
from pipeline.core.formation import formation_codes, load_formation
from pipeline.core.visitors import Visitor
from pipeline.core.workspace import Workspace


def ill_formations(workspace: Workspace, visitor: Visitor, formation: str = "") -> tuple[FormationIll, ...]:
    """Why each formation that the visitor sees cannot be followed, or that one alone; mostly nothing."""
    found: dict[str, FormationIll] = {}
    for code in formation_codes(workspace):
        if formation in {"", code} and visitor.reaches({code}, visitor.dossier):
            try:
                load_formation(workspace, code)
            except FormationIll as error:
                found.setdefault(error.code, error)
    return tuple(found.values())
