"""What is proved of a template before it is rendered, and what is left to be parsed each time."""

from __future__ import annotations

import pytest

from pipeline.documents.filling.outline import outline

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def body(inside: str) -> str:
    """A patched source with this in its body."""
    return f"<w:body {W}>{inside}</w:body>"


def table(rows: str, columns: int = 2) -> str:
    """A table whose grid has so many columns."""
    grid = "<w:gridCol/>" * columns
    return body(f"<w:tbl><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>")


ROW = "<w:tr><w:tc><w:p/></w:tc><w:tc><w:p/></w:tc></w:tr>"
SHORT = "<w:tr><w:tc><w:p/></w:tc></w:tr>"
WIDE = '<w:tr><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr><w:p/></w:tc></w:tr>'


@pytest.mark.parametrize(
    "inside",
    [
        "<w:p>{{ a }}</w:p>",
        '<w:p w:val="{{ a }}"/>',
        "{% if a < b %}<w:p/>{% elif c %}<w:p/><w:p/>{% else %}{% endif %}",
        "{% for a in b %}<w:p/>{% else %}<w:p/>{% endfor %}",
        "<w:p><w:r>a {% if a %}b</w:r><w:r>c{% endif %}</w:r></w:p>",
        "{% set a = 1 %}{# rien #}{% with a = 1 %}<w:p/>{% endwith %}",
    ],
)
def test_what_every_branch_leaves_whole_is_proved(inside: str) -> None:
    """Blocks around whole elements, blocks from one run to the next, values in text and in quotes."""
    assert outline(body(inside)) is not None


@pytest.mark.parametrize(
    "inside",
    [
        "{% if a %}<w:p>{% endif %}</w:p>",
        "{% if a %}<w:p>{% else %}<w:p>{% endif %}</w:p>",
        "<w:p>{% for a in b %}</w:p><w:tbl>{% endfor %}</w:tbl>",
        "<w:p><w:r>{% if a %}</w:r>{% else %}{% endif %}<w:r></w:r></w:p>",
        '<w:p w:val="{% if a %}x{% endif %}"/>',
        "<w:p {{ a }}/>",
        "<w:{{ a }}/>",
        "<!-- {{ a }} --><w:p/>",
        "<![CDATA[{{ a }}]]>",
        "{% raw %}<w:p/>{% endraw %}",
        "{% macro a() %}<w:p/>{% endmacro %}",
        "{% set a %}<w:p/>{% endset %}",
        "{% autoescape false %}{{ a }}{% endautoescape %}",
        "<w:p>",
    ],
)
def test_what_depends_on_values_is_not(inside: str) -> None:
    """Tags closed in another branch, tests in attributes, values that are not text or not escaped."""
    assert outline(body(inside)) is None


@pytest.mark.parametrize(
    ("source", "holds", "vanish"),
    [
        (table(ROW), True, False),
        (table(WIDE), True, False),
        (table(ROW + "{% for a in b %}" + ROW + "{% endfor %}"), True, True),
        (table("{% for a in b %}" + ROW + "{% endfor %}"), True, True),
        (table("{% for a in b %}" + ROW + "{% endfor %}" + SHORT), False, True),
        (table(SHORT), False, False),
        (table(ROW, 1), False, False),
        (table(ROW, 3), False, False),
        (table("<w:tr>{% for a in b %}<w:tc/>{% endfor %}<w:tc/><w:tc/></w:tr>"), False, False),
        (table(WIDE.replace('"2"', '"{{ a }}"')), False, False),
        (table("{% if a %}" + ROW + "</w:tbl><w:tbl>{% endif %}" + ROW), False, True),
        (body(f"<w:tbl>{ROW}</w:tbl>"), False, False),
    ],
)
def test_a_grid_holds_if_no_value_can_change_it(source: str, holds: bool, vanish: bool) -> None:  # noqa: FBT001
    """Cells and spans that never change, in a table that is never narrower than its grid."""
    proved = outline(source)

    assert proved is not None
    assert (proved.grids_hold, proved.rows_may_vanish) == (holds, vanish)
