"""Use case: a new formation of the school, from a few facts: its file, its templates, the edition of its blank."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined

from pipeline.blanks import drawn_blank
from pipeline.core.errors import NotAllowed
from pipeline.core.fields import Dictionary
from pipeline.core.formation import formation_codes, load_formation
from pipeline.core.paper_kinds import PaperForm
from pipeline.core.workspace import COMMON, Workspace
from pipeline.forms.paper_plans import plan_paper
from pipeline.services.formation_facts import Fact, answered, as_toml, facts, filling
from pipeline.storage.spool import put_file

_CODE = re.compile(r"[a-z0-9][a-z0-9-]{1,39}")
_FORM = Path(__file__).with_name("new_formation.toml.j2")


@dataclass(frozen=True)
class NewFormation:
    """Where a formation was written, and its files by their names there."""

    folder: Path
    files: tuple[str, ...]


def require_code(workspace: Workspace, code: str) -> None:
    """Raise NotAllowed, in French, for a code that cannot name a formation, or names one already."""
    if not _CODE.fullmatch(code) or code == COMMON:
        raise NotAllowed(
            f"« {code} » ne peut pas nommer une formation : minuscules, chiffres et tirets, comme dut-gea."
        )
    if code in formation_codes(workspace) or (workspace.school / code / "formation.toml").exists():
        raise NotAllowed(f"{code} est déjà une formation : choisissez un autre code.")


def asked(today: dt.date, known: Mapping[str, Any]) -> tuple[Fact, ...]:
    """The questions that are still to be asked: those not answered, and not made idle by an answer."""
    return tuple(
        fact for fact in facts(today) if fact.key not in known and (not fact.only_if or known.get(fact.only_if, True))
    )


def given(today: dt.date, pairs: Mapping[str, str]) -> dict[str, Any]:
    """The answers given as ``key=value``; raises NotAllowed for a key that no question has, or a wrong answer."""
    by_key = {fact.key: fact for fact in facts(today)}
    unknown = [key for key in pairs if key not in by_key]
    if unknown:
        raise NotAllowed(f"« {', '.join(unknown)} » n’est pas une question. Il y a : {', '.join(by_key)}.")
    return {key: answered(by_key[key], text) for key, text in pairs.items()}


def write_formation(workspace: Workspace, code: str, known: Mapping[str, Any], today: dt.date) -> NewFormation:
    """Write the folder of a formation into ``etablissement/``, all its questions answered or left to their default.

    Nothing is written if an answer is missing or the answers contradict (NotAllowed). Raises HouseError, Transient.
    """
    require_code(workspace, code)
    whole = {fact.key: known[fact.key] if fact.key in known else answered(fact, "") for fact in facts(today)}
    values = filling(code, whole)
    jinja = Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False)  # noqa: S701 -- TOML
    jinja.filters["toml"] = as_toml
    text = jinja.from_string(_FORM.read_text(encoding="utf-8")).render(values) + "\n"
    folder = workspace.school / code
    files = {f"{code}/{name}": workspace.model(f"{COMMON}/{name}").read_bytes() for name in _copied(text, code)}
    for name, data in files.items():
        put_file(workspace.school / name, data)
    put_file(folder / "formation.toml", text.encode())  # last: a formation is there whole, or not at all
    return NewFormation(folder, ("formation.toml", *(Path(name).name for name in files), *_editions(workspace, code)))


def _copied(text: str, code: str) -> tuple[str, ...]:
    """The common templates of which the formation has its own copy."""
    return tuple(dict.fromkeys(re.findall(rf'"{code}/([a-z-]+\.docx)"', text)))


def _editions(workspace: Workspace, code: str) -> tuple[str, ...]:
    """Keep the editions of its blanks beside the formation: one given out stays readable when the blank changes."""
    formation = load_formation(workspace, code)
    names = []
    dictionary = Dictionary.load(workspace)
    for session, paper in itertools.product(formation.sessions, PaperForm):
        edition = drawn_blank.edition_of(plan_paper(dictionary, formation, session, paper))
        names.append(f"formulaires/editions/{edition.mark.stem}.json")
        put_file(formation.folder / names[-1], edition.as_json().encode())
    return tuple(names)
