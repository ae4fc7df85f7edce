"""What tests of the filled templates share: the words of one piece, without printing it."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import docx
import people
import pytest

from pipeline.core.models import Record
from pipeline.core.programme import Programme
from pipeline.core.workspace import Workspace
from pipeline.documents.annexes import listings
from pipeline.documents.filling import fill
from pipeline.documents.template_context import build_context, signing_parties


@pytest.fixture
def words(filled: Callable[..., bytes]) -> Callable[..., str]:
    """The words of one piece of a packet, plain spaces, for these answers."""
    return lambda code, piece, **changes: _text(filled(code, piece, **changes))


@pytest.fixture
def filled(
    workspace: Workspace,
    programme: Callable[[str], Programme],
    checked: Callable[[str, dict[str, Any]], Record],
) -> Callable[..., bytes]:
    """The Word file of one piece of a packet, for these answers."""

    def written(code: str, piece: str, **changes: Any) -> bytes:
        house = programme(code)
        record = checked(code, people.cnam(**changes) if code == people.CNAM else people.coordination(**changes))
        regime = record.get("stagiaire.regime")
        pieces = [one for one in house.formation.pieces() if one.belongs_to(regime)]
        context = build_context(record, house, number="1a2b3c4d", on=people.TODAY, pieces=pieces)
        number, found = next((n, one) for n, one in enumerate(pieces, 1) if one.code == piece)
        signing = signing_parties(found, house.formation.signataires(regime), context, prefix="")
        values = {"piece": {"code": piece, "titre": found.title, "numero": number}, "signataires": signing}
        assert found.template is not None
        told = listings(pieces, house.formation.units)[number - 1]
        return fill(workspace.templates / found.template, context | values | told, title=found.title).docx

    return written


def _text(data: bytes) -> str:
    document = docx.Document(io.BytesIO(data))
    parts = [document.element.body, *(section.footer._element for section in document.sections)]
    found = (text.text or "" for part in parts for text in part.iter(docx.oxml.ns.qn("w:t")))
    return " ".join(" ".join(found).replace("\u00a0", " ").split())
