"""Slyer Word techniques: grounds, defaults and themes, overlaid signs, frames, formulas, exchanged labels, fonts."""

from __future__ import annotations

import random
import uuid

from lxml import etree
from lying_font import font, said_for
from scenes import Scene
from seen import TICKED, WRITTEN, Seen
from techniques_word_parts import changes
from techniques_word_runs import letters
from word_tools import STYLES, WordEditing, pieces, run, shape, w


def _plain(text: str) -> str:
    """A run that says nothing of its look."""
    return run(text, size=None, colour=None)


@changes(Seen.NOTHING, "new", kinds=WRITTEN)
def cell_ground_of_the_same_colour(word: WordEditing, scene: Scene, _: random.Random) -> None:
    """The cell is filled with the ink of the answer."""
    word.content(scene, run(scene.new))
    word.settings(word.around(scene, "tc"), '<w:shd w:val="clear" w:color="auto" w:fill="00005A"/>', "tcPr")


@changes(Seen.NOTHING, "new", kinds=WRITTEN)
def paragraph_ground_of_the_same_colour(word: WordEditing, scene: Scene, _: random.Random) -> None:
    """The paragraph is filled with the ink of the answer."""
    word.content(scene, run(scene.new))
    word.settings(word.around(scene, "p"), '<w:shd w:val="clear" w:color="auto" w:fill="00005A"/>', "pPr")


def _defaults(word: WordEditing, look: str) -> None:
    """More properties in the defaults of every run."""
    root = etree.fromstring(word.parts[STYLES])
    defaults = root.find(w("docDefaults"))
    if defaults is None:
        defaults = etree.Element(w("docDefaults"))
        root.insert(0, defaults)
    holder = defaults.find(w("rPrDefault"))
    if holder is None:
        holder = etree.Element(w("rPrDefault"))
        defaults.insert(0, holder)
    own = holder.find(w("rPr"))
    if own is None:
        own = etree.SubElement(holder, w("rPr"))
    for one in pieces(look):
        old = own.find(one.tag)
        if old is not None:
            own.remove(old)
        own.append(one)
    word.parts[STYLES] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


@changes(Seen.NOTHING, "new", kinds=WRITTEN)
def white_by_default(word: WordEditing, scene: Scene, _: random.Random) -> None:
    """The defaults of the file are white; only the answer says no colour of its own."""
    _defaults(word, '<w:color w:val="FFFFFF"/>')
    word.content(scene, _plain(scene.new))


@changes(Seen.NOTHING, "new", kinds=WRITTEN)
def tiny_by_default(word: WordEditing, scene: Scene, _: random.Random) -> None:
    """The defaults of the file are letters of one point; only the answer says no size of its own."""
    _defaults(word, '<w:sz w:val="2"/>')
    root = etree.fromstring(word.parts[STYLES])
    for style in root.iter(w("style")):
        if style.get(w("default")) == "1":
            for size in list(style.iter(w("sz"))):
                size.getparent().remove(size)
    word.parts[STYLES] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    word.content(scene, _plain(scene.new))


@changes(Seen.NOTHING, "new", kinds=WRITTEN)
def white_by_the_style_of_the_table(word: WordEditing, scene: Scene, _: random.Random) -> None:
    """The style of the table has white letters; only the answer says no colour of its own."""
    word.style(
        '<w:style w:type="table" w:customStyle="1" w:styleId="Grille9"><w:name w:val="Grille9"/>'
        '<w:rPr><w:color w:val="FFFFFF"/></w:rPr></w:style>'
    )
    word.settings(word.around(scene, "tbl"), '<w:tblStyle w:val="Grille9"/>', "tblPr")
    word.content(scene, _plain(scene.new))


letters(Seen.UNSURE, lambda s: run("".join(f"{letter}\u0336" for letter in s.old)), "struck_by_signs")
letters(
    Seen.UNSURE,
    lambda s: run(s.old[:-1]) + run(s.old[-1:], '<w:vertAlign w:val="superscript"/>'),
    "raised_end",
    kinds=("amount", "date", "key"),  # of words, it is how « 1er » is written
)
letters(Seen.UNSURE, lambda s: run(s.old[:1]) + run(s.old[1:], '<w:position w:val="-60"/>'), "lowered_end")
letters(Seen.NEW, lambda s: run(s.new, '<w:vanish w:val="0"/><w:strike w:val="false"/>'), "not_hidden_nor_struck")
letters(Seen.OLD, lambda s: run(s.old[:1]) + run(s.new, "<w:vanish/>") + run(s.old[1:]), "hidden_words_within")
letters(Seen.OLD, lambda s: run(s.old[:1]) + run("8", colour="FFFFFF") + run(s.old[1:]), "white_letter_within")
letters(Seen.OLD, lambda s: run(s.old[:1]) + run("8", size=1) + run(s.old[1:]), "tiny_letter_within")
letters(Seen.OLD, lambda s: run("\u2066\u202e" + s.old[::-1] + "\u202c\u2069"), "backwards_isolated")
letters(
    Seen.UNSURE,
    lambda s: (
        run(s.old) + "<m:oMath xmlns:m='http://schemas.openxmlformats.org/officeDocument/2006/math'>"
        "<m:r><m:t>+5</m:t></m:r></m:oMath>"
    ),
    "formula_behind",
)
letters(Seen.NEW, lambda s: f'<w:smartTag w:element="x">{run(s.new)}</w:smartTag>', "smart_tag")
letters(
    Seen.UNSURE,
    lambda s: run(s.new, '<w:rFonts w:ascii="Wingdings 2" w:hAnsi="Wingdings 2"/>'),
    "signs_of_wingdings_2",
)
letters(Seen.UNSURE, lambda s: run(s.new, '<w:rFonts w:ascii="Marlett" w:hAnsi="Marlett"/>'), "signs_of_marlett")


@changes(Seen.OLD, kinds=("date",))
def date_of_the_calendar_differs(word: WordEditing, scene: Scene, _: random.Random) -> None:
    """The calendar of the control holds the new date, its text shows the old one."""
    day, month, year = scene.new.split("/")
    word.control(scene).find(f"{w('sdtPr')}/{w('date')}").set(w("fullDate"), f"{year}-{month}-{day}T00:00:00Z")


@changes(Seen.NEW, kinds=TICKED)
def tick_labels_exchanged(word: WordEditing, scene: Scene, _: random.Random) -> None:
    """The words beside two boxes have changed places: the cross stands before the other choice."""
    texts = []
    for which in ("old", "new"):
        control = word.control(scene, which)
        follower = next(one for one in control.itersiblings(w("r")) if one.find(w("t")) is not None)
        texts.append(follower.find(w("t")))
    texts[0].text, texts[1].text = texts[1].text, texts[0].text


@changes(Seen.UNSURE, kinds=TICKED)
def cross_typed_beside_a_box(word: WordEditing, scene: Scene, _: random.Random) -> None:
    """A cross is typed before the box of another choice."""
    word.control(scene, "new").addprevious(pieces(run("X "))[0])


@changes(Seen.UNSURE, kinds=TICKED)
def box_circled(word: WordEditing, scene: Scene, _: random.Random) -> None:
    """A drawn frame rings the box of another choice."""
    word.control(scene, "new").addprevious(pieces(shape("", width=300_000, height=200_000))[0])


@changes(Seen.UNSURE)
def frame_over(word: WordEditing, scene: Scene, _: random.Random) -> None:
    """A framed paragraph of the cell, white, lies over the answer."""
    frame = (
        '<w:p><w:pPr><w:framePr w:w="4000" w:h="300" w:hRule="exact" w:wrap="none" w:vAnchor="text" w:hAnchor="text" '
        f'w:x="0" w:y="1"/><w:shd w:val="clear" w:fill="FFFFFF"/></w:pPr>{run("autre")}</w:p>'
    )
    word.around(scene, "p").addprevious(pieces(frame)[0])


@changes(Seen.REMARK)
def headings_exchanged(word: WordEditing, scene: Scene, _: random.Random) -> None:
    """The heading of the answer's section is that of another one."""
    section = scene.path.split(".")[0]
    title = next(block.title for block in scene.blank.blocks if block.path == section)
    for text in word.body.iter(w("t")):
        if text.text == title:
            text.text = "Renseignements sur une autre personne"
            return


@changes(Seen.UNSURE, "new", kinds=WRITTEN)
def row_pushed_out(word: WordEditing, scene: Scene, _: random.Random) -> None:
    """The row begins beside the page."""
    word.settings(word.around(scene, "tr"), '<w:gridBefore w:val="24"/><w:wBefore w:w="40000" w:type="dxa"/>', "trPr")


@changes(Seen.UNSURE, "new", kinds=WRITTEN)
def cell_of_no_width(word: WordEditing, scene: Scene, _: random.Random) -> None:
    """The margins of the cell leave no room."""
    margins = '<w:tcMar><w:left w:w="30000" w:type="dxa"/><w:right w:w="30000" w:type="dxa"/></w:tcMar>'
    word.settings(word.around(scene, "tc"), margins, "tcPr")


@changes(Seen.UNSURE, kinds=WRITTEN)
def embedded_font_that_lies(word: WordEditing, scene: Scene, _: random.Random) -> None:
    """A font in the file draws other letters than are written: it shows the old value."""
    key = uuid.UUID(int=random.Random(scene.old).getrandbits(128))  # noqa: S311 -- no secret
    data, mask = bytearray(font()[0]), key.bytes[::-1]
    for place in range(32):
        data[place] ^= mask[place % 16]
    name = "word/fonts/font9.odttf"
    word.parts[name] = bytes(data)
    word.parts["[Content_Types].xml"] = word.parts["[Content_Types].xml"].replace(
        b"</Types>",
        b'<Override PartName="/word/fonts/font9.odttf" '
        b'ContentType="application/vnd.openxmlformats-officedocument.obfuscatedFont"/></Types>',
    )
    space = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    table = "word/fontTable.xml"
    own = (
        f'<w:font xmlns:r="{space}" w:name="Notes"><w:embedRegular r:id="rIdF9" '
        f'w:fontKey="{{{str(key).upper()}}}"/></w:font>'
    )
    relation = f'<Relationship Id="rIdF9" Type="{space}/font" Target="fonts/font9.odttf"/>'
    if table in word.parts:
        word.parts[table] = word.parts[table].replace(b"</w:fonts>", own.encode() + b"</w:fonts>")
    else:
        main = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        word.part(
            table,
            f'<w:fonts xmlns:w="{main}">{own}</w:fonts>'.encode(),
            content="application/vnd.openxmlformats-officedocument.wordprocessingml.fontTable+xml",
            relation="fontTable",
        )
    word.parts["word/_rels/fontTable.xml.rels"] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f"{relation}</Relationships>"
    ).encode()
    word.content(scene, run(said_for(scene.old), '<w:rFonts w:ascii="Notes" w:hAnsi="Notes"/>'))
