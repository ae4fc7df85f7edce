"""Alignment of a print of our Word form: its answers are in the cells of a table, beside their labels or numbers."""

from __future__ import annotations

from dataclasses import replace

from pipeline.core.sequences import grouped
from pipeline.reading.alignment.align import Aligned
from pipeline.reading.alignment.surroundings import Context, rows_of


class InCells(Context):
    """Alignment context of a print of our Word form: each answer has its cell, with its label or its number."""

    def certain(self, slot: int) -> bool:
        """It was in its cell, on a form all of whose words are there."""
        return not self.lost and self.safe(slot)


def with_title(context: Context) -> Context:
    """The same with the words above the first slot found in whatever order: a logo stands beside a title."""
    first = min(context.template.slots, default=0)
    end = context.aligned.position.get(first, 0)
    above = grouped((context.atoms[index].key, index) for index in context.strangers if index < end)
    found = {
        index: above[key].pop()
        for index in sorted(context.lost)
        if index < first and above.get(key := context.template.items[index].atom.key)
    }
    extra = [index for index in context.aligned.extra if index not in set(found.values())]
    aligned = replace(context.aligned, pairs=context.aligned.pairs | found, extra=extra)
    return InCells(context.template, context.stream, context.atoms, _in_rows(replace(context, aligned=aligned)))


def _in_rows(context: Context) -> Aligned:
    """Each answer in the row of its label: what the order of words took from below the table is nobody’s."""
    drawn = list(rows_of([item.atom for item in context.template.items]))
    fallen, extra = dict(context.aligned.fallen), set(context.aligned.extra)
    for slot, held in context.aligned.fallen.items():
        before, after = context.neighbours(slot)
        label = context.aligned.pairs.get(before or 0)
        if before is None or label is None or drawn[before] != drawn[slot]:
            continue
        row = range(label + 1, context.aligned.pairs.get(after or -1, len(context.atoms)))
        here = {index for index in row if context.rows[index] == context.rows[label]}
        if beyond := set(held) - here:
            fallen[slot] = sorted(here & (extra | set(held)))
            extra ^= beyond | (here & extra)
    return replace(context.aligned, fallen=fallen, extra=sorted(extra))
