"""Lexicon: words of French forms, the product’s (``libelles.toml``) and a school’s own (``libelles-locaux.toml``).

Both files have the same tables; what a school adds in its own stands after the product’s and outlives an update. They
are parsed when a table is first asked for: a child that may open no file is given a lexicon whose tables are there.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any

from pipeline.core.errors import ConfigError
from pipeline.core.folding import fold

PRODUCT, LOCAL = "libelles.toml", "libelles-locaux.toml"


@dataclass(frozen=True)
class Lexicon:
    """The tables of words of a workspace; those that come with liasse where its ``schemas/`` has no file."""

    folder: Path | None = None

    @property
    def own(self) -> str:
        """What the school wrote in its file; nothing if it has none."""
        return self.sources.get(LOCAL, "")

    @cached_property
    def sources(self) -> Mapping[str, str]:
        """File name to text: the product's, then the school's own if there is one."""
        ours = self._text(PRODUCT) or resources.files("pipeline.core").joinpath(PRODUCT).read_text("utf-8")
        local = self._text(LOCAL)
        return {PRODUCT: ours, **({LOCAL: local} if local else {})}

    @cached_property
    def parsed(self) -> Mapping[str, Mapping[str, Any]]:
        """File name to its tables; raises ConfigError naming the file, and the line that is no TOML."""
        found = {}
        for name, text in self.sources.items():
            try:
                found[name] = tomllib.loads(text)
            except tomllib.TOMLDecodeError as error:
                raise ConfigError(f"{self.folder}/{name} is not valid TOML: {error}. Mend that line.") from error
        return found

    @cached_property
    def tables(self) -> Mapping[str, Any]:
        """Every table by its name, a school's own words after the product's."""
        first, *others = self.parsed.values()
        joined: Any = first
        for more in others:
            joined = _joined(joined, more)
        return dict(joined)

    @cached_property
    def folded(self) -> Mapping[str, frozenset[str]]:
        """Each list of ``[mots]``, folded."""
        return {name: frozenset(map(fold, words)) for name, words in self.tables["mots"].items()}

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """« monsieur », « mr », folded, to the civilité that they write."""
        return {fold(word): code for code, words in self.tables["civilites"].items() for word in words}

    @cached_property
    def countries(self) -> Mapping[str, str]:
        """The folded name of a country to its name."""
        return {fold(name): name for name in self.tables["mots"]["pays"]}

    def _text(self, name: str) -> str | None:
        path = self.folder / name if self.folder else None
        try:
            return path.read_text(encoding="utf-8") if path and path.is_file() else None
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"{path} cannot be read: {error}. Restore it or mend it.") from error


def _joined(ours: Any, more: Any) -> Any:  # noqa: ANN401 -- what TOML holds
    """Two values of one key: tables key by key, lists end to end; of two single values, the school's."""
    if isinstance(ours, dict) and isinstance(more, dict):
        return {
            key: _joined(ours[key], more[key]) if key in ours and key in more else more.get(key, ours.get(key))
            for key in (*ours, *(key for key in more if key not in ours))
        }
    return [*ours, *more] if isinstance(ours, list) and isinstance(more, list) else more
