"""Write into the French pages what code and schemas know (``make readme``): fields, doubts, cohort rules, rooms."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from test_architecture import floors

from pipeline.checks import all_rules
from pipeline.checks.registry import LooksAt, Rule, legal_rules
from pipeline.cohort.rules import RULES
from pipeline.core.doubts import MEANINGS, Reason
from pipeline.core.fields import ALWAYS, Dictionary
from pipeline.core.formation import Formation, formation_codes, load_formation
from pipeline.core.models import Severity, Who
from pipeline.core.refusals import REFUSALS, Refusal
from pipeline.core.workspace import Workspace
from pipeline.dossier.life.life_rules import CONTROLS, LAW

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


def decided() -> str:
    """One line a rule of the formations and of the law: what decides it, by looking at what, where it is printed."""
    lines = [
        "| règle | titre | qui la décide | ce qui est regardé | gravité | imprimée |",
        "|---|---|---|---|---|---|",
    ]
    workspace = Workspace.at(ROOT)
    for code in formation_codes(workspace):
        lines += _of_formation(load_formation(workspace, code), Dictionary.load(workspace))
    law = tomllib.loads((workspace.templates / "commun" / "droit.toml").read_text(encoding="utf-8"))
    return "\n".join(lines + _of_law(law.get("imprime", {}))) + "\n"


def _of_formation(formation: Formation, dictionary: Dictionary) -> list[str]:
    written = {line["id"]: line for line in formation.rules}
    rules = [rule for rule in all_rules(formation, dictionary) if rule.id in written and rule.id[0] != "F"]
    lines = {rule.id: _line(rule, f"`{written[rule.id]['controle']}`", written[rule.id]) for rule in rules}
    for one in formation.settings.get("a_venir", ()):
        lines[one["id"]] = f"| {one['id']} | {one['titre']} | {_NOBODY} | – | – | {one['imprime']} |"
    return [line for _, line in sorted(lines.items())]


def _of_law(printed: Mapping[str, str]) -> list[str]:
    lines = {
        rule.id: _line(rule, f"règle du droit `{rule.check.__name__}`", {"imprime": printed.get(rule.id)})
        for rule in legal_rules()
    }
    for rule in RULES.values():
        if rule.id.startswith("L-"):
            severity = _SEVERITIES[rule.severity]
            lines[rule.id] = f"| {rule.id} | {rule.title} | la cohorte | les formulaires reçus | {severity} | – |"
    lines["L-22"] = _DUPLICATES
    return [line for _, line in sorted(lines.items())]


def life() -> str:
    """One line a rule of a dossier's life: what decides it, its formation or the law, how grave it is."""
    lines = ["| règle | titre | demandée par | contrôle | gravité | imprimée |", "|---|---|---|---|---|---|"]
    workspace = Workspace.at(ROOT)
    for code in formation_codes(workspace):
        for one in load_formation(workspace, code).settings.get("vie", ()):
            title = one.get("titre") or CONTROLS[one["controle"]].title
            told = (one["id"], title, code, f"`{one['controle']}`", one["gravite"], one.get("imprime") or "–")
            lines.append(f"| {' | '.join(told)} |")
    lines += [f"| {rule.id} | {rule.title} | le droit | – | {_SEVERITIES[rule.severity]} | – |" for rule in LAW]
    lines += ["", "| `controle` | ce qu’il vérifie | retient la clôture |", "|---|---|---|"]
    lines += [
        f"| `{name}` | {control.title} | {'oui' if control.closes else 'non'} |" for name, control in CONTROLS.items()
    ]
    return "\n".join(lines) + "\n"


def _line(rule: Rule, by: str, said: Mapping[str, Any]) -> str:
    severity = _SEVERITIES[rule.severity] + (", dérogeable" if rule.overridable else "")
    how = f"montrée seulement ({by})" if rule.looks_at is LooksAt.NOTHING else by
    title = said.get("texte", rule.title) if rule.looks_at is LooksAt.NOTHING else rule.title
    return f"| {rule.id} | {title} | {how} | {rule.looks_at} | {severity} | {said.get('imprime') or '–'} |"


_NOBODY = "pas encore décidée : une personne"
_DUPLICATES = (
    "| L-22 | Même fichier, ou mêmes dates | à la réception (octets) ; C-03 (dates) | les formulaires reçus | "
    "bloquante | – |"
)


def doubts() -> str:
    """One line a code of a doubt: what it says, who settles it, an example."""
    lines = ["| code | ce qu’il dit | qui le lève | par exemple |", "|---|---|---|---|"]
    for code in Reason:
        says, who, example = MEANINGS[code]
        lines.append(f"| {code} | {says} | {_SETTLES[who]} | {example} |")
    return "\n".join(lines) + "\n"


def refusals() -> str:
    """One line a reason of refusal: what its sender is told, when that is true, a file that shows it, who can act."""
    table = tomllib.loads((ROOT / "pipeline" / "core" / "refus.toml").read_text(encoding="utf-8"))
    lines = [
        "| code | ce que l’expéditeur en lit | ce qui doit être vrai | un fichier qui le montre | qui agit |",
        "|---|---|---|---|---|",
    ]
    for code in Refusal:
        says, who = REFUSALS[code]
        told = re.sub(r"\{\w+\}", "…", says)
        lines.append(f"| {code} | {told} | {table[code]['vrai']} | {table[code]['fichier']} | {_SETTLES[who]} |")
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
    "decision": (ROOT / "docs" / "regles.md", decided),
    "vie": (ROOT / "docs" / "regles.md", life),
    "doutes": (ROOT / "docs" / "doutes.md", doubts),
    "refus": (ROOT / "docs" / "refus.md", refusals),
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
