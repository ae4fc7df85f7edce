"""Fault injection: named points of the walk where a machine may die; the chaos runs kill the process at each of them.

``LIASSE_DIE_AT=point:n`` in the environment ends this process at its n-th passage there, as a power cut would: no
clean-up runs. ``LIASSE_DIE_AT=point:n:STOP`` freezes it instead, until somebody thaws it. The file that
``LIASSE_DIE_LOG`` names gets a line for each. Without the first, passing costs one look at a variable.
"""

from __future__ import annotations

import os
import signal
from collections import Counter

POINTS = (
    "copied",  # the form is in the spool under a temporary name
    "sealed",  # a transaction is in the ledger, and not yet in the copy beside the spool
    "stored",  # under its hash, and on the disk
    "noted",  # in the ledger, with its job
    "aside",  # out of the inbox
    "claimed",  # in a worker's hand
    "read",  # its reading is kept
    "intended",  # the packet's name is in the ledger, nothing is in the outbox
    "written",  # the packet is in the outbox under a temporary name
    "published",  # under its own name, which the ledger does not know yet
    "settled",  # and now it does
)
LIFE_POINTS = (
    "told",  # a fact of a dossier's life is in the ledger
    "paper-intended",  # a paper's name is in the ledger, nothing is in the outbox
    "paper-published",  # under its own name, which does not count yet
    "paper-settled",  # and now it does
)
_WISH = os.environ.get("LIASSE_DIE_AT", "")
_passages: Counter[str] = Counter()


def passing(point: str) -> None:
    """Say that the walk is at a named point."""
    if not _WISH:
        return
    name, number, how = (*_WISH.split(":"), "KILL")[:3]
    if name != point:
        return
    _passages[point] += 1
    if _passages[point] == int(number):
        told = os.environ.get("LIASSE_DIE_LOG")
        if told:
            with open(told, "a", encoding="ascii") as log:  # noqa: PTH123 -- one write, appended whole
                log.write(f"{point} {os.getpid()}\n")
        os.kill(os.getpid(), signal.SIGSTOP if how == "STOP" else signal.SIGKILL)
