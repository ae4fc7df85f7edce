"""Division of a bundle: each form in a received file received for itself, under a name that says where it was.

The file as it came stays in the spool, as every form does. A part is known by the file it was in and its place there:
whatever is killed on the way, the next walk receives what is still to be received, and only then is the bundle over.
"""

from __future__ import annotations

from pipeline.core.models import Form
from pipeline.core.outcomes import Divided
from pipeline.core.refusals import Refusal, refused
from pipeline.dossier.context import Context
from pipeline.dossier.endings import Report, Task
from pipeline.dossier.receiving import require_space
from pipeline.ledger.claims import Step
from pipeline.ledger.entries import PART, Entry, State
from pipeline.ledger.form_rows import Ending
from pipeline.reading.bundles import Bundle, Part
from pipeline.reading.reader import read_part
from pipeline.storage.kill_points import passing
from pipeline.storage.spool import receive_part


def divide(task: Task, bundle: Bundle, *, step: Step = Step.WHOLE) -> Report:
    """Receive the parts of a bundle, each ready to be walked as far as ``step``; the bundle itself is over.

    Raises FormRejected for an archive that was in an archive, or a part that cannot be cut out; then nothing is lost:
    parts that were received are forms of their own.
    """
    form, context = task.form, task.context
    if any(part.name for part in bundle.parts) and context.ledger.entries.comes_in_files(form.sha256):
        raise refused(Refusal.ARCHIVE_NESTED)
    parts = [_received(part, task, step) for part in bundle.parts]
    told = ", ".join(f"{entry.form.id} ({entry.form.name})" for entry in parts)
    task.settle(Ending(State.DIVIDED, f"Ce fichier en réunit {len(parts)}, traités chacun pour soi : {told}."))
    return task.report(Divided(tuple(entry.form.sha256 for entry in parts)), None, {}, told)


def _received(part: Part, task: Task, step: Step) -> Entry:
    form, context = task.form, task.context
    source = f"{PART}{form.sha256}:{part.key}"
    known = context.ledger.entries.arrived_as(source)
    if known:
        return known
    require_space(context)
    data = read_part(form, part, waiting=lambda: _keep_job(context))
    sha256, path = receive_part(data, context.workspace, announce=context.ledger.announce)
    passing("part-stored")
    mine = Form(sha256, path, part.named_in(form.name), form.received_on)
    arrival = context.ledger.arrive(mine, source=source, day=task.claim.day, step=step)
    passing("part-noted")
    return arrival.entry


def _keep_job(context: Context) -> None:
    context.ledger.jobs.renew_own(lease=context.settings.file.bail)
