"""Structure trees of tagged PDFs (headings, tables, lists), merged when their pages become one packet.

Copying pages leaves the tree of tags behind, and with it what a screen reader needs. Here each piece's tree is
copied after its pages and hung under one /Document as a /Part, and what links pages to tags is numbered anew. A
piece without tags (a centre's own PDF) is tagged page by page; each signature field stands in the tree where its
mark stood.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf

from pipeline.documents.binding.elements import children_of, elements_of

_BEFORE, _AFTER = b"/P <</MCID 0>> BDC\nq\n", b"\nQ\nEMC\n"


class Structure:
    """Structure tree of a packet that is being assembled."""

    def __init__(self, packet: Pdf) -> None:
        self._packet = packet
        self._parts: list[Object] = []
        self._links: list[Object | int] = []  # the packet's ParentTree: number, tags, number, tags…
        self._of_page: dict[int, Object] = {}  # number of a page in the ParentTree → its tags
        self._roles = Dictionary()
        self._classes = Dictionary()
        self._next = 0

    def add(self, piece: Pdf, pages: Iterable[pikepdf.Page]) -> None:
        """Take over the tags of a piece; ``pages`` are its pages in the packet, where they must already be."""
        pages = list(pages)
        tree = piece.Root.get("/StructTreeRoot")
        if tree is None:
            self._tag_pages(pages)
            return
        copied = self._packet.copy_foreign(piece.make_indirect(tree))
        highest = -1
        for number, tags in _number_tree(copied.get("/ParentTree")):
            highest = max(highest, number)
            self._link(self._next + number, tags)
        for holder, key in _numbered(pages):
            highest = max(highest, int(holder[key]))
            holder[key] = self._next + int(holder[key])
        self._next += highest + 1
        parts = children_of(copied)
        self._take_roles(copied.get("/RoleMap", Dictionary()), parts)
        for name, meaning in copied.get("/ClassMap", Dictionary()).items():
            if name not in self._classes:
                self._classes[name] = meaning
        self._parts += parts

    def hang(self, field: Object, page: pikepdf.Page, tag: int | None) -> None:
        """Put a signature field into the tree: where the mark of that ``tag`` stood, else at the end of its piece."""
        tags = self._of_page[int(page.obj.StructParents)]
        place = tags[tag] if tag is not None and tag < len(tags) else None
        if not isinstance(place, Dictionary):
            place = self._parts[-1]
        link = Dictionary(Type=Name.OBJR, Obj=field, Pg=page.obj)
        form = self._packet.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Form, P=place, K=link))
        place.K = Array([*children_of(place), form])
        field.StructParent = self._next
        self._link(self._next, form)
        self._next += 1
        page.obj.Tabs = Name.S

    def finish(self) -> None:
        """Write the tree into the packet, if it has any page."""
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

    def _link(self, number: int, tags: Object) -> None:
        self._links += [number, tags]
        if isinstance(tags, Array):
            self._of_page[number] = tags

    def _tag_pages(self, pages: list[pikepdf.Page]) -> None:
        """One paragraph a page for what has no tags: it is read out, in the order in which it was drawn."""
        for holder, key in _numbered(pages):
            del holder[key]
        part = self._packet.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Part, K=Array()))
        for page in pages:
            page.contents_add(_BEFORE, prepend=True)
            page.contents_add(_AFTER)
            paragraph = self._packet.make_indirect(
                Dictionary(Type=Name.StructElem, S=Name.P, P=part, Pg=page.obj, K=0)
            )
            part.K.append(paragraph)
            page.obj.StructParents = self._next
            self._link(self._next, self._packet.make_indirect(Array([paragraph])))
            self._next += 1
        self._parts.append(part)

    def _take_roles(self, roles: Object, parts: Iterable[Object]) -> None:
        """What the piece's own names of tags mean; a name that means something else here is replaced by it."""
        others: dict[Object, Object] = {}
        for name, meaning in roles.items():
            if name not in self._roles:
                self._roles[name] = meaning
            elif self._roles[name] != meaning:
                others[Name(name)] = meaning
        for element in elements_of(parts) if others else ():
            if element.S in others:
                element.S = others[element.S]


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
