"""Fields of a review sheet: the contract between who draws it, who reads it back, and who meets it in the inbox."""

from __future__ import annotations

import re
from collections.abc import Mapping

MARK, NAME, REASON = "feuille", "nom", "motif"  # of which reading it is, who looked, why
_MARK = re.compile(r"([0-9a-f]{8})[0-9a-f]{8}-[0-9a-f]{16}")


def reviewed_form(values: Mapping[str, str]) -> str | None:
    """The id of the form whose review sheet has these values of fields; ``None`` for what is no sheet of ours."""
    found = _MARK.fullmatch(values.get(MARK, ""))
    return found[1] if found and {NAME, REASON} & set(values) else None
