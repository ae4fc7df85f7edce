"""PDF sanitiser, in the jailed child: a stranger's PDF written anew with what it shows and nothing that acts.

Form fields, notes and stamps are drawn for good; scripts, actions, attached files and links go. The page trees, fonts
and pictures are kept: qpdf writes them again, without decoding what is in them.
"""

from __future__ import annotations

import base64
import io
from typing import Any

import pikepdf

from pipeline.core.errors import FormRejected
from pipeline.sandbox.gates import open_pdf
from pipeline.sandbox.sniff import Container, container_of

_ACTING = ("/OpenAction", "/AA", "/Names", "/AcroForm", "/Perms", "/Extensions", "/URI", "/Collection", "/Threads")
_OF_PAGES = ("/AA", "/Annots", "/B", "/PieceInfo", "/Metadata")


def clean(data: bytes) -> dict[str, Any]:
    """``pages`` and ``pdf`` (base64) of a PDF that passes the gates; raises FormRejected for anything else."""
    if container_of(data) is not Container.PDF:
        raise FormRejected("PIECE_PAS_PDF", "Ce fichier n’est pas un PDF.")
    open_pdf(data)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        if "/AcroForm" in pdf.Root:
            pdf.generate_appearance_streams()
        pdf.flatten_annotations("print")
        for key in _ACTING:
            if key in pdf.Root:
                del pdf.Root[key]
        for page in pdf.pages:
            for key in _OF_PAGES:
                if key in page.obj:
                    del page.obj[key]
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
        return {"pages": len(pdf.pages), "pdf": base64.b64encode(out.getvalue()).decode("ascii")}
