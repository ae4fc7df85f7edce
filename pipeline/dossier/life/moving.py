"""Places that a change names: an address is whole, or nothing of it was given."""

from __future__ import annotations

from collections.abc import Collection

from pipeline.core.errors import InvalidRequest
from pipeline.core.law import FRANCE
from pipeline.core.models import Data, get

_PLACE = "organisme.lieu_stage"
_WORDS = {"voie": "la voie", "code_postal": "le code postal", "ville": "la ville"}
_ABROAD = ("voie", "ville")


def require_whole_place(after: Data, fields: Collection[str]) -> None:
    """Raise InvalidRequest where a change leaves an address of the stage without its street, code or town.

    What is not given anew of a place that the convention names stays; nothing stays of one that it does not name.
    Abroad, not every address has a code.
    """
    place = get(after, _PLACE) or {}
    given = {name: value for name, value in place.items() if value and name != "pays"}
    if not given or not any(path.startswith(f"{_PLACE}.") for path in fields):
        return
    needed = _WORDS if str(place.get("pays") or FRANCE) == FRANCE else _ABROAD
    lacks = [name for name in needed if not place.get(name)]
    if lacks:
        words = " et ".join(_WORDS[name] for name in lacks)
        how = " ".join(f"{_PLACE}.{name}=…" for name in lacks)
        raise InvalidRequest(f"{_PLACE} : adresse incomplète : donnez {words} ({how}).")
