"""Elements of a structure tree: walked, relieved of their looks; heads of tables say what they are the heads of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pikepdf import Array, Dictionary, Name, Object, Pdf

_ROW_HEAD = Name("/Tableau libellé")  # the style of a cell that says what its row holds (``accessible``)
_SAYING_MORE = (Name.L, Name.TD, Name.TH, Name.Table)  # elements that may have attributes of more than their looks


def settle_tags(piece: Pdf) -> None:
    """Say of each head of the tables of a piece whether it is that of its column or, by its style, of its row.

    What LibreOffice says of how paragraphs look (spaces, alignment: no screen reader asks) is left out: it is one
    object for each, and half of a tagged file.
    """
    for element in elements_of(children_of(piece.Root.get("/StructTreeRoot", Dictionary()))):
        kind = element.S
        said = element.get("/A") if kind != Name.Figure else None
        if said is not None:
            _drop_looks(element, said, kind)
        if kind == _ROW_HEAD and element.P.get("/S") == Name.TD:
            element.P.S = Name.TH
            _give_scope(element.P, Name.Row)
        elif kind == Name.TH:
            _give_scope(element, Name.Column)


def _drop_looks(element: Object, said: Object, kind: Object) -> None:
    if not isinstance(said, Array):
        if kind not in _SAYING_MORE or said.get("/O") == Name.Layout:
            del element.A
        return
    kept = [one for one in said.as_list() if not isinstance(one, Dictionary) or one.get("/O") != Name.Layout]
    if len(kept) < len(said):
        element.A = Array(kept)


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
    """These elements and all below them, whatever else the tree holds."""
    waiting = list(parts)
    while waiting:
        element = waiting.pop()
        if not isinstance(element, Dictionary) or "/S" not in element:
            continue
        yield element
        kids = element.get("/K")
        if isinstance(kids, Array):
            waiting += kids.as_list()
        elif kids is not None:
            waiting.append(kids)


def children_of(tree: Object) -> list[Object]:
    """What hangs under an element or the root."""
    kids = tree.get("/K")
    if kids is None:
        return []
    return list(kids.as_list()) if isinstance(kids, Array) else [kids]
