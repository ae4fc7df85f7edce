"""The French pages say what the schema says."""

from __future__ import annotations

from make_docs import shown, table


def test_the_table_of_fields_is_the_schema() -> None:
    """Every field of the schema, with its title and kind: ``make readme`` writes it again."""
    assert shown() == table()
