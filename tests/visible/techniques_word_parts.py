"""Techniques around a Word answer: its row, its cell, drawings, other parts of the file, controls that lie."""

from __future__ import annotations

import io
import random
from collections.abc import Callable

from lxml import etree
from PIL import Image
from scenes import Scene
from seen import WRITTEN, Paper, Seen, technique
from word_tools import DOCUMENT, TYPES, WordEditing, edited, line_shape, picture, pieces, run, shape, w

REMARKS = ("NON", "à confirmer", "annulé, voir mail", "montant convenu 5,00 euros", "voir avenant du 3 mars")
Change = Callable[[WordEditing, Scene, random.Random], None]


def changes(seen: Seen, base: str = "old", *, kinds: tuple[str, ...] = ()) -> Callable[[Change], Change]:
    """Enter a change of the form that holds the old or the new answer."""

    def enter(change: Change) -> Change:
        def make(scene: Scene, rng: random.Random) -> bytes:
            with edited(scene.word(base)) as word:
                change(word, scene, rng)
            return word.result

        technique(Paper.WORD, seen, kinds=kinds, name=change.__name__)(make)
        return change

    return enter


@changes(Seen.NOTHING, "new", kinds=WRITTEN)
def row_hidden(word: WordEditing, scene: Scene, _: random.Random) -> None:
    """The row of the answer and the marks of its paragraphs are hidden."""
    row = word.around(scene, "tr")
    word.settings(row, "<w:hidden/>", "trPr")
    for one in row.iter(w("r")):
        look = one.find(w("rPr"))
        if look is not None:
            look.insert(0, look.makeelement(w("vanish"), {}))


@changes(Seen.NOTHING, "new", kinds=WRITTEN)
def row_of_no_height(word: WordEditing, scene: Scene, _: random.Random) -> None:
    """The row is exactly a twentieth of a point high."""
    word.settings(word.around(scene, "tr"), '<w:trHeight w:val="1" w:hRule="exact"/>', "trPr")


@changes(Seen.UNSURE, "new")
def row_cut_through(word: WordEditing, scene: Scene, _: random.Random) -> None:
    """The row is exactly as high as its label: the answer is cut off."""
    word.settings(word.around(scene, "tr"), '<w:trHeight w:val="150" w:hRule="exact"/>', "trPr")


@changes(Seen.NOTHING, "new", kinds=WRITTEN)
def line_of_no_height(word: WordEditing, scene: Scene, _: random.Random) -> None:
    """The line of the answer is exactly a twentieth of a point high."""
    word.settings(
        word.around(scene, "p"), '<w:spacing w:before="0" w:after="0" w:line="1" w:lineRule="exact"/>', "pPr"
    )


@changes(Seen.NOTHING, "new", kinds=WRITTEN)
def pushed_out_by_indent(word: WordEditing, scene: Scene, _: random.Random) -> None:
    """The answer is indented out of its page."""
    word.settings(word.around(scene, "p"), '<w:ind w:left="-30000" w:right="25000"/>', "pPr")


@changes(Seen.UNSURE, "new", kinds=WRITTEN)
def framed_off_the_page(word: WordEditing, scene: Scene, _: random.Random) -> None:
    """The answer's paragraph is a frame beside the page."""
    frame = (
        '<w:framePr w:w="2000" w:hSpace="0" w:wrap="around" w:vAnchor="page" w:hAnchor="page" '
        'w:x="30000" w:y="30000"/>'
    )
    word.settings(word.around(scene, "p"), frame, "pPr")


@changes(Seen.UNSURE, kinds=WRITTEN)
def number_before_the_answer(word: WordEditing, scene: Scene, _: random.Random) -> None:
    """The list number of the answer's paragraph is a text of its own: « 9 »."""
    numbering = next((name for name in word.parts if name.startswith("word/numbering")), "")
    level = (
        '<w:abstractNum w:abstractNumId="97"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
        '<w:suff w:val="nothing"/><w:lvlText w:val="9"/></w:lvl></w:abstractNum>'
    )
    used = '<w:num w:numId="97"><w:abstractNumId w:val="97"/></w:num>'
    if numbering:
        part = word.parts[numbering]
        start = part.index(b"<w:num ") if b"<w:num " in part else part.index(b"</w:numbering>")
        part = part[:start] + level.encode() + part[start:]
        word.parts[numbering] = part.replace(b"</w:numbering>", used.encode() + b"</w:numbering>")
    else:
        space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        word.part(
            "word/numbering.xml",
            f'<w:numbering xmlns:w="{space}">{level}{used}</w:numbering>'.encode(),
            content="application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml",
            relation="numbering",
        )
    word.settings(word.around(scene, "p"), '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="97"/></w:numPr>', "pPr")


def _beside(word: WordEditing, scene: Scene, xml: str) -> None:
    """Runs behind the answer, outside its control."""
    control = word.control(scene)
    for one in reversed(pieces(xml)):
        control.addnext(one)


@changes(Seen.REMARK, kinds=WRITTEN)
def words_behind_the_control(word: WordEditing, scene: Scene, rng: random.Random) -> None:
    """A remark behind the answer, in its cell."""
    _beside(word, scene, run(f" ({rng.choice(REMARKS)})"))


@changes(Seen.REMARK, kinds=WRITTEN)
def words_before_the_control(word: WordEditing, scene: Scene, rng: random.Random) -> None:
    """A remark before the answer."""
    word.control(scene).addprevious(pieces(run(f"{rng.choice(REMARKS)} : "))[0])


@changes(Seen.REMARK)
def paragraph_in_the_cell(word: WordEditing, scene: Scene, rng: random.Random) -> None:
    """A paragraph of remark under the answer."""
    word.around(scene, "p").addnext(pieces(f"<w:p>{run(rng.choice(REMARKS))}</w:p>")[0])


@changes(Seen.REMARK)
def row_of_remark(word: WordEditing, scene: Scene, rng: random.Random) -> None:
    """A row of remark under the answer's."""
    cell = f'<w:tc><w:tcPr><w:gridSpan w:val="24"/></w:tcPr><w:p>{run(rng.choice(REMARKS))}</w:p></w:tc>'
    word.around(scene, "tr").addnext(pieces(f"<w:tr>{cell}</w:tr>")[0])


@changes(Seen.REMARK)
def paragraph_after_the_table(word: WordEditing, scene: Scene, rng: random.Random) -> None:
    """A paragraph of remark under the table."""
    word.around(scene, "tbl").addnext(pieces(f"<w:p>{run(rng.choice(REMARKS))}</w:p>")[0])


@changes(Seen.UNSURE)
def text_box_over(word: WordEditing, scene: Scene, _: random.Random) -> None:
    """A text box of another value lies over the answer."""
    _beside(word, scene, shape(scene.new if scene.kind != "tick" else "non"))


@changes(Seen.UNSURE)
def rectangle_over(word: WordEditing, scene: Scene, _: random.Random) -> None:
    """A white rectangle lies over the answer."""
    _beside(word, scene, shape(""))


@changes(Seen.UNSURE)
def line_over(word: WordEditing, scene: Scene, _: random.Random) -> None:
    """A drawn line strikes the answer."""
    _beside(word, scene, line_shape())


@changes(Seen.UNSURE)
def line_from_another_paragraph(word: WordEditing, scene: Scene, _: random.Random) -> None:
    """A drawn line over the answer that hangs on the paragraph of its label."""
    cell = word.around(scene, "tc")
    cell.find(w("p")).extend(pieces(line_shape(down=260_000)))


@changes(Seen.UNSURE)
def picture_over(word: WordEditing, scene: Scene, _: random.Random) -> None:
    """A white picture lies over the answer."""
    _beside(word, scene, picture(_white(word)))


def _white(word: WordEditing) -> str:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(buffer, "PNG")
    return word.part("word/media/image99.png", buffer.getvalue(), content="image/png", relation="image")


_VML = (
    '<w:r><w:pict><v:{tag} id="s9" style="position:absolute;margin-left:0;margin-top:0;width:180pt;height:16pt;'
    'z-index:99" {more}>{inner}</v:{tag}></w:pict></w:r>'
)


@changes(Seen.UNSURE)
def old_drawing_over(word: WordEditing, scene: Scene, _: random.Random) -> None:
    """A text box of the older kind lies over the answer."""
    inner = f"<v:textbox><w:txbxContent><w:p>{run('voir mail')}</w:p></w:txbxContent></v:textbox>"
    _beside(word, scene, _VML.format(tag="rect", more='fillcolor="white"', inner=inner))


@changes(Seen.UNSURE)
def old_line_over(word: WordEditing, scene: Scene, _: random.Random) -> None:
    """A line of the older kind strikes the answer."""
    line = (
        '<w:r><w:pict><v:line id="s8" style="position:absolute;z-index:99" from="0,8pt" to="160pt,8pt" '
        'strokecolor="red" strokeweight="1.5pt"/></w:pict></w:r>'
    )
    _beside(word, scene, line)


@changes(Seen.UNSURE, kinds=WRITTEN)
def answer_as_picture_beside(word: WordEditing, scene: Scene, _: random.Random) -> None:
    """A picture stands in the line of the answer: nobody can tell what it shows."""
    _beside(word, scene, picture(_white(word), inline=True))


@changes(Seen.REMARK)
def words_in_the_header(word: WordEditing, _: Scene, rng: random.Random) -> None:
    """A remark in the header of every page."""
    _headed(word, "header", rng.choice(REMARKS))


@changes(Seen.REMARK)
def words_in_the_footer(word: WordEditing, _: Scene, rng: random.Random) -> None:
    """A remark in the footer of every page."""
    _headed(word, "footer", rng.choice(REMARKS))


@changes(Seen.REMARK)
def watermark(word: WordEditing, _scene: Scene, _: random.Random) -> None:
    """« ANNULÉ » in letters of WordArt across the page, from the header."""
    art = _VML.format(tag="shape", more='fillcolor="silver"', inner='<v:textpath on="t" string="ANNULÉ"/>')
    _headed(word, "header", "", art)


def _headed(word: WordEditing, kind: str, text: str, more: str = "") -> None:
    number = word.story(kind, f"<w:p>{run(text) if text else ''}{more}</w:p>")
    section = word.body.find(w("sectPr"))
    for old in section.findall(w(f"{kind}Reference")):
        section.remove(old)
    section.insert(0, pieces(f'<w:{kind}Reference w:type="default" r:id="{number}"/>')[0])


@changes(Seen.REMARK, kinds=WRITTEN)
def comment(word: WordEditing, scene: Scene, rng: random.Random) -> None:
    """A comment on the answer."""
    word.story(
        "comments",
        f'<w:comment w:id="7" w:author="Tuteur" w:initials="T"><w:p>{run(rng.choice(REMARKS))}</w:p></w:comment>',
    )
    control = word.control(scene)
    control.addprevious(pieces('<w:commentRangeStart w:id="7"/>')[0])
    _beside(word, scene, '<w:commentRangeEnd w:id="7"/><w:r><w:commentReference w:id="7"/></w:r>')


@changes(Seen.REMARK, kinds=WRITTEN)
def footnote(word: WordEditing, scene: Scene, rng: random.Random) -> None:
    """A footnote on the answer."""
    _noted(word, scene, "footnote", rng.choice(REMARKS))


@changes(Seen.REMARK, kinds=WRITTEN)
def endnote(word: WordEditing, scene: Scene, rng: random.Random) -> None:
    """An endnote on the answer."""
    _noted(word, scene, "endnote", rng.choice(REMARKS))


def _noted(word: WordEditing, scene: Scene, kind: str, text: str) -> None:
    separators = (
        f'<w:{kind} w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:{kind}>'
        f'<w:{kind} w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p>'
        f"</w:{kind}>"
    )
    word.story(f"{kind}s", f'{separators}<w:{kind} w:id="3"><w:p>{run(text)}</w:p></w:{kind}>')
    _beside(word, scene, f'<w:r><w:{kind}Reference w:id="3"/></w:r>')


@changes(Seen.REMARK)
def foreign_chunk(word: WordEditing, scene: Scene, rng: random.Random) -> None:
    """A page of HTML that Word takes in, with a remark."""
    html = f"<html><body><p>{rng.choice(REMARKS)}</p></body></html>".encode()
    number = word.part("word/afchunk.html", html, content="text/html", relation="aFChunk")
    word.around(scene, "tbl").addnext(pieces(f'<w:altChunk r:id="{number}"/>')[0])


@changes(Seen.UNSURE, kinds=WRITTEN)
def bound_to_other_data(word: WordEditing, scene: Scene, _: random.Random) -> None:
    """The control shows the old value and is bound to data that hold the new one: Word shows that."""
    item = f'<f:fiche xmlns:f="urn:fiche"><f:valeur>{scene.new}</f:valeur></f:fiche>'.encode()
    word.part("customXml/item9.xml", item, content="application/xml", relation="customXml")
    store = "{12345678-1234-1234-1234-123456789012}"
    space = "http://schemas.openxmlformats.org/officeDocument/2006/customXml"
    word.part(
        "customXml/itemProps9.xml",
        f'<ds:datastoreItem ds:itemID="{store}" xmlns:ds="{space}"/>'.encode(),
        content="application/vnd.openxmlformats-officedocument.customXmlProperties+xml",
        relation="customXmlProps",
        source="customXml/item9.xml",
    )
    binding = (
        f'<w:dataBinding w:prefixMappings="xmlns:f=\'urn:fiche\'" w:xpath="/f:fiche[1]/f:valeur[1]" '
        f'w:storeItemID="{store}"/>'
    )
    word.control(scene).find(w("sdtPr")).append(pieces(binding)[0])


@changes(Seen.OLD)
def main_part_of_another_name(word: WordEditing, scene: Scene, _: random.Random) -> None:
    """The relationships name another main part, which Word shows; the usual one holds the new value."""
    word.parts["word/document2.xml"] = etree.tostring(word.root)
    word.parts["word/_rels/document2.xml.rels"] = word.parts["word/_rels/document.xml.rels"]
    word.parts["_rels/.rels"] = word.parts["_rels/.rels"].replace(b"word/document.xml", b"word/document2.xml")
    kinds = word.parts[TYPES]
    start = kinds.index(b'PartName="/word/document.xml"')
    start, end = kinds.rindex(b"<", 0, start), kinds.index(b">", start) + 1
    twin = kinds[start:end].replace(b"/word/document.xml", b"/word/document2.xml")
    word.parts[TYPES] = kinds[:end] + twin + kinds[end:]
    word.root = etree.fromstring(WordEditing(scene.word("new")).parts[DOCUMENT])


@changes(Seen.NEW, "new", kinds=WRITTEN)
def called_a_placeholder(word: WordEditing, scene: Scene, _: random.Random) -> None:
    """The answer says that it is only the control's hint, and looks like an answer."""
    word.control(scene).find(w("sdtPr")).append(pieces("<w:showingPlcHdr/>")[0])


@changes(Seen.OLD, kinds=WRITTEN)
def twin_control_hidden(word: WordEditing, scene: Scene, _: random.Random) -> None:
    """A second control of the same tag, hidden, holds the new value."""
    word.control(scene).addprevious(_twin(word, scene, run(scene.new, "<w:vanish/>")))


@changes(Seen.UNSURE, kinds=WRITTEN)
def twin_control_elsewhere(word: WordEditing, scene: Scene, _: random.Random) -> None:
    """A second control of the same tag, at the end of the form, shows the new value."""
    paragraph = pieces("<w:p/>")[0]
    paragraph.append(_twin(word, scene, run(scene.new)))
    word.body.find(w("sectPr")).addprevious(paragraph)


def _twin(word: WordEditing, scene: Scene, xml: str) -> etree._Element:
    twin = etree.fromstring(etree.tostring(word.control(scene)))
    place = twin.find(w("sdtContent"))
    for old in list(place):
        place.remove(old)
    place.extend(pieces(xml))
    return twin


@changes(Seen.OLD, kinds=WRITTEN)
def tags_exchanged(word: WordEditing, scene: Scene, rng: random.Random) -> None:
    """Its control bears the tag of another answer, and the other way round: the page shows each at its label."""
    own = word.control(scene)
    others = [
        one
        for one in word.root.iter(w("tag"))
        if one.get(w("val")).rpartition(".")[2] == scene.path.rpartition(".")[2]
        and one.get(w("val")) != scene.slots["old"]
    ] or [one for one in word.root.iter(w("tag")) if one.get(w("val")) in ("stagiaire.nom", "tuteur.prenom")]
    other = rng.choice(others)
    mine = own.find(f"{w('sdtPr')}/{w('tag')}")
    first, second = mine.get(w("val")), other.get(w("val"))
    mine.set(w("val"), second)
    other.set(w("val"), first)


@changes(Seen.UNSURE)
def label_replaced(word: WordEditing, scene: Scene, _: random.Random) -> None:
    """The words above the answer are others."""
    cell = (
        word.around(scene, "tc")
        if scene.kind != "list"
        else next(word.around(scene, "tr").itersiblings(w("tr"), preceding=True))
    )
    first = next(iter(cell.iter(w("t"))))
    first.text = "Autre chose"


@changes(Seen.NOTHING, "new", kinds=WRITTEN)
def cell_merged_away(word: WordEditing, scene: Scene, _: random.Random) -> None:
    """Its cell goes on that above: Word does not show what it holds."""
    row = word.around(scene, "tr")
    cell = word.around(scene, "tc")
    before = etree.fromstring(etree.tostring(row))
    place = list(row.findall(w("tc"))).index(cell)
    for one in list(before.iter(w("sdt"))):
        one.getparent().remove(one)
    for text in before.iter(w("t")):
        text.text = ""
    row.addprevious(before)
    word.settings(before.findall(w("tc"))[place], '<w:vMerge w:val="restart"/>', "tcPr")
    word.settings(cell, "<w:vMerge/>", "tcPr")


@changes(Seen.UNSURE, kinds=WRITTEN)
def row_deleted_in_tracking(word: WordEditing, scene: Scene, _: random.Random) -> None:
    """The row is deleted, as a tracked change."""
    word.settings(
        word.around(scene, "tr"), '<w:del w:id="902" w:author="A. Durand" w:date="2025-03-01T10:00:00Z"/>', "trPr"
    )
    for one in word.around(scene, "tr").iter(w("t")):
        one.tag = w("delText")
