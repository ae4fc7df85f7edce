"""Shape of the tables of words: what each may hold, and the file, line and key of what is not so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

CUES, LISTS, HEADINGS = "tournures", "mots", "titres"
_OF_A_CUE = {"champ": True, "maniere": True, "partie": False, "mots": True}  # whether it must be there


@dataclass(frozen=True)
class Entry:
    """One key of one table: the file and line where it stands, and its value; no key for what is no table."""

    file: str
    table: str
    key: str
    value: Any
    line: int

    def fault(self, why: str) -> str:
        """What is wrong, and where."""
        name = f"[{self.table}] {self.key}" if self.key else self.table
        return f"schemas/{self.file}, line {self.line}, {name}: {why}"


def entries_of(file: str, text: str, tables: Mapping[str, Any]) -> Iterator[Entry]:
    """Every key of every table of a file, the n-th ``[[table]]`` by its number."""
    for table, held in tables.items():
        keyed: Any = (("", held),)
        if held and isinstance(held, dict):
            keyed = held.items()
        elif held and isinstance(held, list):
            keyed = ((str(number), one) for number, one in enumerate(held, start=1))
        for key, value in keyed:
            yield Entry(file, table, key, value, _line(text, table, key))


def misshapen(file: str, text: str, tables: Mapping[str, Any], known: Mapping[str, Any]) -> Iterator[str]:
    """Every fault of shape of a file; ``known`` are the tables that come with liasse."""
    for entry in entries_of(file, text, tables):
        if why := _why(entry, tables[entry.table], known):
            yield entry.fault(why)


def missing(file: str, tables: Mapping[str, Any], known: Mapping[str, Any]) -> Iterator[str]:
    """The tables and lists that liasse asks and a file in place of its own does not have."""
    lists = tables.get(LISTS)
    names = [f"[{table}]" for table in known if table not in tables]
    names += [f"[{LISTS}] {name}" for name in known[LISTS] if isinstance(lists, dict) and name not in lists]
    yield from (f"schemas/{file}: {name} is missing. Restore the file that comes with liasse." for name in names)


def joined(ours: Any, more: Any) -> Any:  # noqa: ANN401 -- what TOML holds
    """Two values of one key: tables key by key, lists end to end; of two single values, the school's."""
    if isinstance(ours, dict) and isinstance(more, dict):
        return {
            key: joined(ours[key], more[key]) if key in ours and key in more else more.get(key, ours.get(key))
            for key in (*ours, *(key for key in more if key not in ours))
        }
    return [*ours, *more] if isinstance(ours, list) and isinstance(more, list) else more


def _line(text: str, table: str, key: str) -> int:
    """The line of a key, or of the n-th ``[[table]]``: the parser tells neither."""
    here, count = "", 0
    for number, line in enumerate(text.splitlines(), start=1):
        name = line.partition("=")[0].strip()
        name = key if key and name.startswith(f"{key}.") else name.strip("\"'")  # full stops without quotes
        if line.startswith("["):
            here = line.strip("[] ")
            count += here == table
            if here == table and (not key or (line.startswith("[[") and str(count) == key)):
                return number
        elif (here, name) in ((table, key), ("", table)):
            return number
    return 1


def _why(entry: Entry, held: Any, known: Mapping[str, Any]) -> str | None:  # noqa: ANN401 -- what TOML holds
    """Why a value cannot even be read: an unknown table or list, or words that are no list."""
    table = entry.table
    if table not in known:
        return f"there is no such table. Known: {', '.join(known)}."
    if not isinstance(held, type(known[table])):
        one = "[[tournures]], with two brackets, above each turn of phrase"
        return f"write {one if table == CUES else f'[{table}], with one bracket, above its keys'}."
    if table == LISTS and entry.key and entry.key not in known[LISTS]:
        return f"there is no such table. Known: {', '.join(known[LISTS])}."
    if not held:
        return None
    if table == HEADINGS:
        return None if isinstance(entry.value, str) else 'a section is expected: "organisme".'
    return _of_cue(entry.value) if table == CUES else _of_list(entry.value)


def _of_cue(cue: Any) -> str | None:  # noqa: ANN401 -- what TOML holds
    if not isinstance(cue, dict):
        return "write [[tournures]], with two brackets, above each turn of phrase."
    if unknown := [key for key in cue if key not in _OF_A_CUE]:
        return f"{unknown[0]} is no key of a turn of phrase. Known: {', '.join(_OF_A_CUE)}."
    if absent := [key for key, needed in _OF_A_CUE.items() if needed and key not in cue]:
        return f"{absent[0]} is missing. Add its line."
    if wrong := [key for key, value in cue.items() if key != "mots" and not isinstance(value, str)]:
        return f'{wrong[0]} must be a text in quotes: {wrong[0]} = "…".'
    return _of_list(cue["mots"])


def _of_list(words: Any) -> str | None:  # noqa: ANN401 -- what TOML holds
    if isinstance(words, dict):
        return 'write the whole key in quotes, full stops included: "organisme.ape" = ["…", "…"].'
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        return 'a list of words is expected: ["…", "…"].'
    return None if words else "the list is empty. Write a word in it, or delete the key."
