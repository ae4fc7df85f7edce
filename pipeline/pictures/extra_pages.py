"""Pages stapled behind a form: each kept as a PDF of its own, an attachment that waits for the scolarité.

They lie beside the form's pictures, and are removed with them.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path

from pipeline.core.errors import FormRejected, ReadingStopped
from pipeline.core.models import Form
from pipeline.core.modes import private_file, private_folder
from pipeline.core.remarks import Remark
from pipeline.core.workspace import Workspace
from pipeline.sandbox.cutting import cut
from pipeline.sandbox.inert import inert
from pipeline.sandbox.jail import run
from pipeline.sandbox.opening import opened
from pipeline.sandbox.quotas import Limits

_LIMITS = Limits(memory=2_000_000_000, cpu=60, answer=60_000_000)


def extra_pages(form: Form, remarks: Iterable[Remark], workspace: Workspace) -> dict[int, Path]:
    """Page to its PDF, for the pages that are none of the form's: what it shows, without anything that acts.

    A page that cannot be cut out safely has none: it is looked at in the file itself.
    """
    found: dict[int, Path] = {}
    for page in sorted({one.page for one in remarks if one.is_page and one.page}):
        path = private_folder(workspace.memory / "crops" / form.id) / f"page-{page}.pdf"
        if not path.is_file():
            with suppress(FormRejected, ReadingStopped, ValueError):
                data = _cut_out(form, page)
                with private_file(path) as file:
                    file.write(data)
        if path.is_file():
            found[page] = path
    return found


def _cut_out(form: Form, page: int) -> bytes:
    """That page as a PDF; raises ValueError where the child answers anything else."""
    source = os.open(form.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        answer = run(partial(page_of, page=page), source, limits=_LIMITS)
    finally:
        os.close(source)
    data = base64.b64decode(answer, validate=True) if isinstance(answer, str) else b""
    if not data.startswith(b"%PDF-"):
        raise ValueError("no page")
    return data


def page_of(data: bytes, page: int) -> str:
    """The PDF of one page (from 1), in base64; in the jailed child."""
    return base64.b64encode(inert(cut(opened(data), [page]))).decode("ascii")
