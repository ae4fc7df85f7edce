"""Countries of addresses: whether one is France, as people write it, or another."""

from __future__ import annotations

from pipeline.core.folding import fold
from pipeline.core.models import Data, get

ADDRESSES = ("stagiaire.adresse", "organisme.adresse", "organisme.lieu_stage", "employeur.adresse")
ADDRESS_OF = {  # by section of the form: whose address says where its answers are
    "organisme": "organisme.adresse",
    "tuteur": "organisme.adresse",
    "employeur": "employeur.adresse",
    "stagiaire": "stagiaire.adresse",
}
# Written in the country box, these still follow the French rules for postcodes, SIRET and the law.
_FRENCH = frozenset(
    {
        "france",
        "fr",
        "france metropolitaine",
        "republique francaise",
        "guadeloupe",
        "martinique",
        "guyane",
        "guyane francaise",
        "reunion",
        "la reunion",
        "mayotte",
    }
)


def is_french(country: str) -> bool:
    """Whether what is written in the country box of an address is France, or a part of it."""
    return fold(country) in _FRENCH


def is_address_abroad(data: Data, address: str) -> bool:
    """Whether an address names a country that is not France; one that names none is in France."""
    country = get(data, f"{address}.pays")
    return isinstance(country, str) and not is_french(country)
