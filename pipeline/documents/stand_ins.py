"""Stand-ins for names that other parts give to templates; they win where they are there. To be deleted with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipeline.core.formation import Piece
from pipeline.documents.printable import Hidden


def stand_ins(pieces: Sequence[Piece]) -> dict[str, Any]:
    """``evaluation``, ``changement``, ``presence`` and the lists of pieces, as they are agreed upon."""
    return {
        "evaluation": {
            "par": "le tuteur",
            "quand": "à la fin du stage",
            "document": None,
            "texte": "À la fin du stage, le tuteur évalue le stage.",
            "questionnaire": None,
        },
        "changement": {
            "annonce": "à l’établissement",
            "accord": "l’enseignant référent",
            "texte": "Tout changement de dates, d’horaires, de lieu, de tuteur ou d’activités est annoncé au plus "
            "vite, par courriel, à l’établissement. Il n’a d’effet qu’une fois accepté par l’enseignant référent ; "
            "un avenant, signé des mêmes parties que la convention, est obligatoirement établi.",
        },
        "pieces_jointes": [
            {"numero": n, "titre": piece.title, "code": Hidden(piece.code)} for n, piece in enumerate(pieces, 1)
        ][1:],
        "pieces_precedentes": [],
        "pieces_remises": [],
    }
