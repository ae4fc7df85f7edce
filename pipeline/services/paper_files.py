"""Files of a paper of a dossier's life (avenant, attestation…) to be fetched: as those of a packet."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.core.errors import NotFound
from pipeline.core.life import Paper, PaperState
from pipeline.core.workspace import Workspace
from pipeline.ledger.store import Ledger
from pipeline.services.packet_files import PacketFile, listed

_UNMADE = frozenset({PaperState.INTENDED, PaperState.CANCELLED})


def find_paper(ledger: Ledger, dossier: str, identity: str) -> Paper:
    """The paper of that id, of the dossier of that id; a version that was replaced too. Raises NotFound."""
    found = ledger.life.paper(identity)
    if found is None or found.dossier != dossier or found.state in _UNMADE:
        raise NotFound(f"Ce dossier n’a pas de papier « {identity[:40]} ».")
    return found


def files_of_paper(paper: Paper, workspace: Workspace) -> Mapping[str, PacketFile]:
    """The files of a paper by name, as its manifest has them; none where it was purged, or is damaged."""
    try:
        return listed(workspace.outbox / paper.folder)
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def file_of_paper(paper: Paper, workspace: Workspace, name: str) -> PacketFile:
    """One of them; raises NotFound."""
    found = files_of_paper(paper, workspace).get(name)
    if found is None or not found.place.is_file():
        raise NotFound(f"Ce papier n’a pas de fichier « {name[:60]} ».")
    return found
