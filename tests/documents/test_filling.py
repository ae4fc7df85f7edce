"""Filling: a value comes out whole, or the template is said to be wrong. Nothing is lost in silence."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

import docx
import pytest

from pipeline.core.errors import TemplateError
from pipeline.documents.filling import fill
from pipeline.documents.libreoffice import convert
from pipeline.documents.printable import Choice, Euros, Hidden, Hours
from pipeline.documents.proof import missing_values, page_texts


def template(folder: Path, *paragraphs: str) -> Path:
    """A Word template with these paragraphs."""
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    path = folder / "modele.docx"
    document.save(str(path))
    return path


def text_of(data: bytes) -> str:
    """The paragraphs of a Word file."""
    return "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(data)).paragraphs)


@pytest.mark.parametrize(
    "value",
    [
        "Dupont & Fils",
        "O'Connor",
        "L’Haÿ-les-Roses",
        "<b>Zoé</b>",
        "A]]>B",
        "</w:t></w:r></w:p>",
        "a < b > c",
        'dit "non"',
    ],
)
def test_a_value_with_markup_comes_out_as_written(tmp_path: Path, value: str) -> None:
    """What XML would take for markup is printed, in the same paragraph, with what stands around it."""
    filled = fill(template(tmp_path, "Nom : {{ nom }} FIN"), {"nom": value}, title="Essai")

    assert text_of(filled.docx) == f"Nom : {value} FIN"
    assert filled.printed == (value,)


def test_template_language_in_a_value_is_not_evaluated(tmp_path: Path) -> None:
    """A value is never a template: no two-pass rendering."""
    filled = fill(template(tmp_path, "{{ nom }}"), {"nom": "{{ 7*7 }}"}, title="Essai")

    assert "49" not in text_of(filled.docx)


def test_values_print_in_french(tmp_path: Path) -> None:
    """Dates, hours, euros, choices and truth print as French papers write them, and compare as what they are."""
    path = template(
        tmp_path,
        "{{ jour }}|{{ jour|court }}|{{ duree }}|{{ montant }}|{{ regime }}|{{ oui }}",
        "{% if duree > 308 and regime == 'FI' %}long{% endif %}",
    )
    context = {
        "jour": dt.date(2025, 5, 1),
        "duree": Hours(560),
        "montant": Euros("4.35"),
        "regime": Choice("FI", "Étudiante"),
        "oui": True,
    }

    filled = fill(path, context, title="Essai")

    assert text_of(filled.docx).replace("\u00a0", " ") == "1er mai 2025|01/05/2025|560 h|4,35 €|Étudiante|oui\nlong"


@pytest.mark.parametrize(
    ("paragraph", "said"),
    [
        ("{{ nmo }}", "nmo"),
        ("{{ stagiaire.nmo }}", "nmo"),
        ("{{ vide }}", "sans valeur"),
        ("{{ ''.__class__.__mro__ }}", "unsafe"),
        ("{{ nom", "unexpected"),
        ("{{ nom | system }}", "system"),
    ],
)
def test_a_wrong_template_is_refused_by_name(tmp_path: Path, paragraph: str, said: str) -> None:
    """A misspelt name, an absent value, an attack: each is an error that names the template and the cause."""
    context: dict[str, Any] = {"nom": "Zoé", "vide": None, "stagiaire": {"nom": "Zoé"}}

    with pytest.raises(TemplateError, match=said) as caught:
        fill(template(tmp_path, paragraph), context, title="Essai")

    assert "modele.docx" in str(caught.value)


def test_constants_in_untaken_branches_are_not_expected_on_paper(tmp_path: Path) -> None:
    """Only what is printed is proved: a constant of a branch not taken is not."""
    path = template(tmp_path, "{% if non %}{{ 'absent' }}{% endif %}{{ nom }}")

    assert fill(path, {"non": False, "nom": "Zoé"}, title="Essai").printed == ("Zoé",)


def test_hidden_values_are_not_expected_on_paper(tmp_path: Path) -> None:
    """A colour is for the machine: it is filled in, not proved."""
    assert fill(template(tmp_path, "{{ c }}"), {"c": Hidden("CFE2F3")}, title="Essai").printed == ()


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    """No clock and no order of chance in the Word file."""
    path = template(tmp_path, "{{ nom }}")

    assert fill(path, {"nom": "Zoé"}, title="Essai").docx == fill(path, {"nom": "Zoé"}, title="Essai").docx


def test_every_printed_value_is_proved_in_the_pdf(tmp_path: Path) -> None:
    """A long activity that runs over a page is found; a value that is not there is named."""
    long = " ".join(f"Activité numéro {n} : accompagner, évaluer, rendre compte (phase {n})." for n in range(60))
    path = template(tmp_path, *["Ligne"] * 34, "{{ activite }}", "{{ nom }}")
    filled = fill(path, {"activite": long, "nom": "L’Haÿ-les-Roses & Cie"}, title="Essai")

    pages = page_texts(convert({"essai": filled.docx})["essai"])

    assert len(pages) > 1
    assert missing_values(filled.printed, pages) == []
    assert missing_values(["Jamais imprimé"], pages) == ["Jamais imprimé"]
