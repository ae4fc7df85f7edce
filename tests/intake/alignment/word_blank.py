"""A small Word form made on the spot."""

from __future__ import annotations

import io
import zipfile

import bad_files

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
INTRO = (
    "Fiche de renseignements à rendre au secrétariat pédagogique de l’École de l’Exemple avant la rédaction de la "
    "convention ; toute fiche incomplète sera retournée à la personne qui l’a remplie sans être traitée"
)


class Blank:
    """A Word form: an introduction, rows of cells, then lines of text. ``fill`` replaces placeholders by answers."""

    def __init__(self, rows: list[list[str]], lines: list[str] | None = None) -> None:
        self.rows, self.lines = rows, lines or []

    def fill(self, **answers: str) -> Blank:
        """The form with answers by the last name of their path; what is not answered is left empty."""
        return Blank(
            [[_filled(cell, answers) for cell in row] for row in self.rows],
            [_filled(line, answers) for line in self.lines],
        )

    def docx(self, introduction: str = INTRO) -> bytes:
        """The Word file; « | » begins a new paragraph, a cell that begins with « < » is XML."""
        rows = "".join(
            f"<w:tr>{''.join(f'<w:tc>{_paragraphs(cell)}</w:tc>' for cell in row)}</w:tr>" for row in self.rows
        )
        body = f"{_paragraphs(introduction)}<w:tbl>{rows}</w:tbl>{''.join(map(_paragraphs, self.lines))}"
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as archive:
            archive.writestr("[Content_Types].xml", bad_files.content_types())
            archive.writestr("word/document.xml", f"<w:document {_W}><w:body>{body}</w:body></w:document>")
        return made.getvalue()


def _filled(text: str, answers: dict[str, str]) -> str:
    while "{{" in text:
        head, _, rest = text.partition("{{")
        name, _, tail = rest.partition("}}")
        path, equals, option = (part.strip() for part in name.partition("="))
        answer = answers.get(path.rpartition(".")[2], "")
        text = head + (("☒" if answer == option else "☐") if equals else answer) + tail
    return text


def _paragraphs(text: str) -> str:
    if text.startswith("<"):
        return text
    return "".join(f'<w:p><w:r><w:t xml:space="preserve">{part}</w:t></w:r></w:p>' for part in text.split("|"))
