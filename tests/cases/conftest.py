"""Received forms that once went wrong, read and checked on the day of the samples."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import people
import pytest
from case_kit import Case

from pipeline.core.fields import Dictionary
from pipeline.core.law import Law
from pipeline.core.models import Form
from pipeline.core.workspace import Workspace
from pipeline.reading.known_forms import KnownForms
from pipeline.reading.reader import read

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def case(workspace: Workspace, dictionary: Dictionary, law: Law, given_out: KnownForms) -> Callable[[str], Case]:
    """Read one file of this folder, as a form that came in that day."""
    known: dict[str, Case] = {}

    def opened(name: str) -> Case:
        if name not in known:
            path = HERE / name
            form = Form(hashlib.sha256(path.read_bytes()).hexdigest(), path, path.name, people.TODAY)
            known[name] = Case(workspace, dictionary, law, read(form, given_out))
        return known[name]

    return opened
