"""Text of strangers: what is printed comes out whole, and nothing in it is obeyed by a template or a signing tool."""

from __future__ import annotations

import io
import json
import sys
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import people
import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from pipeline.checks import validate
from pipeline.core.decisions import Decisions
from pipeline.core.errors import FormRejected
from pipeline.core.fields import FieldKind
from pipeline.core.models import (
    Edition,
    FieldReading,
    Form,
    Kind,
    Reading,
    Record,
    Refused,
    get,
    put,
)
from pipeline.core.programme import Programme
from pipeline.core.text import _instruction, displayable, refusal
from pipeline.core.workspace import Workspace
from pipeline.documents.filling import fill
from pipeline.documents.letters import letter_for_rejection
from pipeline.documents.libreoffice import convert
from pipeline.documents.packaging import make_packet
from pipeline.documents.proof import missing_values, page_texts
from pipeline.forms.values.lines import DATED

ATTACKS = (
    "{{s1|signature|85|37}}",
    "{{Signature;role=Director;type=signature}}",
    "{% for x in y %}",
    "{_{ 7*7 }_}",
    "{# rien #}",
    "｛｛s1｝｝",
    "x|signature|y",
    "[sig|req|signer1]",
    "/sn1/",
    "\\s1\\",
    "/ds1/",
    "／sn1／",
    "**signature_1**",
    "sign1-stagiaire",
    "d2-sign1-stagiaire",
    "SIGN1-STAGIAIRE",
    "sign1‑stagiaire",
    "sign1–stagiaire",
    "si\u00adgn1-stagiaire",
    "si\u200bgn1-stagiaire",
    "si\u2060gn1-stagiaire",
    "si\u034fgn1-stagiaire",
    "sign1\t-stagiaire",
    "nommésign1-stagiaire",  # a narrow cell would put the mark at the start of a line
)
HONEST = (
    "Le Goff-d’Hervé, née N’Guyen",
    "Zoe\u0301 ÅKERSTRÖM, Ștefan, Łucja, İpek, Ɛkua, Nguyễn",
    "Ελένη Παπαδοπούλου",
    "Ирина Шевченко",
    "« Les Pieds sur Terre » & Cie <SARL>, 50 % – 12 m² à 19 °C, 3/4 de l’équipe…",
    "Excel | Word | R ; design 2 – studio, bât. A/B1/3, signature de la convention",
    "• accueillir\n▪ évaluer → rendre compte",
    "non‑coupé, porte\u00admanteau, 4,35\u202f€",
)


@pytest.fixture(scope="module")
def modele(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Word template of one paragraph, in the typeface of ours."""
    document = docx.Document()
    style = document.styles["Normal"]
    style.font.name = "Calibri"
    for script in ("w:cs", "w:eastAsia"):
        style.element.rPr.rFonts.set(qn(script), "Calibri")
    document.add_paragraph("Nom : {{ nom }} FIN")
    path = tmp_path_factory.mktemp("texte") / "modele.docx"
    document.save(str(path))
    return path


def nfc(text: str) -> str:
    """Composed, as the reader of forms makes every text."""
    return unicodedata.normalize("NFC", text)


_SPACES = {0xA0: " ", 0x202F: " "}  # before « % » and the like, a space is one that does not break


def said(filled: bytes) -> str:
    """The text of the one paragraph, from XML that is parsed strictly; a break is a new line."""
    with zipfile.ZipFile(io.BytesIO(filled)) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                etree.fromstring(archive.read(name), etree.XMLParser(recover=False))
    (paragraph,) = docx.Document(io.BytesIO(filled)).paragraphs
    return paragraph.text


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_a_signing_tool_would_obey_is_refused(attack: str) -> None:
    """Tags of Word templates, DocuSeal, Yousign, DocuSign and Dropbox Sign, and our own marks however disguised."""
    assert refusal(attack) is not None
    assert refusal(f"Avant {attack} après") is not None


@pytest.mark.parametrize("text", HONEST)
def test_what_people_write_is_printed(text: str) -> None:
    """Names of Europe, typography of French, lists pasted from Word."""
    assert refusal(text) is None
    assert displayable(text) == nfc(text)


@pytest.mark.parametrize(
    "char",
    [
        "\x00",
        "\x07",
        "\x0b",
        "\x0c",
        "\r",
        "\x1b",
        "\x85",
        "\x9b",
        "\u2028",
        "\u202e",
        "\u2066",
        "\u200d",
        "\ufeff",
        "\ufffe",
        "\uffff",
        "\ud800",
        "\ue000",
        "🎓",
        "م",
        "山",
        "\u034f",
    ],
)
def test_a_character_that_does_not_print_is_named(char: str) -> None:
    """Controls of both sets, directions, zero widths, non-characters, half surrogates, other scripts."""
    assert "ne s’imprime pas" in (refusal(f"Zoé{char}M") or "")
    assert displayable(f"Zoé{char}M") == "Zoé□M"


def test_accents_are_part_of_their_letter() -> None:
    """Two accents on a letter are a language; thirty cover the clause above."""
    assert refusal("Nguye\u0302\u0303n") is None
    assert "combining" in (refusal("e" + "\u0316" * 30) or "")


@settings(max_examples=40, deadline=None)
@given(
    st.text(st.characters(), max_size=40)
    | st.text(st.sampled_from("{}_%#|/\\sign1-\u00ad\u2011 \n\t&<é"), max_size=40)
)
def test_a_value_is_refused_or_printed_whole(modele: Path, text: str) -> None:
    """Any text at all, half surrogates included: refused, or in the Word file as it was written."""
    if refusal(text) is None:
        told = said(fill(modele, {"nom": text}, title="Essai").docx)
        assert told.translate(_SPACES) == f"Nom : {text} FIN".translate(_SPACES)


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(), max_size=40) | st.text(st.sampled_from("{}_%#\u0301 \n"), max_size=40))
def test_what_is_shown_unchecked_comes_out_as_shown(modele: Path, text: str) -> None:
    """A file's name, a reading: no text makes the letter or the control sheet fail, or lose a word."""
    told = said(fill(modele, {"nom": displayable(text)}, title="Essai").docx)
    assert told.translate(_SPACES) == f"Nom : {displayable(text)} FIN".translate(_SPACES)


def test_every_character_that_is_let_through_is_found_in_the_pdf(modele: Path) -> None:
    """All of them, one by one, through LibreOffice: a value that passes the check passes the proof of the packet."""
    chars = [
        char
        for char in map(chr, range(sys.maxunicode + 1))
        if refusal(f"a{char}b") is None and nfc(f"a{char}b") == f"a{char}b"
    ]
    words = [f"X{ord(char):05X}a{char}b" for char in chars]
    lines = [" ".join(words[start : start + 5]) for start in range(0, len(words), 5)]

    pages = page_texts(convert({"essai": fill(modele, {"nom": "\n".join(lines)}, title="Essai").docx})["essai"])

    assert len(chars) > 1000
    assert missing_values(words, pages) == []


_WRITTEN = (FieldKind.LINE, FieldKind.TEXT, FieldKind.LIST)
_NOT_TEXT = (FieldKind.NIR, *DATED)  # the first is printed nowhere


def answered(data: dict[str, Any], programme: Programme, path: str, text: str) -> dict[str, Any]:
    """The record with that text in one field."""
    put(data, path, [text] if programme.dictionary.fields[path].kind is FieldKind.LIST else text)
    return data


@pytest.mark.parametrize("attack", ["{{s1|signature|85|37}}", "si\u00adgn1-stagiaire"])
def test_no_field_carries_a_signing_tag(programme: Callable[[str], Programme], attack: str) -> None:
    """Every field of the schema that holds text: such a record is never printed, and the field is named."""
    place = programme(people.CNAM)
    tried, let_through = 0, []
    for path, field in place.dictionary.fields.items():
        if field.kind in _NOT_TEXT or path.startswith("formation."):
            continue
        tried += 1
        data = answered(people.cnam(), place, path, attack)
        answers = {name: value for name in place.dictionary.fields if (value := get(data, name)) is not None}
        fields = tuple(FieldReading(name, value, "", "acroform", 1.0) for name, value in answers.items())
        checked = validate(
            Reading("ab" * 32, Kind.ACROFORM, "x", people.CNAM, "2024-2025", fields),
            dictionary=place.dictionary,
            formation=place.formation,
            session=place.session,
            law=place.law,
            decisions=Decisions(),
            today=people.TODAY,
            received_on=people.TODAY,
        )
        named = isinstance(checked, Refused) and path in {problem.field for problem in checked.blocking}
        if not named and (isinstance(checked, Refused) or get(checked.data, path) == attack):
            let_through.append(path)  # of a person whom the school names itself, nothing of the form is printed

    assert tried > 80
    assert let_through == []


def test_a_packet_of_near_misses_holds_no_instruction_but_our_marks(
    workspace: Workspace, programme: Callable[[str], Programme], checked: Callable[[str, dict[str, Any]], Record]
) -> None:
    """Free answers look like half a tag, and the file's name is one: nothing is obeyed, no mark is left."""
    place = programme(people.CNAM)
    data = people.cnam()
    near = "sign 1 - stagiaire | signature [sig] /sn (1) 100 %"
    for path, field in place.dictionary.fields.items():
        if field.kind in _WRITTEN and path.startswith(("stage.", "tuteur.", "organisme.")) and get(data, path):
            answered(data, place, path, near)
    form = Form("ab" * 32, Path("x"), "{_{ s1 }_} \udcff\x07 sign1-stagiaire.pdf", people.TODAY)

    packet = make_packet(
        checked(people.CNAM, data),
        form,
        programme=place,
        workspace=workspace,
        decisions=Decisions(),
        on=people.TODAY,
        edition=Edition("2024-001", 1),
    )

    assert refusal(near) is None
    marks: list[str] = []
    for unit in json.loads(packet.files["signature.json"])["unites"]:
        text = "\n".join(page_texts(packet.files[unit["fichier"]]))
        assert near in " ".join(text.split())
        marks += [box["champ"] for one in unit["signataires"] for box in one["boites"]]
        assert not {box["champ"] for one in unit["signataires"] for box in one["boites"]} & set(text.split())
    assert len(marks) == 8
    for name in sorted(packet.signature_names, key=len, reverse=True):
        text = text.replace(name, "")
    assert _instruction(text) is None


def test_a_letter_shows_a_hostile_file_name(workspace: Workspace) -> None:
    """The sender sees the name that they gave, as far as it can be printed."""
    form = Form("ab" * 32, Path("x"), "{_{7*7}_}\udcff\x0c{% x %}.pdf", people.TODAY)
    rejection = FormRejected("FICHIER_REFUSE", "Le fichier « \ud800 » est refusé.")

    files = letter_for_rejection(form, rejection, number="2024-001", workspace=workspace, on=people.TODAY)

    text = "".join(" ".join(page_texts(files["lettre-de-complement.pdf"])).split())
    assert "{_{7*7}_}□□{%x%}.pdf" in text
    assert "«□»" in text
