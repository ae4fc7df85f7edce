"""Small Word templates made for a test, and what the check says of them."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from PIL import Image

from pipeline.core.programme import Programme
from pipeline.core.units import Piece
from pipeline.documents.rehearsal.attempt import Trial, Tried
from pipeline.documents.rehearsal.invented import Invented, dossiers

PIECE = Piece("essai", "Essai", "ecole/essai.docx", None, frozenset(), (), None)
_KEPT: dict[str, list[Invented]] = {}


def picture(width: int = 300, height: int = 100) -> bytes:
    """A picture of that many pixels."""
    drawn = io.BytesIO()
    Image.new("RGB", (width, height), "#884422").save(drawn, "PNG")
    return drawn.getvalue()


def write(path: Path, *paragraphs: str) -> Path:
    """A Word file of these paragraphs, the first a title."""
    path.parent.mkdir(parents=True, exist_ok=True)
    document = docx.Document()
    document.add_heading("Essai", 1)
    for words in paragraphs:
        document.add_paragraph(words)
    document.save(str(path))
    return path


def merge_field(paragraph: Any, name: str, *, simple: bool = False) -> None:
    """A MERGEFIELD of Word at the end of a paragraph, as its mailing writes it."""
    word_field(paragraph, f" MERGEFIELD {name} ", shown=f"«{name}»", simple=simple)


def word_field(paragraph: Any, *instruction: str, shown: str, simple: bool = False) -> None:
    """A field of Word at the end of a paragraph, a run for each piece of its instruction.

    A piece « { MERGEFIELD Nom } » is a field in the instruction of this one.
    """
    if simple:
        made = parse_xml(f"<w:fldSimple {nsdecls('w')}><w:r><w:t>{shown}</w:t></w:r></w:fldSimple>")
        made.set(qn("w:instr"), "".join(instruction))
        paragraph._p.append(made)
        return
    _sign(paragraph, "begin")
    for piece in instruction:
        if piece.startswith("{"):
            word_field(paragraph, piece.strip("{}"), shown=f"«{piece.strip('{} ').split()[-1]}»")
            continue
        code = parse_xml(f'<w:instrText {nsdecls("w")} xml:space="preserve"/>')
        code.text = piece
        paragraph.add_run()._r.append(code)
    _sign(paragraph, "separate")
    paragraph.add_run(shown)
    _sign(paragraph, "end")


def _sign(paragraph: Any, kind: str) -> None:
    char = parse_xml(f"<w:fldChar {nsdecls('w')}/>")
    char.set(qn("w:fldCharType"), kind)
    paragraph.add_run()._r.append(char)


def invented(programme: Programme) -> list[Invented]:
    """The invented dossiers of a formation, made once."""
    code = f"{programme.formation.code} {programme.session.annee}"
    if code not in _KEPT:
        _KEPT[code] = list(dossiers(programme))
    return _KEPT[code]


def tried(path: Path, programme: Programme, regimes: Iterable[str] = ("FI_ETUDIANT",)) -> tuple[Trial, list[Tried]]:
    """A template on trial, with the full and the bare dossier of these régimes."""
    trial = Trial.of("ecole/essai.docx", path)
    chosen = [one for one in invented(programme) if one.regime in regimes]
    contexts = [one.papers[0][1] | {"signataires": []} for one in chosen]
    trial.examine(programme.dictionary, list(contexts))
    runs = [trial.run(one, PIECE, context) for one, context in zip(chosen, contexts, strict=True)]
    return trial, [run for run in runs if run is not None]
