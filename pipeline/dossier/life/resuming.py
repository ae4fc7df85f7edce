"""Resume of papers that were intended when whoever made them died: what is published counts, the rest is let go.

A paper that goes with mails is left to the command that makes it: it does not count before these lie ready, and
whoever looks for what is due still finds it. The same command, run again, ends it; it is never made twice.
"""

from __future__ import annotations

import datetime as dt

from pipeline.core.life import Paper, PaperKind
from pipeline.core.workspace import Workspace
from pipeline.ledger.entries import State
from pipeline.ledger.lying_beside import packet_in
from pipeline.ledger.store import Ledger

# What is sent to somebody as soon as it is issued.
_MAILED = frozenset({PaperKind.PRESENCE, PaperKind.COMPLETION, PaperKind.END, PaperKind.INVITATION})
_ABANDONED = dt.timedelta(days=1)  # nobody takes so long between the intention and the file


def resume_papers(workspace: Workspace, ledger: Ledger, moment: dt.datetime | None = None) -> tuple[Paper, ...]:
    """Settle the papers that were published, cancel those that never were; the ones that were ended.

    One that is being made right now is neither: it was intended a moment ago.
    """
    moment = moment or dt.datetime.now(dt.UTC)
    return tuple(one for one in ledger.life.intended() if _ended(one, workspace, ledger, moment))


def _ended(paper: Paper, workspace: Workspace, ledger: Ledger, moment: dt.datetime) -> bool:
    published = packet_in(workspace.outbox / paper.folder) == paper.id
    if published and paper.kind not in _MAILED:
        ledger.life.settle(paper, form=_form_of(paper.dossier, ledger))
        return True
    if not published and dt.datetime.fromisoformat(paper.made_at) + _ABANDONED < moment:
        ledger.life.cancel(paper.id)
        return True
    return False


def _form_of(dossier: str, ledger: Ledger) -> str:
    """The form under which the journal has what is issued: the one whose packet counts."""
    made = [one.form.sha256 for one in ledger.entries.of_dossier(dossier) if one.state is State.DELIVERED]
    return made[-1] if made else ""
