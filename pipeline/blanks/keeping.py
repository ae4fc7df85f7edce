"""What is made again at will, kept in a file: written whole or not at all, whoever else writes it."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from pipeline.core.modes import make_folder


def keep_file(place: Path, data: bytes) -> bool:
    """Write or replace a file through a name of its own; false where that cannot be, which is no error.

    Of two processes that write it at once the last one wins. Its folder is made if need be.
    """
    work = None
    try:
        make_folder(place.parent)
        number, work = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.", suffix=".tmp")
        with os.fdopen(number, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(number)  # a name that outlives a power cut has its bytes
        Path(work).replace(place)
    except OSError:
        if work is not None:
            with suppress(OSError):
                Path(work).unlink()
        return False
    return True
