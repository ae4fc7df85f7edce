"""What the nasty inputs are read with: schools' layouts compiled once, and the whole intake on bytes."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import school

from pipeline.blanks.layout_cache import compile_layouts
from pipeline.core.fields import Dictionary
from pipeline.core.models import Form, Reading
from pipeline.forms.layouts import load_layout
from pipeline.reading import reader as intake
from pipeline.reading.alignment import Compiled
from pipeline.reading.known_forms import KnownForms

Read = Callable[..., Reading]
RECEIVED = dt.date(2026, 1, 5)


@pytest.fixture(scope="session")
def schools(dictionary: Dictionary, tmp_path_factory: pytest.TempPathFactory) -> tuple[Compiled, ...]:
    """Three schools of ``tests/layouts``, and two more that were made for these inputs."""
    folder = tmp_path_factory.mktemp("schools")
    names = [school.LAYOUTS / name for name in ("tableau", "pointilles", "champs")]
    made = [school.week_layout(folder / "semaine"), school.paper_layout(folder / "papier")]
    return compile_layouts([load_layout(path) for path in (*names, *made)], dictionary, folder)


@pytest.fixture
def read(given_out: KnownForms, schools: tuple[Compiled, ...], tmp_path: Path) -> Read:
    """Read bytes as a received file is."""

    def run(data: bytes) -> Reading:
        path = tmp_path / "recu"
        path.write_bytes(data)
        form = Form(hashlib.sha256(data).hexdigest(), path, path.name, RECEIVED)
        return intake.read(form, replace(given_out, layouts=schools))

    return run


@pytest.fixture
def read_image(read: Read, monkeypatch: pytest.MonkeyPatch) -> Read:
    """The same in this process: the drawing of pictures leaves threads in it, which a fork would not survive."""
    monkeypatch.setattr(intake, "run", lambda work, source, **_: work(Path(f"/proc/self/fd/{source}").read_bytes()))
    return read
