"""XML rewriting of a Word blank: each kind of place for an answer becomes a marked text of its own.

The mark is an attribute that is taken away before anything is saved.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator

from lxml import etree

from pipeline.reading.streams.glyphs import pictured, pieces
from pipeline.reading.streams.ooxml import LEFT_OUT, VALUE, W14, W, font_of, text_in

MARK = "liasse-place"
EMPTY_BOX, TICKED_BOX = "☐", "☒"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_DOTS = re.compile(
    r"(?:[.…‥]{4,}|…+|_{3,}|(?:\.\s){4,})(?:[\s/.\-]*(?:[.…‥]{2,}|…+|_{2,}|(?:\.\s){3,}))*"
    r"|(?<![\w.])(?:__?|…|\.{2,3})(?:\s?/\s?(?:_{1,4}|…+|\.{2,4})){1,2}"
)
_LISTS = (f"{W}dropDownList", f"{W}comboBox")
_PROSE = 14  # words before a colon from which they are a sentence that goes on below, and ask nothing
_GOES_ON = re.compile(
    r"\b(?:suivante?s?|ci-après|ci-dessous|notamment|à savoir|comme suit|ainsi)\s*:$", re.IGNORECASE
)
_LEADERS = ("dot", "underscore", "hyphen", "middleDot", "heavy")


def mark_controls(root: etree._Element) -> None:
    """Content controls: tick boxes as plain boxes, the others emptied of their prompt."""
    for control in list(root.iter(f"{W}sdt")):
        content = control.find(f"{W}sdtContent")
        if content is not None and next(content.iter(f"{W}tbl", f"{W}sdt"), None) is None:
            _mark_control(control, content)


def _mark_control(control: etree._Element, content: etree._Element) -> None:
    """One control without a table nor another control in it; what it already answers stays."""
    if control.find(f"{W}sdtPr/{W14}checkbox") is not None:
        for text in content.iter(f"{W}t"):
            text.text = EMPTY_BOX
        for child in list(content):
            control.addprevious(child)
        _remove(control)
        return
    prompt, written = control.find(f"{W}sdtPr/{W}showingPlcHdr"), text_in(content).strip()
    if prompt is not None:
        _remove(prompt)
    listed = any(
        control.find(f"{W}sdtPr/{kind}") is not None for kind in _LISTS
    )  # what it shows is one of its choices
    if prompt is not None or listed or not written or _DOTS.fullmatch(written):
        _control_place(content)


def mark_legacy_fields(root: etree._Element) -> None:
    """Word's older form fields, replaced by a plain place."""
    for begin in list(root.iter(f"{W}fldChar")):
        data, first = begin.find(f"{W}ffData"), begin.getparent()
        if begin.get(f"{W}fldCharType") != "begin" or data is None or first is None:
            continue
        box = data.find(f"{W}checkBox") is not None
        for run in _until_end(first):
            if run is not first:
                _remove(run)
        for child in list(first):
            if child.tag != f"{W}rPr":
                first.remove(child)
        first.append(_text(EMPTY_BOX if box else "", mark=not box))


def mark_symbols(root: etree._Element) -> None:
    """Boxes drawn by a font of pictures, replaced by plain ones."""
    for symbol in list(root.iter(f"{W}sym")):
        plain = pictured(chr(int(symbol.get(f"{W}char") or "0", 16)), symbol.get(f"{W}font") or "Wingdings")
        run = symbol.getparent()
        if run is not None and any(state is not None for _, _, state in pieces(plain)):
            run.replace(symbol, _text(EMPTY_BOX))
    for run in root.iter(f"{W}r"):
        _show_pictures(run)


def _show_pictures(run: etree._Element) -> None:
    """The text of a run in a font of pictures, as the plain characters that look alike."""
    fonts = run.find(f"{W}rPr/{W}rFonts")
    font = font_of(run.find(f"{W}rPr"))
    for text in run.iter(f"{W}t") if "dings" in font.lower() else ():
        plain = "".join(pictured(char, font) for char in text.text or "")
        if plain != text.text and fonts is not None:
            text.text = plain
            _remove(fonts)


def mark_paragraph(paragraph: etree._Element) -> None:
    """Tick boxes, runs of dots, tab leaders."""
    texts = [node for node in _own_texts(paragraph) if not _has_place([node])]
    whole = "".join(node.text or "" for node in texts)
    if not whole.strip() and paragraph.find(f"{W}pPr/{W}pBdr/{W}bottom") is not None:
        if not _has_place(_own_texts(paragraph)):
            _append(paragraph)  # a ruled line to write on
        return
    spans = [(start, end, True) for start, end, state in pieces(whole) if state is not None]
    spans += [(found.start(), found.end(), False) for found in _DOTS.finditer(whole)]
    for start, end, box in sorted(spans, reverse=True):
        _carve(texts, start, end, box=box)
    if any(tab.get(f"{W}leader") in _LEADERS for tab in paragraph.findall(f"{W}pPr/{W}tabs/{W}tab")):
        _mark_tabs(paragraph)


def _mark_tabs(paragraph: etree._Element) -> None:
    """A place before each tab, which draws the leader to write on."""
    for tab in list(paragraph.iter(f"{W}tab")):
        run = tab.getparent()
        if run is not None and run.tag == f"{W}r" and not _follows_place(tab, paragraph):
            tab.addprevious(_text("", mark=True))


def mark_cell(cell: etree._Element) -> None:
    """An empty cell, or the empty line under a cell's own label."""
    if cell.find(f".//{W}tbl") is not None or _has_place(cell.iter(f"{W}t")):
        return
    merged = cell.find(f"{W}tcPr/{W}vMerge")
    if merged is not None and merged.get(VALUE, "continue") == "continue":
        return
    paragraphs = cell.findall(f"{W}p")
    filled = [bool(text_in(each).strip()) for each in paragraphs]
    blank = next((index for index, full in enumerate(filled) if not full), None)
    if blank is not None and (not any(filled) or (filled[0] and filled.count(True) == 1)):
        _append(paragraphs[blank])


def mark_label(paragraph: etree._Element) -> None:
    """After the colon that ends a line, where nothing else is left to write in; not of a sentence."""
    texts = list(_own_texts(paragraph))
    if _has_place(texts):
        return
    whole = "".join(node.text or "" for node in texts).rstrip()
    if len(whole.split()) > _PROSE or _GOES_ON.search(whole):
        return
    cell = next(paragraph.iterancestors(f"{W}tc"), None)
    beside = cell.getnext() if cell is not None else None
    answered = beside is not None and _has_place(beside.iter(f"{W}t"))
    within = cell is not None and _has_place(cell.iter(f"{W}t"))
    if whole.endswith(":") and not answered and not within:
        texts[-1].text = f"{(texts[-1].text or '').rstrip()} "
        texts[-1].set(SPACE, "preserve")
        _append(paragraph)


def _has_place(texts: Iterable[etree._Element]) -> bool:
    """Whether one of these texts is marked as a place for an answer."""
    return any(text.get(MARK) is not None for text in texts)


def _control_place(content: etree._Element) -> None:
    """One marked text in a content control, in place of its prompt."""
    texts = list(content.iter(f"{W}t"))
    if texts:
        texts[0].text = ""
        texts[0].set(MARK, "1")
        for other in texts[1:]:
            other.text = ""
        return
    paragraph = next(content.iter(f"{W}p"), None)
    if paragraph is not None:
        _append(paragraph)
    elif content.getparent() is not None:
        run = etree.SubElement(content, f"{W}r")
        run.append(_text("", mark=True))


def _remove(node: etree._Element) -> None:
    parent = node.getparent()
    if parent is not None:
        parent.remove(node)


def _until_end(first: etree._Element) -> Iterator[etree._Element]:
    """The runs of a legacy field, to the one that ends it."""
    depth = 0
    for run in [first, *first.itersiblings()]:
        for char in run.iter(f"{W}fldChar"):
            depth += {"begin": 1, "end": -1}.get(char.get(f"{W}fldCharType") or "", 0)
        yield run
        if depth <= 0:
            return


def _own_texts(paragraph: etree._Element) -> Iterator[etree._Element]:
    """The texts of a paragraph, not those of paragraphs inside it nor of what is left out of reading."""
    for text in paragraph.iter(f"{W}t"):
        around = list(text.iterancestors())
        inside = around[: around.index(paragraph)]
        if not any(node.tag == f"{W}p" or str(node.tag) in LEFT_OUT for node in inside):
            yield text


def _carve(texts: list[etree._Element], start: int, end: int, *, box: bool) -> None:
    """Make the characters from ``start`` to ``end`` of a paragraph one text of their own, with a mark."""
    at, carved = 0, False
    whole = "".join(text.text or "" for text in texts)
    for text in list(texts):
        old = text.text or ""
        left, right = max(start - at, 0), min(end - at, len(old))
        at += len(old)
        if left >= right:
            continue
        glued = not box and at >= end and whole[end : end + 1].isalnum()
        text.text = f"{old[:left]} " if not box and old[:left].endswith(":") else old[:left]
        text.set(SPACE, "preserve")
        tail = _text(f" {old[right:]}" if glued else old[right:])
        text.addnext(tail)
        if not carved:
            own = _text(EMPTY_BOX if box else old[left:right], mark=True)
            text.addnext(own)
            carved = True


def _append(paragraph: etree._Element) -> None:
    """A marked run at the end of a paragraph, written like the run before it."""
    runs = paragraph.findall(f"{W}r")
    run = etree.SubElement(paragraph, f"{W}r")
    properties = runs[-1].find(f"{W}rPr") if runs else None
    if properties is not None:
        run.append(copy.deepcopy(properties))
    run.append(_text("", mark=True))


def _follows_place(tab: etree._Element, paragraph: etree._Element) -> bool:
    """Whether the last thing written before a tab is already a place: dots with a leader after them."""
    last = None
    for node in paragraph.iter(f"{W}t", f"{W}tab"):
        if node is tab:
            break
        if node.tag == f"{W}t" and (node.get(MARK) is not None or (node.text or "").strip()):
            last = node
    return last is not None and last.get(MARK) is not None


def _text(text: str, *, mark: bool = False) -> etree._Element:
    node = etree.Element(f"{W}t")
    node.text = text
    node.set(SPACE, "preserve")
    if mark or text == EMPTY_BOX:
        node.set(MARK, "1")
    return node
