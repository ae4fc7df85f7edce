"""Files of drawn forms: the blank, its annotated twin with its settings, filled copies, their prints and truths."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import tempfile
from collections.abc import Collection, Sequence
from pathlib import Path

from word_kit import save_docx

from drawn import word_form
from drawn.answers import fill
from drawn.chance import chance_of
from drawn.drafting import draw_plan
from drawn.people import draw_person
from drawn.places import Pen
from drawn.plan import Plan

BATCH = 40  # files in one run of LibreOffice
TRUTH = ".truth.json"
_FORMATIONS = ("cnam-lp-insertion", "coordination-essms")


def make_layout(seed: int, folder: Path) -> Plan:
    """The taught layout of a school, as ``formulaires/<name>`` holds it: annotated blank and ``layout.toml``."""
    plan = draw_plan(seed)
    place = folder / plan.name
    place.mkdir(parents=True, exist_ok=True)
    save_docx(word_form.draw(plan, Pen(chance_of(seed), plan.look, annotated=True)), place / "formulaire.docx")
    settings = {
        "version": "2025-2026",
        "titre": f"{plan.title} ({plan.school})",
        "formations": list(_FORMATIONS),
        "pointilles": plan.leaders,
        "dates": "jour-mois",
    }
    lines = (f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in settings.items())
    (place / "layout.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return plan


def make_blank(seed: int, path: Path) -> None:
    """The blank that students get."""
    plan = draw_plan(seed)
    save_docx(word_form.draw(plan, Pen(chance_of(seed), plan.look)), path)


def make_copies(seed: int, people: int, folder: Path) -> list[Path]:
    """Copies filled by people as ``<name>-NN.docx``, each with its truth beside it."""
    plan = draw_plan(seed)
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for number in range(people):
        mark = f"{seed}-{number}"
        copy = fill(plan, draw_person(chance_of("person", mark)), mark)
        chance = chance_of("pen", mark)
        pen = Pen(chance, plan.look, copy=copy, enter=chance.random() < 0.5)
        path = folder / f"{plan.name}-{number:02}.docx"
        save_docx(word_form.draw(plan, pen), path)
        truth = json.dumps(copy.truth, ensure_ascii=False, indent=1)
        path.with_name(path.stem + TRUTH).write_text(f"{truth}\n", encoding="utf-8")
        made.append(path)
    return made


def print_copies(files: Sequence[Path], cache: Path) -> None:
    """Print each Word file to the PDF beside it; prints are kept in ``cache`` by the hash of their Word file."""
    cache.mkdir(parents=True, exist_ok=True)
    kept = {path: cache / f"{hashlib.sha256(path.read_bytes()).hexdigest()}.pdf" for path in files}
    missing = [path for path in files if not kept[path].is_file()]
    with tempfile.TemporaryDirectory() as profile:
        for start in range(0, len(missing), BATCH):
            _print({kept[path].stem: path for path in missing[start : start + BATCH]}, cache, profile)
    for path in files:
        shutil.copyfile(kept[path], path.with_suffix(".pdf"))


def _print(batch: dict[str, Path], cache: Path, profile: str) -> None:
    with tempfile.TemporaryDirectory() as inside, tempfile.TemporaryDirectory(dir=cache) as out:
        sources = [Path(inside) / f"{key}.docx" for key in batch]
        for source, path in zip(sources, batch.values(), strict=True):
            shutil.copyfile(path, source)
        command = ["soffice", f"-env:UserInstallation=file://{profile}/lo", "--headless", "--convert-to", "pdf"]
        subprocess.run([*command, "--outdir", out, *map(str, sources)], check=True, capture_output=True, timeout=600)
        for printed in Path(out).iterdir():
            printed.rename(cache / printed.name)


def seeds_of(text: str) -> Collection[int]:
    """The numbers of « 0-29,35 »."""
    numbers: list[int] = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        numbers.extend(range(int(first), int(last or first) + 1))
    return numbers
