"""Packets: what one is, its files with ETag and ranges, all of it as a ZIP, and that it was taken to be signed."""

from __future__ import annotations

from pathlib import Path as FilePath
from typing import Annotated, Any

from fastapi import Path
from starlette.background import BackgroundTask
from starlette.responses import Response

from pipeline.core.visitors import Right
from pipeline.services.fetching import fetch
from pipeline.services.packet_files import files_of, zipped
from pipeline.services.reaching import ReachedPacket, reach_packet
from pipeline.web.api import dossier_answers, dossier_shapes
from pipeline.web.api.api_doors import Doors, file_answer, told
from pipeline.web.api.decision_routes import By, author_of
from pipeline.web.visits import Fetching, Seeing, Visit

doors = Doors("packets")
PacketId = Annotated[str, Path(alias="id", pattern="^[0-9a-f]{16,64}$", examples=["0a1b2c3d4e5f6071"])]
_BINARY = {"schema": {"type": "string", "format": "binary"}}
BINARIES: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/octet-stream": _BINARY}},
    206: {"content": {"application/octet-stream": _BINARY}},
}
ZIPPED: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/zip": _BINARY}},
    206: {"content": {"application/zip": _BINARY}},
}
TAKEN = "telechargee"


@doors.show("/packets/{id}", dossier_shapes.Packet)
def get_packet(visit: Seeing, identity: PacketId) -> Response:
    """A packet: its state, its files with their hashes; `missing` says why it is a projet."""
    reached = _reached(visit, Right.SEE, identity)
    return told(visit.request, dossier_answers.packet(reached.packet, visit.context.workspace))


@doors.show(
    "/packets/{id}/files/{name:path}",
    None,
    Right.FETCH,
    "range-not-satisfiable",
    responses=BINARIES,
    response_class=Response,
)
def get_packet_file(
    visit: Fetching, identity: PacketId, name: Annotated[str, Path(max_length=200, examples=["liasse.pdf"])]
) -> Response:
    """A file of a packet by its name. ETag: its SHA-256; If-None-Match, Range and If-Range are answered.

    Who fetched what is noted. To say that the packet was taken to be signed: `POST /packets/{id}/fetch`.
    """
    reached = _reached(visit, Right.FETCH, identity)
    file = files_of(reached.packet, visit.context.workspace).named(name)
    _note(visit, reached)
    return file_answer(visit.request, file.place, file.media, dossier_answers.file_name(name))


@doors.show(
    "/packets/{id}/zip", None, Right.FETCH, "range-not-satisfiable", responses=ZIPPED, response_class=Response
)
def get_packet_zip(visit: Fetching, identity: PacketId) -> Response:
    """All files of a packet. The same packet is the same ZIP: a download that broke goes on by Range."""
    reached = _reached(visit, Right.FETCH, identity)
    place = zipped(reached.packet, files_of(reached.packet, visit.context.workspace))
    _note(visit, reached)
    after = BackgroundTask(_remove, place)
    return file_answer(visit.request, place, "application/zip", f"liasse-{reached.packet.id[:12]}.zip", after=after)


@doors.act(
    "/packets/{id}/fetch", dossier_shapes.Fetched, Right.FETCH, "not-allowed-now", "changed-meanwhile", "invalid"
)
def take_packet(visit: Fetching, identity: PacketId, asked: By) -> Response:
    """Note that a packet was taken to be signed: from now on nothing replaces it unseen."""
    reached = _reached(visit, Right.FETCH, identity)
    made = fetch(visit.context, reached.packet.id, by=author_of(visit, asked.by))
    line = visit.ledger.packets.get(reached.packet.id) or reached.packet
    body = dossier_shapes.Fetched(packet=dossier_answers.packet(line, visit.context.workspace), already=made.already)
    return told(visit.request, body)


def _reached(visit: Visit, right: Right, identity: str) -> ReachedPacket:
    reached = reach_packet(visit.visitor, right, identity, visit.ledger)
    visit.ledger.looks.note(reached.packet.sha256, visit.visitor.actor)
    return reached


def _note(visit: Visit, reached: ReachedPacket) -> None:
    if visit.request.method == "GET":
        visit.ledger.looks.note(reached.packet.sha256, visit.visitor.actor, TAKEN)


def _remove(place: FilePath) -> None:
    place.unlink(missing_ok=True)
