"""Forms as they are told: the shapes filled from what services answer."""

from __future__ import annotations

import datetime as dt

from pipeline.core.decisions import Decisions
from pipeline.core.fields import FieldKind
from pipeline.core.models import JSON, Problem
from pipeline.dossier.context import Context
from pipeline.ledger.entries import Entry
from pipeline.ledger.journal import Line
from pipeline.services.form_reading import ReadingView
from pipeline.services.form_view import HIDDEN, FormView
from pipeline.web.api import form_shapes as shapes
from pipeline.web.api.api_doors import ROOT
from pipeline.web.api.common_shapes import Links


def links_of(entry: Entry) -> Links:
    """Where all that belongs to a form is."""
    here = f"{ROOT}/forms/{entry.form.sha256}"
    return Links(
        self=here,
        dossier=f"{ROOT}/dossiers/{entry.dossier}" if entry.dossier else None,
        reading=f"{here}/reading",
        findings=f"{here}/findings",
        file=f"{here}/file",
        journal=f"{here}/journal",
        packet=f"{ROOT}/packets/{entry.packet}" if entry.packet else None,
    )


def brief(entry: Entry) -> shapes.FormBrief:
    """A form as it is listed."""
    return shapes.FormBrief(
        id=entry.form.id,
        sha256=entry.form.sha256,
        state=entry.state.value,
        received_on=entry.form.received_on.isoformat(),
        formation=entry.formation,
        version=entry.version,
        packet=entry.packet,
        links=links_of(entry),
    )


def form(entry: Entry, context: Context, *, limited: bool = False) -> shapes.Form:
    """A form with what was decided of it; ``limited``: where it has got alone."""
    if limited:
        here = f"{ROOT}/forms/{entry.form.sha256}"
        told = brief(entry).model_dump() | {"links": Links(self=here), "packet": None, "formation": None}
        return shapes.Form(**told, limited=True)
    return shapes.Form(
        **brief(entry).model_dump(),
        dossier=entry.dossier,
        number=entry.number,
        name=entry.form.name,
        stagiaire=entry.stagiaire,
        detail=entry.detail.splitlines(),
        replaces=entry.replaces,
        decisions=decisions(context.ledger.decisions(entry.form), context),
    )


def decisions(made: Decisions, context: Context) -> shapes.Decisions:
    """What people decided."""
    given = made.accord
    return shapes.Decisions(
        accord=shapes.Accord(
            decision=given["decision"], date=given["date"], by=given["par"], reason=given.get("motif", "")
        )
        if given
        else None,
        overrides=[
            shapes.Override(rule=one.rule, by=one.by, reason=one.reason, on=one.on.isoformat())
            for one in made.overrides
        ],
        confirmations=[
            shapes.Confirmation(
                field=one.field,
                before=_shown(one.field, one.before, context),
                after=_shown(one.field, one.after, context),
                by=one.by,
                on=one.on.isoformat(),
            )
            for one in made.confirmations
        ],
    )


def reading(entry: Entry, view: ReadingView) -> shapes.Reading:
    """What was read."""
    return shapes.Reading(
        form=entry.form.id,
        kind=view.reading.kind.value,
        layout=view.reading.layout,
        formation=view.reading.formation,
        session=view.reading.session,
        record=view.record,
        fields=[
            shapes.ReadField(
                path=one.path,
                label=view.labels[one.path],
                value=one.value,
                raw=one.raw,
                page=one.page,
                box=list(one.box) if one.box else None,
                method=one.method,
                confidence=one.confidence,
                doubt=str(one.doubt) if one.doubt else None,
                who=one.doubt.who_settles.value if one.doubt else None,
            )
            for one in view.reading.fields
            if one.path in view.labels and not one.combined
        ],
    )


def findings(view: FormView) -> shapes.Findings:
    """What keeps a form from its packet."""
    found = [_finding(mark.problem, lifted=mark.lifted) for mark in view.marks]
    found += [_finding(one, lifted=False) for one in (view.held, view.draft) if one]
    return shapes.Findings(
        form=view.entry.form.id,
        state=view.entry.state.value,
        refusal=view.refusal,
        unplaced=view.unplaced,
        judged_on=_day(view.judged_on),
        findings=found,
        doubts=[
            shapes.DoubtToSettle(
                field=one.path,
                code=one.code.value,
                why=one.why,
                who=one.who.value,
                seen=list(one.seen),
                proposed=one.proposed,
                page=one.page,
            )
            for one in (*view.doubts, *view.remarks)
        ],
        changes=None
        if view.changes is None
        else [shapes.Change(field=one.field, before=one.before, after=one.after) for one in view.changes],
        next_step=view.next_step,
    )


def event(line: Line) -> shapes.Event:
    """One line of the journal."""
    return shapes.Event(
        number=line.number,
        at=line.at,
        actor=line.actor,
        form=line.sha256[:8],
        event=line.event,
        detail=line.detail,
    )


def _finding(problem: Problem, *, lifted: bool) -> shapes.Finding:
    return shapes.Finding(
        rule=problem.rule,
        severity=problem.severity.value,
        field=problem.field,
        message=problem.message,
        who=problem.who.value,
        source=problem.source,
        overridable=problem.overridable,
        lifted=lifted,
    )


def _shown(field: str, value: JSON, context: Context) -> JSON:
    return HIDDEN if value is not None and context.dictionary.kind(field) is FieldKind.NIR else value


def _day(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
