"""Lazy imports: a module of ours, or a heavy library named here, is executed when one of its names is first used.

Files import at their top, as everywhere. ``from pipeline.documents import packaging`` costs next to nothing until
``packaging.make_packet`` is asked for; ``from pipeline.documents.packaging import make_packet`` asks at once. So a
file says by what it imports, a module or a name, when the work of loading is done. ``load`` does it beforehand, for
who is about to fork or to be confined.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType
from typing import Any

OURS = "pipeline."
HEAVY = frozenset(
    {"jsonschema", "phonenumbers", "pikepdf", "pypdfium2", "rapidocr", "watchfiles"}
)  # libraries that few programs of ours come to need
_KNOWN = frozenset(
    {"__class__", "__dict__", "__file__", "__loader__", "__name__", "__package__", "__path__", "__spec__"}
)


class _Late(ModuleType):
    """A module that is known and not yet executed."""

    def __getattribute__(self, name: str) -> Any:  # noqa: ANN401 -- whatever the module holds
        if name not in _KNOWN:
            try:
                load(self)
            except AttributeError as error:  # of the module's own code; ``from`` and hasattr would take it for a "no"
                raise ImportError(f"{self.__name__} cannot be executed: {error}", name=self.__name__) from error
        return ModuleType.__getattribute__(self, name)  # super() is no more of this class


class _Loader(SourceFileLoader):
    """Executes a module when ``load`` asks for it, once; other threads wait until it is whole."""

    def __init__(self, fullname: str, path: str) -> None:
        super().__init__(fullname, path)
        self._lock = threading.RLock()
        self._is_busy = False

    def exec_module(self, module: ModuleType) -> None:
        """Leave the module for later."""
        module.__class__ = _Late

    def execute(self, module: ModuleType) -> None:
        """Execute it now; where that fails, the next use tries again."""
        with self._lock:
            if type(module) is _Late and not self._is_busy:
                self._is_busy = True
                try:
                    super().exec_module(module)
                    object.__setattr__(module, "__class__", ModuleType)
                finally:
                    self._is_busy = False


class _Finder:
    """Finds the modules that come late, before the ordinary finders do."""

    @staticmethod
    def find_spec(
        name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The place of a module of ours or of a heavy library; ``None`` leaves it to the others."""
        if not (name.startswith(OURS) or name in HEAVY) or name.endswith("__main__"):
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and isinstance(spec.loader, SourceFileLoader):
            spec.loader = _Loader(spec.loader.name, spec.loader.path)
        return spec


def install() -> None:
    """Let modules come late from here on; called by the package itself, before it imports anything."""
    if _Finder not in sys.meta_path:
        sys.meta_path.insert(0, _Finder)


def load(*modules: ModuleType) -> None:
    """Execute modules that are still to come; nothing for those that are there."""
    for module in modules:
        if type(module) is _Late:
            module.__spec__.loader.execute(module)  # type: ignore[union-attr]


def is_loaded(name: str) -> bool:
    """Whether a module was imported and executed."""
    return name in sys.modules and type(sys.modules[name]) is not _Late
