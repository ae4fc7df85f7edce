"""Places of answers in Word: how each kind is printed when empty, annotated by a secretary, and filled by a person."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.shared import Cm
from docx.text.paragraph import Paragraph
from drawn.answers import Answer, Copy
from drawn.plan import Ask
from word_kit import append, control_xml, escaped, legacy_box_xml, legacy_text_xml, run_xml, symbol_xml

_CHARACTERS = {"dots": ".", "ellipsis": "…", "underscores": "_", "spaced": ". "}
_WIDER = {"ellipsis": 3, "spaced": 1.4, "underscores": 2}  # how many dots one sign is as wide as
_GREY = '<w:color w:val="808080"/>'
_EDGES = (".", "…", "_")
_TICKS = {"☐": ("☒", "☑", "X", "✔"), "□": ("■", "☒", "X", "x"), "[ ]": ("[X]", "[x]"), "( )": ("(X)", "(x)")}


@dataclass
class Pen:
    """One copy being drawn: the blank, the secretary's annotated one, or one that a person filled."""

    chance: random.Random
    box: str
    annotated: bool = False
    copy: Copy | None = None

    def answer(self, ask: Ask) -> Answer:
        """What stands in the place of a question; nothing in a blank."""
        return self.copy.answers.get(ask.name, Answer()) if self.copy else Answer()

    def put(self, paragraph: Paragraph, ask: Ask, width: int) -> None:
        """Draw the place of a question; ``width`` is about how many dots fit in it."""
        if self.annotated:
            paragraph.add_run(f" {{{{ {ask.name} }}}} " if width else f"{{{{ {ask.name} }}}}")
            return
        _PLACES[ask.place](paragraph, self, ask, width)

    def tick(self, paragraph: Paragraph, ask: Ask, option: str) -> None:
        """Draw the tick box of an option."""
        on = option in self.answer(ask).ticked
        if self.annotated:
            paragraph.add_run(f"{{{{ {ask.path} = {option} }}}}")
        elif self.box == "checkbox":
            append(paragraph, _checkbox_xml(on=on))
        elif self.box == "legacy":
            append(paragraph, legacy_box_xml(f"Case{len(option)}", on=on))
        elif self.box == "wingdings":
            append(paragraph, symbol_xml(on=on))
        else:
            paragraph.add_run(self.chance.choice(_TICKS[self.box]) if on else self.box)

    def choose(self, paragraph: Paragraph, ask: Ask) -> None:
        """Draw a drop-down list."""
        if self.annotated:
            paragraph.add_run(f"{{{{ {ask.path} }}}}")
            return
        said = dict(ask.options)
        chosen = self.answer(ask).ticked
        append(paragraph, _dropdown_xml(list(said.values()), said[chosen[0]] if chosen else ""))


_Place = Callable[[Paragraph, Pen, Ask, int], None]


def _type(
    paragraph: Paragraph, answer: Answer, *, before: str = "", after: str = "", underline: bool = False
) -> None:
    """Type an answer, the old one struck out before it, between what is left of the leaders."""
    if before:
        paragraph.add_run(before).underline = underline or None
    if answer.struck:
        paragraph.add_run(answer.struck).font.strike = True
        paragraph.add_run(" ")
    paragraph.add_run(answer.typed).underline = underline or None
    if after:
        paragraph.add_run(after).underline = underline or None


def _leader(kind: str) -> _Place:
    sign = _CHARACTERS[kind]

    def draw(paragraph: Paragraph, pen: Pen, ask: Ask, width: int) -> None:
        answer = pen.answer(ask)
        line = sign * max(4, int(width / _WIDER.get(kind, 1)))
        if not answer.typed:
            paragraph.add_run(line)
            return
        left = max(4 * len(sign), len(line) - int(len(answer.typed) * 2.2 / _WIDER.get(kind, 1)) * len(sign))
        before, after = pen.chance.choice(((0, 0), (0, left), (0, left), (4, left), (left // 2, left // 2), (6, 0)))
        if answer.typed.endswith(_EDGES) or answer.typed.startswith(_EDGES):
            before = after = 0
        space = " " if pen.chance.random() < 0.5 else ""
        head, tail = sign * (before // len(sign)), sign * (after // len(sign))
        _type(paragraph, answer, before=head + space if head else "", after=space + tail if tail else "")

    return draw


def _underlined(paragraph: Paragraph, pen: Pen, ask: Ask, width: int) -> None:
    """Spaces that Word underlines: the answer is typed among them and takes the line with it, or not."""
    answer = pen.answer(ask)
    blank = "\N{NO-BREAK SPACE}" * max(6, int(width / 1.1))
    if not answer.typed:
        paragraph.add_run(blank).underline = True
        return
    rest = blank[: max(3, len(blank) - 2 * len(answer.typed))]
    before, after = pen.chance.choice((("", rest), (rest[:3], rest[3:]), ("", "")))
    _type(paragraph, answer, before=before, after=after, underline=pen.chance.random() < 0.8)


def _tabbed(leader: WD_TAB_LEADER) -> _Place:
    def draw(paragraph: Paragraph, pen: Pen, ask: Ask, width: int) -> None:
        """A tab whose leader runs to the next stop: the answer is typed before it, or instead of it."""
        answer = pen.answer(ask)
        stops = paragraph.paragraph_format.tab_stops
        position = Cm(16.2) if width > 60 or len(stops) else Cm(8.2)
        stops.add_tab_stop(position, WD_TAB_ALIGNMENT.LEFT, leader)
        if answer.typed and pen.chance.random() < 0.3:
            _type(paragraph, answer, after=" ")
        else:
            _type(paragraph, answer, after="\t")

    return draw


def _free(paragraph: Paragraph, pen: Pen, ask: Ask, width: int) -> None:
    """Nothing printed: the answer follows its label, before a gap if there is another label on the line."""
    answer = pen.answer(ask)
    _type(paragraph, answer, after=" " * (0 if width > 60 else 30 - min(25, len(answer.typed))))


def _prompted(paragraph: Paragraph, pen: Pen, ask: Ask, _: int) -> None:
    """A grey word that says what to type, which the answer replaces."""
    answer = pen.answer(ask)
    if answer.typed:
        _type(paragraph, answer)
    else:
        append(paragraph, run_xml(ask.prompt, _GREY))


def _control(paragraph: Paragraph, pen: Pen, ask: Ask, _: int) -> None:
    """A content control, which shows its prompt while nothing is typed in it."""
    answer = pen.answer(ask)
    if answer.struck:  # nobody can strike words out in a plain one: it was deleted
        _type(paragraph, answer)
    else:
        append(paragraph, control_xml(ask.name.rsplit(".", 1)[-1], answer.typed, ask.prompt))


def _legacy(paragraph: Paragraph, pen: Pen, ask: Ask, _: int) -> None:
    """A legacy form field, without any way to strike words out."""
    append(paragraph, legacy_text_xml(ask.name.rsplit(".", 1)[-1], pen.answer(ask).typed))


def _empty(paragraph: Paragraph, pen: Pen, ask: Ask, _: int) -> None:
    """A cell with nothing in it."""
    answer = pen.answer(ask)
    if answer.typed:
        _type(paragraph, answer)


_PLACES: dict[str, _Place] = {
    **{kind: _leader(kind) for kind in _CHARACTERS},
    "underlined": _underlined,
    "tab-dots": _tabbed(WD_TAB_LEADER.DOTS),
    "tab-line": _tabbed(WD_TAB_LEADER.LINES),
    "nothing": _free,
    "prompt": _prompted,
    "control": _control,
    "legacy": _legacy,
    "empty": _empty,
}


def _checkbox_xml(*, on: bool) -> str:
    """A tick box of Word 2010 and later (a content control)."""
    state = (
        '<w14:checkbox xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml">'
        f'<w14:checked w14:val="{int(on)}"/><w14:checkedState w14:val="2612" w14:font="MS Gothic"/>'
        '<w14:uncheckedState w14:val="2610" w14:font="MS Gothic"/></w14:checkbox>'
    )
    sign = run_xml("☒" if on else "☐", '<w:rFonts w:ascii="MS Gothic" w:hAnsi="MS Gothic" w:eastAsia="MS Gothic"/>')
    return f"<w:sdt><w:sdtPr>{state}</w:sdtPr><w:sdtContent>{sign}</w:sdtContent></w:sdt>"


def _dropdown_xml(options: list[str], chosen: str) -> str:
    items = "".join(
        f'<w:listItem w:displayText="{escaped(one)}" w:value="{escaped(one)}"/>'
        for one in ("Choisissez un élément.", *options)
    )
    hint = "" if chosen else "<w:showingPlcHdr/>"
    shown = run_xml(chosen) if chosen else run_xml("Choisissez un élément.", _GREY)
    return (
        f"<w:sdt><w:sdtPr>{hint}<w:dropDownList>{items}</w:dropDownList></w:sdtPr>"
        f"<w:sdtContent>{shown}</w:sdtContent></w:sdt>"
    )
