"""docs/guide-scolarite.md names what the page says, word for word, and pictures that are there and small."""

from __future__ import annotations

import html
import re
from pathlib import Path

from make_guide import GUIDE, MOST, PICTURES, PLACE

from pipeline.cli.main import cli
from pipeline.core.visitors import Role
from pipeline.web.page_templates import HERE

DOCS = GUIDE.parent
TEXT = GUIDE.read_text(encoding="utf-8")
SCRIPT = (HERE / "static" / "desk.js").read_text(encoding="utf-8")
_SPACES = re.compile(r"[\s\xa0\u202f]+")
_QUOTED = re.compile(r"«[\s\xa0]([^»]+?)[\s\xa0]»")
# What people type on the page, as desk.js hears it.
KEYS = {
    "Entrée": 'event.key !== "Enter"',
    "Maj + Entrée": "event.shiftKey",
    "Alt + I": 'event.key === "i"',
    "Alt + ↓": 'event.key === "ArrowDown"',
    "Alt + ↑": 'event.key === "ArrowUp"',
}


def plain(text: str) -> str:
    """A text with one kind of space, and without tags."""
    return _SPACES.sub(" ", html.unescape(re.sub(r"</?[a-z][^<>]*>", "", text)))


def said() -> str:
    """All that templates and pages say."""
    sources = (*(HERE / "templates").glob("*.html"), *HERE.glob("*.py"))
    return plain("\n".join(path.read_text(encoding="utf-8") for path in sources))


def test_each_word_in_quotation_marks_is_on_the_page() -> None:
    """Names of pages, buttons, marks and messages are those of the templates; keys are those of the script."""
    words = {_SPACES.sub(" ", one) for one in _QUOTED.findall(TEXT)}
    pool = said()

    assert len(words) > 60
    assert {word for word in words if word not in pool and word not in KEYS} == set()


def test_each_key_does_something() -> None:
    """The table of keys is what desk.js listens to, and nothing more."""
    assert [key for key, heard in KEYS.items() if heard not in SCRIPT] == []
    assert [key for key in KEYS if f"| « {key} » |" not in TEXT] == []
    assert set(re.findall(r'event\.key [!=]== "(\w+)"', SCRIPT)) == {"Enter", "ArrowDown", "ArrowUp", "i", "I"}


def test_each_picture_is_there_and_small() -> None:
    """The guide shows what ``make guide`` makes: a dozen at most, none heavy, each with words beside."""
    shown = set(re.findall(r"!\[[^\]]{10,}\]\(([^)]+\.png)\)", TEXT))
    shown |= set(re.findall(r'<img src="([^"]+\.png)" alt="[^"]{10,}"', TEXT))

    assert {str(Path("images/guide") / f"{name}.png") for name in PICTURES} == shown
    assert {path.stem for path in PLACE.iterdir()} == set(PICTURES)
    assert len(shown) <= 12
    assert [name for name in shown if (DOCS / name).stat().st_size > MOST] == []


def test_each_link_leads_somewhere() -> None:
    """Pages beside it, and the headings of its own summary."""
    anchors = {_anchor(title) for title in re.findall(r"^## (.+)$", TEXT, re.MULTILINE)}
    links = re.findall(r"(?<!!)\[[^\]]+\]\(([^)]+)\)", TEXT)

    assert [one for one in links if one.startswith("#") and one[1:] not in anchors] == []
    assert [one for one in links if one[0] != "#" and not (DOCS / one.split("#")[0]).is_file()] == []


def test_each_command_and_role_exists() -> None:
    """What is typed in the terminal, and what people may be."""
    commands = re.findall(r"^    liasse (\w+)(?: (\w+))?", TEXT, re.MULTILINE)

    assert commands
    for name, inside in commands:
        command = cli.commands[name]
        assert not hasattr(command, "commands") or inside in command.commands
    assert [role.value for role in Role if f"| `{role.value}` |" not in TEXT] == []


def _anchor(title: str) -> str:
    """The address of a heading, as GitHub makes it."""
    return re.sub(r"[^\w\s-]", "", title.lower()).replace(" ", "-")
