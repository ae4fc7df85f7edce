"""Default values of a record: what is not asked of the sender, filled in before the checks."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from pipeline.checks.setting_formats import fault_of
from pipeline.core.countries import ADDRESSES, is_french
from pipeline.core.decisions import Decisions
from pipeline.core.fields import Dictionary
from pipeline.core.formation import Formation, Session
from pipeline.core.law import FRANCE
from pipeline.core.models import JSON, Reading, get, put
from pipeline.core.school import BY_KEY

_REFERENT = "referent.nom"
_PLACE = ("voie", "complement", "code_postal", "ville")


def complete(
    reading: Reading, *, dictionary: Dictionary, formation: Formation, session: Session, decisions: Decisions
) -> dict[str, JSON]:
    """The nested values of a reading with its defaults.

    Every section is there, even empty. Addresses without a country are in France. The formation, its year and
    the référent come from the formation's settings, unless its form asks who that is. An accord noted by the
    scolarité wins over the form's; where the formation believes a person's word alone, the form's is a proposal, and
    not in the data.
    """
    data: dict[str, JSON] = {}
    for path in dictionary.titles:
        put(data, path, {})
    _merge(data, copy.deepcopy(reading.values))
    for path in ADDRESSES:
        _default_country(data, path)
    _settings(data, formation, session)
    if formation.settings["accord"].get("croit") == "avis":
        put(data, "accord_pedagogique", {})
    if decisions.accord is not None:
        put(
            data, "accord_pedagogique", {name: value for name, value in decisions.accord.items() if value is not None}
        )
    return data


def _merge(into: dict[str, Any], other: Mapping[str, Any]) -> None:
    for name, value in other.items():
        if isinstance(value, Mapping) and isinstance(into.get(name), dict):
            _merge(into[name], value)
        else:
            into[name] = value


def _default_country(data: dict[str, JSON], path: str) -> None:
    place = get(data, path)
    if not isinstance(place, dict):
        return
    written = place.get("pays")
    unsaid = written is None and any(place.get(name) for name in _PLACE)
    if unsaid or (isinstance(written, str) and is_french(written)):
        place["pays"] = FRANCE


def _settings(data: dict[str, JSON], formation: Formation, session: Session) -> None:
    put(data, "formation.code", formation.code)
    put(data, "formation.annee", session.annee)
    settings = formation.settings["referent"]
    said = formation.asks(_REFERENT) and get(data, _REFERENT)
    if settings.get("nom") and not said:
        known = ("nom", "prenom", "fonction", "telephone", "courriel")
        put(data, "referent", {name: settings[name] for name in known if _suits(f"referent.{name}", settings)})


def _suits(key: str, settings: Mapping[str, Any]) -> bool:
    """Whether a setting is given and well written: what is not, F-05 says to the school, and no letter to anybody."""
    value = settings.get(key.rpartition(".")[2])
    return bool(value) and not fault_of(BY_KEY[key], value)
