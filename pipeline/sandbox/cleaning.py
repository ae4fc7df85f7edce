"""PDF sanitiser, in the jailed child: a stranger's PDF written anew with what it shows and nothing that acts.

What is kept is said by ``sandbox/inert``. Its tags are a tree of a stranger's, and are left behind: what is joined is
tagged page by page, as all that has none.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from typing import Any

import pikepdf

from pipeline.core.refusals import Refusal, refused
from pipeline.sandbox.gates import open_pdf
from pipeline.sandbox.inert import inert
from pipeline.sandbox.opening import opened
from pipeline.sandbox.sniff import Container, container_of


def clean(data: bytes, trial: Callable[[bytes], object]) -> dict[str, Any]:
    """``pages`` and ``pdf`` (base64) of a PDF that passes the gates and that ``trial`` takes; raises FormRejected."""
    data = opened(data)
    if container_of(data) is not Container.PDF:
        raise refused(Refusal.NOT_A_PDF)
    open_pdf(data)
    made = inert(data)
    with pikepdf.open(io.BytesIO(made)) as pdf:
        pages = len(pdf.pages)
    trial(made)
    return {"pages": pages, "pdf": base64.b64encode(made).decode("ascii")}
