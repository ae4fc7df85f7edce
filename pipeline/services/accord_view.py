"""Use case: what somebody sees who gives the accord pédagogique: project, days, host and tuteur; and their word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.core.errors import NotAllowed
from pipeline.core.models import Reading, Severity, Who, get
from pipeline.core.visitors import Visitor
from pipeline.documents.months import MonthsCalendar
from pipeline.dossier.context import Context
from pipeline.dossier.index_rows import counting
from pipeline.ledger.entries import Entry, State
from pipeline.reports.account import WHO
from pipeline.services.approvals import Decided, approve, seen_now
from pipeline.services.desk import Cell, Desk, desk_of
from pipeline.services.permissions import Reached

_SHOWN = ("stage", "organisme", "tuteur")
_LEFT_OUT = (
    "stage.calendrier",
    "organisme.signataire",
    "organisme.siret",
    "organisme.courriel",
    "organisme.telephone",
    "tuteur.telephone",
    "tuteur.courriel",
)
_WORDS = ("favorable", "defavorable")
_JUDGED = frozenset({State.WAITING, State.TO_COMPLETE, State.FAILED})


@dataclass(frozen=True)
class AccordView:
    """What is shown to who judges: ``ready`` unless the scolarité still checks; ``since`` is what a word rests on.

    ``proposed``: what is ticked on the form where nobody has given a word yet, with the ``motive`` written there.
    """

    entry: Entry
    sections: Mapping[str, list[Cell]]
    months: MonthsCalendar | None
    accord: Mapping[str, Any] | None
    ready: bool
    asked: bool
    since: int
    proposed: str = ""
    motive: str = ""


def accord_view(context: Context, reached: Reached) -> AccordView:
    """A dossier as who judges it sees it."""
    desk = desk_of(context, counting(reached.forms))
    shown = {title: [cell for cell in cells if _is_shown(cell)] for title, cells in desk.sections.items()}
    sections = {
        title: cells
        for part in _SHOWN
        for title, cells in shown.items()
        if cells and cells[0].path.startswith(f"{part}.")
    }
    asked = any(
        one.who == WHO[Who.RESPONSABLE] and one.severity is Severity.BLOCKING and not one.lifted
        for one in desk.findings
    )
    accord = desk.view.decisions.accord
    proposed, motive = _proposed(desk.view.reading, accord)
    return AccordView(
        entry=desk.entry,
        sections=sections,
        months=desk.months,
        accord=accord,
        ready=_is_ready(desk),
        asked=desk.entry.state in _JUDGED and (asked or accord is not None),
        since=desk.seen.decision,
        proposed=proposed,
        motive=motive,
    )


def _proposed(reading: Reading | None, accord: Mapping[str, Any] | None) -> tuple[str, str]:
    """What is ticked on a form, with what is written beside; empty where nothing is, or a word was given."""
    values = reading.values if reading and accord is None else {}
    word = str(get(values, "accord_pedagogique.decision") or "")
    return (word, str(get(values, "accord_pedagogique.motif") or "")) if word in _WORDS else ("", "")


def judge(context: Context, reached: Reached, visitor: Visitor, *, word: str, reason: str, since: int) -> Decided:
    """Note the word of who judges, « favorable » or « defavorable » with a reason; raises RequestRefused.

    As the page says: not while the scolarité still checks what is judged. Of a word that came by a link, the journal
    says who made the link.
    """
    entry = counting(reached.forms)
    if not _is_ready(desk_of(context, entry)):
        raise NotAllowed(
            "Rien n’est noté : la scolarité vérifie encore des réponses de ce formulaire. Que faire : donnez votre "
            "avis ensuite."
        )
    return approve(
        context,
        entry.form.sha256,
        by=visitor.name,
        refuse=word == "defavorable",
        reason=reason.strip(),
        seen=seen_now(entry, context, since),
        through=f"par un lien fait par {visitor.invited_by}" if visitor.invited_by else "",
    )


def _is_ready(desk: Desk) -> bool:
    return not desk.doubtful and not desk.view.unplaced and not desk.view.refusal


def _is_shown(cell: Cell) -> bool:
    return cell.path.startswith(tuple(f"{part}." for part in _SHOWN)) and not cell.path.startswith(_LEFT_OUT)
