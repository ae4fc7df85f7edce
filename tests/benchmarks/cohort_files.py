"""How each person's form becomes a file: typed, printed, scanned, on another school's form, or spoilt."""

from __future__ import annotations

import io
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Self

import champs
import colonnes
import people
import pikepdf
import pointilles
import scans
import tableau
from cohort_people import Someone
from forms_filler import fill_acroform, fill_word
from reportlab.pdfgen.canvas import Canvas
from word_kit import Ink, save_docx

from pipeline.core.fields import Dictionary
from pipeline.core.formation import load_formation
from pipeline.core.workspace import Workspace
from pipeline.documents.filling.archive import deflate, write_archive
from pipeline.forms.blank import Blank, plan_blank
from pipeline.forms.drawing.blank_docx import draw_docx
from pipeline.forms.drawing.blank_pdf import draw_pdf
from pipeline.forms.prefill import slot_texts

ROOT = Path(__file__).parent.parent.parent
WORD = frozenset({"word", "autre-word"})
_SCHOOLS: tuple[ModuleType, ...] = (tableau, pointilles, colonnes)
Way = Callable[[Someone, Path], None]


class Press:
    """Makes the forms of one cohort; what waits for LibreOffice is printed at the end, many in one run."""

    def __init__(self, place: Path) -> None:
        workspace = Workspace.at(ROOT)
        dictionary = Dictionary.load(workspace)
        self._blanks: dict[str, tuple[Blank, bytes, bytes]] = {}
        for code in (people.CNAM, people.COORDINATION):
            formation = load_formation(workspace, code)
            blank = plan_blank(dictionary, formation, formation.session("2024-2025"))
            self._blanks[code] = (blank, draw_pdf(blank), draw_docx(blank))
        self._work = Path(tempfile.mkdtemp(dir=place, prefix=".tmp-"))
        self._names = champs.draw_blank(self._work / "champs.pdf", Ink())
        self._printed: dict[Path, Path] = {}
        self._first: Path | None = None
        self._ways: Mapping[str, Way] = {
            "word": self._word,
            "imprimé": self._print,
            "scan": self._scan,
            "autre-word": self._elsewhere,
            "autre-pdf": self._elsewhere,
            "autre-champs": self._elsewhere_fields,
            "tronqué": self._cut,
            "chiffré": self._locked,
            "double": self._again,
            "autre-chose": self._something,
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            scans.print_docx(list(self._printed.values()))
            for target, source in self._printed.items():
                shutil.move(source.with_suffix(".pdf"), target)
        shutil.rmtree(self._work)

    def make(self, someone: Someone, target: Path) -> None:
        """Write the form of one person."""
        self._ways.get(someone.kind, self._fields)(someone, target)
        if someone.kind == "champs" and self._first is None:
            self._first = target

    def _typed(self, someone: Someone) -> bytes:
        blank, pdf, _ = self._blanks[someone.code]
        return fill_acroform(pdf, blank, slot_texts(blank, someone.data))

    def _fields(self, someone: Someone, target: Path) -> None:
        target.write_bytes(self._typed(someone))

    def _word(self, someone: Someone, target: Path) -> None:
        blank, _, docx = self._blanks[someone.code]
        with zipfile.ZipFile(io.BytesIO(fill_word(docx, slot_texts(blank, someone.data)))) as typed:
            parts = {name: typed.read(name) for name in typed.namelist()}
        target.write_bytes(write_archive(deflate(name, part) for name, part in parts.items()))  # without the hour

    def _print(self, someone: Someone, target: Path) -> None:
        typed = self._work / "typed.pdf"
        typed.write_bytes(self._typed(someone))
        scans.flatten(typed, target)

    def _scan(self, someone: Someone, target: Path) -> None:
        printed = self._work / "printed.pdf"
        self._print(someone, printed)
        scans.scan(printed, target, seed=someone.number)

    def _elsewhere(self, someone: Someone, target: Path) -> None:
        drawn = _SCHOOLS[someone.number % len(_SCHOOLS)].draw(Ink(someone.elsewhere))
        source = self._work / f"{target.stem}.docx" if target.suffix == ".pdf" else target
        save_docx(drawn, source)
        if source != target:
            self._printed[target] = source

    def _elsewhere_fields(self, someone: Someone, target: Path) -> None:
        champs.fill(self._work / "champs.pdf", target, Ink(someone.elsewhere), self._names)

    def _cut(self, someone: Someone, target: Path) -> None:
        whole = self._typed(someone)
        target.write_bytes(whole[: someone.chance.randrange(len(whole) // 4, len(whole) // 2)])

    def _locked(self, someone: Someone, target: Path) -> None:
        with pikepdf.open(io.BytesIO(self._typed(someone))) as pdf:  # the old cipher draws no salt: the same bytes
            pdf.save(
                target,
                encryption=pikepdf.Encryption(user="secret", owner="secret", R=3, aes=False, metadata=False),
                static_id=True,
            )

    def _again(self, someone: Someone, target: Path) -> None:
        if self._first is None:
            self._fields(someone, target)
        else:
            shutil.copyfile(self._first, target)

    def _something(self, someone: Someone, target: Path) -> None:
        canvas = Canvas(str(target), invariant=True)
        canvas.drawString(72, 720, f"Menu de la cantine n° {someone.number} : salade, gratin, compote.")
        canvas.showPage()
        canvas.save()
