"""What a template may compute and make: beyond, it is refused in French with its name and place, soon."""

from __future__ import annotations

import time

import pytest

from pipeline.core.errors import TemplateError
from pipeline.documents.filling.fuel import STEPS, TooMuch
from pipeline.documents.filling.language import ENVIRONMENT, Notes, blaming, with_notes

GREEDY = {
    "a huge text": "{{ ('x'*900000000)|length }}",
    "a huge list": "{{ ([1]*900000000)|length }}",
    "a huge range": "{% for i in range(10**9) %}x{% endfor %}",
    "loops in loops": "{% for i in range(9999) %}{% for j in range(9999) %}{% endfor %}{% endfor %}",
    "a loop that keeps nothing": "{% for i in range(999) %}{% for j in range(9999) if j<0 %}{% endfor %}{% endfor %}",
    "a macro without end": "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
    "macros that double": "{% macro a(n) %}{% if n %}{{ a(n-1) }}{{ a(n-1) }}{% endif %}{% endmacro %}{{ a(60) }}",
    "a filled text": "{{ 'x'.ljust(10**9) }}",
    "a power": "{{ 2**100000000 }}",
    "a format": "{{ '%999999999d' % 1 }}",
    "a replacement": "{{ ('x'*9999)|replace('x', 'y'*9999) }}",
    "a join": "{{ range(99999)|join('y'*9999) }}",
    "lists of lists": "{% set x=[1,1] %}" + "{% set x=[x,x] %}" * 40 + "{{ x==x }}",
    "texts that double": "{% set x='ab' %}" + "{% set x=x~x %}" * 40 + "{{ x|length }}",
    "blocks that double": "{% set x %}ab{% endset %}" + "{% set x %}{{x}}{{x}}{% endset %}" * 40,
    "arguments of arguments": "{% macro a(n) %}{{ a(varargs, varargs, varargs) }}{% endmacro %}{{ a(1, 2, 3) }}",
    "depth": "{{ " + "(" * 5_000 + "1" + ")" * 5_000 + " }}",
}


def rendered(source: str) -> tuple[str, int]:
    """The text, and the steps that it took."""
    notes = Notes()
    with blaming("formation/modele.docx"):
        text = ENVIRONMENT.from_string(source).render(with_notes({"nom": "Zoé"}, notes))
    return text, STEPS - notes.fuel.left


@pytest.mark.parametrize("name", GREEDY)
def test_what_asks_for_too_much_is_refused_with_its_template(name: str) -> None:
    """In French, by its name, within seconds of processor."""
    start = time.process_time()
    with pytest.raises(TooMuch, match=r"formation/modele\.docx : .*Corrigez le modèle"):
        rendered(f"{{{{ nom }}}} {GREEDY[name]}")
    assert time.process_time() - start < 10


def test_the_place_is_what_was_printed_before() -> None:
    """And the loop is named."""
    source = "{{ nom }}{% for i in range(9999) %}{% for jour in range(9999) %}{% endfor %}{% endfor %}"
    with pytest.raises(TooMuch, match=r"la boucle « for jour in range\(9999\) ».*après « Zoé »"):
        rendered(source)


def test_an_include_is_refused_as_before() -> None:
    """A template is one file."""
    with pytest.raises(TemplateError):
        rendered("{% include 'x' %}")


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{{ 'a' ~ nom ~ 3 }}", "aZoé3"),
        ("{{ [1, 2]|join('-') }}{{ (1, 2)|length }}", "1-22"),
        ("{% for a, b in [(1, 2)] %}{{ a + b }}{% endfor %}", "3"),
        ("{{ 'a-b'.split('-')|join(' ')|upper }}", "A B"),
        ("{% for i in range(3) %}{{ loop.index }}{% if loop.last %}.{% endif %}{% endfor %}", "123."),
        ("{{ '%02d h' % 7 }}{{ 7 * 3 // 2 }}{{ 'ab'|replace('a', 'c') }}", "07 h10cb"),
        ("{% macro m(x) %}<{{ x }}>{% endmacro %}{{ m('&') }}", "<&amp;>"),
    ],
)
def test_what_templates_do_is_done_as_before(source: str, text: str) -> None:
    """Each for few steps."""
    made, steps = rendered(source)
    assert (made.replace("\N{NO-BREAK SPACE}", " "), steps < 500) == (text, True)
