"""Legal figures and the computations made of them, for the checks and for what documents print.

The figures are dated data (``templates/commun/droit.toml``); nothing here knows a year's amount.
Hours and euros are ``Decimal`` everywhere: 29 × 15 % is 4.35, not 4.3499….
"""

from __future__ import annotations

import contextlib
import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from pipeline.core.errors import ConfigError
from pipeline.core.french import DAYS_A_MONTH, HOURS_A_DAY
from pipeline.core.models import JSON, Data, get
from pipeline.core.workspace import Workspace

STUDENTS = frozenset({"FI_ETUDIANT"})
EMPLOYEES = frozenset({"FPC_SALARIE_EMPLOYEUR", "FPC_SALARIE_INDIVIDUEL"})
WITHOUT_CONTRACT = frozenset({"FPC_DEMANDEUR_EMPLOI", "FPC_AUTOFINANCE"})
AGENTS = frozenset({"AGENT_PUBLIC"})
WITH_EMPLOYER = frozenset({"FPC_SALARIE_EMPLOYEUR"}) | AGENTS  # the employer signs
CONTINUING = EMPLOYEES | WITHOUT_CONTRACT | AGENTS  # the stage chapter of the Code de l’éducation does not bind them
REFUSED = frozenset({"ALTERNANT"})  # no convention de stage for them

FRANCE = "France"
FULL_TIME_WEEK = 35  # C. trav., L3121-27
HOURS_A_MONTH = HOURS_A_DAY * DAYS_A_MONTH  # 154: D124-6
CENT = Decimal("0.01")
_DIGITS = 9
_FILE = "commun/droit.toml"


@dataclass(frozen=True)
class Ceiling:
    """The plafond de la sécurité sociale of one year, in euros a month and an hour, and where it was read."""

    year: int
    monthly: Decimal
    hourly: Decimal
    source: str


@dataclass(frozen=True)
class Presence:
    """The most hours a day, hours a week and days a week of one public."""

    hours_a_day: Decimal
    hours_a_week: Decimal
    days_a_week: int


@dataclass(frozen=True)
class Hosting:
    """How many stagiaires a tuteur, a référent and an organisme may have at once (L124-10, D124-3, R124-10)."""

    by_tutor: int
    by_referent: int
    small_host: int
    quota_from: int
    quota_rate: Decimal

    def quota(self, staff: int) -> int:
        """The most stagiaires in one week for an organisme of this staff: 15 % rounded up, or the small host's."""
        if staff < self.quota_from:
            return self.small_host
        return int((staff * self.quota_rate).to_integral_value(ROUND_CEILING))


@dataclass(frozen=True)
class Law:
    """``droit.toml``, read once. Durations in hours, rates as fractions."""

    version: str
    rate: Decimal
    threshold: Decimal
    ceiling_year: str
    exempt: frozenset[str]
    longest: Decimal
    majority: int
    adults: Presence
    minors: Presence
    without_contract: Presence
    hosting: Hosting
    least_volume: Decimal
    ceilings: Mapping[int, Ceiling]

    @classmethod
    def load(cls, workspace: Workspace) -> Law:
        """Read ``templates/commun/droit.toml``, and what the school adds under that name in ``etablissement/``.

        An update brings new figures of the law: the school's file holds only what it says otherwise, or a year that
        we do not know yet. Raises ConfigError naming the key that is missing or wrong.
        """
        path = workspace.templates / _FILE
        try:
            ours = _read(path)
            path = workspace.model(_FILE)
            return _law(_overlaid(ours, _read(path)))
        except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ConfigError(f"{path} cannot be read: {error}. Restore it or mend that line.") from error
        except (KeyError, TypeError, ValueError, InvalidOperation) as error:
            what = f"the key {error} is missing" if isinstance(error, KeyError) else str(error)
            raise ConfigError(f"{path}: {what}. Compare with the {path.name} that came with liasse.") from error


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)


def _overlaid(ours: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Our tables with what another says; of ``[[plafonds]]``, each year from the last that gives it."""
    whole = {**ours}
    for name, value in own.items():
        before = ours.get(name)
        if isinstance(value, Mapping) and isinstance(before, Mapping):
            whole[name] = _overlaid(before, value)
        elif name == "plafonds":
            whole[name] = list({item["annee"]: item for item in (*ours[name], *value)}.values())
        else:
            whole[name] = value
    return whole


def is_abroad(data: Data) -> bool:
    """Whether the stage takes place outside France: at the lieu du stage, or at the siège if none is named."""
    return country_of(data) != FRANCE


def country_of(data: Data) -> str:
    """Where the stage takes place, as the form writes it: the country of the lieu du stage, or of the siège."""
    return str(get(data, "organisme.lieu_stage.pays") or get(data, "organisme.adresse.pays") or FRANCE)


def is_host_abroad(data: Data) -> bool:
    """Whether the organisme d’accueil has its seat outside France and receives there: French law does not bind it.

    A stage that takes place in France is under French law, wherever the seat is.
    """
    return is_abroad(data) and str(get(data, "organisme.adresse.pays") or FRANCE) != FRANCE


def same_company(data: Data) -> bool:
    """Whether the employer is the organisme d’accueil itself: one SIRET for both."""
    employer = get(data, "employeur.siret")
    return bool(employer) and employer == get(data, "organisme.siret")


def is_minor(data: Data, on: dt.date | None, majority: int = 18) -> bool:
    """Whether the stagiaire is under age that day; not, where the birth or the day is not known.

    Who signs is decided on the day of edition, presence on the first day of the stage (``first_day``).
    """
    age = age_on(data, on)
    return age is not None and age < majority


def last_day_under_age(data: Data, majority: int = 18) -> dt.date | None:
    """The eve of the stagiaire's majority where it falls within the stage; ``None`` for anybody else."""
    start, end = first_day(data), as_date(get(data, "stage.date_fin"))
    born = as_date(get(data, "stagiaire.date_naissance"))
    if born is None or start is None or end is None or not is_minor(data, start, majority):
        return None
    first = dt.date(born.year + majority, 3, 1)  # of age, for who was born on a 29 February and a year has none
    with contextlib.suppress(ValueError):
        first = born.replace(year=born.year + majority)
    return first - dt.timedelta(days=1) if first <= end else None


def first_day(data: Data) -> dt.date | None:
    """The first day of the stage, if it is a date."""
    return as_date(get(data, "stage.date_debut"))


def age_on(data: Data, day: dt.date | None) -> int | None:
    """The stagiaire's age in whole years that day; ``None`` if either date is not known."""
    born = as_date(get(data, "stagiaire.date_naissance"))
    if born is None or day is None:
        return None
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def as_date(value: JSON) -> dt.date | None:
    """An ISO date of the record, or ``None`` if it is not one."""
    try:
        return dt.date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        return None


def as_number(value: JSON) -> Decimal | None:
    """A number of the record as an exact decimal; ``None`` if it is not one, or one no form can mean (ten digits)."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return None
    exact = Decimal(str(value))
    return exact if exact.is_finite() and exact.adjusted() < _DIGITS else None


def cents(value: Decimal) -> Decimal:
    """Euros rounded to the cent, half up."""
    return value.quantize(CENT, ROUND_HALF_UP)


def _law(table: Mapping[str, Any]) -> Law:
    pay, hosting, presence = table["gratification"], table["accueil"], table["presence"]
    ceilings = [_ceiling(item) for item in table["plafonds"]]
    if pay["annee_du_plafond"] not in ("debut", "fin"):
        raise ValueError('gratification.annee_du_plafond must be "debut" or "fin"')
    return Law(
        version=str(table["version"]),
        rate=Decimal(pay["taux"]),
        threshold=Decimal(pay["seuil_heures"]),
        ceiling_year=pay["annee_du_plafond"],
        exempt=frozenset(pay["formations_exemptees"]),
        longest=Decimal(table["duree"]["maximum_heures"]),
        majority=int(presence["mineur"]["age"]),
        adults=_presence(presence["majeur"]),
        minors=_presence(presence["mineur"]),
        without_contract=_presence(presence["sans_contrat"]),
        hosting=Hosting(
            hosting["stagiaires_par_tuteur"],
            hosting["stagiaires_par_referent"],
            hosting["stagiaires_petit_effectif"],
            hosting["effectif_du_quota"],
            Decimal(hosting["taux_du_quota"]),
        ),
        least_volume=Decimal(table["formation"]["volume_minimum_heures"]),
        ceilings={ceiling.year: ceiling for ceiling in ceilings},
    )


def _presence(table: Mapping[str, Any]) -> Presence:
    return Presence(Decimal(table["heures_jour"]), Decimal(table["heures_semaine"]), int(table["jours_semaine"]))


def _ceiling(table: Mapping[str, Any]) -> Ceiling:
    ceiling = Ceiling(table["annee"], Decimal(table["mensuel"]), Decimal(table["horaire"]), table["source"])
    # The plafond horaire follows from the monthly one: a slip of the finger in either shows here.
    expected = (ceiling.monthly * 12 / 1607).quantize(Decimal(1), ROUND_HALF_UP)
    if ceiling.hourly != expected:
        raise ValueError(
            f"plafonds {ceiling.year}: horaire = {ceiling.hourly}, but mensuel × 12 / 1607 is {expected}"
        )
    return ceiling
