"""Use case of the school's settings: what an older ``formation.toml`` says of the school, carried over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipeline.checks.setting_formats import fault_of
from pipeline.core.formation import formation_codes
from pipeline.core.models import get
from pipeline.core.school import BY_KEY, SETTINGS, block_of, read_settings, settings_file
from pipeline.core.workspace import Workspace
from pipeline.services.school_setup import concerned, written_in
from pipeline.services.setting_values import setting_value, settings_as_toml
from pipeline.storage.spool import put_file


def carry_over(workspace: Workspace, formation: str | None) -> tuple[str, ...]:
    """Copy what a ``formation.toml`` says of the school into ``etablissement/``, so that no update loses it.

    What all formations say alike goes into the school's file, anything else into the formation's own: one formation's
    name is never printed for another. A person is carried over whole, and nothing takes the place of what stands
    there. A référent's function is carried over with a name only. What was carried over: « where : setting » each.
    """
    by_code = {code: _blocks(workspace, code) for code in formation_codes(workspace)}
    carried: list[str] = []
    for code in concerned(workspace, formation):
        for block, found in by_code[code].items():
            differ = any(blocks.get(block) != found for blocks in by_code.values())
            own = BY_KEY[next(iter(found))].of_formation
            if _stands(workspace, code, block) or (not own and _stands(workspace, None, block)):
                continue
            home = code if own or differ else None
            path = settings_file(workspace, home)
            put_file(path, settings_as_toml(read_settings(path) | found).encode())
            carried += [f"{home or 'établissement'} : {key}" for key in found]
    return tuple(carried)


def _stands(workspace: Workspace, home: str | None, block: str) -> bool:
    return any(block_of(key) == block for key in read_settings(settings_file(workspace, home)))


def _blocks(workspace: Workspace, code: str) -> dict[str, dict[str, Any]]:
    """What a ``formation.toml`` says of the school, by block: a person, or one setting."""
    blocks: dict[str, dict[str, Any]] = {}
    for key, value in _said_by(workspace, code):
        blocks.setdefault(block_of(key), {})[key] = value
    return blocks


def _said_by(workspace: Workspace, code: str) -> Iterator[tuple[str, Any]]:
    written = written_in(workspace, code)
    for setting in SETTINGS:
        value = get(written, setting.key)
        if value in (None, "") or (setting.key == "referent.fonction" and not get(written, "referent.nom")):
            continue
        value = setting_value(setting, str(value))
        if not fault_of(setting, value):
            yield setting.key, value
