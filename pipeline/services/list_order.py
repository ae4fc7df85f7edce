"""Sort orders of lists; apart from what lists, so that a help page loads no database."""

from __future__ import annotations

from enum import StrEnum


class Order(StrEnum):
    """What a list is sorted by."""

    RECEIVED = "reçu"
    NAME = "nom"
    STATE = "état"
    START = "début"
    NUMBER = "dossier"
