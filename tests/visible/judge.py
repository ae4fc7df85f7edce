"""Verdict on one forged file: what the product accepts, held against what the page shows."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import people
from scenes import PEOPLE, Scene, _get
from seen import Seen

from pipeline.core.errors import FormRejected
from pipeline.core.fields import FieldKind
from pipeline.core.models import FieldReading, Form, Reading
from pipeline.reading.known_forms import KnownForms
from pipeline.reading.reader import read
from pipeline.reports.truth import agrees

Read = Callable[[bytes, str], Reading | None]


class End(StrEnum):
    """How a file ends."""

    RIGHT = "right"  # accepted, and shown
    DOUBT = "doubt"  # nothing is accepted there, and it is said
    TOLD = "told"  # the value of the page is accepted, and the page's remark is told elsewhere
    EMPTY = "empty"  # nothing was read where nothing is shown
    DROPPED = "dropped"  # nothing was read where the page shows something, without a word
    REFUSED = "refused"
    SILENT = "SILENT"  # accepted, and not what the page shows


@dataclass(frozen=True)
class Verdict:
    """How a file ended, and what was accepted that the page does not show: path to value."""

    end: End
    wrong: tuple[tuple[str, Any], ...] = ()
    said: str = ""


def reads_by(known: KnownForms) -> Read:
    """The product's own door: a jailed child reads the file. ``None`` for a file that is refused."""

    def read_file(data: bytes, suffix: str) -> Reading | None:
        with tempfile.TemporaryDirectory() as place:
            path = Path(place, f"formulaire{suffix}")
            path.write_bytes(data)
            try:
                return read(Form(hashlib.sha256(data).hexdigest(), path, path.name, people.TODAY), known)
            except FormRejected:
                return None

    return read_file


def expected(scene: Scene, seen: Seen) -> tuple[bool, Any]:
    """Whether anything may be accepted at the answer's place, and what."""
    shown = {Seen.OLD: "old", Seen.NEW: "new", Seen.NOTHING: "nothing", Seen.REMARK: "old"}
    return (True, scene.value(shown[seen])) if seen in shown else (False, None)


def judge(scene: Scene, seen: Seen, reading: Reading | None, honest: Reading) -> Verdict:
    """The verdict on one reading; ``honest`` is that of the same file where nothing was changed (old value)."""
    if reading is None:
        return Verdict(End.REFUSED)
    wrong = tuple(_elsewhere(scene, reading))
    found = {entry.path: entry for entry in reading.fields}.get(scene.path)
    allowed, value = expected(scene, seen)
    if found is not None and found.doubt is None and found.value not in (None, []):
        if not allowed or value in (None, []) or not agrees(_kind(scene, scene.path), value, found.value):
            wrong = ((scene.path, found.value), *wrong)
        elif seen is Seen.REMARK and not _more(reading, honest):
            wrong = ((f"{scene.path} (remark lost)", found.value), *wrong)
    if wrong:
        return Verdict(End.SILENT, wrong)
    return Verdict(_end(seen, found, value), said=found.doubt.code.value if found and found.doubt else "")


def _end(seen: Seen, found: FieldReading | None, value: Any) -> End:
    if found is not None and found.doubt is not None:
        return End.DOUBT
    if found is not None and found.value not in (None, []):
        return End.TOLD if seen is Seen.REMARK else End.RIGHT
    return End.EMPTY if seen is Seen.NOTHING or (value in (None, []) and seen is not Seen.UNSURE) else End.DROPPED


def _more(reading: Reading, honest: Reading) -> bool:
    """Whether a reading says more than that of the honest file: another doubt, a word outside the boxes."""
    before = {(entry.path, entry.doubt.code) for entry in honest.doubts if entry.doubt}
    now = {(entry.path, entry.doubt.code) for entry in reading.doubts if entry.doubt}
    return bool(now - before) or set(reading.strays) > set(honest.strays)


def _elsewhere(scene: Scene, reading: Reading) -> list[tuple[str, Any]]:
    """What is accepted wrong in the other fields of the form."""
    record = scene.records["old"]
    return [
        (entry.path, entry.value)
        for entry in reading.fields
        if entry.path != scene.path
        and entry.doubt is None
        and entry.value not in (None, [])
        and entry.path in scene.dictionary.fields
        and not _same(scene, entry, _get(record, entry.path))
    ]


def _same(scene: Scene, entry: FieldReading, value: Any) -> bool:
    if entry.path in _derived(scene.target.code):
        return True
    return agrees(_kind(scene, entry.path), value, entry.value)


@cache
def _derived(code: str) -> frozenset[str]:
    """Fields that the reader fills itself, whatever the person wrote."""
    return frozenset({"gratification.unite"} if code in PEOPLE else ())


def _kind(scene: Scene, path: str) -> FieldKind:
    return scene.dictionary.fields[path].kind
