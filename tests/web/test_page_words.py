"""Messages that services write for a terminal, as pages say them."""

from __future__ import annotations

import pytest

from pipeline.cli.main import cli
from pipeline.web.page_words import COMMANDS, for_page, paper_word, without_command

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
        (
            "Modification 1 : sans avis. liasse amend 2025-014 --accept 1 --by NOM le note, ou --refuse.",
            "Modification 1 : sans avis. Il se donne sous « Modifications de la convention ».",
        ),
        (
            "Donnez son nom (--by), ou dites pour qui et pourquoi vous jugez (--reason).",
            "Dites sous « Motif » pour qui et pourquoi vous jugez.",
        ),
        (
            "L’évaluation n’est pas revenue : déposez-la dans inbox/.",
            "L’évaluation n’est pas revenue : déposez-la sur la page « Dossiers ».",
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


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("La liasse n’a pas pu être faite.", "La liasse n’a pas pu être faite."),
        ("Cette liasse est en signature.", "Cette liasse est en signature."),
        ("Il n’y a pas de liasse à prendre.", "Il n’y a pas de liasse à prendre."),
        ("Que faire : liasse retry 2025-014 --by NOM.", "Que faire :"),
        ("Relisez-le (liasse show 2025-014).", "Relisez-le"),
        (
            "Nom : nous avons lu « A » ; VALEUR_CACHEE : la case montre « B ».",
            "Nom : nous avons lu « A » ; la case montre « B ».",
        ),
    ],
)
def test_a_liasse_of_paper_is_no_command(message: str, said: str) -> None:
    """The noun stays, the command goes."""
    assert without_command(message).rstrip(".") == said.rstrip(".")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("attestation-de-presence-2025-04", "attestation de présence, avril 2025"),
        ("feuille-d-emargement-2025-03", "feuille d’émargement, mars 2025"),
        ("attestation-de-stage", "attestation de stage"),
        ("evaluation", "évaluation"),
        ("avenant-2", "avenant 2"),
        ("convention", "convention"),
    ],
)
def test_a_paper_has_a_name_in_plain_french(name: str, said: str) -> None:
    """What files are called is for files."""
    assert paper_word(name) == said
