"""Messages that services write for a terminal, as pages say them."""

from __future__ import annotations

import pytest

from pipeline.web.page_words import for_page

HERE = "voyez les formulaires de cette page."


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("Rien ne manque.", "Rien ne manque."),
        (
            "Pour le clore malgré tout : liasse close 2025-014 --by NOM --reason MOTIF",
            f"Pour le clore malgré tout : {HERE}",
        ),
        ("Il y faut un avenant : « liasse amend ».", f"Il y faut un avenant : {HERE}"),
        (
            "Mettez fin à celle-ci (liasse amend 2025-014 stage.date_fin=… --from …), puis non.",
            "Mettez fin à celle-ci, puis non.",
        ),
        (
            "Sa vie ne commence qu’après. « liasse dossier show 2025-014 » dit où il en est.",
            "Sa vie ne commence qu’après.",
        ),
        (
            "Dites ce jour : liasse presence 2025-014 2025-04-15=… --by NOM\nEnsuite.",
            f"Dites ce jour : {HERE}\nEnsuite.",
        ),
        ("« --on 2025-04-15 » : à venir.", "« le jour 2025-04-15 » : à venir."),
        (
            "Dites --paid-as-agreed, sinon --paid MONTANT.",
            "Dites « versée comme convenu », sinon la gratification versée MONTANT.",
        ),
    ],
)
def test_a_page_names_no_command(message: str, said: str) -> None:
    """Its forms stand for them."""
    assert for_page(message) == said
