"""What docs/modeles.md promises of templates: each line of its tables is tried."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import docx
import people
import pytest
import template_kit
from docx.oxml.ns import qn

from pipeline.core.programme import Programme
from pipeline.documents.rehearsal.attempt import Tried
from pipeline.documents.rehearsal.naming import names_of

DOC = (Path(__file__).parents[2] / "docs" / "modeles.md").read_text(encoding="utf-8")
House = Callable[[str], Programme]


def rows(name: str) -> list[tuple[str, str]]:
    """The two columns of a marked table."""
    table = DOC.partition(f"<!-- {name} -->")[2].partition(f"<!-- /{name} -->")[0]
    lines = [re.split(r"(?<!\\)\|", line)[1:-1] for line in table.strip().splitlines()[2:]]
    return [(first.replace("\\|", "|").strip(), second.replace("\\|", "|").strip()) for first, second in lines]


def text_of(document: docx.document.Document) -> str:  # type: ignore[name-defined]
    """The words of the body."""
    return "\n".join("".join(node.text or "" for node in one.iter(qn("w:t"))) for one in document.element.body)


def pictures(document: docx.document.Document) -> list[int]:  # type: ignore[name-defined]
    """The width of each picture, in millimetres."""
    return [round(shape.width.mm) for shape in document.inline_shapes]


# What a filled document shows of each line: ``sait`` has no line without its test here.
SHOWN: dict[str, Callable[..., bool]] = {
    "{{ stage.activites | lignes }}": lambda made: len(made.element.body.findall(f".//{qn('w:br')}")) == 5,
    '{{ stage.activites | join(", ") }}': lambda made: "stagiaire, Activités" in text_of(made),
    "{{p stage.activites }}": lambda made: sum(one.style.name == "List Bullet" for one in made.paragraphs) == 6,
    "{{r stage.objectifs }}": lambda made: "Objectifs du stage" in text_of(made),
    "{{ stage.date_debut.year }}": lambda made: "2025" in text_of(made),
    '{% cellbg "FFCC00" %}': lambda made: 'w:fill="FFCC00"' in made.element.xml,
    "{% colspan 2 %}": lambda made: 'w:gridSpan w:val="2"' in made.element.xml,
    "{{ etablissement.logo }}": lambda made: pictures(made) == [36],
    '{{ image("tampon.png") }}': lambda made: pictures(made) == [53],
    '{{ image("tampon.png", 40) }}': lambda made: pictures(made) == [40],
    '{{p document("clauses.docx") }}': lambda made: "Clause commune de 2025" in text_of(made),
}


@pytest.fixture
def tried(programme: House, tmp_path: Path) -> Callable[[str], tuple[tuple[str, ...], list[Tried]]]:
    """A template that writes this, in a paragraph or, for what is said of a cell, in a table."""

    def attempt(written: str) -> tuple[tuple[str, ...], list[Tried]]:
        (tmp_path / "ecole").mkdir(exist_ok=True)
        (tmp_path / "ecole" / "tampon.png").write_bytes(template_kit.picture(150, 150))
        template_kit.write(tmp_path / "ecole" / "clauses.docx", "Clause commune de {{ stage.date_debut.year }}")
        document = docx.Document()
        if written.startswith("{% c"):
            document.add_table(rows=1, cols=2).cell(0, 0).text = f"{written}mot"
        else:
            document.add_paragraph(written, style="List Bullet" if written.startswith("{{p stage") else None)
        path = tmp_path / "ecole" / "essai.docx"
        document.save(str(path))
        trial, runs = template_kit.tried(path, programme(people.CNAM))
        return trial.faults, runs

    return attempt


@pytest.mark.parametrize("row", rows("sait"), ids=lambda row: row[0])
def test_what_the_doc_says_a_template_can_do(
    tried: Callable[[str], tuple[tuple[str, ...], list[Tried]]], row: tuple[str, str]
) -> None:
    """Each line passes the check, and shows what is said."""
    written = row[0].strip("`")

    faults, runs = tried(written)

    assert faults == ()
    full = next(one for one in runs if not one.dossier.bare)
    assert SHOWN[written](docx.Document(io.BytesIO(full.filled.docx)))


def test_each_line_has_its_test() -> None:
    """No line of the table without a trial, and no trial left over."""
    assert {first.strip("`") for first, _ in rows("sait")} == set(SHOWN)


@pytest.mark.parametrize("row", rows("refuse"), ids=lambda row: row[0])
def test_what_the_doc_says_is_refused(
    tried: Callable[[str], tuple[tuple[str, ...], list[Tried]]], row: tuple[str, str]
) -> None:
    """Each thing of each line is refused, with the words that the doc gives."""
    for written in re.findall(r"`([^`]+)`", row[0]):
        faults, _ = tried(f"Ici {written} suit")
        assert len(faults) == 1, faults
        assert row[1] in faults[0]


def test_the_names_that_the_doc_gives_exist(programme: House) -> None:
    """Every name of the tables of names is one that some dossier has."""
    known: set[str] = set()
    for code in (people.CNAM, people.COORDINATION):
        for dossier in template_kit.invented(programme(code)):
            known |= {name for _, context in dossier.papers for name in names_of(context)}
    table = DOC.partition("## Les noms composés")[2].partition("## Les pièces")[0]
    named = [name for line in table.splitlines() if line.startswith("| `") for name in _names(line.split("|")[1])]

    assert len(named) > 80
    assert [name for name in named if name not in known] == []


def _names(cell: str) -> list[str]:
    """« `a.b`, `c` » is a.b and a.c; what is said after « de même pour » is of another."""
    found = re.findall(r"`([\w.]+)`", cell.partition("de même")[0])
    stem = found[0].rpartition(".")[0]
    return [name if "." in name or not stem else f"{stem}.{name}" for name in found]
