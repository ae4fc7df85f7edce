"""What the outbox still tells of a lost ledger: packets by their manifests, and the highest number of each year."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pipeline.core.law import country_of
from pipeline.core.life import Paper, PaperKind, PaperState
from pipeline.core.models import Data, get
from pipeline.core.workspace import Workspace
from pipeline.documents.filed import MANIFEST, REPORT, read_packet
from pipeline.ledger.lying_beside import packet_folders
from pipeline.ledger.rebuilding import Found, FoundPaper
from pipeline.storage.aside import name_aside
from pipeline.storage.durable import hash_of

_NUMBER = re.compile(r"\d{4}-\d{3,}")


def read_found(workspace: Workspace, folder: Path) -> Found | str:
    """The packet in a folder of the outbox, whole and as its manifest says; or why it cannot be taken up (French)."""
    place = workspace.outbox / folder
    filed = read_packet(workspace, folder, None)
    if filed is None:
        return "manifeste illisible"
    try:
        told = json.loads((place / MANIFEST).read_bytes())
        wrong = _altered(place, told)
        if wrong:
            return f"fichier absent ou modifié : {wrong}"
        data, form = filed.data(), told["formulaire"]
        if not _NUMBER.fullmatch(told.get("dossier", {}).get("numero", "")):
            return "sans numéro de dossier : liasse d’une version ancienne, à reprendre à la main"
        return Found(
            id=told["id"],
            sha256=form["sha256"],
            name=name_aside(form["id"], workspace),
            received_on=dt.date.fromisoformat(form["recu_le"]),
            number=told["dossier"]["numero"],
            version=told["dossier"]["version"],
            formation=told["formation"]["code"],
            stagiaire=" ".join(str(get(data, f"stagiaire.{one}") or "") for one in ("nom", "prenom")).strip() or None,
            folder=folder,
            day=filed.day,
            made_at=dt.datetime.fromtimestamp((place / MANIFEST).stat().st_mtime, dt.UTC).isoformat(
                timespec="seconds"
            ),
            pages=filed.pages,
            signatures=len(filed.signers),
            draft=bool(told.get("projet")),
            data=data,
            joined=dict(_joined(told, data)),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return "manifeste ou valeurs illisibles"


def read_found_paper(workspace: Workspace, folder: Path) -> FoundPaper | str | None:
    """The paper of a dossier's life in a folder of the outbox, or why it cannot be taken up; ``None``: it is none."""
    place = workspace.outbox / folder
    try:
        told = json.loads((place / MANIFEST).read_bytes())
        if "papier" not in told:
            return None
        wrong = _altered(place, told)
        if wrong:
            return f"fichier absent ou modifié : {wrong}"
        moment = dt.datetime.fromtimestamp((place / MANIFEST).stat().st_mtime, dt.UTC)
        paper = Paper(
            id=told["id"],
            dossier="",
            kind=PaperKind(told["papier"]),
            key=told["cle"],
            version=int(told["dossier"]["version"]),
            state=PaperState.CURRENT,
            folder=folder,
            day=dt.date.fromisoformat(told["edite_le"]),
            made_at=moment.isoformat(timespec="seconds"),
            body=dict(told.get("contenu", {})),
            replaces=told["remplace"],
        )
        return FoundPaper(told["dossier"]["numero"], paper)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _altered(place: Path, told: Mapping[str, Any]) -> str:
    """The first file of a packet that is not as it was published; nothing where all are."""
    for file in told["fichiers"]:
        if hash_of(place / file["nom"]) != file["sha256"]:
            return str(file["nom"])
    return ""


def _joined(told: Mapping[str, Any], data: Data) -> Iterator[tuple[str, dict[str, Any]]]:
    for piece in told["pieces"]:
        if "jointe" in piece:
            one = piece["jointe"]
            known = {"sha256": piece["modele_sha256"], "pages": piece["pages"], "country": country_of(data)}
            yield piece["code"], {**known, "name": one["nom"], "by": one["par"], "day": one["le"]}


def highest_numbers(workspace: Workspace) -> list[str]:
    """Of each year the highest number of a dossier that a packet or a letter in the outbox bears."""
    highest: dict[str, int] = {}
    for number in _numbers(workspace):
        if _NUMBER.fullmatch(number):
            year, count = number.split("-")
            highest[year] = max(highest.get(year, 0), int(count))
    return [f"{year}-{count:03d}" for year, count in sorted(highest.items())]


def _numbers(workspace: Workspace) -> Iterator[str]:
    places = ((workspace.outbox / folder / MANIFEST, "packet") for folder in packet_folders(workspace))
    letters = ((path, "letter") for path in workspace.to_complete.glob(f"*/{REPORT}"))
    for path, kind in (*places, *letters):
        try:
            told = json.loads(path.read_bytes())
            yield str(told["dossier"]["numero"] if kind == "packet" else told["dossier"])
        except (OSError, ValueError, KeyError, TypeError):
            continue
