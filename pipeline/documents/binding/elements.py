"""Elements of a structure tree: walked, relieved of their looks; heads of tables say what they are the heads of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pikepdf import Array, Dictionary, Name, Object, Pdf

_ROW_HEAD = "/Tableau libellé"  # the style of a cell that says what its row holds (``accessible``)
_HEAD, _CELL, _FIGURE = "/TH", "/TD", "/Figure"
_SAYING_MORE = {_HEAD, _CELL, "/L", "/Table"}  # elements that may have attributes of more than their looks
_LOOKS = Name.Layout


def settle_tags(piece: Pdf) -> None:
    """Say of each head of the tables of a piece whether it is that of its column or, by its style, of its row.

    What LibreOffice says of how paragraphs look (spaces, alignment: no screen reader asks) is left out: it is one
    object for each, and half of a tagged file.
    """
    for element in elements_of(children_of(piece.Root.get("/StructTreeRoot", Dictionary()))):
        kind = str(element.S)
        if kind in _SAYING_MORE:
            _drop_looks(element)
        elif kind != _FIGURE and "/A" in element:
            del element.A
        if kind == _HEAD:
            _give_scope(element, Name.Column)
        elif kind == _ROW_HEAD and str(element.P.get("/S")) == _CELL:
            element.P.S = Name.TH
            _give_scope(element.P, Name.Row)


def _drop_looks(element: Object) -> None:
    said = element.get("/A")
    if isinstance(said, Array):
        kept = [one for one in said.as_list() if one.get("/O") != _LOOKS]
        if len(kept) < len(said):
            element.A = Array(kept)
    elif said is not None and said.get("/O") == _LOOKS:
        del element.A


def _give_scope(head: Object, scope: Object) -> None:
    """A head of a table says what it is the head of, unless it does so already."""
    said = head.get("/A")
    known = [] if said is None else list(said.as_list()) if isinstance(said, Array) else [said]
    for one in known:
        if one.get("/O") == Name.Table:
            if "/Scope" not in one:
                one.Scope = scope
            return
    head.A = Array([*known, Dictionary(O=Name.Table, Scope=scope)])


def elements_of(parts: Iterable[Object]) -> Iterator[Object]:
    """These elements and all below them, each once, whatever else the tree holds."""
    waiting: list[Any] = list(parts)  # numbers among them
    seen: set[tuple[int, int]] = set()
    while waiting:
        element = waiting.pop()
        if isinstance(element, int) or not isinstance(element, Dictionary) or "/S" not in element:
            continue
        if element.is_indirect:
            if element.objgen in seen:  # a tree may bite its tail
                continue
            seen.add(element.objgen)
        yield element
        kids = element.get("/K")
        if kids is not None:
            waiting += kids.as_list() if isinstance(kids, Array) else [kids]


def children_of(tree: Object) -> list[Object]:
    """What hangs under an element or the root."""
    kids = tree.get("/K")
    if kids is None:
        return []
    return list(kids.as_list()) if isinstance(kids, Array) else [kids]
