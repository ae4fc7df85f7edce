"""The walk of OpenDocument texts: what LibreOffice writes, construction by construction."""

from __future__ import annotations

import pytest

from pipeline.core.errors import FormRejected
from pipeline.reading.streams.odt import odt_stream
from pipeline.reading.streams.odt_parts import odt_keywords
from pipeline.reading.tokens import DRAWN, REVISED, Source, Stream, TokenKind

NAMES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
    "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
    "svg": "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0",
    "form": "urn:oasis:names:tc:opendocument:xmlns:form:1.0",
    "meta": "urn:oasis:names:tc:opendocument:xmlns:meta:1.0",
    "field": "urn:openoffice:names:experimental:ooo-ms-interop:xmlns:field:1.0",
    "loext": "urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0",
}
SPACES = " ".join(f'xmlns:{name}="{space}"' for name, space in NAMES.items())
TEXT, HIDDEN = TokenKind.WORD, "VALEUR_CACHEE"


def content(body: str, styles: str = "", before: str = "") -> bytes:
    """A text with this body and these automatic styles."""
    automatic = f"<office:automatic-styles>{styles}</office:automatic-styles>"
    text = f"<office:body><office:text>{before}{body}</office:text></office:body>"
    return f"<office:document-content {SPACES}>{automatic}{text}</office:document-content>".encode()


def stream(body: str, styles: str = "", before: str = "") -> Stream:
    """Its tokens."""
    return odt_stream({"content.xml": content(body, styles, before)})


def words(found: Stream) -> list[str]:
    """The words, in order."""
    return [token.text for token in found if token.kind is TEXT]


def doubts(found: Stream) -> dict[str, str]:
    """Word to the code of its doubt."""
    return {token.text: token.doubt.code.value for token in found if token.doubt and token.kind is TEXT}


def style(name: str, family: str = "text", *, parent: str = "", part: str = "text", **said: str) -> str:
    """A style that says this, « fo_color » being « fo:color »."""
    told = " ".join(f'{key.replace("_", ":", 1).replace("_", "-")}="{value}"' for key, value in said.items())
    above = f' style:parent-style-name="{parent}"' if parent else ""
    inside = f"<style:{part}-properties {told}/>"
    return f'<style:style style:name="{name}" style:family="{family}"{above}>{inside}</style:style>'


def test_spaces_breaks_and_split_words() -> None:
    """Runs of spaces, tabs, line breaks; a word over several spans is one."""
    body = '<text:p>LE<text:span>  GOFF</text:span> <text:s text:c="3"/>A<text:tab/>B<text:line-break/>C\n D</text:p>'
    found = stream(body)
    assert words(found) == ["LE", "GOFF", "A", "B", "C", "D"]
    assert {token.source for token in found} == {Source.ODT}
    assert words(stream("<text:p>DU<text:span>PONT</text:span></text:p>")) == ["DUPONT"]


def test_cells_are_those_of_the_same_word_table() -> None:
    """Spanned columns are one cell; a cell covered from above is one that shows nothing."""
    body = (
        "<table:table><table:table-column/><table:table-row>"
        '<table:table-cell table:number-columns-spanned="3"><text:p>Nom</text:p></table:table-cell>'
        '<table:covered-table-cell table:number-columns-repeated="2"/><table:table-cell><text:p>DUPONT</text:p>'
        "</table:table-cell></table:table-row><table:table-row><table:covered-table-cell><text:p>caché</text:p>"
        "</table:covered-table-cell><table:table-cell><text:p>vu</text:p></table:table-cell></table:table-row>"
        "</table:table>"
    )
    found = stream(body)
    kinds = [token.kind for token in found if token.kind in (TokenKind.CELL, TokenKind.ROW)]
    assert kinds == [*[TokenKind.CELL] * 2, TokenKind.ROW, *[TokenKind.CELL] * 2, TokenKind.ROW]
    assert doubts(found) == {"caché": HIDDEN}


LOOKS = {
    "masqué": {"text_display": "none"},
    "blanc": {"fo_color": "#ffffff"},
    "pâle": {"fo_color": "#f4f6f8"},
    "fond": {"fo_color": "#1f3864", "fo_background_color": "#1f3864"},
    "clair": {"fo_color": "#000000", "loext_opacity": "5%"},
    "petit": {"fo_font_size": "2pt"},
    "étroit": {"style_text_scale": "1%"},
    "haut": {"style_text_position": "300% 100%"},
    "serré": {"fo_letter_spacing": "-0.5cm"},
    "signes": {"style_font_name": "Wingdings"},
}


@pytest.mark.parametrize("look", LOOKS)
def test_letters_that_nobody_sees_are_doubts(look: str) -> None:
    """By a span’s style, by one it is based on, by the paragraph’s, by the table’s and the section’s."""
    said = LOOKS[look]
    span = '<text:p>vu <text:span text:style-name="{0}">1234</text:span></text:p>'
    assert doubts(stream(span.format("T1"), style("T1", **said))) == {"1234": HIDDEN}
    based = style("T1", **said) + style("T2", parent="T1", fo_font_style="italic")
    assert doubts(stream(span.format("T2"), based)) == {"1234": HIDDEN}
    paragraph = '<text:p text:style-name="P2"><text:span>1234</text:span></text:p>'
    based = style("P1", "paragraph", **said) + style("P2", "paragraph", parent="P1")
    assert doubts(stream(paragraph, based)) == {"1234": HIDDEN}


@pytest.mark.parametrize(
    "said",
    [
        {"fo_color": "#a6adb5", "fo_font_size": "8pt"},
        {"fo_color": "#ffffff", "style_use_window_font_color": "true", "loext_opacity": "0%"},
        {"fo_color": "#ffffff", "fo_background_color": "#1f3864"},
        {"fo_font_size": "80%", "style_text_position": "super 70%", "style_text_line_through_style": "none"},
    ],
)
def test_letters_that_are_seen_are_none(said: dict[str, str]) -> None:
    """Grey, automatic, white on dark, raised."""
    body = '<text:p>vu <text:span text:style-name="T1">1234</text:span></text:p>'
    assert doubts(stream(body, style("T1", **said))) == {}


def test_places_that_do_not_show_their_words() -> None:
    """Hidden sections and rows, rows and lines without height, what the page does not reach."""
    row = style("R1", "table-row", part="table-row", style_row_height="0.05cm")
    line = style("P1", "paragraph", part="paragraph", fo_line_height="0.5pt")
    away = style("P2", "paragraph", part="paragraph", fo_margin_left="60cm")
    cell = "<table:table-cell><text:p>deux</text:p></table:table-cell>"
    table = f"<table:table><table:table-row {{0}}>{cell}</table:table-row></table:table>"
    for body in (
        '<text:section text:display="none"><text:p>deux</text:p></text:section>',
        table.format('table:visibility="collapse"'),
        table.format('table:style-name="R1"'),
        '<text:p text:style-name="P1">deux</text:p>',
        '<text:p text:style-name="P2">deux</text:p>',
        '<text:p>deux<text:hidden-paragraph text:condition="x" text:is-hidden="true"/></text:p>',
        '<text:p><text:hidden-text text:condition="x" text:string-value="deux">deux</text:hidden-text></text:p>',
        "<text:p><text:date>deux</text:date></text:p>",
    ):
        assert doubts(stream(f"<text:p>un</text:p>{body}", row + line + away)) == {"deux": HIDDEN}
    assert doubts(stream('<text:p><text:date text:fixed="true">deux</text:date></text:p>')) == {}


def test_a_number_of_its_own_before_words_is_a_doubt() -> None:
    """A prefix with a figure; bullets and counts are none."""
    body = '<text:list text:style-name="L"><text:list-item><text:p>40</text:p></text:list-item></text:list>'
    level = '<text:list-style style:name="L"><text:list-level-style-{0} text:level="1" {1}/></text:list-style>'
    for kind, said, told in (
        ("number", 'style:num-prefix="1" style:num-format=""', {"40": HIDDEN}),
        ("bullet", 'text:bullet-char="9"', {"40": HIDDEN}),
        ("number", 'style:num-suffix="." style:num-format="1"', {}),
        ("bullet", 'text:bullet-char="•"', {}),
    ):
        assert doubts(stream(body, level.format(kind, said))) == told


def test_controls_and_fields_of_forms() -> None:
    """Boxes, lists and texts of controls, of Word’s older fields and of the forms layer; prompts are nothing."""
    body = (
        '<text:p><loext:content-control loext:checkbox="true" loext:checked="true" loext:tag="a">☒'
        '</loext:content-control> Oui <loext:content-control loext:checkbox="true">☐</loext:content-control> Non '
        '<loext:content-control loext:showing-place-holder="true">Choisissez</loext:content-control></text:p>'
        '<text:p><field:fieldmark-start text:name="nom" field:type="x.FORMTEXT"/>DUPONT<field:fieldmark-end/>'
        '<field:fieldmark field:type="x.FORMCHECKBOX"><field:param field:name="Checkbox_Checked" field:value="true"/>'
        '</field:fieldmark><field:fieldmark field:type="x.FORMDROPDOWN">'
        '<field:param field:name="Dropdown_ListEntry" field:value="Mme"/>'
        '<field:param field:name="Dropdown_ListEntry" field:value="M."/>'
        '<field:param field:name="Dropdown_Selected" field:value="1"/></field:fieldmark></text:p>'
        '<text:p>Tél : <draw:control draw:control="c1"/></text:p>'
        '<text:p><text:drop-down text:name="x"><text:label text:value="un"/>deux</text:drop-down></text:p>'
    )
    forms = '<office:forms><form:text form:id="c1" form:name="tel" form:current-value="06"/></office:forms>'
    found = stream(body, before=forms)
    assert words(found) == ["Oui", "Non", "DUPONT", "M.", "Tél", ":", "06", "deux"]
    assert [token.ticked for token in found if token.kind is TokenKind.TICK] == [True, False, True]
    assert [token.name for token in found if token.text in ("DUPONT", "06")] == ["nom", "tel"]


def test_notes_drawings_and_tracked_changes_stand_aside() -> None:
    """A comment and a footnote are doubts, a deleted passage is told, a text box is read once and apart."""
    tracked = (
        '<text:tracked-changes><text:changed-region text:id="c1"><text:deletion><office:change-info/>'
        "<text:p>14/04/2025</text:p></text:deletion></text:changed-region></text:tracked-changes>"
    )
    body = (
        '<text:p>21/04/2025<text:change text:change-id="c1"/><office:annotation><text:p>à revoir</text:p>'
        '</office:annotation><draw:line svg:width="3cm"/><draw:frame text:anchor-type="char"><draw:text-box>'
        "<text:p>AUTRE</text:p></draw:text-box></draw:frame></text:p>"
    )
    found = stream(body, before=tracked)
    assert words(found) == ["21/04/2025", "à revoir", "AUTRE"]
    assert [token.floating for token in found if token.text == "AUTRE"] == [True]
    aside = {token.name: token for token in found if token.kind is TokenKind.ASIDE}
    assert set(aside) == {DRAWN, REVISED}
    assert "14/04/2025" in aside[REVISED].text


def test_headers_come_first_footers_last_and_once() -> None:
    """Those that are shown; a page number is read as one, whoever printed."""
    master = (
        "<style:master-page><style:header><text:p>Tête</text:p></style:header><style:footer><text:p>Page "
        "<text:page-number>4</text:page-number></text:p></style:footer>"
        '<style:header-first style:display="false"><text:p>non</text:p></style:header-first></style:master-page>'
    )
    styles = f"<office:document-styles {SPACES}>{master * 2}</office:document-styles>"
    found = odt_stream({"content.xml": content("<text:p>corps</text:p>"), "styles.xml": styles.encode()})
    assert words(found) == ["Tête", "corps", "Page", "1"]
    assert [token.running for token in found if token.kind is TEXT] == [True, False, True, True]


def test_a_text_without_body_is_refused_and_keywords_are_kept() -> None:
    """One that is nested beyond measure is damaged too."""
    deep = content("<text:list>" * 300 + "<text:p/>" + "</text:list>" * 300)
    for parts in ({}, {"content.xml": f"<office:document-content {SPACES}/>".encode()}, {"content.xml": deep}):
        with pytest.raises(FormRejected, match="endommagé") as refused:
            odt_stream(parts)
        assert refused.value.reason == "ODT_ENDOMMAGE"
    meta = f"<office:document-meta {SPACES}><meta:keyword>liasse/x</meta:keyword></office:document-meta>"
    assert "liasse/x" in odt_keywords({"meta.xml": meta.encode()})


def test_a_form_field_within_another_gives_it_back_its_name() -> None:
    """What is typed after the inner one is still of the outer one."""
    start = '<field:fieldmark-start text:name="{}" field:type="x.FORMTEXT"/>'
    found = stream(
        f"<text:p>{start.format('un')}A {start.format('deux')}B<field:fieldmark-end/> C"
        "<field:fieldmark-end/> D</text:p>"
    )
    assert [(token.text, token.name) for token in found if token.kind is TEXT] == [
        ("A", "un"),
        ("B", "deux"),
        ("C", "un"),
        ("D", None),
    ]
