"""Dossiers and packets as they are told."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from pipeline.core.workspace import Workspace
from pipeline.ledger.packet_store import PacketLine, PacketState
from pipeline.services.dossier_cases import DossierView
from pipeline.services.dossier_listing import Summary
from pipeline.services.lookup import leading
from pipeline.services.packet_files import PacketFiles, files_of
from pipeline.web.api import dossier_shapes as shapes
from pipeline.web.api.api_doors import ROOT
from pipeline.web.api.common_shapes import Links
from pipeline.web.api.form_answers import brief


def listed(one: Summary) -> shapes.DossierBrief:
    """A dossier of a list."""
    outline = one.outline
    return shapes.DossierBrief(
        id=one.placed.dossier.id,
        number=one.placed.dossier.number,
        state=one.state.value,
        opened_on=one.placed.dossier.opened_on.isoformat(),
        changed_at=one.placed.changed,
        formation=one.lead.formation,
        session=(outline.year or None) if outline else None,
        stagiaire=one.lead.stagiaire,
        organisme=(outline.host or None) if outline else None,
        starts=outline.start.isoformat() if outline and outline.start else None,
        ends=outline.end.isoformat() if outline and outline.end else None,
        links=_links(one.placed.dossier.id),
    )


def dossier(view: DossierView, changed: str) -> shapes.Dossier:
    """A dossier with all that hangs on it; ``changed``: when one of its forms last did."""
    lead = leading(view.forms)
    outline = view.outlines.get(lead.form.sha256)
    return shapes.Dossier(
        id=view.dossier.id,
        number=view.dossier.number,
        state=view.state.value,
        opened_on=view.dossier.opened_on.isoformat(),
        changed_at=changed,
        formation=lead.formation,
        session=(outline.year or None) if outline else None,
        stagiaire=lead.stagiaire,
        organisme=(outline.host or None) if outline else None,
        starts=outline.start.isoformat() if outline and outline.start else None,
        ends=outline.end.isoformat() if outline and outline.end else None,
        links=_links(view.dossier.id),
        forms=[brief(one) for one in view.forms],
        packets=[packet_brief(one) for one in view.packets if one.state is not PacketState.INTENDED],
        moves=[
            shapes.Move(
                form=one.sha256[:8],
                left=view.numbers[one.left],
                joined=view.numbers[one.joined],
                by=one.by,
                reason=one.reason,
                at=one.at,
            )
            for one in view.moves
        ],
    )


def packet_brief(line: PacketLine) -> shapes.PacketBrief:
    """A packet as it is listed."""
    here = f"{ROOT}/packets/{line.id}"
    return shapes.PacketBrief(
        id=line.id,
        state=line.state.value,
        day=line.day,
        made_at=line.made_at,
        pages=line.pages,
        signatures=line.signatures,
        fetched_at=line.locked_at,
        fetched_by=line.locked_by,
        links=Links(self=here, form=f"{ROOT}/forms/{line.sha256}", zip=f"{here}/zip"),
    )


def packet(line: PacketLine, workspace: Workspace) -> shapes.Packet:
    """A packet with its files."""
    found: PacketFiles = files_of(line, workspace)
    return shapes.Packet(
        **packet_brief(line).model_dump(),
        there=found.there,
        missing=list(found.missing),
        files=[
            shapes.PacketFile(
                name=one.name,
                size=one.size,
                sha256=one.sha256,
                media=one.media,
                url=f"{ROOT}/packets/{line.id}/files/{quote(one.name)}",
            )
            for one in found.files.values()
        ],
    )


def file_name(name: str) -> str:
    """What a file of a packet is called where it is kept."""
    return Path(name).name


def _links(dossier: str) -> Links:
    here = f"{ROOT}/dossiers/{dossier}"
    return Links(self=here, journal=f"{here}/journal", life=f"{here}/life")
