"""Write into the French pages what code and schemas know (``make readme``): fields, doubts, cohort rules, rooms."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from test_architecture import floors

from pipeline.cohort.rules import RULES
from pipeline.core.doubts import MEANINGS, Reason
from pipeline.core.fields import ALWAYS, Dictionary
from pipeline.core.models import Severity, Who
from pipeline.core.workspace import Workspace

ROOT = Path(__file__).parent.parent
_SEVERITIES = {Severity.BLOCKING: "bloquante", Severity.WARNING: "avertissement", Severity.INFO: "information"}
_SETTLES = {Who.SCOLARITE: "la scolarité", Who.STAGIAIRE: "l’expéditeur"}


def fields() -> str:
    """One line a field: its name in templates, what it is, its kind, for whom it is compulsory."""
    lines = ["| champ | libellé | nature | obligatoire |", "|---|---|---|---|"]
    dictionary = Dictionary.load(Workspace.at(ROOT))
    for path, field in dictionary.fields.items():
        required = "toujours" if ALWAYS in field.required else ", ".join(sorted(field.required))
        lines.append(f"| `{path}` | {dictionary.label(path)} | {field.kind.value} | {required} |")
    return "\n".join(lines) + "\n"


def cohort() -> str:
    """One line a rule of the cohort: what it verifies, how grave it is, where it comes from."""
    lines = ["| règle | titre | ce qu’elle vérifie | gravité | source |", "|---|---|---|---|---|"]
    for rule in RULES.values():
        severity = _SEVERITIES[rule.severity] + (", dérogeable" if rule.overridable else "")
        lines.append(f"| {rule.id} | {rule.title} | {rule.verifies} | {severity} | {rule.source} |")
    return "\n".join(lines) + "\n"


def doubts() -> str:
    """One line a code of a doubt: what it says, who settles it, an example."""
    lines = ["| code | ce qu’il dit | qui le lève | par exemple |", "|---|---|---|---|"]
    for code in Reason:
        says, who, example = MEANINGS[code]
        lines.append(f"| {code} | {says} | {_SETTLES[who]} | {example} |")
    return "\n".join(lines) + "\n"


def house() -> str:
    """The rooms from the top floor down, each with what its first line says of it."""
    lines = ["```text"]
    for room, floor in sorted(floors().items(), key=lambda one: (-one[1], one[0])):
        path = ROOT / "pipeline" / room
        module = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        said = (ast.get_docstring(ast.parse(module.read_text(encoding="utf-8"))) or "").partition("\n")[0]
        lines.append(f"{floor:>2}  {room + ('/' if path.is_dir() else ''):<14} {said}")
    return "\n".join((*lines, "```", ""))


# The block of each page, by the comment that opens it.
BLOCKS: Mapping[str, tuple[Path, Callable[[], str]]] = {
    "champs": (ROOT / "docs" / "modeles.md", fields),
    "cohorte": (ROOT / "docs" / "regles.md", cohort),
    "doutes": (ROOT / "docs" / "doutes.md", doubts),
    "maison": (ROOT / "docs" / "architecture.md", house),
}


def shown(block: str) -> str:
    """What the page shows in that block."""
    page, _ = BLOCKS[block]
    found = _pattern(block).search(page.read_text(encoding="utf-8"))
    if found is None:
        raise SystemExit(f"{page.name} has no <!-- {block} --> block")
    return found.group(1)


def main() -> None:
    """Rewrite the blocks."""
    for block, (page, write) in BLOCKS.items():
        before, _, rest = page.read_text(encoding="utf-8").partition(f"<!-- {block} -->\n")
        after = rest.partition(f"<!-- /{block} -->")[2]
        page.write_text(f"{before}<!-- {block} -->\n{write()}<!-- /{block} -->{after}", encoding="utf-8")


def _pattern(block: str) -> re.Pattern[str]:
    return re.compile(rf"<!-- {block} -->\n(.*?)<!-- /{block} -->", re.DOTALL)


if __name__ == "__main__":
    main()
