"""Functions of tests, sent to the jail by value: lambdas and inner functions too, with all that they name.

Our own work is pickled by the name of its function; a test's stands in no module that a child could import.
"""

from __future__ import annotations

import builtins
import importlib
import marshal
from collections.abc import Callable, Iterator
from types import CellType, CodeType, FunctionType, ModuleType
from typing import Any


class ByValue:
    """A function that can be pickled; called, it is the function itself."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function

    def __call__(self, *given: Any, **named: Any) -> Any:
        """What the function answers."""
        return self._function(*given, **named)

    def __reduce__(self) -> tuple[Any, ...]:
        """Its code, and what it names."""
        """Its code, and what it names."""
        function = self._function
        if not isinstance(function, FunctionType):
            return _same, (function,)
        names = set(_names(function.__code__))
        known = {name: _sent(function.__globals__[name], function) for name in names & function.__globals__.keys()}
        cells = tuple(_sent(cell.cell_contents, function) for cell in function.__closure__ or ())
        whole = (marshal.dumps(function.__code__), function.__name__, known, function.__defaults__, cells)
        return _rebuilt, (*whole, function.__kwdefaults__)


class _Module:
    def __init__(self, name: str) -> None:
        self.name = name


def _sent(thing: Any, within: FunctionType) -> Any:
    if isinstance(thing, ModuleType):
        return _Module(thing.__name__)
    if isinstance(thing, FunctionType) and thing is not within and _is_of_a_test(thing):
        return ByValue(thing)
    return None if thing is within else thing


def _is_of_a_test(function: FunctionType) -> bool:
    """Whether a child could not import it: helpers beside the tests can be."""
    return function.__module__.startswith("test_") or "<" in function.__qualname__


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _names(inner)


def _same(function: Callable[..., Any]) -> Callable[..., Any]:
    return function


def _rebuilt(  # noqa: PLR0917 -- what pickle hands over
    code: bytes,
    name: str,
    known: dict[str, Any],
    defaults: tuple[Any, ...] | None,
    cells: tuple[Any, ...],
    named: dict[str, Any] | None,
) -> FunctionType:
    names = {key: _found(value) for key, value in known.items()}
    made = FunctionType(
        marshal.loads(code),  # noqa: S302 -- our own
        {"__builtins__": builtins, "__name__": "sent", **names},
        name,
        defaults,
        tuple(CellType(_found(cell)) for cell in cells),
    )
    made.__kwdefaults__ = named
    made.__globals__.setdefault(name, made)
    return made


def _found(value: Any) -> Any:
    return importlib.import_module(value.name) if isinstance(value, _Module) else value
