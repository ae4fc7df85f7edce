"""Structure tree of a PDF that is written anew (see ``inert``): copied element by element, or left behind whole.

Each element is met once, under one parent; what it is, its page, its words and its attributes are copied, its
links to notes and files are not. Nothing is followed twice, so that a tree that bites its tail has an end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from pikepdf import Array, Dictionary, Name, Object, Pdf, String

_DEEPEST, _MOST = 100, 200_000  # elements within elements, and in all
_WORDS = ("/Alt", "/ActualText", "/E", "/Lang", "/T")
_PLAIN = (int, Decimal, Name, String)

Pages = Mapping[tuple[int, int], Object]


def keep_tags(pdf: Pdf, pages: Pages, made: Pdf) -> None:
    """Give the new PDF the structure tree of the one that was read, its pages told apart by ``pages``; or none."""
    tree = pdf.Root.StructTreeRoot
    copy = _Copy(pdf, pages)
    try:
        root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        root.K = Array([one for one in copy.below(tree, root, 0) if not isinstance(one, int)])
        links = [(number, copy.link(said)) for number, said in copy.numbers(tree.get("/ParentTree"), 0)]
    except (ValueError, TypeError, LookupError):
        return
    if len(root.K) == 0:
        return
    root.ParentTree = pdf.make_indirect(Dictionary(Nums=Array([one for link in links for one in link])))
    roles = tree.get("/RoleMap")
    if isinstance(roles, Dictionary):
        root.RoleMap = Dictionary({name: means for name, means in roles.items() if isinstance(means, Name)})
    made.Root.StructTreeRoot = made.copy_foreign(root)
    made.Root.MarkInfo = Dictionary(Marked=True)


class _Copy:
    """One tree that is being copied; raises ValueError where it is none."""

    def __init__(self, pdf: Pdf, pages: Pages) -> None:
        self._pdf = pdf
        self._pages = pages
        self._made: dict[tuple[int, int], Object] = {}
        self._count = 0

    def below(self, parent: Object, copied: Object, depth: int) -> Iterator[Object | int]:
        """The copies of what hangs under an element or the root, in order."""
        said: Any = parent.get("/K")
        for kid in said.as_list() if isinstance(said, Array) else [] if said is None else [said]:
            self._step(depth)
            if isinstance(kid, int):
                yield kid
            elif isinstance(kid, Dictionary) and isinstance(kid.get("/S"), Name):
                yield self._element(kid, copied, depth)
            elif isinstance(kid, Dictionary) and isinstance(kid.get("/MCID"), int) and "/Stm" not in kid:
                yield Dictionary(Type=Name.MCR, MCID=kid.MCID, **self._page(kid))

    def _element(self, element: Object, parent: Object, depth: int) -> Object:
        if element.is_indirect and element.objgen in self._made:
            raise ValueError("an element has two places")
        copied = self._pdf.make_indirect(
            Dictionary(Type=Name.StructElem, S=element.S, P=parent, **self._page(element))
        )
        if element.is_indirect:
            self._made[element.objgen] = copied
        for key in _WORDS:
            if isinstance(element.get(key), String):
                copied[key] = element[key]
        attributes = element.get("/A")
        listed = attributes.as_list() if isinstance(attributes, Array) else [attributes]
        kept = [_attribute(one) for one in listed if isinstance(one, Dictionary) and isinstance(one.get("/O"), Name)]
        if kept:
            copied.A = Array(kept)
        copied.K = Array(list(self.below(element, copied, depth + 1)))
        return copied

    def _page(self, thing: Object) -> dict[str, Any]:
        page: Any = thing.get("/Pg")
        known = self._pages.get(page.objgen) if isinstance(page, Dictionary) else None
        return {} if known is None else {"Pg": known}

    def numbers(self, node: Any, depth: int) -> Iterator[tuple[int, Object]]:  # noqa: ANN401 -- whatever the file holds
        """The entries of the ParentTree."""
        self._step(depth)
        if not isinstance(node, Dictionary):
            return
        for kid in node.get("/Kids", Array()).as_list():
            yield from self.numbers(kid, depth + 1)
        listed: list[Any] = list(node.get("/Nums", Array()).as_list())
        for number, said in zip(listed[0::2], listed[1::2], strict=True):
            self._step(depth)
            if not isinstance(number, int) or not 0 <= number < _MOST:
                raise ValueError("a page has no number in the tree")
            yield number, said

    def link(self, said: Any) -> Object:  # noqa: ANN401 -- whatever the file holds
        """The elements of a page by their marks, or the one of a note; what was not copied is of none."""
        if isinstance(said, Array):
            found = [self._made.get(one.objgen) if isinstance(one, Dictionary) else None for one in said.as_list()]
            return self._pdf.make_indirect(Array(found))
        return self._made.get(said.objgen, Dictionary()) if isinstance(said, Dictionary) else Dictionary()

    def _step(self, depth: int) -> None:
        self._count += 1
        if depth > _DEEPEST or self._count > _MOST:
            raise ValueError("the tree has no end")


def _attribute(said: Object) -> Object:
    """An attribute with its plain values, or lists of them: the owner, the scope of a head, spans, a place."""
    return Dictionary({key: value for key, value in said.items() if _is_plain(value)})


def _is_plain(value: Any) -> bool:  # noqa: ANN401 -- whatever the file holds
    if isinstance(value, Array):
        return len(value) < _DEEPEST and all(isinstance(one, _PLAIN) for one in value.as_list())
    return isinstance(value, _PLAIN)
