"""Printable characters. A value that cannot be printed is refused with a reason, never dropped.

The characters are listed, not guessed: each of them was seen to come out of LibreOffice in Carlito, whole and in its
place. What a template or a signing service would take for an instruction is refused too. Nothing is inserted to break
such an instruction: an invisible character (U+2060) leaves it whole in the text of the PDF.
"""

from __future__ import annotations

import json
import os
import re
import unicodedata
from functools import cache
from typing import Any

# Latin, Greek and Cyrillic as European languages write them. An accent that NFC cannot join to its letter is not
# here: Carlito lacks it, and the typeface put in its place moves it elsewhere in the text of the PDF.
_LETTERS = re.compile("[A-Za-zªµºÀ-ÖØ-öø-ƿǍ-ɏəɛΆΈ-ΊΌΎ-ΡΣ-ώЀ-ѵѸ-ҁҊ-ӿḀ-ẛẠ-ỹ]")
_OTHERS = frozenset(
    "\n\t !\"#$%&'()*+,-./0123456789:;<=>?@[\\]^_`|~"
    "\u00a0¡¢£¤¥¦§¨©«¬\u00ad®¯°±²³´¶·¸¹»¼½¾¿×÷"
    "\u2002\u2003\u2009\u200a\u202f\u2010\u2011‒–—―‘’‚‛“”„‟†‡•…‰‹›‼⁰⁴⁵⁶⁷⁸⁹⁺⁻₀₁₂₃₄₅₆₇₈₉€№™⅓⅔⅛⅜⅝⅞←↑→↓↔−√∞≈≠≡≤≥"
    "①②③④⑤⑥⑦⑧⑨⑩❶❷❸❹❺❻❼❽❾❿□▪▫○●◦"
)
_UNKNOWN = "□"
ACTING = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})  # categories of characters that do not show

# Word's templates and DocuSeal (braces), Yousign (|signature|), DocuSign (/sn1/, \s1\, signature_1), Dropbox Sign
# ([sig|req|…]), Adobe (__es_:signer…), others ([[sign…]], <<sign…), and our own marks: documents/signatures.py finds
# the box of a signature by the word sign1-stagiaire.
_INSTRUCTIONS = re.compile(
    r"[{}]|\|signature\||\[(?:sig|init|date|text|check)\w*\||[/\\](?:s|sn|ds|sig\w*|init\w*)_?\d+[/\\]"
    r"|signature_\d|sign\d+-|\[\[(?=\s*[\w*!|])|(?<![^\W_])_*es_:|<<\s*(?:sig|init)|([%#$])sig\w*\1",
    re.IGNORECASE,
)
# A PDF's text does not hold them, or not as what they are: « si\u00adgn1-… » is read back as « sign1-… ».
_VANISHING = re.compile("[\t\u00ad\u2000-\u200f\u202f\u2060\u034f\ufeff]")
_DOCXTPL = re.compile(r"(?<=\{)(?=_)|(?<=_)(?=\})")  # it prints « {_{ » as « {{ »
_DASHES = re.compile("[\u2010-\u2015\u2212]")


def refusal(text: str) -> str | None:
    """Why this text cannot be printed and what to do, in French, or ``None`` if it can."""
    instruction = _instruction(text)
    if instruction:
        return f"contient « {instruction} », réservé aux modèles et aux outils de signature : écrivez-le autrement"
    for char in unicodedata.normalize("NFC", text):
        if not _printable(char):
            name = unicodedata.name(char, f"U+{ord(char):04X}").lower()
            return f"contient un caractère qui ne s’imprime pas ({name}) : écrivez-le en lettres"
    return None


def displayable(text: str) -> str:
    """The text as a letter or a control sheet shows what nothing checked: a file's name, words as they were read.

    A character that cannot be printed becomes « □ ». Instructions stay, to be seen: these papers are never signed.
    """
    shown = unicodedata.normalize("NFC", text)
    for char in set(shown).difference("{}"):
        if not _printable(char):
            shown = shown.replace(char, _UNKNOWN)
    return _DOCXTPL.sub(" ", shown)


def visible(text: str) -> str:
    """The text with « \ufffd » for what would act on a terminal or a log: controls, escapes, changes of direction.

    Ends of lines stay.
    """
    return "".join("\ufffd" if char != "\n" and unicodedata.category(char) in ACTING else char for char in text)


def visible_line(name: str) -> str:
    """A file's name as it can be shown and kept: one visible line, in NFC, also if its bytes are no text."""
    text = unicodedata.normalize("NFC", os.fsencode(name).decode("utf-8", "replace"))
    return visible(text).replace("\n", "\ufffd")


def json_text(value: Any, *, indent: int | None = None) -> str:  # noqa: ANN401 -- what JSON takes
    """JSON for another program, or a log: what would act on a terminal is escaped, and is the same data."""
    text = json.dumps(value, ensure_ascii=False, indent=indent, default=str)
    return "".join(_escaped(char) if char != "\n" and unicodedata.category(char) in ACTING else char for char in text)


def _escaped(char: str) -> str:
    return json.dumps(char)[1:-1]


def _instruction(text: str) -> str | None:
    """What a template or a signing service would obey, as it would stand in the PDF's text."""
    found = _INSTRUCTIONS.search(_DASHES.sub("-", unicodedata.normalize("NFKC", _VANISHING.sub("", text))))
    return found.group() if found else None


@cache
def _printable(char: str) -> bool:
    return char in _OTHERS or _LETTERS.match(char) is not None
