"""Make the school layouts of this folder again, with their filled copies: ``python tests/layouts/make_layouts.py``.

Needs LibreOffice and poppler; the scans also Pillow and numpy. The same sources give the same words on the pages.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from types import ModuleType
from typing import Any

import champs
import colonnes
import convention
import mutations_kit
import mutations_pdf
import pointilles
import tableau
from layout_people import Person, load_people
from scans import flatten, print_docx, scan
from word_kit import Ink, save_docx

HERE = Path(__file__).parent
WORD: dict[str, ModuleType] = {m.__name__: m for m in (tableau, pointilles, colonnes, convention)}
FILLED = {
    "tableau": range(8),
    "pointilles": range(8),
    "colonnes": range(8),
    "convention": range(4),
    "champs": range(7),
}
SCANNED = {"tableau": (0, 2, 4), "pointilles": (1, 5), "colonnes": (0, 4), "convention": (2,), "champs": (2, 3)}


def main() -> None:
    """Everything, from nothing."""
    people = load_people()
    for name in FILLED:
        shutil.rmtree(HERE / name, ignore_errors=True)
        (HERE / name).mkdir()
    shutil.rmtree(HERE / "mutations", ignore_errors=True)
    (HERE / "mutations").mkdir()
    for name, module in WORD.items():
        make_word(name, module, people)
    for mutation in mutations_kit.all_mutations():
        make_word_mutation(mutation, people)
    print_docx(sorted(path for path in HERE.glob("*/*.docx") if path.stem not in {"formulaire", "vierge"}))
    for mutation in mutations_kit.all_mutations():
        if mutation.before:  # tests/intake/test_mutations.py draws the Word copy again, for ten people
            (HERE / "mutations" / f"{mutation.name}.docx").unlink()
    make_fields(people)
    for mutation in mutations_pdf.MUTATIONS:
        make_pdf_mutation(mutation)
    for name, numbers in SCANNED.items():
        for number in numbers:
            source = HERE / name / (f"{number:02}.printed.pdf" if name == "champs" else f"{number:02}.pdf")
            target = HERE / name / f"{number:02}.scan.pdf"
            scan(source, target, seed=sum(name.encode()) + number, bilevel=name == "convention")


def make_word(name: str, module: ModuleType, people: tuple[Person, ...]) -> None:
    """A Word layout: annotated, blank, and one filled copy a person with its truth."""
    folder = HERE / name
    save_docx(module.draw(Ink(annotated=True)), folder / "formulaire.docx")
    save_docx(module.draw(Ink()), folder / "vierge.docx")
    (folder / "layout.toml").write_text(module.TOML, encoding="utf-8")
    for number in FILLED[name]:
        ink = Ink(people[number])
        save_docx(module.draw(ink), folder / f"{number:02}.docx")
        write_truth(folder / f"{number:02}", ink.truth())


def make_fields(people: tuple[Person, ...]) -> None:
    """The AcroForm layout: blank, filled copies, and the same printed to PDF."""
    folder = HERE / "champs"
    blank = folder / "vierge.pdf"
    names = champs.draw_blank(blank, Ink())
    shutil.copyfile(blank, folder / "formulaire.pdf")
    (folder / "layout.toml").write_text(champs.toml_of(names), encoding="utf-8")
    for number in FILLED["champs"]:
        ink = Ink(people[number])
        filled = folder / f"{number:02}.pdf"
        champs.fill(blank, filled, ink, names)
        flatten(filled, filled.with_suffix(".printed.pdf"))
        write_truth(folder / f"{number:02}", ink.truth())


def make_word_mutation(mutation: mutations_kit.WordMutation, people: tuple[Person, ...]) -> None:
    """One drifted copy, its truth and what may not be accepted wrong."""
    document, truth, doubtful = mutations_kit.drawn(mutation, people[mutation.person])
    save_docx(document, HERE / "mutations" / f"{mutation.name}.docx")
    write_truth(HERE / "mutations" / mutation.name, truth, doubtful)


def make_pdf_mutation(mutation: mutations_pdf.PdfMutation) -> None:
    """One drifted print of a filled copy that exists already."""
    number = Path(mutation.source).name.split(".")[0]
    truth = json.loads((HERE / mutation.source).with_name(f"{number}.truth.json").read_text(encoding="utf-8"))
    already = truth.pop("douteux", [])
    target = HERE / "mutations" / f"{mutation.name}.pdf"
    doubtful = mutations_pdf.mutate(mutation, HERE, target, truth)
    write_truth(HERE / "mutations" / mutation.name, truth, (*already, *doubtful))


def write_truth(stem: Path, truth: dict[str, Any], doubtful: Any = ()) -> None:
    """``<stem>.truth.json``: canonical values by path, null for what nobody may accept, and the list « douteux »."""
    listed = sorted({*truth.pop("douteux", ()), *doubtful})
    text = json.dumps(truth | ({"douteux": listed} if listed else {}), ensure_ascii=False, indent=1)
    stem.with_name(f"{stem.name}.truth.json").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
