"""Draft layout generator: a folder with the annotated blank and ``layout.brouillon.toml``, not in use.

A draft reads nothing that counts: a wrong guess would be a wrong value that both readers agree on. A person corrects
it in Word, looks at what it reads, then names the settings ``layout.toml``: from then on it is in use.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.core.errors import ConfigError
from pipeline.core.fields import Dictionary
from pipeline.core.folding import fold
from pipeline.core.formation import formation_codes
from pipeline.core.workspace import Workspace
from pipeline.forms.layouts import BLANKS, COMMON, FOLDER, Layout
from pipeline.teaching.field_map import map_fields
from pipeline.teaching.word_annotation import Proposal, annotate_docx

DRAFT_SETTINGS = "layout.brouillon.toml"
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True)
class Draft:
    """Result of ``forms add``: the folder, and each place with what was proposed for it."""

    folder: Path
    proposals: tuple[tuple[str, Proposal], ...]

    @property
    def left(self) -> tuple[tuple[str, Proposal], ...]:
        """The places that a person must fill in, or leave out."""
        return tuple(pair for pair in self.proposals if pair[1].placeholder is None)


def add_form(
    blank: Path, *, workspace: Workspace, dictionary: Dictionary, formation: str | None, name: str | None
) -> Draft:
    """Write the draft of a layout from a school's blank; its folder must not be there yet.

    Raises ConfigError for an unknown formation, a folder that exists, or a file that is neither a Word document nor a
    PDF with fields; FormRejected for a damaged one.
    """
    codes = formation_codes(workspace)
    if formation is not None and formation not in codes:
        raise ConfigError(f"{formation} is not a formation. Choose one of {', '.join(codes)}, or leave it out.")
    folder = workspace.templates / (formation or COMMON) / FOLDER / _folder_name(name or blank.stem)
    if folder.exists():
        raise ConfigError(f"{folder} is already there. Choose another --name, or delete it first.")
    data = blank.read_bytes()
    suffix = blank.suffix.lower()
    if suffix == ".docx":
        annotated = annotate_docx(data, dictionary)
        data, leaders, fields = annotated.data, annotated.leaders, ""
        proposals = tuple(("", proposal) for proposal in annotated.proposals)
    elif suffix == ".pdf":
        leaders, proposals = False, map_fields(data, dictionary)
        fields = "\n".join(("", "[acroform]", *map(_field_line, proposals))) + "\n"
    else:
        raise ConfigError(f"{blank} is neither a Word document (.docx) nor a PDF: save it as one of them first.")
    folder.mkdir(parents=True)
    (folder / f"formulaire{suffix}").write_bytes(data)
    settings = _settings(name or blank.stem, codes if formation is None else (), leaders=leaders)
    (folder / DRAFT_SETTINGS).write_text(settings + fields, encoding="utf-8")
    return Draft(folder, proposals)


def load_draft(folder: Path) -> Layout:
    """A draft as a layout, to be looked at; raises ConfigError when it cannot be followed."""
    path = folder / DRAFT_SETTINGS
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not valid TOML: {error}. Mend that line.") from error
    found = [folder / name for name in BLANKS if (folder / name).is_file()]
    if len(found) != 1:
        raise ConfigError(f"{folder} must hold one blank: {' or '.join(BLANKS)}.")
    return Layout(f"{folder.parent.parent.name}/{folder.name}", folder, found[0], {"version": "?", **settings})


def load_drafts(workspace: Workspace) -> Iterator[Layout]:
    """Every draft of the workspace that is not in use."""
    for path in sorted(workspace.templates.glob(f"*/{FOLDER}/*/{DRAFT_SETTINGS}")):
        if not (path.parent / "layout.toml").is_file():
            yield load_draft(path.parent)


def _folder_name(text: str) -> str:
    name = "-".join(re.findall(r"[a-z0-9]+", fold(text)))
    if not _NAME.fullmatch(name):
        raise ConfigError(f"{text!r} gives no folder name: choose one with --name, such as fiche-iut-2025.")
    return name


def _settings(title: str, codes: tuple[str, ...], *, leaders: bool) -> str:
    lines = [
        "# Brouillon proposé par « liasse forms add ». Corrigez-le, essayez-le (forms lint, forms try),",
        "# puis renommez ce fichier layout.toml : le formulaire est alors en service.",
        'version = "à dater"  # celle que l’école a imprimée, ou l’année : "2025-09"',
        f"titre = {_quoted(title)}",
        *(
            [f"formations = {json.dumps(list(codes), ensure_ascii=False)}  # celles qui s’en servent"]
            if codes
            else []
        ),
        f"pointilles = {'true' if leaders else 'false'}",
        'dates = "jour-mois"',
    ]
    return "\n".join(lines) + "\n"


def _field_line(pair: tuple[str, Proposal]) -> str:
    name, proposal = pair
    if proposal.placeholder is None:
        return f'# {_quoted(name)} = "?"  # {_one_line(proposal.near)}'
    return f"{_quoted(name)} = {_quoted(proposal.placeholder)}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "")


def _one_line(text: str) -> str:
    return " ".join(char if char.isprintable() else " " for char in text.split())
