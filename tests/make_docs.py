"""Write the table of all fields into ``docs/modeles.md``, from the schema (``make readme``)."""

from __future__ import annotations

import re
from pathlib import Path

from pipeline.fields import ALWAYS, Dictionary
from pipeline.workspace import Workspace

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "modeles.md"
_BLOCK = re.compile(r"<!-- champs -->\n(.*?)<!-- /champs -->", re.DOTALL)


def table() -> str:
    """One line a field: its name in templates, what it is, its kind, for whom it is compulsory."""
    lines = ["| champ | libellé | nature | obligatoire |", "|---|---|---|---|"]
    dictionary = Dictionary.load(Workspace.at(ROOT))
    for path, field in dictionary.fields.items():
        required = "toujours" if ALWAYS in field.required else ", ".join(sorted(field.required))
        lines.append(f"| `{path}` | {dictionary.label(path)} | {field.kind.value} | {required} |")
    return "\n".join(lines) + "\n"


def shown() -> str:
    """The table that the page shows."""
    found = _BLOCK.search(PAGE.read_text(encoding="utf-8"))
    if found is None:
        raise SystemExit("docs/modeles.md has no <!-- champs --> block")
    return found.group(1)


def main() -> None:
    """Rewrite the table."""
    text = PAGE.read_text(encoding="utf-8")
    block = f"<!-- champs -->\n{table()}<!-- /champs -->"
    PAGE.write_text(_BLOCK.sub(lambda _: block, text), encoding="utf-8")


if __name__ == "__main__":
    main()
