"""French formatting of dates, hours, amounts and numbers. Values in, printable text out."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal

import phonenumbers

NBSP = "\u00a0"
_FRENCH = re.compile(r"\+33([1-79][0-9]{8})")  # 8: numbers of services, written otherwise
MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
_WHOLE = Decimal("0.004")  # of a minute: what four decimals leave of a whole one (7 h 34 is kept as 7.5667)
HOURS_A_DAY = 7  # D124-6: seven hours of presence are a day
DAYS_A_MONTH = 22  # D124-6: twenty-two days are a month


def long_date(day: dt.date) -> str:
    """« 7 avril 2025 », « 1er mai 2025 »."""
    return f"{'1er' if day.day == 1 else day.day}{NBSP}{MONTHS[day.month - 1]}{NBSP}{day.year}"


def short_date(day: dt.date) -> str:
    """« 07/04/2025 »."""
    return f"{day:%d/%m/%Y}"


def written_day(at: str) -> str:
    """« 07/04/2025 » for an ISO day, or the day of a moment."""
    return "/".join(reversed(at[:10].split("-")))


def counted(count: int, name: str) -> str:
    """« 48 délivrés », « 1 avertissement », « 3 en attente »: a name of one word takes its plural from two on."""
    plural = count > 1 and " " not in name and not name.endswith(("s", "x", "z"))
    return f"{count} {name}{'s' if plural else ''}"


def counted_all(counts: Mapping[str, int], order: Iterable[str] | None = None) -> str:
    """« 5 délivrés, 1 en attente »: what there is of each name, in that order."""
    return ", ".join(counted(counts[name], name) for name in order or counts if counts.get(name))


def number(value: Decimal) -> str:
    """« 1 234,5 »: comma for decimals, no-break spaces for thousands, no useless zeros."""
    return f"{value.normalize():,f}".replace(",", NBSP).replace(".", ",")


def hours(value: Decimal) -> str:
    """« 140 h », « 7 h 30 », « 30 min »; hours that are not whole minutes stay decimal: « 7,333 h »."""
    nearest = (value * 60).to_integral_value()
    if abs(value * 60 - nearest) > _WHOLE:
        return f"{number(value)}{NBSP}h"
    whole, minutes = divmod(int(nearest), 60)
    if not minutes:
        return f"{number(Decimal(whole))}{NBSP}h"
    return f"{number(Decimal(whole))}{NBSP}h{NBSP}{minutes:02d}" if whole else f"{minutes}{NBSP}min"


def euros(value: Decimal) -> str:
    """« 2 520,00 € »."""
    cents = value.quantize(Decimal("0.01"), ROUND_HALF_UP)
    return f"{cents:,.2f}".replace(",", NBSP).replace(".", ",") + f"{NBSP}€"


def phone(value: str) -> str:
    """« 06 12 34 56 78 » for a French number in E.164, the international writing for another."""
    if usual := _FRENCH.fullmatch(value):
        return NBSP.join(f"0{usual[1]}"[at : at + 2] for at in range(0, 10, 2))
    try:
        parsed = phonenumbers.parse(value, "FR")
    except phonenumbers.NumberParseException:
        return value
    styles = phonenumbers.PhoneNumberFormat
    style = styles.NATIONAL if parsed.country_code == 33 else styles.INTERNATIONAL
    return phonenumbers.format_number(parsed, style).replace(" ", NBSP)


def e164(value: str) -> str | None:
    """« +33612345678 » for a number as people in France write it; ``None`` for what is no possible number."""
    try:
        parsed = phonenumbers.parse(value, "FR")
    except phonenumbers.NumberParseException:
        return None
    possible = phonenumbers.is_possible_number(parsed)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164) if possible else None


def siret(value: str) -> str:
    """« 732 829 320 00074 »; an identifier that is not fourteen digits is left as it is."""
    if len(value) == 14 and value.isdigit():
        return NBSP.join((value[:3], value[3:6], value[6:9], value[9:]))
    return value


def activity_code(value: str) -> str:
    """« 88.99B », as INSEE writes an APE; a code of another form is left as it is."""
    return f"{value[:2]}.{value[2:]}" if re.fullmatch(r"\d{4}[A-Z]", value) else value


def split_duration(value: Decimal) -> tuple[int, int, Decimal]:
    """Hours of presence as (months, days, hours) by D124-6: 7 h a day, 22 days a month."""
    whole_days, rest = divmod(value, HOURS_A_DAY)
    months, days = divmod(int(whole_days), DAYS_A_MONTH)
    return months, days, rest


def duration(value: Decimal) -> str:
    """« 3 mois et 14 jours » for 560 hours; « 20 jours » for 140."""
    months, days, rest = split_duration(value)
    parts = (
        f"{months}{NBSP}mois" if months else "",
        f"{days}{NBSP}jour{'s' if days > 1 else ''}" if days else "",
        hours(rest) if rest or not (months or days) else "",
    )
    *first, last = filter(None, parts)
    return f"{', '.join(first)} et {last}" if first else last
