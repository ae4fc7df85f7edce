"""A Word form says what Word shows: whatever hides, covers or changes an answer is a doubt of that answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial, reduce

import pytest
from shown_word import (
    MAIN,
    SPACES,
    Change,
    around,
    changed,
    content,
    doubts,
    part_of,
    read,
    relations,
    run,
    sample,
    values,
    with_spaces,
)

from pipeline.reading.known_forms import KnownForms

pytestmark = pytest.mark.sampled(3)

DATE, NAME = "stage.date_debut", "tuteur.nom"
HIDDEN, STRAY, STRUCK, CHANGED = "VALEUR_CACHEE", "TEXTE_NON_RATTACHE", "RATURE", "VERSION_MODIFIEE"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
# Answers in cells of their own, and some in rows of their own.
FIELDS = (
    *(DATE, NAME, "stagiaire.lieu_naissance", "stage.heures_hebdo", "organisme.raison_sociale", "tuteur.courriel"),
    *(
        "stagiaire.telephone",
        "organisme.siret",
        "tuteur.fonction",
        "stagiaire.adresse.code_postal",
        "stage.duree_heures",
    ),
    *(
        "stagiaire.courriel",
        "organisme.adresse.ville",
        "assurance_rc.contrat",
        "stage.avantages",
        "organisme.service",
    ),
    *("assurance_rc.expire_le", "stage.conges_modalites", "signatures.tuteur_le"),
)
ROWS = (
    *(DATE, NAME, "stagiaire.lieu_naissance", "organisme.raison_sociale"),
    *("assurance_rc.compagnie", "tuteur.fonction", "stagiaire.adresse.ville", "employeur.adresse.voie"),
    *("organisme.adresse.voie", "organisme.signataire.nom"),
)
INK = "<w14:textFill>{}</w14:textFill>"
_STYLE = '<w:style w:type="{kind}" w:styleId="{name}"><w:name w:val="{name}"/>{based}<w:rPr>{look}</w:rPr></w:style>'


def in_turn(changes: Sequence[Callable[[str], str]]) -> Callable[[str], str]:
    """All these changes, one after another."""
    return lambda text: reduce(lambda changed_so_far, change: change(changed_so_far), changes, text)


def styled(look: str, kind: str = "character") -> Change:
    """A change of the styles: one of this look, and one based on it."""
    first = _STYLE.format(kind=kind, name="Pale", based="", look=look)
    second = _STYLE.format(kind=kind, name="Suite", based='<w:basedOn w:val="Pale"/>', look="<w:i/>")
    return lambda text: text.replace("</w:styles>", f"{first}{second}</w:styles>")


LOOKS = {
    "masqué": ("<w:vanish/>", HIDDEN),
    "masqué en mode web": ("<w:webHidden/>", HIDDEN),
    "blanc": ('<w:color w:val="FFFFFF"/>', HIDDEN),
    "presque blanc": ('<w:color w:val="F4F6F8"/>', HIDDEN),
    "blanc du thème": ('<w:color w:val="000000" w:themeColor="background1"/>', HIDDEN),
    "noir sur noir": ('<w:color w:val="000000"/><w:highlight w:val="black"/>', HIDDEN),
    "couleur de son fond": ('<w:color w:val="1F3864"/><w:shd w:val="clear" w:fill="1F3864"/>', HIDDEN),
    "motif plein": ('<w:color w:val="1F3864"/><w:shd w:val="solid" w:color="1F3864" w:fill="FFFFFF"/>', HIDDEN),
    "sans encre": (INK.format("<w14:noFill/>"), HIDDEN),
    "un point": ('<w:sz w:val="2"/>', HIDDEN),
    "indice minuscule": ('<w:sz w:val="10"/><w:vertAlign w:val="subscript"/>', HIDDEN),
    "un centième": ('<w:w w:val="1"/>', HIDDEN),
    "relevé": ('<w:position w:val="400"/>', HIDDEN),
    "tassé": ('<w:spacing w:val="-300"/>', HIDDEN),
    "géant": ('<w:sz w:val="3000"/>', HIDDEN),
    "ajusté": ('<w:fitText w:val="20" w:id="5"/>', HIDDEN),
    "Wingdings": ('<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>', HIDDEN),
    "de droite à gauche": ("<w:rtl/>", HIDDEN),
    "barré": ("<w:strike/>", STRUCK),
}


@pytest.mark.parametrize("turn", [0, 5, 11])
def test_letters_that_nobody_sees_are_a_doubt(given_out: KnownForms, turn: int) -> None:
    """Each of the answer that it stands in, and of no other: every look in three kinds of field."""
    told = dict(zip((*FIELDS[turn:], *FIELDS[:turn]), LOOKS.values(), strict=False))
    assert len(told) == len(LOOKS)
    changes = [content(path, run("Autre 123", look)) for path, (look, _) in told.items()]
    reading = read(changed(sample(), {MAIN: in_turn(changes)}), given_out)
    assert doubts(reading) == {path: code for path, (_, code) in told.items()}


@pytest.mark.parametrize(
    "look",
    [
        '<w:color w:val="A6ADB5"/>',
        '<w:color w:val="auto"/><w:highlight w:val="yellow"/>',
        '<w:color w:val="FFFFFF"/><w:shd w:val="clear" w:fill="1F3864"/>',
        '<w:sz w:val="16"/><w:b/><w:i/><w:caps/>',
        '<w:rtl w:val="0"/><w:vanish w:val="0"/><w:w w:val="90"/><w:spacing w:val="-10"/><w:position w:val="2"/>',
        '<w:rFonts w:ascii="Marianne"/><w:shd w:val="nil" w:fill="auto"/><w:highlight w:val="none"/>',
    ],
)
def test_letters_that_are_seen_are_accepted(given_out: KnownForms, look: str) -> None:
    """Grey, marked, white on dark, small, and what other programs write of every run."""
    reading = read(changed(sample(), {MAIN: content(DATE, run("21/04/2025", look))}), given_out)
    assert (doubts(reading), values(reading)[DATE]) == ({}, "2025-04-21")


@pytest.mark.parametrize("look", ["<w:vanish/>", '<w:color w:val="FFFFFF"/>', '<w:sz w:val="2"/>'])
def test_styles_are_followed_to_those_they_are_based_on(given_out: KnownForms, look: str) -> None:
    """Of characters and of paragraphs."""
    for kind, paths in (("character", FIELDS[:3]), ("paragraph", FIELDS[4:7])):
        named = "r" if kind == "character" else "p"
        changes: list[Callable[[str], str]] = []
        for path, name in zip(paths, ("Pale", "Suite", "Suite"), strict=True):
            style = f'<w:{named}Style w:val="{name}"/>'
            changes.append(content(path, run("Autre 123", style if named == "r" else "")))
            changes += [] if named == "r" else [around(path, "p", style, "pPr")]
        parts: dict[str, Change] = {MAIN: in_turn(changes), "word/styles.xml": styled(look, kind)}
        assert doubts(read(changed(sample(), parts), given_out)) == dict.fromkeys(paths, HIDDEN)


PLACES = {
    "ligne masquée": ("tr", "<w:hidden/>", "trPr"),
    "ligne sans hauteur": ("tr", '<w:trHeight w:val="1" w:hRule="exact"/>', "trPr"),
    "ligne coupée": ("tr", '<w:trHeight w:val="160" w:hRule="exact"/>', "trPr"),
    "interligne nul": ("p", '<w:spacing w:line="10" w:lineRule="exact"/>', "pPr"),
    "retrait": ("p", '<w:ind w:left="20000"/>', "pPr"),
    "cadre hors page": ("p", '<w:framePr w:x="30000" w:y="10"/>', "pPr"),
    "ligne à côté de la page": ("tr", '<w:wBefore w:w="40000" w:type="dxa"/>', "trPr"),
    "marges de cellule": ("tc", '<w:tcMar><w:left w:w="30000" w:type="dxa"/></w:tcMar>', "tcPr"),
    "cellule avalée": ("tc", "<w:vMerge/>", "tcPr"),
    "fond de la couleur": ("tc", '<w:shd w:val="clear" w:fill="00005A"/>', "tcPr"),
}


@pytest.mark.parametrize("turn", [0, 3, 6])
def test_a_place_that_does_not_show_its_words_is_a_doubt(given_out: KnownForms, turn: int) -> None:
    """Hidden or cut rows, lines, frames and cells: each in a row of its own."""
    told = dict(zip((*ROWS[turn:], *ROWS[:turn]), PLACES.values(), strict=True))
    changes: list[Callable[[str], str]] = []
    for path, place in told.items():
        changes += [content(path, run("Autre 123", '<w:color w:val="00005A"/>')), around(path, *place)]
    found = doubts(read(changed(sample(), {MAIN: in_turn(changes)}), given_out))
    assert {path: found.get(path) for path in told} == dict.fromkeys(told, HIDDEN)


MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"
BROUGHT = {
    NAME: "Corps Texte",
    "stagiaire.lieu_naissance": "Police A",
    "assurance_rc.contrat": "Chiffres",
    "tuteur.fonction": "Calibri",
}
CHOICE = (
    f'<mc:AlternateContent><mc:Choice xmlns:x="urn:example:x" Requires="x">{run("21/04/2025")}</mc:Choice>'
    f"<mc:Fallback>{run('22/04/2025')}</mc:Fallback></mc:AlternateContent>"
)
BESIDE = {
    "trait": (
        "OLD<w:r><w:pict><v:line style='position:absolute' from='0,0' to='90pt,0'/></w:pict></w:r>",
        STRUCK,
    ),
    "rectangle vide": (
        "OLD<w:r><w:pict><v:rect style='position:absolute;width:90pt;height:12pt' fillcolor='white'/></w:pict></w:r>",
        STRUCK,
    ),
    "image flottante": (
        '<w:r><w:drawing><wp:anchor><wp:extent cx="1270000" cy="254000"/></wp:anchor></w:drawing></w:r>OLD',
        STRUCK,
    ),
    "image dans la ligne": (
        'OLD<w:r><w:drawing><wp:inline><wp:extent cx="127000" cy="127000"/></wp:inline></w:drawing></w:r>',
        STRAY,
    ),
    "document inséré": ('OLD<w:altChunk r:id="rId99"/>', HIDDEN),
    "champ de date": (f'<w:fldSimple w:instr=" DATE ">{run("21/04/2025")}</w:fldSimple>', HIDDEN),
    "lettres grecques": (run("21/04/2025 Οrange"), HIDDEN),
    "ordre retourné": (run("\u202e5202/40/12\u202c"), HIDDEN),
    "barré par des signes": (run("2\u03361\u0336/\u03360\u03364\u0336/2025"), STRUCK),
    "coche derrière": ('OLD<w:r><w:sym w:font="Wingdings" w:char="F0FB"/></w:r>', STRAY),
    "signes seuls": ('<w:r><w:sym w:font="Wingdings" w:char="F031"/></w:r>' * 4, HIDDEN),
    "petits mots au-dessus": (
        f"<w:r><w:ruby><w:rt>{run('ou 22')}</w:rt><w:rubyBase>{run('21/04/2025')}</w:rubyBase></w:ruby></w:r>",
        STRAY,
    ),
    "élément inconnu": (f'<x:y xmlns:x="urn:example:x">{run("21/04/2025")}</x:y>', HIDDEN),
    "autre choix": (CHOICE, HIDDEN),
    "fin en exposant": (run("4,3") + run("5", '<w:vertAlign w:val="superscript"/>'), HIDDEN),
    "formule": (run("12") + f'<m:oMath xmlns:m="{MATH}"><m:r><m:t>+5</m:t></m:r></m:oMath>', STRAY),
}


@pytest.mark.parametrize("turn", [0, 4, 9])
def test_what_lies_on_an_answer_or_computes_it_is_a_doubt(given_out: KnownForms, turn: int) -> None:
    """Drawings, inserted documents, fields, letters of other alphabets: every one in three fields."""
    told = dict(zip((*FIELDS[turn:], *FIELDS[:turn]), BESIDE.values(), strict=False))
    changes = [content(path, xml) for path, (xml, _) in told.items()]
    found = doubts(read(changed(sample(), {MAIN: in_turn(changes)}), given_out))
    assert found == {path: code for path, (_, code) in told.items()}


def test_a_text_box_over_an_answer_is_a_doubt(given_out: KnownForms) -> None:
    """Its words are no part of the answer."""
    words = f"<v:textbox><w:txbxContent><w:p>{run('DURAND')}</w:p></w:txbxContent></v:textbox>"
    box = f"<w:r><w:pict><v:shape>{words}</v:shape></w:pict></w:r>"
    reading = read(changed(sample(), {MAIN: content(NAME, f"OLD{box}")}), given_out)
    assert doubts(reading) == {NAME: STRAY}
    assert next(field.value for field in reading.fields if field.path == NAME) != "DURAND"


@pytest.mark.parametrize("data", ["28/04/2025", "", "2025-04-28T00:00:00"])
def test_bound_data_wins_over_what_a_control_holds(given_out: KnownForms, data: str) -> None:
    """Word shows the data; where they say the same there is nothing to tell."""
    item = "{11111111-1111-1111-1111-111111111111}"
    bound = f'<w:dataBinding w:xpath="/r/d" w:storeItemID="{item}"/>'
    parts: dict[str, Change] = {
        "customXml/itemProps7.xml": '<d:datastoreItem xmlns:d="http://schemas.openxmlformats.org/officeDocument/2006/'
        f'customXml" d:itemID="{item}"/>',
        "customXml/item7.xml": f"<r><d>{data}</d></r>",
    }
    for words, odd in (("21/04/2025", True), ("28/04/2025", data == "")):
        parts[MAIN] = content(DATE, run(words), bound)
        found = doubts(read(changed(sample(), parts), given_out))
        assert found == ({DATE: HIDDEN} if odd else {})


def test_a_font_that_the_file_brings_is_a_doubt(given_out: KnownForms) -> None:
    """It may draw other letters than are written; one that machines have is used in its place."""
    changes = [content(path, run("Autre 123", f'<w:rFonts w:ascii="{name}"/>')) for path, name in BROUGHT.items()]
    fonts = "".join(f'<w:font w:name="{name}"><w:embedRegular r:id="rId1"/></w:font>' for name in BROUGHT.values())
    parts: dict[str, Change] = {
        MAIN: in_turn(changes),
        "word/fontTable.xml": lambda text: text.replace("</w:fonts>", f"{fonts}</w:fonts>"),
    }
    assert doubts(read(changed(sample(), parts), given_out)) == dict.fromkeys(tuple(BROUGHT)[:3], HIDDEN)


def test_a_prompt_that_holds_an_answer_is_a_doubt(given_out: KnownForms) -> None:
    """The page shows it; a prompt that asks is none."""
    tag = f'<w:tag w:val="{DATE}"/>'
    for words, told in (("21/04/2025", {DATE: HIDDEN}), ("Cliquez pour écrire", {})):
        flagged = in_turn([content(DATE, run(words)), lambda text: text.replace(tag, f"{tag}<w:showingPlcHdr/>")])
        assert doubts(read(changed(sample(), {MAIN: flagged}), given_out)) == told


@pytest.mark.parametrize("path", [NAME, "organisme.siret", "assurance_rc.contrat"])
def test_words_typed_in_the_cell_are_a_doubt_of_its_answer(given_out: KnownForms, path: str) -> None:
    """Before or behind it, in its paragraph: of no other answer."""
    tag = f'<w:tag w:val="{path}"/>'

    def put(text: str, *, before: bool) -> str:
        place = text.index(tag)
        at = text.rindex("<w:sdt>", 0, place) if before else text.index("</w:sdt>", place) + len("</w:sdt>")
        return text[:at] + run("sous réserve") + text[at:]

    for before in (True, False):
        change = partial(put, before=before)
        assert doubts(read(changed(sample(), {MAIN: change}), given_out)) == {path: STRAY}


def test_the_entry_of_a_list_that_means_no_choice_is_nothing(given_out: KnownForms) -> None:
    """Word gives it no value."""
    listed = '<w:dropDownList><w:listItem w:displayText="À votre choix" w:value=""/></w:dropDownList>'
    reading = read(changed(sample(), {MAIN: content(NAME, run("À votre choix"), listed)}), given_out)
    assert (doubts(reading), values(reading).get(NAME)) == ({}, None)


def test_exchanged_controls_are_doubts_of_both(given_out: KnownForms) -> None:
    """The tag says one thing, the label beside another."""
    one, other = f'<w:tag w:val="{NAME}"/>', '<w:tag w:val="stage.heures_hebdo"/>'

    def exchange(text: str) -> str:
        return text.replace(one, "<X/>").replace(other, one).replace("<X/>", other)

    found = doubts(read(changed(sample(), {MAIN: exchange}), given_out))
    assert {path: found[path] for path in (NAME, "stage.heures_hebdo")} == {
        NAME: CHANGED,
        "stage.heures_hebdo": CHANGED,
    }


def test_a_number_of_its_own_before_an_answer_is_a_doubt(given_out: KnownForms) -> None:
    """An automatic number whose text is a figure; a bullet is none."""
    level = (
        '<w:abstractNum w:abstractNumId="97"><w:lvl w:ilvl="0"><w:numFmt w:val="{0}"/><w:lvlText w:val="{1}"/>'
        "</w:lvl></w:abstractNum>"
    )
    used = '<w:num w:numId="97"><w:abstractNumId w:val="97"/></w:num>'
    list_of = around("stage.duree_heures", "p", '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="97"/></w:numPr>', "pPr")
    for kind, text, told in (("decimal", "1", HIDDEN), ("decimal", "%1", HIDDEN), ("bullet", "•", None)):
        numbers = level.format(kind, text)
        parts: dict[str, Change] = {
            MAIN: list_of,
            "word/numbering.xml": lambda part, n=numbers: part.replace("</w:numbering>", f"{n}{used}</w:numbering>"),  # type: ignore[misc]
        }
        assert doubts(read(changed(sample(), parts), given_out)).get("stage.duree_heures") == told


def test_a_label_that_nobody_sees_says_nothing(given_out: KnownForms) -> None:
    """The answer beside it is not surely its answer."""
    label = "Date de début</w:t>"

    def hide(text: str) -> str:
        end = text.index(label)
        start = text.rindex("<w:rPr>", 0, end)
        return text[: start + 7] + "<w:vanish/>" + text[start + 7 :]

    assert DATE in doubts(read(changed(sample(), {MAIN: hide}), given_out))


def test_tracked_changes_give_the_final_text_and_a_note(given_out: KnownForms) -> None:
    """What was deleted is not read, what was inserted is, and both are told."""
    mark = 'w:id="9" w:author="x" w:date="2025-03-01T00:00:00Z"'
    for tags in (("del", "ins"), ("moveFrom", "moveTo")):
        gone = f"<w:{tags[0]} {mark}><w:r><w:delText>14/04/2025</w:delText></w:r></w:{tags[0]}>"
        xml = f"{gone}<w:{tags[1]} {mark}>{run('21/04/2025')}</w:{tags[1]}>"
        reading = read(changed(sample(), {MAIN: content(DATE, xml)}), given_out)
        assert (doubts(reading), values(reading)[DATE]) == ({}, "2025-04-21")
        (note,) = reading.strays
        assert (note.doubt, "« 14/04/2025 » supprimé" in note.text, "« 21/04/2025 » ajouté" in note.text) == (
            None,
            True,
            True,
        )


@pytest.mark.parametrize("kind", ["header", "footer"])
def test_a_remark_in_a_header_is_a_doubt_of_the_page(given_out: KnownForms, kind: str) -> None:
    """Of no answer; a header that no section asks for is not shown."""
    words = "Attention, montant à revoir avec la direction"
    relation = f'<Relationship Id="rId77" Type="{OFFICE}/{kind}" Target="{kind}7.xml"/>'
    asked = f'<w:{kind}Reference w:type="first" r:id="rId77"/>'
    root = {"header": "hdr", "footer": "ftr"}[kind]
    parts: dict[str, Change] = {
        f"word/{kind}7.xml": f"<w:{root} {SPACES}><w:p>{run(words)}</w:p></w:{root}>",
        "word/_rels/document.xml.rels": lambda text: text.replace("</Relationships>", f"{relation}</Relationships>"),
    }
    assert read(changed(sample(), parts), given_out).strays == ()
    parts[MAIN] = in_turn([with_spaces, lambda text: text.replace("<w:pgSz", f"{asked}<w:pgSz", 1)])
    reading = read(changed(sample(), parts), given_out)
    assert (doubts(reading), [one.text for one in reading.strays]) == ({"page": STRAY}, [words])


@pytest.mark.parametrize(
    "thing",
    ['<w:altChunk r:id="rId9"/>', "<w:p><w:r><w:pict><v:oval style='width:200pt;height:90pt'/></w:pict></w:r></w:p>"],
)
def test_what_stands_between_tables_is_told_once(given_out: KnownForms, thing: str) -> None:
    """An inserted document, a drawing where nothing is answered: a doubt of the page."""
    at_the_end = in_turn([with_spaces, lambda text: text.replace("<w:sectPr", f"{thing}<w:sectPr", 1)])
    assert list(doubts(read(changed(sample(), {MAIN: at_the_end}), given_out))) == ["page"]


def test_the_main_part_is_the_one_that_relationships_name(given_out: KnownForms) -> None:
    """A second document beside it is told; the part that nobody names is not read."""
    other = content(DATE, run("21/04/2025"))
    rels = relations(f"{OFFICE}/officeDocument", "word/autre.xml")
    whole = sample()
    parts: dict[str, Change] = {"_rels/.rels": rels, "word/autre.xml": other(part_of(whole, MAIN))}
    reading = read(changed(whole, parts), given_out)
    assert (doubts(reading), values(reading)[DATE]) == ({"page": HIDDEN}, "2025-04-21")


def test_honest_samples_have_no_doubt(given_out: KnownForms) -> None:
    """Nothing above is seen where nothing was done."""
    for number in (2, 5):
        reading = read(sample(number), given_out)
        assert (doubts(reading), reading.strays) == ({}, ())
