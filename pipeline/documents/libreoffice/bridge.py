"""UNO availability: finds and tries a Python that can import ``uno``, so that LibreOffice can be kept running.

The environment variable ``LIASSE_OFFICE`` says what the operator wants:

* ``auto``, the default: kept running where several packets are made and it can be talked to, else started for each;
* ``warm``: kept running, ToolMissing where it cannot be;
* ``cold``: started for each packet.
"""

from __future__ import annotations

import functools
import logging
import os
from dataclasses import dataclass
from pathlib import Path

from pipeline.core.errors import ConfigError, ToolMissing
from pipeline.documents.libreoffice import program
from pipeline.documents.libreoffice.cage import trial

log = logging.getLogger(__name__)

SETTING = "LIASSE_OFFICE"
CHILD = Path(__file__).with_name("uno_child.py")
_SYSTEM = "/usr/bin/python3"
_PYTHONS = (_SYSTEM, "/usr/local/bin/python3")  # the system's: ours is another, for which uno was not made
_DEBIAN = Path("/usr/lib/python3/dist-packages/uno.py")  # where its python3-uno puts it, for its own Python
_ADVICE = "On Debian: apt-get install python3-uno"


@dataclass(frozen=True)
class Bridge:
    """The Python that can speak with LibreOffice; empty, with the reason (English), where there is none."""

    python: str
    why: str = ""


def find_bridge() -> Bridge:
    """The Python to keep LibreOffice running with; looked for once per process, and logged once where there is none.

    Raises ToolMissing when LIASSE_OFFICE=warm cannot be had, ConfigError for a word that LIASSE_OFFICE does not know.
    """
    wanted = os.environ.get(SETTING, "auto")
    if wanted not in ("auto", "warm", "cold"):
        raise ConfigError(f"{SETTING}={wanted!r} is unknown. Write auto, warm or cold.")
    if wanted == "cold":
        return Bridge("", f"{SETTING}=cold")
    found = _tried(program.find_soffice())
    if wanted == "warm" and not found.python:
        raise ToolMissing(f"{SETTING}=warm, but {found.why}.")
    return found


@functools.cache
def _tried(soffice: str) -> Bridge:
    """LibreOffice's own Python where it ships one, then the system's."""
    own = Path(soffice).resolve().with_name("python")
    for python in (str(own), *_PYTHONS):
        if os.access(python, os.X_OK) and _imports(python):
            return Bridge(python)
    why = f"no Python here can import uno ({', '.join(_PYTHONS)}). {_ADVICE}"
    log.warning("LibreOffice is started for each packet instead of kept running: %s.", why)
    return Bridge("", why)


def _imports(python: str) -> bool:
    if python == _SYSTEM and _DEBIAN.is_file():
        return True  # and if it does not, after all, LibreOffice does not come up: it is started for each packet
    return not trial([python, "-sB", "-c", "import uno"], program.environment(Path("/")))
