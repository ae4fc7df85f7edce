"""A programme: what applies to every form of one session of a formation, and depends on no form."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.core.fields import Dictionary
from pipeline.core.formation import Formation, Session
from pipeline.core.law import Law


@dataclass(frozen=True)
class Programme:
    """The dictionary of fields, the law's figures, a formation and one of its sessions."""

    dictionary: Dictionary
    law: Law
    formation: Formation
    session: Session
