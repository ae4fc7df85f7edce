"""Trial of the readers: a blank of today, drawn, and read through the jail as a form that was received."""

from __future__ import annotations

import datetime as dt
import hashlib
import tempfile
from pathlib import Path

from pipeline.blanks.layout_cache import open_forms
from pipeline.core.fields import Dictionary
from pipeline.core.formation import formation_codes, load_formation
from pipeline.core.models import Form
from pipeline.core.workspace import Workspace
from pipeline.forms.blank import plan_blank
from pipeline.forms.drawing.blank_pdf import draw_pdf
from pipeline.reading import reader


def read_a_blank(workspace: Workspace) -> str | None:
    """The code of the formation whose blank was read, ``None`` without a formation.

    Raises what a reading raises: FormRejected where the reader refuses our own blank, which says that it is out of
    order, ReadingStopped, ToolMissing, ConfigError.
    """
    codes = formation_codes(workspace)
    if not codes:
        return None
    dictionary = Dictionary.load(workspace)
    formation = load_formation(workspace, codes[0])
    data = draw_pdf(plan_blank(dictionary, formation, formation.session(None)))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "vierge.pdf"
        path.write_bytes(data)
        form = Form(hashlib.sha256(data).hexdigest(), path, path.name, dt.datetime.now(dt.UTC).date())
        reader.read(form, open_forms(workspace, dictionary))
    return codes[0]
