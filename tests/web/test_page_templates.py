"""Templates as a strict policy needs them, and the libraries beside them as they came."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from pipeline.web.common_pages import readable
from pipeline.web.page_templates import HERE, STATIC, drawn, environment

TEMPLATES = sorted((HERE / "templates").glob("**/*.html"))
# Of the npm packages, as they were published.
VENDORED = {
    "htmx.min.js": "a0abb04f2f45a1f89d1d4844023245537e5e6014c87b144553e0607b4cc32130",  # htmx.org 4.0.1, dist/
    "hx-sse.min.js": "18ef2761356ec1fe0bb6d92612315b37517a7c1e9856b661c5ae81fef239d103",  # the same, dist/ext/
}
# What a strict policy lets do nothing, or what asks a place that is not ours.
FORBIDDEN = {
    "a script in the page": r"<script(?![^>]*\bsrc=)",
    "a style in the page": r"<style|\sstyle\s*=",
    "a handler in an attribute": r"\son\w+\s*=",
    "code in an attribute of htmx": r"\bhx-on|\bjs:|\bjavascript:|hx-vars|hx-trigger=\"[^\"]*\[",
    "an address elsewhere": r"(?:src|href|action|hx-\w+)\s*=\s*[\"']?(?:https?:)?//",
    "text that is not escaped": r"\|\s*safe\b|autoescape\s+false|Markup",
}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_needs_nothing_that_is_forbidden(path: Path) -> None:
    """No inline script or style, no handler, nothing evaluated, nothing from elsewhere, everything escaped."""
    text = path.read_text(encoding="utf-8")

    assert {what for what, pattern in FORBIDDEN.items() if re.search(pattern, text, re.IGNORECASE)} == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_form_carries_its_token(path: Path) -> None:
    """Every form that changes something sends the token of the session; the sign-in has one once there is one."""
    text = path.read_text(encoding="utf-8")
    for form in re.findall(r"<form.*?</form>", text, re.DOTALL):
        if 'method="post"' in form:
            assert 'name="jeton" value="{{ token }}"' in form


def test_the_lint_finds_what_it_is_for() -> None:
    """Each pattern finds one of its kind."""
    samples = (
        "<script>x()</script>", '<p style="color: red">', '<a onclick="x()">', '<a hx-on:click="x()">',
        '<img src="https://ailleurs.example.org/x.png">', "{{ nom | safe }}",
    )  # fmt: skip
    found = [re.search(pattern, sample) for pattern, sample in zip(FORBIDDEN.values(), samples, strict=True)]

    assert all(found)


@pytest.mark.parametrize("name", sorted(VENDORED))
def test_what_is_vendored_is_what_was_published(name: str) -> None:
    """Byte for byte: nobody mends a library here."""
    assert hashlib.sha256((STATIC / name).read_bytes()).hexdigest() == VENDORED[name]


def test_every_script_is_ours_or_vendored() -> None:
    """Nothing else that runs in a browser lies among the files."""
    scripts = {path.name for path in STATIC.glob("*.js")}

    assert {name for name in scripts if name.endswith(".min.js")} == set(VENDORED)


def test_values_are_escaped_and_there() -> None:
    """What a student typed is text; what nobody gave is a fault, not an empty place."""
    page = environment().from_string("{{ nom }}")

    assert page.render(nom="<script>alert(1)</script>") == "&lt;script&gt;alert(1)&lt;/script&gt;"
    with pytest.raises(UndefinedError):
        page.render()


def test_a_trouble_within_a_page_is_a_piece_of_it() -> None:
    """Htmx puts what it gets into the page: then no page within the page."""
    values = {"visitor": None, "token": "", "school": "", "title": "Rien ici", "said": "Rien.", "status": 404}

    assert "<html" in drawn("trouble.html", {**values, "fragment": False})
    assert "<html" not in drawn("trouble.html", {**values, "fragment": True})


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("#1d4f7c", "#1d4f7c"),  # 8.6 : 1 on white
        ("#ffff00", "#787800"),  # yellow is 1.07 : 1; a tenth darker seven times, 4.68 : 1
        ("#777777", "#6b6b6b"),  # 4.48 : 1, just below; once darker 5.3 : 1
        ("rouge", "#1a1a1a"),
        ("#fff;} body{display:none", "#1a1a1a"),
    ],
)
def test_the_colour_of_the_school_can_be_read(given: str, shown: str) -> None:
    """It is made darker until white on it has a contrast of 4.5; what is no colour is black."""
    assert readable(given) == shown
