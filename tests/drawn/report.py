"""Report of a measure: figures in all, by layout, by file and by awkwardness, and every silent error."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from drawn.measure import Verdict

_OUTCOMES = ("right", "wrong", "doubted", "lost", "refused")
_LONGEST = 60


def written(verdicts: Sequence[Verdict], title: str, seconds: float) -> str:
    """The report as Markdown."""
    return "\n".join(_parts(verdicts, title, seconds)) + "\n"


def _parts(verdicts: Sequence[Verdict], title: str, seconds: float) -> Iterator[str]:
    count = Counter(one.outcome for one in verdicts)
    clear = [one for one in verdicts if one.kind == "clear"]
    files = {one.file for one in verdicts}
    refused = {one.file for one in verdicts if one.outcome == "refused"}
    yield f"# {title}"
    yield (
        f"\n{len(files)} files in {seconds:.0f} s; {count['right'] + count['wrong']} values accepted, "
        f"**{count['wrong']} silent errors**; of {len(clear)} clear answers "
        f"**{_share(clear)} accepted and right**; {len(refused)} files refused."
    )
    yield from _table("Kind of file", verdicts, lambda one: one.suffix)
    yield from _table("Answer", verdicts, lambda one: one.kind)
    yield from _table("Layout", verdicts, lambda one: one.layout)
    yield from _table(
        "Field (clear answers that were not accepted)",
        [v for v in clear if v.outcome != "right"],
        lambda one: one.path,
    )
    yield "\n## Silent errors\n\n| file | field | answer | accepted | truth |\n|---|---|---|---|---|"
    for one in verdicts:
        if one.outcome == "wrong":
            yield f"| {one.file} | {one.path} | {one.kind} | {_short(one.accepted)} | {_short(one.expected)} |"
    yield "\n## Clear answers not accepted\n\n| file | field | outcome | truth | doubt |\n|---|---|---|---|---|"
    for one in clear:
        if one.outcome not in ("right", "wrong"):
            yield f"| {one.file} | {one.path} | {one.outcome} | {_short(one.expected)} | {_short(one.doubt)} |"


def _table(head: str, verdicts: Sequence[Verdict], key: Callable[[Verdict], str]) -> Iterator[str]:
    rows: dict[str, list[Verdict]] = defaultdict(list)
    for one in verdicts:
        rows[key(one)].append(one)
    yield f"\n## {head}\n\n| | {' | '.join(_OUTCOMES)} | clear accepted |\n|---|{'---|' * (len(_OUTCOMES) + 1)}"
    for name, some in sorted(rows.items()):
        count = Counter(one.outcome for one in some)
        clear = [one for one in some if one.kind == "clear"]
        yield f"| {name} | {' | '.join(str(count[one]) for one in _OUTCOMES)} | {_share(clear)} |"


def _share(clear: Sequence[Verdict]) -> str:
    if not clear:
        return "–"
    return f"{100 * sum(one.outcome == 'right' for one in clear) / len(clear):.1f} %"


def _short(value: object) -> str:
    text = str(value).replace("\n", "⏎").replace("|", "¦")
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
