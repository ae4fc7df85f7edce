"""Nasty inputs 1 to 15: what Word, and those who use it, do to a form."""

from __future__ import annotations

from collections.abc import Callable

import mutations_kit
import pytest
import school
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from mutations_kit import line_of, row_of
from school import NS, Change, form, in_cell, outcome
from word_kit import control_xml, legacy_text_xml, run_xml

from pipeline.core.models import Reading

pytestmark = pytest.mark.sampled(3)

Read = Callable[..., Reading]
SIRET_LABEL, NAME_LABEL, PHONE_LABEL = "N° SIRET (14 chiffres)", "Thème du stage", "Téléphone professionnel"
SUBJECT, OBLIGATORY, GIVEN = "stage.sujet", "stage.obligatoire", "gratification.prevue"
MADE = {mutation.name: mutation for mutation in mutations_kit.all_mutations()}


def mutated(name: str) -> bytes:
    """The copy of Marie DUPONT after a mutation of ``tests/layouts``."""
    return school.saved(mutations_kit.drawn(MADE[name], school.MARIE)[0])


def put(label: str, xml: str) -> Change:
    """A change that writes this in the answer of a row."""
    return lambda document: in_cell(document, label, xml)


def test_n01_control_around_words(read: Read) -> None:
    """1. A content control among the words of a line: accepted."""
    reading = read(form(put(NAME_LABEL, control_xml("sujet", "Accueillir", "Cliquez ici"))))

    assert outcome(reading, SUBJECT) == ("Accueillir", None)


def test_n02_control_around_a_cell(read: Read) -> None:
    """2. A content control around a whole cell: accepted."""
    assert outcome(read(mutated("tableau-controle-de-cellule")), "organisme.siret")[1] is None
    assert outcome(read(mutated("tableau-controle-de-cellule")), "organisme.siret")[0] is not None


@pytest.mark.parametrize("prompt", ["Cliquez ou appuyez ici pour entrer du texte.", "Choisissez un élément."])
def test_n03_prompt_as_real_text(read: Read, prompt: str) -> None:
    """3. The grey prompt of a control copied as real text: nothing was answered."""
    assert outcome(read(form(put(NAME_LABEL, run_xml(prompt)))), SUBJECT) == (None, None)


def test_n04_legacy_text_over_four_runs(read: Read) -> None:
    """4. The result of an old text field cut into four runs: accepted, joined."""
    whole = legacy_text_xml("Texte1", "")
    cut = "".join(run_xml(part) for part in ("Accueil", "lir les ", "fami", "lles"))
    start, end = whole.index(run_xml("\u2002" * 5)), whole.index(run_xml("\u2002" * 5)) + len(run_xml("\u2002" * 5))

    reading = read(form(put(NAME_LABEL, whole[:start] + cut + whole[end:])))

    assert outcome(reading, SUBJECT) == ("Accueillir les familles", None)


@pytest.mark.parametrize(("result", "expected"), [("2", ("Rural", None)), (None, ("Choisir", "CHAMP_VIDE"))])
def test_n05_legacy_list(read: Read, result: str | None, expected: school.Seen) -> None:
    """5. An old drop-down list: the item chosen is accepted; the one it shows by itself is doubted."""
    items = "".join(f'<w:listEntry w:val="{item}"/>' for item in ("Choisir", "Urbain", "Rural"))
    chosen = f'<w:result w:val="{result}"/>' if result else ""
    data = f'<w:ffData><w:name w:val="L"/><w:enabled/><w:ddList>{chosen}{items}</w:ddList></w:ffData>'
    xml = (
        f'<w:r><w:fldChar w:fldCharType="begin">{data}</w:fldChar></w:r>'
        '<w:r><w:instrText xml:space="preserve"> FORMDROPDOWN </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )

    assert outcome(read(form(put(NAME_LABEL, xml))), SUBJECT) == expected


def _symbol(*, on: bool) -> str:
    return f'<w:r><w:sym w:font="Wingdings" w:char="{"F0FE" if on else "F0A8"}"/></w:r>'


def _letter(*, on: bool) -> str:
    return run_xml("þ" if on else "¨", '<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>')


@pytest.mark.parametrize("box", [_symbol, _letter])
def test_n06_wingdings(read: Read, box: Callable[..., str]) -> None:
    """6. Boxes of Wingdings, as symbols or as the letters « þ » and « ¨ » of that font: accepted."""
    xml = f"{box(on=False)}{run_xml(' Oui    ')}{box(on=True)}{run_xml(' Non')}"

    assert outcome(read(form(put("Stage gratifié", xml))), GIVEN) == (False, None)


def test_n07_both_ticked(read: Read) -> None:
    """7. « Oui » and « Non » both ticked: CASE_AMBIGUE."""
    assert outcome(read(mutated("tableau-deux-cases")), GIVEN) == (None, "CASE_AMBIGUE")


@pytest.mark.parametrize(
    "look", ['<w:u w:val="single"/>', "<w:b/>", "<w:bdr w:val='single'/>", '<w:highlight w:val="yellow"/>']
)
def test_n08_option_set_apart(read: Read, look: str) -> None:
    """8. « Oui » underlined, in bold, framed or highlighted, no box ticked: CASE_AMBIGUE.

    The ring drawn with a pen on a printed page is « tableau-option-entouree » of ``tests/layouts/mutations``.
    """
    xml = f"{run_xml('☐ ')}{run_xml('Oui', look)}{run_xml('    ☐ Non')}"

    assert outcome(read(form(put("Stage gratifié", xml))), GIVEN) == (None, "CASE_AMBIGUE")


def test_n08_option_circled(read: Read) -> None:
    """8. « Oui » circled on the printed page while « Non » is ticked: CASE_AMBIGUE."""
    reading = read((school.LAYOUTS / "mutations" / "tableau-option-entouree.pdf").read_bytes())

    assert outcome(reading, GIVEN)[1] == "CASE_AMBIGUE"


def test_n09_struck_value(read: Read) -> None:
    """9. A value struck through and a new one: RATURE, the new one proposed."""
    assert outcome(read(mutated("tableau-valeur-barree")), "tuteur.telephone") == ("+33261910077", "RATURE")


def test_n10_value_over_leaders(read: Read) -> None:
    """10. « Nom : ..DUPONT....Prénom : .. »: accepted without the dots."""

    def typed(document: Document) -> None:
        line = line_of(document, "Nom :")
        for run in line.runs[1:]:
            run.text = ""
        line.runs[0].text = "Nom : ..DUPONT....Prénom : ..Marie........."

    reading = read(form(typed, layout=school.pointilles))

    assert [outcome(reading, path) for path in ("stagiaire.nom", "stagiaire.prenom")] == [
        ("DUPONT", None),
        ("Marie", None),
    ]


def test_n11_nested_table(read: Read) -> None:
    """11. A value in a table inside the cell: accepted."""
    value = school.MARIE.truth["organisme.raison_sociale"]

    assert outcome(read(mutated("tableau-imbrique")), "organisme.raison_sociale") == (value, None)


def test_n12_row_inserted(read: Read) -> None:
    """12. A row « Nom d’usage » added: told as text that nothing explains; the rows around are accepted.

    The name just above it is doubted, in its place: another surname stands beside it.
    """
    reading = read(mutated("tableau-ligne-inseree"))

    assert [outcome(reading, path) for path in ("stagiaire.numero", "stagiaire.date_naissance")] == [
        ("22400817", None),
        ("2004-03-17", None),
    ]
    assert outcome(reading, "stagiaire.prenom") == ("Marie", "TEXTE_NON_RATTACHE")
    assert outcome(reading, "stagiaire.nom")[0] == "DUPONT"
    assert any("MARTIN" in stray.text for stray in reading.strays)


def test_n13_last_years_version(read: Read) -> None:
    """13. Last year's edition, its columns exchanged: nothing is accepted, VERSION_MODIFIEE."""
    reading = read(mutated("tableau-version-precedente"))

    assert school.accepted(reading) == {}
    assert outcome(reading, "stagiaire.nom") == ("DUPONT", "VERSION_MODIFIEE")


def test_n14_comment(read: Read) -> None:
    """14. « Tuteur change au 1er mars » in a comment: TEXTE_NON_RATTACHE."""
    reading = read(mutated("tableau-commentaire"))

    assert outcome(reading, "tuteur.nom_prenom")[1] == "TEXTE_NON_RATTACHE"
    assert any("change au 1er mars" in stray.text for stray in reading.strays)


def test_n14_note_below_the_form(read: Read) -> None:
    """14. The same words typed below the form, as a note: they are told too."""

    def added(document: Document) -> None:
        document.add_paragraph("(1) Tuteur change au 1er mars")

    reading = read(form(added))

    assert any("change au 1er mars" in stray.text for stray in reading.strays)


def test_n15_protected_form(read: Read) -> None:
    """15. A form protected against typing outside its places: accepted."""

    def protect(document: Document) -> None:
        xml = f'<w:documentProtection {NS} w:edit="forms" w:enforcement="1" w:hash="AA==" w:salt="AA=="/>'
        document.settings.element.append(parse_xml(xml))
        assert document.settings.element.find(qn("w:documentProtection")) is not None

    reading = read(form(protect))

    assert outcome(reading, "organisme.siret") == (school.MARIE.truth["organisme.siret"], None)
    assert reading.doubts == ()


def test_rows_are_where_they_are_looked_for() -> None:
    """The labels named here are those of the form: a change that finds nothing would prove nothing."""
    document = school.tableau.draw(school.OtherInk(school.MARIE))

    assert [row_of(document, label).cells[0].text for label in (SIRET_LABEL, NAME_LABEL, PHONE_LABEL)] == [
        SIRET_LABEL,
        NAME_LABEL,
        PHONE_LABEL,
    ]
