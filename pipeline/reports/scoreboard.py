"""Evaluation of the reader: forms beside their truth are read, and what was right, wrong, doubted, lost counted.

A set is a folder of forms with ``<stem>.truth.json`` beside them (``03.printed.pdf`` and ``03.scan.pdf`` share
``03.truth.json``). In a truth, ``null`` means that nothing may be accepted; the paths of ``douteux`` may be right or
doubted, never wrong. Files under ``mutations/`` count for what is silently wrong, not for what is found.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
import re
import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pipeline.blanks.layout_cache import compile_layouts, open_forms
from pipeline.core.errors import ConfigError, FormRejected
from pipeline.core.fields import Dictionary, FieldKind
from pipeline.core.models import JSON, FieldReading, Form, Reading
from pipeline.core.workspace import Workspace
from pipeline.forms.layouts import load_layout
from pipeline.reading.known_forms import KnownForms
from pipeline.reading.reader import read
from pipeline.reading.warming import preload
from pipeline.reports.truth import agrees, belongs
from pipeline.sandbox.sniff import SUFFIXES

TRUTH = ".truth.json"
MUTATIONS = "mutations"
_DOUBTFUL = "douteux"
_FREE = (FieldKind.LINE, FieldKind.TEXT, FieldKind.LIST)
_CHANNELS = ("acroform", "docx", "odt", "pdf-text", "pdf-scan", "image")
_Z = 1.959964  # normal quantile of a 95 % interval


@dataclass(frozen=True)
class Miss:
    """One value accepted though it is wrong: the form, the field, what was expected and what was accepted."""

    form: str
    path: str
    expected: JSON
    accepted: JSON
    typed: bool


@dataclass
class Score:
    """The figures of one layout on one channel; ``seconds`` holds one reading time a form."""

    layout: str
    channel: str
    forms: int = 0
    present: int = 0
    right: int = 0
    accepted: int = 0
    doubts: int = 0
    lost: int = 0
    refused: int = 0
    straight: int = 0
    wrong: list[Miss] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    @property
    def recall(self) -> float | None:
        """Accepted right over present; ``None`` for mutations, where nothing is asked."""
        return self.right / self.present if self.present else None

    @property
    def wrong_typed(self) -> int:
        """How many typed values (dates, numbers, identifiers, ticks) are silently wrong."""
        return sum(miss.typed for miss in self.wrong)

    @property
    def rate(self) -> float | None:
        """Silently wrong over accepted; ``None`` if nothing was accepted."""
        return len(self.wrong) / self.accepted if self.accepted else None

    @property
    def bound(self) -> float | None:
        """Upper end of the 95 % interval of the silent-wrong rate; ``None`` if nothing was accepted."""
        return upper_bound(len(self.wrong), self.accepted) if self.accepted else None

    def as_json(self) -> dict[str, Any]:
        """The line of ``--json``."""
        return {
            "layout": self.layout,
            "channel": self.channel,
            "forms": self.forms,
            "present": self.present,
            "right": self.right,
            "recall": self.recall,
            "accepted": self.accepted,
            "silent_wrong": len(self.wrong),
            "silent_wrong_rate": self.rate,
            "silent_wrong_bound_95": self.bound,
            "silent_wrong_typed": self.wrong_typed,
            "doubts": self.doubts,
            "lost": self.lost,
            "refused": self.refused,
            "straight_through": self.straight,
            "seconds_a_form": statistics.median(self.seconds) if self.seconds else None,
            "wrong": [
                {
                    "form": miss.form,
                    "field": miss.path,
                    "expected": miss.expected,
                    "accepted": miss.accepted,
                    "typed": miss.typed,
                }
                for miss in self.wrong
            ],
        }


def upper_bound(wrong: int, total: int) -> float:
    """The 95 % upper bound of a rate: the rule of three at zero, Wilson's interval otherwise."""
    if wrong == 0:
        return min(3 / total, 1.0)
    rate = wrong / total
    centre = rate + _Z**2 / (2 * total)
    spread = _Z * math.sqrt(rate * (1 - rate) / total + _Z**2 / (4 * total**2))
    return min((centre + spread) / (1 + _Z**2 / total), 1.0)


def forms_of(workspace: Workspace, dictionary: Dictionary, extra: Path | None) -> KnownForms:
    """The forms that the workspace knows, and the layouts of another folder of layout folders."""
    forms = open_forms(workspace, dictionary)
    if extra is None:
        return forms
    folders = sorted(path.parent for path in extra.glob("*/layout.toml"))
    if not folders:
        raise ConfigError(f"{extra} holds no layout: name the folder above the layouts' own folders.")
    known = {compiled.layout.sha256 for compiled in forms.layouts}  # the same layout twice could not be told apart
    fresh = [layout for layout in map(load_layout, folders) if layout.sha256 not in known]
    return replace(forms, layouts=(*forms.layouts, *compile_layouts(fresh, dictionary, workspace.memory)))


def evaluate(
    folder: Path,
    *,
    forms: KnownForms,
    today: dt.date,
    said: Callable[[str], None] = lambda _: None,
) -> tuple[Score, ...]:
    """The scores of every form of a folder that has a truth, by layout and channel.

    ``said`` is told each form before it is read. Raises ConfigError when the folder has no truth, or a broken one.
    """
    found = sorted(_with_truth(folder))
    if not found:
        raise ConfigError(
            f"{folder} holds no form with a truth beside it (<name>{TRUTH}): see docs/ajouter-un-formulaire.md."
        )
    preload(forms)
    scores: dict[tuple[str, str], Score] = {}
    for path, truth_path in found:
        said(str(path.relative_to(folder)))
        truth = _truth(truth_path)
        start = time.perf_counter()
        reading = _read(path, forms, today)
        seconds = time.perf_counter() - start
        layout, channel = _layout(path, folder), reading.kind.value if reading else _channel(path)
        score = scores.setdefault((layout, channel), Score(layout, channel))
        score.seconds.append(seconds)
        _count(score, path.relative_to(folder), reading, truth, forms.dictionary)
    return tuple(scores[key] for key in sorted(scores, key=lambda key: (key[0], _CHANNELS.index(key[1]))))


def _with_truth(folder: Path) -> Iterator[tuple[Path, Path]]:
    for path in folder.rglob("*"):
        truth = path.parent / f"{path.name.split('.')[0]}{TRUTH}"
        if path.suffix.lower() in SUFFIXES and truth.is_file():
            yield path, truth


def _truth(path: Path) -> dict[str, JSON]:
    try:
        truth = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path} is not JSON: {error}. Mend that line.") from error
    if not isinstance(truth, dict):
        raise ConfigError(f'{path} must be one object, such as {{"stagiaire.nom": "DUPONT"}}.')
    return truth


def _read(path: Path, forms: KnownForms, today: dt.date) -> Reading | None:
    form = Form(hashlib.sha256(path.read_bytes()).hexdigest(), path.absolute(), path.name, today)
    try:
        return read(form, forms)
    except FormRejected:
        return None


def _layout(path: Path, folder: Path) -> str:
    """The set a form belongs to: its folder, or the letters that its name begins with (« A00.pdf » is of A)."""
    inside = path.relative_to(folder).parts
    if len(inside) > 1:
        return inside[-2]
    return re.match(r"\D*", path.name.split(".")[0])[0].strip("-_ ") or folder.resolve().name  # type: ignore[index]


def _channel(path: Path) -> str:
    """How a refused form came, by its name."""
    words = path.name.lower().split(".")
    if words[-1] in ("docx", "odt"):
        return words[-1]
    if words[-1] != "pdf":
        return "image"
    return "pdf-scan" if any(word.startswith("scan") for word in words) else "pdf-text"


def _count(
    score: Score, path: Path, reading: Reading | None, truth: Mapping[str, JSON], dictionary: Dictionary
) -> None:
    expected = {name: value for name, value in truth.items() if name != _DOUBTFUL}
    score.forms += 1
    if MUTATIONS not in path.parts:
        unsure = truth.get(_DOUBTFUL) or ()
        asked = {name: value for name, value in expected.items() if value is not None and name not in unsure}
        score.present += len(asked)
        _count_found(score, asked, reading, dictionary)
    if reading is None:
        score.refused += 1
        return
    score.straight += not reading.doubts
    score.doubts += sum(not entry.combined for entry in reading.doubts)
    for entry in filter(_accepted, reading.fields):
        verdict = _verdict(entry, expected, dictionary)
        score.accepted += verdict is not None
        if verdict is False:
            typed = _kind(entry.path, dictionary) not in _FREE
            score.wrong.append(Miss(str(path), entry.path, expected.get(entry.path), entry.value, typed))


def _count_found(score: Score, asked: Mapping[str, JSON], reading: Reading | None, dictionary: Dictionary) -> None:
    """Of what should be found: what was accepted and right, what nothing at all was said of."""
    entries = {entry.path: entry for entry in reading.fields} if reading else {}
    for name, value in asked.items():
        entry = entries.get(name)
        if entry is not None and _accepted(entry):
            score.right += agrees(_kind(name, dictionary), value, entry.value)
        elif reading is not None and (entry is None or entry.doubt is None):
            score.lost += 1


def _accepted(entry: FieldReading) -> bool:
    return entry.doubt is None and entry.value is not None


def _kind(path: str, dictionary: Dictionary) -> FieldKind:
    found = dictionary.fields.get(path)
    return found.kind if found else FieldKind.LINE


def _verdict(entry: FieldReading, expected: Mapping[str, JSON], dictionary: Dictionary) -> bool | None:
    """Whether an accepted value is right; a part of a combined truth must be within it; ``None``: no truth says."""
    if entry.path not in expected:
        return belongs(entry, expected)
    value = expected[entry.path]
    return value is not None and agrees(_kind(entry.path, dictionary), value, entry.value)


def worst(scores: Iterable[Score]) -> int:
    """How many typed values are silently wrong in all: CI fails on one."""
    return sum(score.wrong_typed for score in scores)
