"""Blank or filled: whether a form that is about to be taught holds the answers of somebody."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from pathlib import Path

from pipeline.blanks.edition_store import open_blanks
from pipeline.core.errors import FormRejected, NotAllowed
from pipeline.core.fields import Dictionary
from pipeline.core.models import Form
from pipeline.core.refusals import Refusal
from pipeline.core.workspace import Workspace
from pipeline.reading.known_forms import KnownForms
from pipeline.reading.reader import read

_PERSONAL = (
    "stagiaire.",
    "organisme.",
    "tuteur.",
    "employeur.",
    "assurance_rc.",
)  # a school may print its own answers


def require_blank(file: Path, workspace: Workspace, dictionary: Dictionary) -> None:
    """Raise NotAllowed, in French, for a form that somebody filled: it names fields, no answer."""
    answers = tuple(answered_fields(file, workspace, dictionary))
    if answers:
        raise NotAllowed(
            f"{file.name} est rempli ({', '.join(answers[:3])}{'…' if len(answers) > 3 else ''}) : partez du "
            "formulaire vierge, tel que les étudiants le reçoivent. Si ce qui y est écrit l’est pour tous, ajoutez "
            "--vierge."
        )


def answered_fields(file: Path, workspace: Workspace, dictionary: Dictionary) -> Iterator[str]:
    """The labels of what somebody answered of themselves in that file, read in the jail; none of a blank.

    Raises FormRejected for a file that cannot be opened, ReadingStopped for one that was not read to its end.
    """
    known = KnownForms(open_blanks(workspace, dictionary), (), dictionary)
    form = Form(hashlib.sha256(file.read_bytes()).hexdigest(), file.absolute(), file.name, dt.date.min)
    try:
        found = read(form, known).fields
    except FormRejected as rejection:
        if (
            rejection.reason == Refusal.UNKNOWN_FORM
        ):  # a blank of a school that is not known yet: no answer beside any label
            return
        raise
    told = (entry.path for entry in found if entry.value not in (None, "", [], False))
    yield from (dictionary.label(path) for path in dict.fromkeys(told) if path.startswith(_PERSONAL))
