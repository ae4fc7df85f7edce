"""Rate limiting: a token bucket for each person, or for each address without one; in memory, and bounded."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict

from pipeline.web.troubles import Trouble

_BURST = 5.0  # seconds of its rate that somebody may use at once
_KNOWN = 10_000  # who asked last


class Paces:
    """How fast each visitor may go on asking."""

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._lock = threading.Lock()
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def require(self, who: str) -> None:
        """Raise Trouble for who asks too often; a rate of 0 lets everybody."""
        if not self._rate:
            return
        now = time.monotonic()
        with self._lock:
            left, at = self._left.pop(who, (self._rate * _BURST, now))
            left = min(self._rate * _BURST, left + (now - at) * self._rate)
            self._left[who] = (max(left - 1, 0.0), now)
            while len(self._left) > _KNOWN:
                self._left.popitem(last=False)
        if left < 1:
            raise Trouble(429, headers={"Retry-After": "1"})
