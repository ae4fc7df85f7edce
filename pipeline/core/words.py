"""Lexicon: words of French forms, the product’s (``libelles.toml``) and a school’s own (``libelles-locaux.toml``).

Both files have the same tables; what a school adds in its own stands after the product’s and outlives an update. They
are parsed when a table is first asked for: a child that may open no file is given a lexicon whose tables are there.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from pathlib import Path
from typing import Any

from pipeline.core.errors import ConfigError
from pipeline.core.folding import fold
from pipeline.core.lexicon_shape import joined, misshapen, missing

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
        ours = self._text(PRODUCT) or _shipped()
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
        """Every table by its name, a school's own words after the product's.

        Raises ConfigError for what has not the shape of its table, with file, line and key, all of them at once.
        """
        if faults := tuple(self._misshapen()):
            raise ConfigError("\n".join(faults))
        first, *others = self.parsed.values()
        whole: Any = first
        for more in others:
            whole = joined(whole, more)
        return dict(whole)

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

    @cached_property
    def known(self) -> Mapping[str, Any]:
        """The tables that come with liasse, whatever the file in their place says."""
        ours = _shipped()
        return self.parsed[PRODUCT] if self.sources[PRODUCT] == ours else tomllib.loads(ours)

    def _misshapen(self) -> Iterator[str]:
        for name, text in self.sources.items():
            if text != _shipped():
                yield from misshapen(name, text, self.parsed[name], self.known)
                yield from missing(name, self.parsed[name], self.known) if name == PRODUCT else ()

    def _text(self, name: str) -> str | None:
        path = self.folder / name if self.folder else None
        try:
            return path.read_text(encoding="utf-8") if path and path.is_file() else None
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"{path} cannot be read: {error}. Restore it or mend it.") from error


@cache
def _shipped() -> str:
    return resources.files("pipeline.core").joinpath(PRODUCT).read_text("utf-8")
