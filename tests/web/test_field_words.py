"""Refusals that services write for a terminal, as the API says them: each command is a call, each option a field."""

from __future__ import annotations

import re
from typing import Any

import pytest
from api_lives import MARCH, MAY, At

from pipeline.web.api.document import document
from pipeline.web.api.field_words import _CALLS, for_program


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("Rien ne manque à la liasse signée.", "Rien ne manque à la liasse signée."),
        (
            "Pour le clore malgré tout : liasse close 2025-014 --by NOM --reason MOTIF",
            "Pour le clore malgré tout : POST /dossiers/{id}/closing (by, reason)",
        ),
        (
            "Pour le rouvrir : liasse close 2025-014 --reopen --by NOM --reason MOTIF",
            "Pour le rouvrir : POST /dossiers/{id}/reopening (by, reason)",
        ),
        ("« liasse dossier show 2025-014 » dit où il en est.", "« GET /dossiers/{id} » dit où il en est."),
        (
            "(liasse amend 2025-014 stage.date_fin=… --from … --motive fin-anticipee), puis non.",
            "(POST /dossiers/{id}/changes (effect_on, motive)), puis non.",
        ),
        (
            "(liasse show 3f2a91c0 les montre, liasse confirm 3f2a91c0 CHAMP… --by NOM les confirme)",
            "(GET /forms/{id} les montre, POST /forms/{id}/confirmations (by) les confirme)",
        ),
        (
            "Dites --paid-as-agreed, sinon --paid MONTANT. Le nom (--by) manque.",
            "Dites « paid_as_agreed », sinon « paid » MONTANT. Le nom (« by ») manque.",
        ),
        (
            "Au jour : liasse presence 2025-014 2025-04-15=… --by NOM\nEnsuite : liasse attest 2025-014 --by NOM",
            "Au jour : POST /dossiers/{id}/presence (by)\nEnsuite : POST /dossiers/{id}/attestations (by)",
        ),
        (
            "Dites-la : liasse signed 2025-014 SCAN --piece evaluation --on DATE --by NOM",
            "Dites-la : POST /dossiers/{id}/signatures (paper, on, by)",
        ),
    ],
)
def test_a_command_is_a_call_and_an_option_a_field(message: str, said: str) -> None:
    """Of this API, with the names that its bodies have."""
    assert for_program(message) == said


def test_each_call_is_one_of_the_document() -> None:
    """None is invented."""
    known = {f"{method.upper()} {path}" for path, several in document()["paths"].items() for method in several}
    assert {call.replace(" ", " /api/v1", 1) for call in _CALLS.values()} <= known


@pytest.mark.parametrize(
    ("what", "sent"),
    [
        ("signatures", {"paper": "convention", "on": "2025-03-01"}),
        ("signatures", {"paper": "convention", "on": "2025-09-01"}),
        ("closing", {}),
        ("mid-term", {"on": "2025-03-20", "text": ""}),
        ("attestations", {"paid": "12", "paid_as_agreed": True}),
        ("attestations", {"month": "2025-04"}),
        ("attestations", {"paid_as_agreed": True}),
        (
            "changes",
            {
                "values": [{"field": "stage.date_fin", "value": "16/05/2025"}],
                "effect_on": "2024-01-02",
                "reason": "demande",
            },
        ),
        (
            "changes",
            {
                "values": [{"field": "tuteur.nom", "value": "ROSSI"}],
                "effect_on": "2025-05-21",
                "reason": "demande",
                "motive": "aucun",
            },
        ),
        ("changes/1/judgement", {"judgement": "favorable"}),
        ("reopening", {"reason": "x"}),
    ],
)
def test_a_refusal_names_no_option_of_the_command_line(at: At, what: str, sent: dict[str, Any]) -> None:
    """In French, and in the French sentence beside the English one; the pages keep their own words."""
    lived = at(MARCH if what == "signatures" else MAY)
    for tongue, key in (("fr", "detail"), ("en", "detail_fr")):
        headers = {**lived.seen(), "Accept-Language": tongue}
        answer = lived.post(what, sent, headers=headers)
        assert answer.status_code in {404, 409, 422}, answer.text
        said = str(answer.json().get(key, ""))
        assert not re.search(r"(?<!\w)--[a-z]", said), said
        assert not re.search(r"liasse (?:close|amend|attest|signed|presence|note|invite|show) ", said), said
