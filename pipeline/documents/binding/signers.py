"""Persons who sign a PDF: one entry each for signing tools, with names apart, how they are reached, their boxes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any

from pipeline.core.errors import TemplateError
from pipeline.core.folding import fold
from pipeline.documents.binding.assembly import packet_boxes
from pipeline.documents.binding.pieces import Document, SignatureBox

Party = Mapping[str, Any]  # what ``template_context.signing_parties`` says of one signatory
_PERSON = ("civilite", "nom", "prenom", "fonction", "courriel", "telephone")


def signer_entries(documents: Sequence[Document], parties: Mapping[str, Party]) -> list[dict[str, Any]]:
    """Who signs the PDF that is bound of these pieces, in signing order; ``parties`` are known by their role.

    Somebody who signs in two roles is one entry: what is the same by names and e-mail is one person. A box tells its
    field, role, piece and page (from 1, in that PDF), and its corners in points from the bottom left. Telephone
    numbers are in E.164. Raises TemplateError for a signatory without a name: a packet to sign has none.
    """
    entries: dict[tuple[str, ...], dict[str, Any]] = {}
    for box, piece in _placed(documents):
        party = parties[box.role]
        person = party["personne"]
        if not person["nom"]:
            raise TemplateError(f"{piece} is signed by {party['titre']}, whom nobody has named.")
        known = tuple(fold(person[name] or "") for name in ("nom", "prenom", "courriel"))
        entry = entries.setdefault(
            known,
            {
                "ordre": len(entries) + 1,
                "roles": [],
                "titre": party["titre"],
                **{name: person[name] for name in _PERSON},
                "obligatoire": True,
                "boites": [],
            },
        )
        if box.role not in entry["roles"]:
            entry["roles"].append(box.role)
        entry["boites"].append(
            {
                "champ": box.name,
                "role": box.role,
                "titre": party["titre"],
                "piece": piece,
                "page": box.page,
                "boite": {"origine": "bas-gauche", "points": list(box.box)},
            }
        )
    return list(entries.values())


def _placed(documents: Sequence[Document]) -> Iterator[tuple[SignatureBox, str]]:
    """Each box, by its page in the bound PDF, with the code of its piece."""
    ends = list(accumulate(document.pages for document in documents))
    for box in packet_boxes(documents):
        yield (
            box,
            next(document.code for document, end in zip(documents, ends, strict=True) if box.page <= end),
        )
