"""Layout classifier: a form follows the layout whose fixed words it has, with a margin over the next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.reading.alignment.compiled_layout import Compiled
from pipeline.reading.alignment.layout_reader import fit, laid_out, template_for
from pipeline.reading.alignment.named import names_share
from pipeline.reading.alignment.received import Received
from pipeline.reading.alignment.surroundings import Context
from pipeline.reading.alignment.template import Template
from pipeline.reading.tokens import Source

ACCEPTED, MARGIN = 0.85, 0.15
_WORTH = 0.3  # words in common, in any order, below which a layout is not aligned at all
_PARTIAL = 0.9  # share on the pages that are there, when others are missing


@dataclass(frozen=True)
class Match:
    """Match score of one layout; ``context`` is the alignment, when it was worth making."""

    compiled: Compiled
    share: float
    exact: bool
    context: Context | None


@dataclass(frozen=True)
class Recognition:
    """Classification result: ``match`` is the layout, or ``None``; ``matches`` all of them, best first."""

    match: Match | None
    matches: tuple[Match, ...]


def recognise_layout(received: Received, layouts: Iterable[Compiled]) -> Recognition:
    """The layout of a form: at least 85 % of its fixed words, and 15 points more than any other.

    Two editions of one form share most of their words: the one that fits exactly wins over those that do not.
    """
    matches = tuple(sorted(_matches(received, layouts), key=_merit, reverse=True))
    if not matches:
        return Recognition(None, ())
    best, others = matches[0], matches[1:]
    if best.share >= ACCEPTED and all(_behind(other, best) for other in others):
        return Recognition(best, matches)
    lacking = [match for match in matches if _pages_lack(match)]
    if len(lacking) == 1 and best.share < ACCEPTED:
        return Recognition(lacking[0], matches)
    return Recognition(None, matches)


def _matches(received: Received, layouts: Iterable[Compiled]) -> Iterator[Match]:
    """Layouts are aligned while they may matter: words in common, whatever their order, bound what can be found."""
    rough = [
        Match(compiled, _common(template_for(received, compiled).words, received.words), exact=False, context=None)
        for compiled in layouts
    ]
    best = 0.0
    for match in sorted(rough, key=_merit, reverse=True):
        if match.share < _WORTH or (best >= ACCEPTED and match.share <= best - MARGIN):
            yield match
            continue
        aligned = _match(received, match.compiled)
        best = max(best, aligned.share)
        yield aligned


def likeness(one: Template, other: Template) -> float:
    """The share of one template's words that the other has: what makes two layouts hard to tell apart."""
    return _common(one.words, Counter(other.words))


def _merit(match: Match) -> tuple[float, bool]:
    return match.share, match.exact


def _behind(other: Match, best: Match) -> bool:
    return other.share <= best.share - MARGIN or (best.exact and not other.exact)


def _match(received: Received, compiled: Compiled) -> Match:
    context = fit(laid_out(received, compiled), compiled)
    fields = received.source is Source.ACROFORM and bool(compiled.names)
    share = min(context.share, names_share(received.fields, compiled.names)) if fields else context.share
    return Match(compiled, share, share >= 1.0 and not context.strangers, context)


def _common(words: Sequence[str], other: Counter[str]) -> float:
    mine = Counter(words)
    return (mine & other).total() / mine.total() if mine else 0.0


def _pages_lack(match: Match) -> bool:
    """Whether each page of the printed blank is there nearly whole or not at all, and one at least is there."""
    shares = match.context.page_shares.values() if match.context is not None else ()
    there = [share for share in shares if share >= _PARTIAL]
    return bool(there) and len(there) < len(shares) and all(share >= _PARTIAL or share < 0.3 for share in shares)
