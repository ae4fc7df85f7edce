"""Grouping of items: by a key, or by runs of neighbours."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)
Item = TypeVar("Item")


def grouped(pairs: Iterable[tuple[Key, Item]]) -> dict[Key, list[Item]]:
    """Key to its items, keys and items in the order in which they come."""
    groups: dict[Key, list[Item]] = {}
    for key, item in pairs:
        groups.setdefault(key, []).append(item)
    return groups


def runs(items: Iterable[Item], together: Callable[[list[Item], Item], bool]) -> list[list[Item]]:
    """The items in runs: one joins the run before it where ``together`` says so, and begins another elsewhere."""
    found: list[list[Item]] = []
    for item in items:
        if found and together(found[-1], item):
            found[-1].append(item)
        else:
            found.append([item])
    return found
