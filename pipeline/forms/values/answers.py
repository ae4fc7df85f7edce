"""Answer extractor: what somebody wrote in a place, to its words alone, to nothing, or to why it is no answer.

The one gate through which the words of every field and every kind of file pass before they are read as a value:
leaders go, « néant » is nothing, « voir au dos » and « ? » are no answer, a remark is parted from what it is about.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.core.fields import Nature
from pipeline.core.folding import fold
from pipeline.core.text import refusal
from pipeline.core.words import Lexicon
from pipeline.forms.values.figures import excerpt
from pipeline.forms.values.leaders import is_leaders, without_leaders
from pipeline.forms.values.list_items import awaits_more
from pipeline.forms.values.non_answers import no_answer, remarked, says_none, several, without_remark
from pipeline.forms.values.place import Place

PROMPTS = (  # what Word shows where nothing was typed, and some copy as text
    "cliquez ou appuyez ici pour",
    "cliquez ici pour",
    "click or tap here to",
    "click or tap to",
    "click here to",
    "choisissez un",
    "choose an item",
    "choose a",
    "cliquez pour ecrire",
    "jj/mm/aaaa",
    "tapez ici",
    "a choisir",
    "selectionner",
    "selectionnez",
    "choisir dans",
    "choisir un",
    "faites votre choix",
)
_GLUED = re.compile(r"(?<![^\W_])[a-zà-ÿœ]{4,}(?:[A-ZÀ-ÝŒ][a-zà-ÿœ]{2,}|\d{1,2}[.)](?=\s))")  # « équipeVeille »


@dataclass(frozen=True)
class Answer:
    """The words of an answer, lines kept (empty: nothing was answered); and why a person must look, in French.

    With ``void``, the words are no answer at all: nothing can be proposed.
    """

    words: str
    doubt: str | None = None
    void: bool = False


def is_empty(text: str, lexicon: Lexicon) -> bool:
    """Whether nothing was answered: blanks, dots to write on, « néant », « N/A », the prompt of a control."""
    plain = fold(text)
    return is_leaders(text) or plain in lexicon.folded["vide"] or plain.strip("-–—< [(").startswith(PROMPTS)


def answer_of(text: str, place: Place) -> Answer:
    """What a cleaned text, its lines kept, answers at a place."""
    words = without_leaders(text, place)
    if not words or is_empty(" ".join(words.split()), place.lexicon):
        return Answer("")
    if not place.numbered and says_none(words, place):
        return Answer("")
    if why := no_answer(words, place):
        return Answer(words, f"« {excerpt(' '.join(words.split()))} » {why}", void=True)
    orders = refusal(words) is not None  # cannot be printed at all: the rules say so, and what to write
    return Answer(words) if orders or not place.wordy else _alone(words, place)


def _alone(words: str, place: Place) -> Answer:
    rest, remark = without_remark(words, place)
    if remark is not None:
        return Answer(rest, remarked(" ".join(words.split()), remark))
    shown = excerpt(" ".join(words.split()))
    if several(words, place):
        return Answer(words, f"« {shown} » : deux réponses sont écrites là où une est attendue")
    if why := _unwhole(words, place):
        return Answer(words, f"« {shown} » : {why}")
    return Answer(words)


def _unwhole(words: str, place: Place) -> str | None:
    """Why words cannot be all of an answer, or are more than were written: cut after « du », or two in one."""
    if place.nature is Nature.CODE:
        return None
    if not place.named and awaits_more(words) and len(words.split()) > 1:
        return "la fin manque peut-être"
    glued = None if place.organised else _GLUED.search(words)
    return f"« {glued[0]} » semble fait de deux mots collés" if glued else None
