"""Signing units, what a formation may say of its pieces, the lists that papers print, and packets of before."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import people
import pikepdf
import pytest

from pipeline.core.errors import ConfigError
from pipeline.core.formation import load_formation
from pipeline.core.models import Record
from pipeline.core.programme import Programme
from pipeline.core.workspace import SCHOOL, Workspace
from pipeline.documents.annexes import listings
from pipeline.documents.drafts import packet_pieces
from pipeline.documents.facts import facts
from pipeline.documents.filed import FiledPacket, read_packet
from pipeline.documents.template_context import build_context, signing_parties
from pipeline.maintenance.formations import inspect
from pipeline.regeneration.signing_changes import signing_changes

Make = Callable[[str, dict[str, Any]], Record]
House = Callable[[str], Programme]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('unite = "contrat"', 'unite = "avenant"', "there is no unit 'avenant'"),
        ('unite = "contrat"\n', "", "say in which unit it is signed"),
        (
            'remise = "pendant-le-stage"',
            'remise = "pendant-le-stage"\nsignataires = ["tuteur"]',
            "has no field today",
        ),
        ("joint = true\n", 'joint = true\nmodele = "commun/attestation.docx"\n', "remove modele and pdf"),
        (
            'code = "convention"\ntitre = "Convention de stage"\n\n#',
            'code = "contrat"\ntitre = "Autre"\n\n#',
            "same code",
        ),
    ],
)
def test_what_cannot_be_followed_is_said(own_workspace: Workspace, old: str, new: str, said: str) -> None:
    """A piece of no unit, of an unknown one, signed though it is handed out apart: formation.toml is refused."""
    path = own_workspace.templates / people.CNAM / "formation.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(ConfigError, match=said):
        load_formation(own_workspace, people.CNAM)


def test_one_unit_is_liasse_and_several_are_numbered(programme: House) -> None:
    """A formation that declares none, or one, keeps liasse.pdf; the order is that of [[unites]]."""
    cnam, coordination = programme(people.CNAM).formation, programme(people.COORDINATION).formation
    alone = replace(cnam, settings={**cnam.settings, "unites": [{"code": "tout", "titre": "Tout"}]})

    assert [unit.file for unit in cnam.units] == ["liasse-1-contrat.pdf", "liasse-2-convention.pdf"]
    assert [unit.file for unit in coordination.units] == [unit.file for unit in alone.units] == ["liasse.pdf"]
    assert {piece.unit for piece in coordination.pieces() if piece.signataires} == {"liasse"}


def test_people_sign_in_the_order_of_the_document(programme: House, checked: Make) -> None:
    """The order is the formation’s: that of the document’s signataires; a role without a party is left out."""
    house = programme(people.CNAM)
    record = checked(people.CNAM, people.cnam())
    pieces = packet_pieces(record, house)
    context = build_context(record, house, number="0" * 8, on=people.TODAY, pieces=pieces)
    piece = replace(pieces[0], signataires=("referent", "employeur", "stagiaire"))
    parties = house.formation.signataires("FI_ETUDIANT")

    signing = signing_parties(piece, parties, context, prefix="")

    assert [party["ancre"] for party in signing] == ["sign1-referent", "sign2-stagiaire"]


def test_each_paper_lists_what_goes_with_it(programme: House, checked: Make) -> None:
    """The convention: the contract before it, and what is handed out, with when; never what goes to the employer."""
    house = programme(people.CNAM)
    pieces = packet_pieces(checked(people.CNAM, people.cnam()), house)
    told = {piece.code: lists for piece, lists in zip(pieces, listings(pieces, house.formation.units), strict=True)}

    def codes(of: str, name: str) -> list[str]:
        return [str(one["code"]) for one in told[of][name]]

    assert codes("convention", "pieces_precedentes") == ["contrat-pedagogique"]
    assert codes("contrat-pedagogique", "pieces_precedentes") == codes("convention", "pieces_jointes") == []
    assert [(str(one["code"]), one["quand"], one["numero"]) for one in told["convention"]["pieces_remises"]] == [
        ("feuille-de-presence", "pendant le stage", 3),
        ("evaluation-tuteur", "à la fin du stage", 4),
        ("attestation", "à la fin du stage", 5),
        ("questionnaire-accueil", "à la fin du stage", 6),
    ]
    every = list(programme(people.COORDINATION).formation.pieces())
    handed = listings(every, programme(people.COORDINATION).formation.units)[0]["pieces_remises"]
    assert {str(one["code"]) for one in handed} == {"feuille-de-presence", "questionnaire-accueil"}


@pytest.mark.parametrize(
    ("code", "evaluation", "change"),
    [
        (
            people.CNAM,
            "le tuteur évalue et valide le stage, sur le document « Évaluation et validation du stage par ",
            "accepté par l’auditeur, le tuteur et le responsable du tutorat ;",
        ),
        (
            people.COORDINATION,
            "l’apprenant et le référent de stage évaluent ensemble le stage, sur le document « Annexe 3 – Grille ",
            "accepté par le référent pédagogique ;",
        ),
    ],
)
def test_a_fact_has_one_wording(programme: House, code: str, evaluation: str, change: str) -> None:
    """Who evaluates on which paper, who agrees to a change: in the words of the formation, said once."""
    formation = programme(code).formation
    settings = {**formation.settings, "etablissement": {**formation.settings["etablissement"], "courriel": ""}}
    silent = replace(formation, settings=settings)
    written = {**settings, "etablissement": {**settings["etablissement"], "courriel": "scolarite@example.org"}}
    said = facts(silent, formation.pieces())

    assert said["evaluation"]["texte"].startswith(f"À la fin du stage, {evaluation}")
    assert change in said["changement"]["texte"]
    assert "()" not in said["changement"]["texte"]
    assert "(scolarite@example.org)" in facts(replace(formation, settings=written), ())["changement"]["texte"]
    assert said["evaluation"]["questionnaire"] == "Questionnaire sur l’accueil en stage"
    assert facts(silent, ())["evaluation"]["questionnaire"] is None
    bare = {name: value for name, value in settings.items() if name not in {"evaluation", "changement"}}
    assert facts(replace(formation, settings=bare), ())["evaluation"]["par"] == settings["vocabulaire"]["tuteur"]


def test_check_names_the_missing_piece_and_the_paper_that_is_not_there(
    own_workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The référentiel’s place while it is missing, nothing once it is there; a paper that no [[documents]] has."""
    monkeypatch.delenv(SCHOOL)
    toml = own_workspace.templates / people.CNAM / "formation.toml"
    text = toml.read_text(encoding="utf-8")
    text = text.replace('document = "evaluation-tuteur"', 'document = "evaluation"', 1)
    toml.write_text(text.replace('code = "fiche-pays"', 'code = "fiche"', 1), encoding="utf-8")

    found = {one.formation: one for one in inspect(own_workspace)}

    assert any("coordination-essms/referentiel.pdf" in one for one in found[people.COORDINATION].missing)
    assert not any(".pdf" in one for one in found[people.CNAM].missing)
    faults = "\n".join(found[people.CNAM].faults)
    assert "[evaluation] document : aucun [[documents]] n’a le code « evaluation »" in faults
    assert "L-17" in faults
    place = own_workspace.school / people.COORDINATION / "referentiel.pdf"
    place.parent.mkdir(parents=True)
    place.write_bytes(b"%PDF-1.7")
    assert load_formation(own_workspace, people.COORDINATION).absent == frozenset()


def filed(workspace: Workspace, plan: dict[str, Any], unit: dict[str, Any]) -> FiledPacket | None:
    """A packet of the outbox with that signature.json; ``unit`` is what its manifest says of its second piece."""
    place = workspace.outbox / "f"
    place.mkdir()
    piece = {"titre": "T", "modele": "m", "modele_sha256": "0", "pages": 2}
    pieces = [{"code": "convention", **piece}, {"code": "attestation", **piece, **unit}]
    manifest = {
        "id": "x",
        "edite_le": "2025-03-17",
        "avertissements": 0,
        "pieces": pieces,
        "formation": {"sha256": ""},
    }
    manifest |= {"unites": plan["unites"]} if "unites" in plan else {}
    (place / "manifest.json").write_text(json.dumps(manifest))
    (place / "signature.json").write_text(json.dumps(plan))
    return read_packet(workspace, Path("f"), "x")


SIGNER = {"champ": "sign1-stagiaire", "titre": "Le stagiaire", "nom": "A", "fonction": None}


def test_a_packet_of_before_is_read(own_workspace: Workspace, programme: House) -> None:
    """One liasse.pdf with every piece in it; beside today’s units, what changes in its signing is told."""
    old = filed(own_workspace, {"document": "liasse.pdf", "signataires": [SIGNER]}, {})
    assert old is not None

    assert (old.files, old.pages, len(old.signers)) == (("liasse.pdf",), 4, 1)
    assert [piece.stem for piece in old.pieces] == ["pieces/01-convention", "pieces/02-attestation"]
    (own_workspace.outbox / "f" / "liasse.pdf").write_bytes(blank())
    told = list(signing_changes(old, (), programme(people.CNAM).formation))
    assert told == ["ce qui se signe : liasse.pdf → ", "Le stagiaire (A) ne signe plus (liasse.pdf, sign1-stagiaire)"]


def test_a_packet_of_today_is_read(own_workspace: Workspace) -> None:
    """Its units in order, its signers each with their file, the pages of what is signed only."""
    person = {"nom": "A", "prenom": "B", "fonction": None, "courriel": None, "telephone": None, "boites": [SIGNER]}
    units = [{"fichier": f"liasse-{n}.pdf", "titre": "T", "signataires": [person]} for n in (1, 2)]
    new = filed(own_workspace, {"unites": units}, {"unite": None})
    assert new is not None

    assert (new.files, new.pages) == (("liasse-1.pdf", "liasse-2.pdf"), 2)
    assert [one["fichier"] for one in new.signers] == ["liasse-1.pdf", "liasse-2.pdf"]
    assert new.pieces[1].stem == "a-part/02-attestation"


def blank() -> bytes:
    """A PDF of one page."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(out)
    return out.getvalue()
