"""Places of answers in Word: how each kind is printed when empty, annotated by a secretary, filled by a person."""

from __future__ import annotations

import random
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, replace

from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.shared import Cm
from docx.text.paragraph import Paragraph
from word_kit import append, control_xml, escaped, legacy_box_xml, legacy_text_xml, run_xml, symbol_xml

from drawn.answers import Answer, Copy
from drawn.plan import DATES, Ask, Look

_SIGNS = {"dots": ".", "ellipsis": "…", "underscores": "_", "spaced": ". "}
_WIDTHS = {"dots": 1.0, "ellipsis": 3.0, "underscores": 2.0, "spaced": 1.4}  # of a sign, in dots
_EDGES = (".", "…", "_")
_TICKS = {"☐": ("☒", "☑", "X", "✔"), "□": ("■", "☒", "X", "x"), "[ ]": ("[X]", "[x]"), "( )": ("(X)", "(x)")}
_GREY = '<w:color w:val="808080"/>'
_GOTHIC = '<w:rFonts w:ascii="MS Gothic" w:hAnsi="MS Gothic" w:eastAsia="MS Gothic"/>'
_DATE = '<w:date><w:dateFormat w:val="dd/MM/yyyy"/><w:lid w:val="fr-FR"/></w:date>'
_CHOOSE = "Choisissez un élément."


@dataclass
class Pen:
    """One copy being drawn: the blank, the secretary's annotated one, or one that a person filled.

    ``line`` is how many dots fit on a line; ``enter`` whether this person ends lines with Enter, not Shift+Enter.
    """

    chance: random.Random
    look: Look
    annotated: bool = False
    copy: Copy | None = None
    line: int = 92
    enter: bool = False

    def answer(self, ask: Ask) -> Answer:
        """What stands in the place of a question; nothing in a blank."""
        return self.copy.answers.get(ask.name, Answer()) if self.copy else Answer()

    def put(self, paragraph: Paragraph, ask: Ask, width: int, answer: Answer | None = None) -> None:
        """Draw the place of a question, with its answer or this part of it; ``width`` is in dots."""
        given = answer or self.answer(ask)
        if self.annotated:
            _annotate(paragraph, self, ask, width)
        else:
            _PLACES[ask.place](paragraph, self, ask, Answer() if given.below else given, width)

    def tick(self, paragraph: Paragraph, ask: Ask, option: str) -> None:
        """Draw the tick box of an option."""
        on, box = option in self.answer(ask).ticked, self.look.box
        if self.annotated:
            paragraph.add_run(f"{{{{ {ask.path} = {option} }}}}")
        elif box == "checkbox":
            append(paragraph, _checkbox_xml(on=on))
        elif box == "legacy":
            append(paragraph, legacy_box_xml(f"Case{len(option)}", on=on))
        elif box == "wingdings":
            append(paragraph, symbol_xml(on=on))
        else:
            paragraph.add_run(self.chance.choice(_TICKS[box]) if on else box)

    def choose(self, paragraph: Paragraph, ask: Ask) -> None:
        """Draw a drop-down list."""
        if self.annotated:
            paragraph.add_run(f"{{{{ {ask.path} }}}}")
            return
        said, chosen = dict(ask.options), self.answer(ask).ticked
        append(paragraph, _dropdown_xml(list(said.values()), said[chosen[0]] if chosen else ""))


def _annotate(paragraph: Paragraph, pen: Pen, ask: Ask, width: int) -> None:
    """The placeholder instead of the leaders, or typed in the control that is there."""
    placeholder = f"{{{{ {ask.name} }}}}"
    if ask.place == "control" and pen.look.controls_kept:
        append(paragraph, _control_xml(ask, placeholder))
    else:
        paragraph.add_run(f" {placeholder} " if width else placeholder)


def _type(
    paragraph: Paragraph, pen: Pen, answer: Answer, *, before: str = "", after: str = "", line: bool = False
) -> None:
    """Type an answer, the old one struck out before it, between what is left of the leaders; ``line`` underlines."""
    lines = answer.typed.split("\n") if pen.enter or answer.bulleted else [answer.typed]
    last = paragraph
    for number, text in enumerate(lines):
        if number:
            last = _next_paragraph(last)
        elif before:
            last.add_run(before).underline = line or None
        if answer.struck and not number:
            last.add_run(answer.struck).font.strike = True
            last.add_run(" ")
        if answer.bulleted:
            last.style = "List Bullet"
        last.add_run(text).underline = line or None
    if after:
        last.add_run(after).underline = line or None


def _next_paragraph(paragraph: Paragraph) -> Paragraph:
    """What Enter makes: a paragraph of the same style."""
    twin = deepcopy(paragraph._p)
    for child in list(twin):
        if not child.tag.endswith("}pPr"):
            twin.remove(child)
    paragraph._p.addnext(twin)
    return Paragraph(twin, paragraph._parent)


def _leader(kind: str) -> Callable[[Paragraph, Pen, Ask, Answer, int], None]:
    sign, wide = _SIGNS[kind], _WIDTHS[kind]

    def draw(paragraph: Paragraph, pen: Pen, _: Ask, answer: Answer, width: int) -> None:
        """Leader signs: the answer is typed before, among or after what is left of them, or instead of them."""
        whole = max(4, int(width / wide))
        if not answer.typed:
            paragraph.add_run(sign * whole)
            return
        left = max(4, whole - int(len(answer.typed) * 2.2 / wide))
        shapes = ((0, 0), (0, left), (0, left), (4, left), (left // 2, left // 2), (6, 0))
        before, after = pen.chance.choice(shapes)
        if answer.typed.endswith(_EDGES) or answer.typed.startswith(_EDGES) or answer.bulleted:
            before = after = 0
        space = " " if pen.chance.random() < 0.5 else ""
        head, tail = sign * before, sign * after
        _type(paragraph, pen, answer, before=head + space if head else "", after=space + tail if tail else "")

    return draw


def _underlined(paragraph: Paragraph, pen: Pen, _: Ask, answer: Answer, width: int) -> None:
    """Spaces that Word underlines: the answer is typed among them and takes the line with it, or not."""
    blank = "\N{NO-BREAK SPACE}" * max(6, int(width / 1.1))
    if not answer.typed:
        paragraph.add_run(blank).underline = True
        return
    rest = blank[: max(3, len(blank) - 2 * len(answer.typed))]
    before, after = pen.chance.choice((("", rest), (rest[:3], rest[3:]), ("", "")))
    _type(paragraph, pen, answer, before=before, after=after, line=pen.chance.random() < 0.8)


def _tabbed(leader: WD_TAB_LEADER) -> Callable[[Paragraph, Pen, Ask, Answer, int], None]:
    def draw(paragraph: Paragraph, pen: Pen, _: Ask, answer: Answer, width: int) -> None:
        """A tab whose leader runs to the next stop: the answer is typed before it, or instead of it."""
        stops = paragraph.paragraph_format.tab_stops
        full = Cm(16.2 if pen.line > 60 else 7.4)
        stops.add_tab_stop(full if width > pen.line // 2 or len(stops) else full // 2, WD_TAB_ALIGNMENT.LEFT, leader)
        _type(paragraph, pen, answer, after=" " if answer.typed and pen.chance.random() < 0.3 else "\t")

    return draw


def _free(paragraph: Paragraph, pen: Pen, _: Ask, answer: Answer, width: int) -> None:
    """Nothing printed: the answer follows its label, before a gap if there is another label on the line."""
    _type(paragraph, pen, answer, after=" " * (0 if width > pen.line // 2 else 30 - min(25, len(answer.typed))))


def _prompted(paragraph: Paragraph, pen: Pen, ask: Ask, answer: Answer, _: int) -> None:
    """A grey word that says what to type, which the answer replaces."""
    if answer.typed:
        _type(paragraph, pen, answer)
    else:
        append(paragraph, run_xml(ask.prompt, _GREY))


def _control(paragraph: Paragraph, pen: Pen, ask: Ask, answer: Answer, _: int) -> None:
    """A content control, which shows its prompt while nothing is typed in it."""
    if answer.struck:  # nobody can strike words out in a plain one: it was deleted
        _type(paragraph, pen, answer)
    else:
        append(paragraph, _control_xml(ask, answer.typed))


def _legacy(paragraph: Paragraph, _: Pen, ask: Ask, answer: Answer, __: int) -> None:
    """A legacy form field."""
    append(paragraph, legacy_text_xml(ask.last, answer.typed))


def _empty(paragraph: Paragraph, pen: Pen, _: Ask, answer: Answer, __: int) -> None:
    """A cell with nothing in it."""
    if answer.typed:
        _type(paragraph, pen, answer)


_PLACES: dict[str, Callable[[Paragraph, Pen, Ask, Answer, int], None]] = {
    **{kind: _leader(kind) for kind in _SIGNS},
    "underlined": _underlined,
    "tab-dots": _tabbed(WD_TAB_LEADER.DOTS),
    "tab-line": _tabbed(WD_TAB_LEADER.LINES),
    "nothing": _free,
    "prompt": _prompted,
    "control": _control,
    "legacy": _legacy,
    "empty": _empty,
}


def halves(answer: Answer) -> tuple[Answer, Answer]:
    """An answer written over two lines of leaders, cut between two words."""
    words = answer.typed.split()
    cut = (len(words) + 1) // 2
    return replace(answer, typed=" ".join(words[:cut])), Answer(" ".join(words[cut:]))


def _control_xml(ask: Ask, value: str) -> str:
    """A plain text control, or a date picker where a date is asked."""
    xml = control_xml(ask.last, value, ask.prompt)
    return xml.replace("<w:text/>", _DATE) if ask.last in DATES else xml


def _checkbox_xml(*, on: bool) -> str:
    """A tick box of Word 2010 and later (a content control)."""
    state = (
        '<w14:checkbox xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml">'
        f'<w14:checked w14:val="{int(on)}"/><w14:checkedState w14:val="2612" w14:font="MS Gothic"/>'
        '<w14:uncheckedState w14:val="2610" w14:font="MS Gothic"/></w14:checkbox>'
    )
    sign = run_xml("☒" if on else "☐", _GOTHIC)
    return f"<w:sdt><w:sdtPr>{state}</w:sdtPr><w:sdtContent>{sign}</w:sdtContent></w:sdt>"


def _dropdown_xml(options: list[str], chosen: str) -> str:
    names = map(escaped, (_CHOOSE, *options))
    items = "".join(f'<w:listItem w:displayText="{name}" w:value="{name}"/>' for name in names)
    hint = "" if chosen else "<w:showingPlcHdr/>"
    shown = run_xml(chosen) if chosen else run_xml(_CHOOSE, _GREY)
    settings = f"<w:sdtPr>{hint}<w:dropDownList>{items}</w:dropDownList></w:sdtPr>"
    return f"<w:sdt>{settings}<w:sdtContent>{shown}</w:sdtContent></w:sdt>"
