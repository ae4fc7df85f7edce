"""Techniques in the letters of a Word answer: hidden, pale, tiny, squeezed, in signs, look-alike, tracked."""

from __future__ import annotations

import random
from collections.abc import Callable
from xml.sax.saxutils import escape

from scenes import Scene
from seen import WRITTEN, Paper, Seen, technique
from word_tools import edited, run, w

LIKE = str.maketrans("ACEHKMOPTXaceopxy", "АСЕНКМОРТХасеорху")
_TRACK = 'w:id="901" w:author="A. Durand" w:date="2025-03-01T10:00:00Z"'


def letters(
    seen: Seen, runs: Callable[[Scene], str], name: str, *, style: str = "", kinds: tuple[str, ...] = WRITTEN
) -> None:
    """Enter a way to write the runs of an answer, with a style that they need."""

    def make(scene: Scene, _: random.Random) -> bytes:
        with edited(scene.word("old")) as word:
            word.content(scene, runs(scene))
            if style:
                word.style(style)
        return word.result

    technique(Paper.WORD, seen, kinds=kinds, name=name)(make)


def _looks(name: str, look: str, seen: Seen = Seen.NOTHING, **more: object) -> None:
    """The new answer in runs of this look."""
    letters(seen, lambda scene: run(scene.new, look, **more), name)  # type: ignore[arg-type]


_looks("hidden", "<w:vanish/>")
_looks("white", "", colour="FFFFFF")
_looks("near_white", "", colour="FBFBFC")
_looks("white_of_the_theme", '<w:color w:val="FFFFFF" w:themeColor="background1"/>', colour=None)
_looks("one_point", "", size=2)
_looks("half_a_point", "", size=1)
_looks("one_per_cent_wide", '<w:w w:val="1"/>')
_looks("ground_of_the_same_colour", '<w:shd w:val="clear" w:color="auto" w:fill="00005A"/>')
_looks("ground_by_a_pattern", '<w:shd w:val="solid" w:color="00005A" w:fill="FFFFFF"/>')
_looks("highlight_of_the_same_colour", '<w:highlight w:val="black"/>', colour="000000")
_looks("filled_with_nothing", "<w14:textFill><w14:noFill/></w14:textFill>")
_looks(
    "filled_with_clear_ink",
    '<w14:textFill><w14:solidFill><w14:srgbClr w14:val="00005A"><w14:alpha w14:val="100000"/></w14:srgbClr>'
    "</w14:solidFill></w14:textFill>",
)
_looks("signs_of_wingdings", '<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings" w:cs="Wingdings"/>', Seen.UNSURE)
_looks("signs_of_webdings", '<w:rFonts w:ascii="Webdings" w:hAnsi="Webdings"/>', Seen.UNSURE)
_looks("letters_on_each_other", '<w:spacing w:val="-400"/>', Seen.UNSURE)
_looks("struck", "<w:strike/>", Seen.UNSURE)
_looks("struck_twice", "<w:dstrike/>", Seen.UNSURE)
_looks("fitted_in_a_point", '<w:fitText w:val="20" w:id="5"/>')
_looks("bold_and_italic", "<w:b/><w:i/>", Seen.NEW)

_NAMED = (
    '<w:style w:type="character" w:customStyle="1" w:styleId="{id}"><w:name w:val="{id}"/>{more}'
    "<w:rPr>{look}</w:rPr></w:style>"
)


def _styled(name: str, look: str, *, seen: Seen = Seen.NOTHING, based: bool = False) -> None:
    """The new answer in a character style of this look, or in one that is based on it."""
    style = _NAMED.format(id="Fin", more="", look=look)
    if based:
        style += _NAMED.format(id="Corps", more='<w:basedOn w:val="Fin"/>', look="<w:i/>")
    used = f'<w:rStyle w:val="{"Corps" if based else "Fin"}"/>'
    letters(seen, lambda scene: run(scene.new, used, size=None, colour=None), name, style=style)


_styled("style_hidden", "<w:vanish/>")
_styled("style_based_on_hidden", "<w:vanish/>", based=True)
_styled("style_white", '<w:color w:val="FFFFFF"/>')
_styled("style_based_on_white", '<w:color w:val="FFFFFF"/>', based=True)
_styled("style_one_point", '<w:sz w:val="2"/>')
_styled("style_of_signs", '<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>', seen=Seen.UNSURE)
_styled("style_struck", "<w:strike/>", seen=Seen.UNSURE)


def _of_paragraph(name: str, style: str) -> None:
    """The new answer in a paragraph whose style hides it."""

    def make(scene: Scene, _: random.Random) -> bytes:
        with edited(scene.word("old")) as word:
            word.content(scene, run(scene.new, size=None, colour=None))
            word.style(
                '<w:style w:type="paragraph" w:customStyle="1" w:styleId="Pale"><w:name w:val="Pale"/>'
                f"<w:rPr>{style}</w:rPr></w:style>"
            )
            word.settings(word.around(scene, "p"), '<w:pStyle w:val="Pale"/>', "pPr")
        return word.result

    technique(Paper.WORD, Seen.NOTHING, kinds=WRITTEN, name=name)(make)


_of_paragraph("paragraph_style_hidden", "<w:vanish/>")
_of_paragraph("paragraph_style_white", '<w:color w:val="FFFFFF"/>')
_of_paragraph("paragraph_style_one_point", '<w:sz w:val="2"/>')

letters(
    Seen.UNSURE,
    lambda scene: run(f"{scene.new} abc", '<w:rFonts w:ascii="Symbol" w:hAnsi="Symbol"/>'),  # its figures are figures
    "signs_of_symbol",
)

# What stands beside, before or instead of the text of a run

letters(Seen.OLD, lambda s: run(s.old) + run(s.new, "<w:vanish/>"), "hidden_behind_shown")
letters(Seen.OLD, lambda s: run(s.new, colour="FFFFFF") + run(s.old), "white_before_shown")
letters(Seen.OLD, lambda s: run(s.old) + run(s.new, size=2), "tiny_behind_shown")
letters(Seen.OLD, lambda s: run(s.old[:1]) + run("9", "<w:vanish/>") + run(s.old[1:]), "hidden_letter_within")
letters(
    Seen.UNSURE,
    lambda s: run(s.new.translate(LIKE) if s.new != s.new.translate(LIKE) else s.new + "а"),
    "look_alikes",
)
letters(Seen.OLD, lambda s: run("\u202e" + s.old[::-1] + "\u202c"), "written_backwards")
letters(Seen.OLD, lambda s: run(s.old[:2] + "\u200b" + s.old[2:]), "space_of_no_width")
letters(Seen.UNSURE, lambda s: run(s.old) + '<w:r><w:sym w:font="Wingdings" w:char="F0FB"/></w:r>', "sign_after")
letters(
    Seen.UNSURE,
    lambda s: "".join(
        f'<w:r><w:sym w:font="Wingdings" w:char="F0{ord(c):02X}"/></w:r>' for c in s.new if ord(c) < 128
    ),
    "signs_only",
)
letters(
    Seen.REMARK,
    lambda s: (
        "<w:r><w:ruby><w:rubyPr><w:hps w:val='10'/></w:rubyPr>"
        f"<w:rt>{run('ou autre')}</w:rt><w:rubyBase>{run(s.old)}</w:rubyBase></w:ruby></w:r>"
    ),
    "small_words_above",
)
letters(
    Seen.NEW, lambda s: f"<w:del {_TRACK}>{_deleted(s.old)}</w:del><w:ins {_TRACK}>{run(s.new)}</w:ins>", "tracked"
)
letters(Seen.NOTHING, lambda s: f"<w:del {_TRACK}>{_deleted(s.new)}</w:del>", "tracked_deletion")
letters(Seen.NOTHING, lambda s: f"<w:moveFrom {_TRACK}>{run(s.new)}</w:moveFrom>", "moved_from_here")
letters(
    Seen.NEW,
    lambda s: f"<w:moveFrom {_TRACK}>{run(s.old)}</w:moveFrom><w:moveTo {_TRACK}>{run(s.new)}</w:moveTo>",
    "moved_and_replaced",
)
letters(
    Seen.OLD,
    lambda s: f'<w:fldSimple w:instr=" QUOTE &quot;{_instr(s.new)}&quot; ">{run(s.old)}</w:fldSimple>',
    "field_simple",
)
letters(Seen.OLD, lambda s: _field(f'QUOTE "{_instr(s.new)}"', run(s.old)), "field_result")
letters(Seen.UNSURE, lambda s: _field("DATE \\@ dd/MM/yyyy", run(s.new)), "field_of_today")
letters(Seen.NEW, lambda s: _field(f'IF "a" = "a" "{_instr(s.old)}" "{_instr(s.new)}"', run(s.new)), "field_if")
letters(Seen.NEW, lambda s: _field(f'FILLIN "{_instr(s.old)}"', run(s.new)), "field_that_asks")
letters(Seen.OLD, lambda s: _field(f'FILLIN "" \\d "{_instr(s.new)}"', run(s.old)), "field_with_another_answer")
letters(Seen.UNSURE, lambda s: _field("SEQ rang \\r 39", run(s.new)), "field_of_rank")
letters(Seen.UNSURE, lambda s: _field("PAGEREF signet", run(s.new)), "field_of_a_place")
letters(Seen.UNSURE, lambda s: _field('STYLEREF "Title"', run(s.new)), "field_of_a_style")
letters(Seen.UNSURE, lambda s: _field("NUMPAGES", run(s.new)), "field_of_pages")
letters(
    Seen.OLD,
    lambda s: (
        f'<mc:AlternateContent><mc:Choice Requires="w14">{run(s.old)}</mc:Choice>'
        f"<mc:Fallback>{run(s.new)}</mc:Fallback></mc:AlternateContent>"
    ),
    "alternate_choice",
)
letters(
    Seen.OLD,
    lambda s: f'<w:hyperlink w:anchor="signet" w:tooltip="{_instr(s.new)}">{run(s.old)}</w:hyperlink>',
    "link_around",
)
letters(Seen.OLD, lambda s: f'<w:bdo w:val="rtl">{run(s.old[::-1])}</w:bdo>', "turned_by_an_element")


def _deleted(text: str) -> str:
    return run(text).replace("<w:t ", "<w:delText ").replace("</w:t>", "</w:delText>")


def _instr(text: str) -> str:
    return escape(text.replace('"', "'"))


def _field(order: str, shown: str) -> str:
    begin, middle, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end"))
    return f'{begin}<w:r><w:instrText xml:space="preserve"> {order} </w:instrText></w:r>{middle}{shown}{end}'


@technique(Paper.WORD, Seen.NOTHING, kinds=("tick",))
def tick_of_another_glyph(scene: Scene, _: random.Random) -> bytes:
    """The box is checked by its settings, and shows an empty square."""
    with edited(scene.word("new")) as word:
        next(word.control(scene, "new").iter(w("t"))).text = "☐"
    return word.result


@technique(Paper.WORD, Seen.UNSURE, kinds=("tick",))
def tick_not_by_settings(scene: Scene, _: random.Random) -> bytes:
    """A second box shows a cross, and is not checked by its settings."""
    with edited(scene.word("old")) as word:
        next(word.control(scene, "new").iter(w("t"))).text = "☒"
    return word.result


@technique(Paper.WORD, Seen.NOTHING, kinds=("tick",))
def tick_hidden(scene: Scene, _: random.Random) -> bytes:
    """The ticked box is hidden text."""
    with edited(scene.word("new")) as word:
        word.content(scene, run("☒", "<w:vanish/>"), "new")
    return word.result


@technique(Paper.WORD, Seen.NOTHING, kinds=("tick",))
def tick_white(scene: Scene, _: random.Random) -> bytes:
    """The ticked box is white."""
    with edited(scene.word("new")) as word:
        word.content(scene, run("☒", colour="FFFFFF"), "new")
    return word.result


@technique(Paper.WORD, Seen.UNSURE, kinds=("tick",))
def tick_struck(scene: Scene, _: random.Random) -> bytes:
    """The ticked box and its word are struck."""
    with edited(scene.word("old")) as word:
        word.content(scene, run("☒", "<w:strike/>"), "old")
        for other in word.control(scene, "old").itersiblings(w("r")):
            look = other.find(w("rPr"))
            if look is not None and other.find(w("t")) is not None:
                look.insert(0, look.makeelement(w("strike"), {}))
            break
    return word.result


@technique(Paper.WORD, Seen.UNSURE, kinds=WRITTEN)
def font_of_the_theme_is_signs(scene: Scene, _: random.Random) -> bytes:
    """The answer is in the theme's font for text, which is Wingdings."""
    with edited(scene.word("new")) as word:
        look = '<w:rFonts w:asciiTheme="minorHAnsi" w:hAnsiTheme="minorHAnsi"/>'
        word.content(scene, run(scene.new, look))
        name = next((name for name in word.parts if name.startswith("word/theme/")), None)
        font = '<a:latin typeface="Wingdings"/><a:ea typeface=""/><a:cs typeface=""/>'
        if name:
            theme = word.parts[name].decode()
            start, end = theme.index("<a:minorFont>") + len("<a:minorFont>"), theme.index("</a:minorFont>")
            word.parts[name] = (theme[:start] + font + theme[end:]).encode()
        else:
            space = "http://schemas.openxmlformats.org/drawingml/2006/main"
            fonts = f"<a:majorFont>{font}</a:majorFont><a:minorFont>{font}</a:minorFont>"
            word.part(
                "word/theme/theme1.xml",
                f'<a:theme xmlns:a="{space}" name="T"><a:themeElements><a:fontScheme name="F">{fonts}</a:fontScheme>'
                "</a:themeElements></a:theme>".encode(),
                content="application/vnd.openxmlformats-officedocument.theme+xml",
                relation="theme",
            )
    return word.result
