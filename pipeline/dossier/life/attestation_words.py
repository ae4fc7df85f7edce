"""Words of attestations: the month that one is of, and what has changed since the version before. French."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from pipeline.core.french import MONTHS, NBSP, euros, hours
from pipeline.dossier.life.course import Figures
from pipeline.dossier.life.holding import Life
from pipeline.dossier.life.signing import unsigned_avenants


def month_name(key: str) -> str:
    """« avril 2025 » for « 2025-04 »."""
    return f"{MONTHS[int(key[5:]) - 1]} {key[:4]}"


def of_month(key: str) -> str:
    """« d’avril 2025 », « de mai 2025 »."""
    name = month_name(key)
    return f"d’{name}" if name[0] in "ao" else f"de {name}"


def difference(old: Figures, new: Figures) -> str:
    """« 35 h au lieu de 42 h », or what else has changed, in French."""
    told = [
        f"{hours(Decimal(new[name]))}{word} au lieu de {hours(Decimal(old[name]))}"
        for name, word in (("heures", " de présence"), ("prevu", " prévues"))
        if old.get(name) != new[name]
    ]
    if old.get("verse") != new.get("verse") and new.get("verse") and old.get("verse"):
        told.append(f"{euros(Decimal(new['verse']))} versés au lieu de {euros(Decimal(old['verse']))}")
    if not told and old.get("absences") != new["absences"]:
        told.append("les jours d’absence ont changé, la durée reste la même")
    if not told:
        told.append("les mentions de la convention ont changé, la durée reste la même")
    return ", ".join(told).replace(NBSP, " ")


def unsigned(life: Life, until: dt.date) -> Iterator[str]:
    """That what is attested of the time until a day rests on an avenant which not everybody has signed."""
    for number in unsigned_avenants(life, until):
        yield f"Attention : l’avenant {number} n’est pas encore signé de tous."
