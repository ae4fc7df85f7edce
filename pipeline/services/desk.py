"""Use case: a dossier laid out to be checked: pages beside values, doubts and faults first, what follows from them.

Plain values, for whoever draws them. Places are shares of the page, 0 to 1; a NIR is never among the values.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.core.days import days_of
from pipeline.core.doubts import DOUBTS_RULE, Reason
from pipeline.core.errors import ConfigError, Transient
from pipeline.core.fields import Field
from pipeline.core.formation import formation_codes
from pipeline.core.models import Problem, Severity, Who
from pipeline.core.sequences import grouped
from pipeline.documents.months import MonthsCalendar, draw_months
from pipeline.dossier.context import Context, open_programme
from pipeline.ledger.decision_book import Seen
from pipeline.ledger.entries import Entry, State
from pipeline.pictures.whole_pages import PageImage
from pipeline.reports.account import WHO
from pipeline.services.confirmation import expected
from pipeline.services.form_view import DoubtView, FormView, ValueView, show_form
from pipeline.services.page_views import form_images

_LARGE = 0.004  # of a page's width and height, around a zone
_NOT_OFFERED = frozenset({Reason.HIDDEN, Reason.DIVERGENT, Reason.TWICE, Reason.INCOHERENT})
_SETTLED = frozenset({State.DELIVERED, State.SUPERSEDED, State.DISCARDED, State.DIVIDED, State.ERASED})


@dataclass(frozen=True)
class Place:
    """Where something stands: the page from 1, then left, top, width and height as shares of it."""

    page: int
    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Cell:
    """One field: its value as people write it, its place; what is in doubt or wrong of it, and how it is written."""

    path: str
    label: str
    lines: tuple[str, ...]
    place: Place | None
    doubt: DoubtView | None
    problems: tuple[Problem, ...]
    hint: str
    secret: bool
    choices: tuple[str, ...]
    long: bool

    @property
    def proposed(self) -> str:
        """What stands ready to be confirmed: nothing where what was read is not what is shown, or one of several."""
        offered = self.doubt is not None and self.doubt.code not in _NOT_OFFERED and not self.secret
        return (self.doubt.proposed or "") if offered and self.doubt else ""

    @property
    def open(self) -> bool:
        """Whether a person must look."""
        return self.doubt is not None or any(one.severity is Severity.BLOCKING for one in self.problems)


@dataclass(frozen=True)
class Finding:
    """What a rule says: what is wrong and what to do, by whom; whether a person may lift it, and whether one did."""

    rule: str
    severity: Severity
    message: str
    who: str
    liftable: bool
    lifted: bool
    path: str


@dataclass(frozen=True)
class Desk:
    """All of one dossier at its form that counts now; ``seen`` is what a decision taken on it rests on."""

    view: FormView
    entry: Entry
    pages: tuple[PageImage, ...]
    sections: Mapping[str, Sequence[Cell]]
    findings: tuple[Finding, ...]
    months: MonthsCalendar | None
    formations: tuple[str, ...]
    seen: Seen
    decided: bool
    judged: bool

    @property
    def doubtful(self) -> tuple[Cell, ...]:
        """The fields that somebody must settle, in form order."""
        return tuple(cell for cells in self.sections.values() for cell in cells if cell.doubt)

    @property
    def can_change(self) -> bool:
        """Whether something can still be decided of this form."""
        return self.entry.state not in _SETTLED and not self.view.refusal


def desk_of(context: Context, entry: Entry) -> Desk:
    """The desk of a dossier, at one of its forms."""
    seen = context.ledger.seen(entry.form)
    view = show_form(context, entry.form.sha256, pictures=False)
    pages = form_images(context, entry.form)
    findings = tuple(_findings(view))
    return Desk(
        view=view,
        entry=view.entry,
        pages=pages,
        sections=_sections(view, pages, context),
        findings=findings,
        months=_months(view, context),
        formations=tuple(formation_codes(context.workspace)) if view.unplaced else (),
        seen=seen,
        decided=view.decisions.accord is not None,
        judged=_awaits_accord(findings),
    )


def _awaits_accord(findings: Sequence[Finding]) -> bool:
    return any(one.who == WHO[Who.RESPONSABLE] and one.severity is Severity.BLOCKING for one in findings)


def _findings(view: FormView) -> Iterator[Finding]:
    """What the rules say, what stops the form first; not of what each field says beside its own doubt."""
    order = list(Severity)
    told = [(mark.problem, mark.lifted) for mark in view.marks if mark.problem.rule != DOUBTS_RULE]
    told += [(one, False) for one in (view.held, view.draft) if one]
    for problem, lifted in sorted(told, key=lambda one: (one[1], order.index(one[0].severity))):
        blocks = problem.severity is Severity.BLOCKING and not lifted
        yield Finding(
            problem.rule,
            problem.severity,
            problem.message,
            WHO[problem.who],
            blocks and problem.overridable,
            lifted,
            problem.field or "",
        )


def _sections(view: FormView, pages: Sequence[PageImage], context: Context) -> dict[str, list[Cell]]:
    """The fields of a form by the part that they stand in, those that were not answered and should be too."""
    fields = context.dictionary.fields
    wrong = _wrong(view)
    values = {one.path: one for one in view.values}
    missing = {path for path in wrong if path in fields and not path.startswith("accord")} - values.keys()
    doubts = {one.path: one for one in view.doubts}
    sections: defaultdict[str, list[Cell]] = defaultdict(list)
    for path, field in fields.items():
        if path in values or path in missing:
            cell = _cell(field, values.get(path), doubts.get(path), wrong.get(path, ()), context)
            place = _place(values.get(path), pages)
            sections[context.dictionary.titles.get(field.section, field.section)].append(replace(cell, place=place))
    return dict(sections)


def _wrong(view: FormView) -> Mapping[str, Sequence[Problem]]:
    """What rules say of each field, but for its own doubt and what was lifted."""
    return grouped(
        (mark.problem.field, mark.problem)
        for mark in view.marks
        if mark.problem.field and not mark.lifted and mark.problem.rule != DOUBTS_RULE
    )


def _cell(
    field: Field, value: ValueView | None, doubt: DoubtView | None, problems: Sequence[Problem], context: Context
) -> Cell:
    lines = value.lines if value else ()
    return Cell(
        path=field.path,
        label=context.dictionary.label(field.path).partition(", ")[2] or field.title,
        lines=lines,
        place=None,
        doubt=doubt,
        problems=tuple(problems),
        hint=expected(field),
        secret=value is not None and value.secret,
        choices=tuple(field.choices.values()),
        long=field.lines > 1 or len(lines) > 1,
    )


def _place(value: ValueView | None, pages: Sequence[PageImage]) -> Place | None:
    if value is None or value.page is None or value.box is None or not 1 <= value.page <= len(pages):
        return None
    page, box = value.page, value.box
    wide, high = pages[page - 1].points
    left, top = max(box[0] / wide - _LARGE, 0.0), max(box[1] / high - _LARGE, 0.0)
    right, bottom = min(box[2] / wide + _LARGE, 1.0), min(box[3] / high + _LARGE, 1.0)
    return Place(page, left, top, right - left, bottom - top) if left < right and top < bottom else None


def _months(view: FormView, context: Context) -> MonthsCalendar | None:
    """The days of the stage as months; none while they are not known."""
    if view.reading is None or view.reading.formation is None or not view.data:
        return None
    try:
        session = open_programme(view.reading, context).session
        days = days_of(view.data, session, around=context.today)
    except (ConfigError, Transient):
        return None
    return draw_months(days, session) if days and days.hours else None
