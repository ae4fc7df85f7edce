"""Structure trees of tagged PDFs (headings, tables, lists), merged when their pages become one packet.

Copying pages leaves the tree of tags behind, and with it what a screen reader needs. Here each piece's tree is
copied after its pages and hung under one /Document as a /Part, and what links pages to tags is numbered anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf


class Structure:
    """Structure tree of a packet that is being assembled."""

    def __init__(self, packet: Pdf) -> None:
        self._packet = packet
        self._parts: list[Object] = []
        self._links: list[Object | int] = []  # the packet's ParentTree: number, tags, number, tags…
        self._roles = Dictionary()
        self._classes = Dictionary()
        self._next = 0

    def add(self, piece: Pdf, pages: Iterable[pikepdf.Page]) -> None:
        """Take over the tags of a piece; ``pages`` are its pages in the packet, where they must already be."""
        pages = list(pages)
        tree = piece.Root.get("/StructTreeRoot")
        if tree is None:
            for holder, key in _numbered(pages):
                del holder[key]
            return
        copied = self._packet.copy_foreign(piece.make_indirect(tree))
        highest = -1
        for number, tags in _number_tree(copied.get("/ParentTree")):
            highest = max(highest, number)
            self._links += [self._next + number, tags]
        for holder, key in _numbered(pages):
            highest = max(highest, int(holder[key]))
            holder[key] = self._next + int(holder[key])
        self._next += highest + 1
        self._parts += _children(copied)
        for ours, theirs in ((self._roles, "/RoleMap"), (self._classes, "/ClassMap")):
            for name, meaning in copied.get(theirs, Dictionary()).items():
                if name not in ours:
                    ours[name] = meaning

    def finish(self) -> None:
        """Write the tree into the packet, if any piece had tags."""
        if not self._parts:
            return
        root = self._packet.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        document = self._packet.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name.Document, P=root, K=Array(self._parts))
        )
        for part in self._parts:
            part.P = document
            if part.get("/S") == Name.Document:
                part.S = Name.Part
        self._roles["/Part"] = Name.Part
        root.K = Array([document])
        root.ParentTree = self._packet.make_indirect(Dictionary(Nums=Array(self._links)))
        root.ParentTreeNextKey = self._next
        root.RoleMap = self._roles
        if len(self._classes):
            root.ClassMap = self._classes
        self._packet.Root.StructTreeRoot = root
        self._packet.Root.MarkInfo = Dictionary(Marked=True)


def _children(tree: Object) -> list[Object]:
    kids = tree.get("/K")
    if kids is None:
        return []
    return list(kids.as_list()) if isinstance(kids, Array) else [kids]


def _number_tree(node: Object | None) -> Iterator[tuple[int, Object]]:
    if node is None:
        return
    for kid in node.get("/Kids", ()):
        yield from _number_tree(kid)
    numbers = node.get("/Nums")
    if numbers is not None:
        for place in range(0, len(numbers), 2):
            yield int(numbers[place]), numbers[place + 1]


def _numbered(pages: Iterable[pikepdf.Page]) -> Iterator[tuple[Object, str]]:
    """What carries a number of the ParentTree: the pages, their annotations, their forms and pictures."""
    seen = set()
    for page in pages:
        drawn = page.obj.get("/Resources", Dictionary()).get("/XObject", Dictionary())
        forms = [thing for _, thing in drawn.items()]
        for holder in (page.obj, *page.obj.get("/Annots", ()), *forms):
            if holder.is_indirect and holder.objgen in seen:
                continue
            seen.add(holder.objgen)
            for key in ("/StructParents", "/StructParent"):
                if key in holder:
                    yield holder, key
