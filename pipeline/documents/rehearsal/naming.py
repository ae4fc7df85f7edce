"""Names of templates: every dotted name that one may print, and the nearest to one that does not exist."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from jinja2 import nodes

from pipeline.documents.printable import Picture

_DEEPEST = 4
_NEAR = 0.6


def names_of(context: Mapping[str, Any], prefix: str = "", depth: int = 0) -> Iterator[str]:
    """Every dotted name of a context."""
    for name, value in context.items():
        path = f"{prefix}{name}"
        yield path
        if isinstance(value, Mapping) and depth < _DEEPEST:
            yield from names_of(value, f"{path}.", depth + 1)
        elif is_dataclass(value) and not isinstance(value, type | Picture):
            yield from (f"{path}.{one.name}" for one in fields(value))


def nearest(name: str, known: Iterable[str]) -> str:
    """« Vouliez-vous dire … ? », or nothing where no name is near."""
    every = list(known)
    end = name.rpartition(".")[2]
    found = difflib.get_close_matches(name, every, n=1, cutoff=_NEAR) or [
        one for one in every if one.rpartition(".")[2] == end
    ]
    return f" : vouliez-vous dire {found[0]} ?" if found else ""


def chained_nodes(tree: nodes.Node) -> Iterator[tuple[nodes.Node, str]]:
    """Each whole dotted name that a template reads from its context, with its node: not what it sets itself."""
    own = {one.name for one in tree.find_all(nodes.Name) if one.ctx != "load"} | {"loop", "caller", "range"}
    own |= {one.name for one in tree.find_all(nodes.Macro)}
    inside = {id(one.node) for one in tree.find_all(nodes.Getattr)}
    for one in tree.find_all((nodes.Getattr, nodes.Name)):
        if id(one) not in inside and (path := _dotted(one)) and path.partition(".")[0] not in own:
            yield one, path


def chains(tree: nodes.Node) -> Iterator[tuple[int, str]]:
    """The same, each with its line."""
    yield from ((node.lineno, path) for node, path in chained_nodes(tree))


def _dotted(node: nodes.Node) -> str | None:
    """A name with its attributes; ``None`` where something else than a name is at its root."""
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        stem = _dotted(node.node)
        return stem and f"{stem}.{node.attr}"
    return None


def missing_name(path: str, contexts: Iterable[Mapping[str, Any]]) -> bool:
    """Whether no context has that name: a group that is empty in all of them may have any."""
    return all(_stops(path, context) for context in contexts)


def _stops(path: str, context: Mapping[str, Any]) -> bool:
    node: Any = context
    for name in path.split("."):
        if node is None:
            return False
        if isinstance(node, Mapping) and (name in node or hasattr(node, name)):
            node = node.get(name)
        else:
            return isinstance(node, Mapping) or not hasattr(node, name)
    return False
