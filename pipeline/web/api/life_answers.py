"""A dossier's life as it is told."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from pipeline.core.done_days import DoneDay, Presence
from pipeline.core.life import Fact, FactKind, Paper
from pipeline.core.workspace import Workspace
from pipeline.services.amends import Ruled, Shown
from pipeline.services.due_list import DueLine
from pipeline.services.life_account import LifeAccount
from pipeline.services.paper_files import files_of_paper
from pipeline.web.api import dossier_shapes
from pipeline.web.api import life_shapes as shapes
from pipeline.web.api.api_doors import ROOT
from pipeline.web.api.common_shapes import Links


def life(account: LifeAccount) -> shapes.Life:
    """All of it."""
    view = account.view
    here = address(account.dossier)
    return shapes.Life(
        dossier=account.dossier,
        number=account.number,
        revision=account.seen,
        closed=_closed(view.closed),
        to_sign=[
            shapes.ToSign(
                name=one.name,
                paper=one.paper.id if one.paper else None,
                day=one.day.isoformat(),
                parties=[
                    shapes.Party(
                        role=party.role,
                        title=party.title,
                        name=party.name,
                        signed_on=one.signed[party.role].on.isoformat() if party.role in one.signed else None,
                        told_by=one.signed[party.role].told_by if party.role in one.signed else None,
                    )
                    for party in one.signers
                ],
                whole=not one.missing,
            )
            for one in view.to_sign
        ],
        papers=papers(view.papers),
        changes=[
            shapes.Change(
                number=one.number,
                effect_on=one.effect_on.isoformat(),
                motive=one.motive,
                judgement=word.body["avis"] if (word := view.facts.last(FactKind.JUDGED, str(one.number))) else None,
                where=one.where,
                waits=bool(one.command),
            )
            for one in view.changes
        ],
        presence=_presence(account.presence) if account.presence else None,
        presence_why=account.why,
        mid_term=_mid_term(view.facts.last(FactKind.MID_TERM)),
        missing=list(view.missing),
        alarms=[shapes.Alarm(says=one.says, command=one.command) for one in view.alarms],
        links=Links(self=f"{here}/life", dossier=here, journal=f"{here}/journal", archive=f"{here}/archive"),
    )


def address(dossier: str) -> str:
    """Where a dossier is."""
    return f"{ROOT}/dossiers/{dossier}"


def papers(found: Iterable[Paper]) -> list[shapes.PaperBrief]:
    """Papers as they are listed."""
    return [paper_brief(one) for one in found]


def paper_brief(one: Paper) -> shapes.PaperBrief:
    """A paper as it is listed."""
    dossier = address(one.dossier)
    return shapes.PaperBrief(
        id=one.id,
        name=one.name,
        kind=one.kind.value,
        key=one.key,
        version=one.version,
        state=one.state.value,
        counts=one.counts,
        day=one.day.isoformat(),
        made_at=one.made_at,
        replaces=one.replaces,
        links=Links(self=f"{dossier}/papers/{one.id}", dossier=dossier),
    )


def paper(one: Paper, workspace: Workspace) -> shapes.PaperWhole:
    """A paper with its files."""
    found = files_of_paper(one, workspace)
    brief = paper_brief(one)
    return shapes.PaperWhole(
        **brief.model_dump(),
        there=bool(found),
        files=[
            dossier_shapes.PacketFile(
                name=file.name,
                size=file.size,
                sha256=file.sha256,
                media=file.media,
                url=f"{brief.links.self}/files/{quote(file.name)}",
            )
            for file in found.values()
        ],
    )


def due_line(one: DueLine) -> shapes.DueLine:
    """One thing to do."""
    here = address(one.dossier)
    return shapes.DueLine(
        dossier=one.dossier,
        number=one.due.dossier,
        stagiaire=one.stagiaire,
        kind=one.due.kind.value,
        key=one.due.key,
        since=one.due.since.isoformat(),
        what=one.due.what,
        command=one.due.command,
        ready=one.due.ready,
        links=Links(self=f"{here}/life", dossier=here),
    )


def shown(one: Shown, *, kept: bool) -> shapes.ChangeShown:
    """A change as it was asked, or tried."""
    return shapes.ChangeShown(
        number=one.number,
        effect_on=one.request.effect_on.isoformat(),
        judge=one.judge,
        kept=kept,
        stopped=one.stopped,
        already=one.already,
        articles=[
            shapes.Article(
                place=article["place"],
                lines=[
                    shapes.Line(label=row["libelle"], before=row["ancienne"], after=row["nouvelle"])
                    for row in article["lignes"]
                ],
            )
            for article in one.articles
        ],
        rules=[
            shapes.RuleWord(
                rule=said.rule,
                severity=said.severity.value,
                field=said.field,
                message=said.message,
                overridable=said.overridable,
            )
            for said in one.problems
        ],
    )


def ruled(one: Ruled) -> shapes.ChangeJudged:
    """What became of a judgement."""
    return shapes.ChangeJudged(
        number=one.number,
        judgement="favorable" if one.favorable else "defavorable",
        paper=paper_brief(one.paper) if one.paper else None,
        again=papers(one.again),
        already=one.already,
    )


def day_known(one: DoneDay) -> shapes.DayKnown:
    """A day as it is known."""
    return shapes.DayKnown(
        day=one.day.isoformat(),
        planned=str(one.planned),
        present=None if one.present is None else str(one.present),
        source=one.source.value,
    )


def _presence(known: Presence) -> shapes.Presence:
    parts = {month: known.month(month) for month in known.months}
    return shapes.Presence(
        months=[
            shapes.Month(
                month=month,
                planned=str(part.planned),
                present=str(part.present),
                counted=str(part.counted),
                unknown=[day.isoformat() for day in part.unknown],
            )
            for month, part in parts.items()
        ],
        clashes=[shapes.Clash(day=one.day.isoformat(), why=one.why) for one in known.clashes],
    )


def _mid_term(word: Fact | None) -> shapes.MidTermNoted | None:
    if word is None:
        return None
    return shapes.MidTermNoted(on=word.body["le"], text=word.body["notes"], by=word.by)


def _closed(word: Fact | None) -> shapes.Closed | None:
    if word is None:
        return None
    body = word.body
    return shapes.Closed(
        by=word.by,
        at=word.at,
        complete=bool(body.get("complet")),
        missing=list(body.get("manque", ())),
        reason=str(body.get("raison") or ""),
    )
