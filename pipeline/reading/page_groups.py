"""Page grouping: which pages of a PDF that holds several forms are of which, told by the words that blanks print.

Forms follow each other whole, in whatever order each has its own pages; a page of none of them goes with the form
before it. What does not part so, sheets shuffled together or a form that lacks a page, is nobody's guess.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from pipeline.core.sequences import grouped
from pipeline.reading.alignment import Compiled, Received
from pipeline.reading.alignment.atoms import MARKED, words_of
from pipeline.reading.alignment.received import marks_in
from pipeline.reading.alignment.template import Template
from pipeline.reading.known_forms import KnownForms

Words = Counter[str]
Place = tuple[str, int] | None  # the layout and the page of it that a page is
_UNLIKE = 0.2  # of the words of each page of a blank: a page that has no more is none of them
_PASSAGE = 6  # words in a row by which a page is the end of a blank's
_ALIKE = 0.5  # share of the words of a page of a blank that a page must have to be it


def groups_of(received: Received, known: KnownForms) -> tuple[tuple[int, ...], ...]:
    """The pages (from 1) of each form in a PDF; nothing where there are not several, each with all its pages."""
    pages = [Counter(words_of(MARKED.sub(" ", text))) for text in received.page_texts]
    blanks = dict(_blanks(received, known))
    places = [
        _place(words, {name: blanks[name] for name in map(str, marks_in(text)) if name in blanks} or blanks)
        for text, words in zip(received.page_texts, pages, strict=True)
    ]
    return split(places, {(name, page) for name, sheets in blanks.items() for page in sheets})


def foreign_pages(received: Received, compiled: Compiled) -> tuple[int, ...]:
    """The pages (from 1) of a file with a form on its own blank, or a school's, that are none of that form's."""
    sheets = _sheets(compiled.printed) if compiled.printed else {}
    if not sheets or len(received.page_texts) <= len(sheets):
        return ()
    blanks = [template.words for template in (compiled.printed, compiled.word_print) if template]
    return tuple(
        number
        for number, text in enumerate(received.page_texts, start=1)
        if not marks_in(text)
        and _best(Counter(words_of(text)), sheets)[0] < _UNLIKE
        and not any(_goes_on(tuple(words_of(text)), words) for words in blanks)
    )


def _goes_on(page: Sequence[str], blank: Sequence[str]) -> bool:
    """Whether a page has a passage of a blank word for word: long answers push the end of it to a new page."""
    passages = set(_passages(blank))
    return any(passage in passages for passage in _passages(page))


def _passages(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return (tuple(words[at : at + _PASSAGE]) for at in range(len(words) - _PASSAGE + 1))


def split(places: Sequence[Place], wanted: Iterable[tuple[str, int]]) -> tuple[tuple[int, ...], ...]:
    """The ranks of the pages of each form, from which page each is; ``wanted`` are all the pages of all layouts."""
    whole = grouped(wanted)
    groups: list[tuple[str, set[int], list[int]]] = []
    loose: list[int] = []
    for number, place in enumerate(places, start=1):
        if place is None:
            (groups[-1][2] if groups else loose).append(number)
            continue
        layout, page = place
        if not groups or groups[-1][0] != layout or page in groups[-1][1]:
            groups.append((layout, set(), []))
        groups[-1][1].add(page)
        groups[-1][2].append(number)
    if len(groups) < 2 or any(seen != set(whole[layout]) for layout, seen, _ in groups):
        return ()
    groups[0][2][:0] = loose
    return tuple(tuple(numbers) for _, _, numbers in groups)


def _blanks(received: Received, known: KnownForms) -> Iterator[tuple[str, dict[int, Words]]]:
    """The words of each page of the blanks that may be there, by layout: those marked, else the schools'."""
    marks = {mark for text in received.page_texts for mark in marks_in(text)} or received.marks
    own = {str(mark): known.own.of(mark) for mark in sorted(marks) if mark in known.own.editions}
    for name, compiled in (own or {one.layout.id: one for one in known.layouts}).items():
        if compiled.printed and (sheets := _sheets(compiled.printed)):
            yield name, sheets


def _sheets(template: Template) -> dict[int, Words]:
    """The words that each page of a blank prints; nothing for a blank without pages."""
    pages = grouped(
        (template.token(index).page or 0, item.atom.key)
        for index, item in enumerate(template.items)
        if item.literal and item.atom.wordy
    )
    return {} if 0 in pages else {page: Counter(keys) for page, keys in pages.items()}


def _best(words: Words, sheets: dict[int, Words]) -> tuple[float, int]:
    """The page that words are most like, and the share of its words among them."""
    return max(((words & sheet).total() / sheet.total(), page) for page, sheet in sheets.items())


def _place(words: Words, blanks: dict[str, dict[int, Words]]) -> Place:
    """The page of a blank that a page is most like; ``None`` for a page of none."""
    likely = [(*_best(words, sheets), name) for name, sheets in blanks.items()]
    share, page, name = max(likely, default=(0.0, 0, ""))
    return (name, page) if share >= _ALIKE else None
