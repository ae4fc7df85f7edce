"""Places of other mail-merge systems, as a Word file has them: what ``check`` tells of and ``convert`` replaces."""

from __future__ import annotations

import re

MERGE_FIELD = re.compile(r"\s*MERGEFIELD\s+\"?([^\s\"\\]+)", re.IGNORECASE)
BRACKETS = re.compile(r"(?<![\w\]])\[([^\W\d][\w’' ./-]{0,60})\]")
