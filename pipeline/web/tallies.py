"""Metrics: requests counted and timed by route, in memory; as Prometheus reads them, without a name or an id."""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

_BOUNDS = (0.01, 0.025, 0.05, 0.1, 0.15, 0.3, 0.6, 1.2, 2.5, 5.0, 10.0)  # seconds


class Tallies:
    """What was asked of this process since it began."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked: Counter[tuple[str, str, int]] = Counter()
        self._buckets: Counter[tuple[str, int]] = Counter()
        self._seconds: defaultdict[str, float] = defaultdict(float)

    def note(self, method: str, route: str, status: int, seconds: float) -> None:
        """One request that was answered."""
        with self._lock:
            self._asked[method, route, status] += 1
            self._buckets[route, bisect_left(_BOUNDS, seconds)] += 1
            self._seconds[route] += seconds

    def lines(self) -> Iterator[str]:
        """The counters and histograms."""
        with self._lock:
            asked, buckets, spent = dict(self._asked), dict(self._buckets), dict(self._seconds)
        answered = (
            (f'method="{method}",route="{route}",status="{status}"', count)
            for (method, route, status), count in sorted(asked.items())
        )
        yield from metric("liasse_http_requests_total", "counter", "Requests answered.", answered)
        yield "# HELP liasse_http_request_seconds How long answers took."
        yield "# TYPE liasse_http_request_seconds histogram"
        for route, seconds in sorted(spent.items()):
            below = 0
            for place, bound in enumerate((*map(str, _BOUNDS), "+Inf")):
                below += buckets.get((route, place), 0)
                yield f'liasse_http_request_seconds_bucket{{route="{route}",le="{bound}"}} {below}'
            yield f'liasse_http_request_seconds_sum{{route="{route}"}} {seconds:.6f}'
            yield f'liasse_http_request_seconds_count{{route="{route}"}} {below}'


def metric(name: str, kind: str, told: str, values: Iterable[tuple[str, float]]) -> Iterator[str]:
    """One metric with its values by label."""
    yield f"# HELP {name} {told}"
    yield f"# TYPE {name} {kind}"
    for label, value in values:
        yield f"{name}{{{label}}} {value}" if label else f"{name} {value}"


def by_label(label: str, counts: Mapping[str, int]) -> Iterator[tuple[str, float]]:
    """Counts as the values of a metric."""
    return ((f'{label}="{name}"', count) for name, count in sorted(counts.items()))
