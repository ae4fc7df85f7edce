"""Compiled-layout file: the templates of one layout as JSON, under the fingerprint of all that they were made from.

A file is data and nothing else. What it holds is believed only under its own digest and the fingerprint of today: a
layout that was changed, another version of ours, a file cut short or written over is compiled again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from functools import cache, partial
from pathlib import Path
from typing import Any

from pipeline import __version__
from pipeline.core.doubts import Doubt, Reason
from pipeline.core.fields import Dictionary
from pipeline.core.who import Who
from pipeline.forms.layouts import Layout, mapped, parse_placeholder
from pipeline.reading.alignment.atoms import Atom, Mark
from pipeline.reading.alignment.compiled_layout import Compiled, Trust
from pipeline.reading.alignment.side_labels import SideLabel
from pipeline.reading.alignment.template import Item, Template
from pipeline.reading.tokens import Source, Token, TokenKind

_OURS = Path(__file__).parent.parent  # the package
_FIELDS = tuple(field.name for field in fields(Token))
_MAKERS = (  # the code by which a blank becomes templates
    "blanks/compiling.py",
    "blanks/ignored_tables.py",
    "blanks/lint.py",
    "core/*.py",
    "forms/blank.py",
    "forms/layouts.py",
    "forms/values/*.py",
    "reading/appearances.py",
    "reading/widgets.py",
    "reading/tokens.py",
    "reading/alignment/*.py",
    "reading/streams/*.py",
    "sandbox/*.py",
)


def fingerprints(layouts: Iterable[Layout], dictionary: Dictionary) -> dict[str, str]:
    """Layout id to what decides how it is compiled, as one hash: its files, schema, words, our code."""
    shared = hashlib.sha256(f"{__version__}\n{_code()}\n".encode())
    shared.update(json.dumps(dictionary.schema, sort_keys=True).encode())
    shared.update(dictionary.lexicon.own.encode())
    return {
        layout.id: hashlib.sha256(f"{shared.hexdigest()}\n{layout.sha256}".encode()).hexdigest() for layout in layouts
    }


@cache
def _code() -> str:
    digest = hashlib.sha256()
    for path in sorted(found for pattern in _MAKERS for found in _OURS.glob(pattern)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def encoded(compiled: Compiled, fingerprint: str) -> bytes:
    """The file of a compiled layout: one line that says what it is, one for each of its two templates."""
    templates = (compiled.word, compiled.printed)
    bodies = [json.dumps(_written(one)) if one else "" for one in templates]
    head = {
        "fingerprint": fingerprint,
        "digest": _digest(bodies),
        "trust": int(compiled.trust),
    }
    return "\n".join((json.dumps(head), *bodies)).encode()


def decoded(data: bytes, fingerprint: str, layout: Layout, dictionary: Dictionary) -> Compiled | None:
    """The layout that a file holds, each template made when it is first asked for.

    ``None`` for a file of something else, of another day, or damaged. Raises ConfigError as ``compile_layout`` does.
    """
    try:
        line, word, printed = data.decode().split("\n")
        head = json.loads(line)
        whole = head["digest"] == _digest([word, printed]) and head["fingerprint"] == fingerprint
        trust = Trust(head["trust"])
    except (UnicodeDecodeError, ValueError, KeyError, TypeError):
        return None
    if not whole or not (word or printed):
        return None
    return Compiled(
        layout, _reader(word, dictionary), _reader(printed, dictionary), mapped(layout, dictionary), trust=trust
    )


def _digest(bodies: list[str]) -> str:
    return hashlib.sha256("\n".join(bodies).encode()).hexdigest()


def _reader(body: str, dictionary: Dictionary) -> Callable[[], Template | None]:
    return partial(_opened, body, dictionary)  # no lambda: what reads is sent to the clean process of the jail


def _opened(body: str, dictionary: Dictionary) -> Template | None:
    return _template(json.loads(body), dictionary) if body else None


def _written(template: Template) -> dict[str, Any]:
    return {
        "leaders": template.leaders,
        "everywhere": sorted(template.everywhere),
        "once": sorted(template.once),
        "columned": template.columned,
        "asides": [[list(label.words), label.left, label.rows] for label in template.asides],
        "stream": [_token_as_list(token) for token in template.stream],
        "items": [_item_as_list(item) for item in template.items],
    }


def _template(written: Mapping[str, Any], dictionary: Dictionary) -> Template:
    return Template(
        tuple(_token(*values) for values in written["stream"]),
        tuple(_item(values, dictionary) for values in written["items"]),
        written["leaders"],
        frozenset(written["everywhere"]),
        frozenset(written["once"]),
        tuple(SideLabel(tuple(words), left, rows) for words, left, rows in written["asides"]),
        written["columned"],
    )


def _token_as_list(token: Token) -> list[Any]:
    doubt = token.doubt and [token.doubt.code, token.doubt.why, token.doubt.who_settles]
    return [doubt if name == "doubt" else getattr(token, name) for name in _FIELDS]


def _token(*values: Any) -> Token:  # noqa: ANN401 -- JSON
    told = dict(zip(_FIELDS, values, strict=True))
    doubt, box = told["doubt"], told["box"]
    told["kind"], told["source"] = TokenKind(told["kind"]), Source(told["source"])
    told["box"] = (box[0], box[1], box[2], box[3]) if box else None
    told["doubt"] = Doubt(Reason(doubt[0]), doubt[1], Who(doubt[2])) if doubt else None
    return Token(**told)


def _item_as_list(item: Item) -> list[Any]:
    atom = item.atom
    name = item.placeholder.name if item.placeholder else None
    return [int(atom.mark), atom.key, atom.text, atom.token, atom.glued, *atom.span, name]


def _item(values: list[Any], dictionary: Dictionary) -> Item:
    mark, key, text, token, glued, start, end, name = values
    placeholder = parse_placeholder(name, dictionary) if name else None
    return Item(Atom(Mark(mark), key, text, token, glued, (start, end)), placeholder)
