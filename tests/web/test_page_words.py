"""Messages that services write for a terminal, as pages say them."""

from __future__ import annotations

import pytest

from pipeline.cli.main import cli
from pipeline.web.page_words import COMMANDS, for_page, without_command

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
        (
            "La liasse de 3f2a91c0 a été retirée par Sophie : elle ne se refait pas. Voyez V-01.",
            "La liasse de 3f2a91c0 a été retirée par Sophie : elle ne se refait pas. Voyez V-01.",
        ),
        (
            "La liasse d’avant (3f2a91c0) a été signée : gardez-la, ou levez (liasse override V-01).",
            "La liasse d’avant (3f2a91c0) a été signée : gardez-la, ou levez.",
        ),
        (
            "3f2a91c0 n’a pas de liasse qui vaille : en attente. « liasse show 3f2a91c0 » dit pourquoi.",
            "3f2a91c0 n’a pas de liasse qui vaille : en attente.",
        ),
    ],
)
def test_a_page_names_no_command(message: str, said: str) -> None:
    """Its forms stand for them."""
    assert for_page(message) == said


def test_what_is_left_out_is_a_command_and_no_sentence_about_a_liasse() -> None:
    """Every command is known by its name; what else is said of a liasse stays, to the word."""
    said = "La liasse de 3f2a91c0 ne peut plus être signée, rien n’est pris. L-05 : trop long."

    assert COMMANDS.split("|") == sorted(cli.commands)
    assert without_command(f"{said} Voyez (liasse show 3f2a91c0).") == f"{said} Voyez"
    assert without_command("Que faire : « liasse retry 3f --letter » la renvoie.") == "Que faire : la renvoie."
