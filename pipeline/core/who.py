"""Who acts: the people of a stage and of the school, as problems, letters and doubts name them."""

from __future__ import annotations

from enum import StrEnum


class Who(StrEnum):
    """Who can mend a problem."""

    STAGIAIRE = "stagiaire"
    TUTEUR = "tuteur"
    ORGANISME = "organisme"
    EMPLOYEUR = "employeur"
    RESPONSABLE = "responsable"
    SCOLARITE = "scolarite"


INSIDE = frozenset({Who.RESPONSABLE, Who.SCOLARITE})  # of the house: what they alone settle is asked of no sender
