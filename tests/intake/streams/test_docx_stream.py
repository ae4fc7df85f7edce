"""The walk of Word documents: every construction that people and schools use, one by one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pipeline.core.doubts import Reason
from pipeline.core.errors import FormRejected
from pipeline.reading.streams.docx import docx_stream
from pipeline.reading.tokens import Stream, TokenKind

SDT = "<w:sdt><w:sdtPr>{pr}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"
FIELD = (
    '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:name w:val="Texte1"/>{data}</w:ffData></w:fldChar></w:r>'
    "<w:r><w:instrText> {kind} </w:instrText></w:r>"
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r>{result}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)


def run(text: str, properties: str = "") -> str:
    """One run of text."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*content: str) -> str:
    """One paragraph."""
    return f"<w:p>{''.join(content)}</w:p>"


def words(stream: Stream) -> list[str]:
    """The words of a stream, in order."""
    return [token.text for token in stream if token.kind is TokenKind.WORD]


def ticks(stream: Stream) -> list[bool | None]:
    """The states of its tick boxes, in order."""
    return [token.ticked for token in stream if token.kind is TokenKind.TICK]


def test_content_control_among_words(word: Callable[..., dict[str, bytes]]) -> None:
    """A control around a run gives its words, with the control's tag."""
    control = SDT.format(pr='<w:tag w:val="tel"/>', content=run("06 12"))

    stream = docx_stream(word(paragraph(run("Tél : "), control)))

    assert words(stream) == ["Tél", ":", "06", "12"]
    assert [token.name for token in stream if token.text == "12"] == ["tel"]


def test_content_control_around_a_cell(word: Callable[..., dict[str, bytes]]) -> None:
    """A control around a whole cell, row or paragraph hides nothing."""
    cell = f"<w:tc>{paragraph(run('DUPONT'))}</w:tc>"
    row = f"<w:tr><w:tc>{paragraph(run('Nom'))}</w:tc>{SDT.format(pr='', content=cell)}</w:tr>"
    table = f"<w:tbl>{SDT.format(pr='', content=row)}</w:tbl>"

    stream = docx_stream(word(SDT.format(pr="", content=paragraph(run("Titre"))) + table))

    assert words(stream) == ["Titre", "Nom", "DUPONT"]
    assert [token.kind for token in stream].count(TokenKind.CELL) == 2


def test_prompt_is_not_an_answer(word: Callable[..., dict[str, bytes]]) -> None:
    """What Word shows in a control where nothing was written is left out."""
    control = SDT.format(pr="<w:showingPlcHdr/>", content=run("Cliquez ici"))

    assert words(docx_stream(word(paragraph(run("Nom"), control)))) == ["Nom"]


@pytest.mark.parametrize(("value", "glyph", "state"), [("1", "☒", True), ("0", "☐", False)])
def test_check_box_control(word: Callable[..., dict[str, bytes]], value: str, glyph: str, *, state: bool) -> None:
    """A check box control says its own state."""
    box = f'<w14:checkbox><w14:checked w14:val="{value}"/></w14:checkbox>'

    stream = docx_stream(word(paragraph(SDT.format(pr=box, content=run(glyph)), run(" Oui"))))

    assert (ticks(stream), words(stream)) == ([state], ["Oui"])


def test_check_box_that_shows_otherwise(word: Callable[..., dict[str, bytes]]) -> None:
    """A box whose drawing was typed over is a hidden value."""
    box = '<w14:checkbox><w14:checked w14:val="0"/></w14:checkbox>'

    stream = docx_stream(word(paragraph(SDT.format(pr=box, content=run("☒")))))

    assert [token.doubt and token.doubt.code for token in stream if token.kind is TokenKind.TICK] == ["VALEUR_CACHEE"]


def test_legacy_text_over_four_runs(word: Callable[..., dict[str, bytes]]) -> None:
    """The result of an old text field is one word however its runs cut it."""
    result = "".join(run(piece) for piece in ("DU", "PO", "N", "T"))
    field = FIELD.format(data="<w:textInput/>", kind="FORMTEXT", result=result)

    stream = docx_stream(word(paragraph(run("Nom : "), field)))

    assert words(stream) == ["Nom", ":", "DUPONT"]


def test_legacy_list(word: Callable[..., dict[str, bytes]]) -> None:
    """An old list gives the item chosen; when none was, the one it shows, with a doubt."""
    entries = "".join(f'<w:listEntry w:val="{item}"/>' for item in ("Choisir", "virement", "chèque"))
    chosen = FIELD.format(data=f'<w:ddList><w:result w:val="2"/>{entries}</w:ddList>', kind="FORMDROPDOWN", result="")
    unset = FIELD.format(data=f"<w:ddList>{entries}</w:ddList>", kind="FORMDROPDOWN", result="")

    stream = docx_stream(word(paragraph(chosen) + paragraph(unset)))

    assert words(stream) == ["chèque", "Choisir"]
    assert [token.doubt and token.doubt.code for token in stream if token.kind is TokenKind.WORD] == [
        None,
        "CHAMP_VIDE",
    ]


def test_legacy_check_boxes(word: Callable[..., dict[str, bytes]]) -> None:
    """Old check boxes have no character at all: their state comes from their settings."""
    on = FIELD.format(data="<w:checkBox><w:checked/></w:checkBox>", kind="FORMCHECKBOX", result="")
    off = FIELD.format(data='<w:checkBox><w:default w:val="0"/></w:checkBox>', kind="FORMCHECKBOX", result="")

    stream = docx_stream(word(paragraph(on, run(" Oui "), off, run(" Non"))))

    assert (ticks(stream), words(stream)) == ([True, False], ["Oui", "Non"])


def test_wingdings_boxes(word: Callable[..., dict[str, bytes]]) -> None:
    """Boxes of the Wingdings font, as symbols and as plain letters of that font."""
    font = '<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>'
    symbols = "".join(f'<w:r><w:sym w:font="Wingdings" w:char="{code}"/></w:r>' for code in ("F0FE", "F0A8"))

    stream = docx_stream(word(paragraph(symbols, run("þ", font), run("¨", font), run("þ"))))

    assert (ticks(stream), words(stream)) == ([True, False, True, False], ["þ"])


def test_typed_boxes(word: Callable[..., dict[str, bytes]]) -> None:
    """Characters that people use as boxes, stuck to their words or not, and brackets."""
    stream = docx_stream(word(paragraph(run("☐Oui ☑ Non ■ A □ B [x] C [ ] D ✓ E (x) F ( ) G (h)"))))

    assert ticks(stream) == [False, True, True, False, True, False, True, True, False]
    assert words(stream) == ["Oui", "Non", "A", "B", "C", "D", "E", "F", "G", "(h)"]


def test_revisions(word: Callable[..., dict[str, bytes]]) -> None:
    """What was inserted is read, what was deleted is not."""
    text = paragraph(
        "<w:ins>",
        run("MARTIN"),
        "</w:ins>",
        '<w:del><w:r><w:delText xml:space="preserve">DUPONT</w:delText></w:r></w:del>',
    )

    assert words(docx_stream(word(text))) == ["MARTIN"]


def test_struck_and_hidden_words_are_doubts(word: Callable[..., dict[str, bytes]]) -> None:
    """A word struck through and a word nobody sees keep their reason."""
    stream = docx_stream(word(paragraph(run("02", "<w:strike/>"), run(" 05 "), run("06", "<w:vanish/>"))))

    assert [token.doubt and token.doubt.code for token in stream if token.text] == ["RATURE", None, "VALEUR_CACHEE"]


def test_a_word_struck_against_the_next_is_struck_alone(word: Callable[..., dict[str, bytes]]) -> None:
    """Nobody puts a space between what is struck and what replaces it."""
    stream = docx_stream(word(paragraph(run("LE BIHAN", "<w:strike/>"), run("LE GOFF"))))

    assert [(token.text, bool(token.doubt)) for token in stream if token.text] == [
        ("LE", True),
        ("BIHAN", True),
        ("LE", False),
        ("GOFF", False),
    ]


def test_text_box_is_read_once(word: Callable[..., dict[str, bytes]]) -> None:
    """A text box stands twice in the file, for old and new Word; its words come after its paragraph's."""
    box = f"<w:txbxContent>{paragraph(run('dans le cadre'))}</w:txbxContent>"
    both = f"<mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"

    stream = docx_stream(word(paragraph(run("avant "), f"<w:r>{both}</w:r>", run("après"))))

    assert words(stream) == ["avant", "après", "dans", "le", "cadre"]


def test_nested_table(word: Callable[..., dict[str, bytes]]) -> None:
    """A table in a cell is read where it stands."""
    inner = f"<w:tbl><w:tr><w:tc>{paragraph(run('dedans'))}</w:tc></w:tr></w:tbl>"

    stream = docx_stream(word(f"<w:tbl><w:tr><w:tc>{paragraph(run('Nom'))}{inner}</w:tc></w:tr></w:tbl>"))

    assert words(stream) == ["Nom", "dedans"]
    assert [token.place for token in stream if token.text == "dedans"] == ["word/document.xml, tableau 2, ligne 1"]


def test_comment_and_headers(word: Callable[..., dict[str, bytes]]) -> None:
    """Headers are read first, the same header twice once; a comment is a doubt, never part of an answer."""
    note = f'<w:comment w:id="1">{paragraph(run("tuteur change au 1er mars"))}</w:comment>'
    title = paragraph(run("École"))

    stream = docx_stream(
        word(
            paragraph(run("Nom"), '<w:r><w:commentReference w:id="1"/></w:r>'),
            comments=note,
            header1=title,
            header2=title,
        )
    )

    assert words(stream) == ["École", "Nom", "tuteur change au 1er mars"]
    assert [token.name for token in stream if token.doubt] == ["note"]


def test_placeholder_over_several_runs(word: Callable[..., dict[str, bytes]]) -> None:
    """Word cuts a placeholder as it likes: it is one token, apart from what touches it."""
    stream = docx_stream(word(paragraph(run("à {{ stagi"), run("aire.n"), run("om }}, le"))))

    assert words(stream) == ["à", "{{ stagiaire.nom }}", ",", "le"]


def test_endless_nesting_is_refused(word: Callable[..., dict[str, bytes]]) -> None:
    """A document nested without end is refused, not followed."""
    deep = "<w:smartTag>" * 500 + "</w:smartTag>" * 500

    with pytest.raises(FormRejected) as refused:
        docx_stream(word(paragraph(deep)))

    assert refused.value.reason == "WORD_ENDOMMAGE"


def test_a_page_number_within_an_instruction_is_not_shown(word: Callable[..., dict[str, bytes]]) -> None:
    """« { IF { PAGE } > 1 "suite" } » shows its result; the number that it asks about is none of the text."""
    begin, separate, end = (
        f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")
    )
    said = "<w:r><w:instrText>{}</w:instrText></w:r>"
    page = f"{begin}{said.format(' PAGE ')}{separate}{run('1')}{end}"
    form = f"{begin}{said.format(' IF ')}{page}{said.format(' > 1 suite ')}{separate}{run('suite')}{end}"

    assert words(docx_stream(word(paragraph(run("Avant "), form)))) == ["Avant", "suite"]
    assert words(docx_stream(word(paragraph(run("Page "), page)))) == ["Page", "1"]


@pytest.mark.parametrize("turn", range(3))
def test_a_field_that_asks_shows_what_was_typed_and_others_what_they_compute(
    word: Callable[..., dict[str, bytes]], turn: int
) -> None:
    """What LibreOffice makes of a place to write in is an answer; ranks, places and counts of pages are none."""
    asked = ("FILLIN", ' FILLIN "Votre nom ?" ', ' fillin "" \\o ')[turn]
    computed = ('FILLIN "" \\d "Autre"', "SEQ rang \\r 39", "PAGEREF signet", 'STYLEREF "Titre"', "NUMPAGES")
    doubts = []
    for order in (asked, *computed):
        shown = FIELD.format(data="", kind=order, result=run("35"))
        doubts.append(
            [token.doubt and token.doubt.code for token in docx_stream(word(paragraph(shown))) if token.text]
        )
    assert doubts == [[None], *[[Reason.HIDDEN]] * len(computed)]
