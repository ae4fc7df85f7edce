"""Compiled templates say what docxtpl says, part for part, whatever the values, and fail where it fails."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import filling_kit
import people
import pytest
from docx import Document
from docxtpl import DocxTemplate, InlineImage, Listing, RichText
from filling_templates import MADE, PNG, context_for, make
from lxml import etree

from pipeline.core.errors import TemplateError
from pipeline.core.programme import Programme
from pipeline.core.workspace import Workspace
from pipeline.documents import filling
from pipeline.documents.filling import Filled, fill, fill_plainly
from pipeline.documents.filling.language import ENVIRONMENT, Notes, with_notes
from pipeline.documents.filling.preparation import prepare

pytestmark = pytest.mark.sampled(4)

MANY = 40  # random contexts for each template made on purpose


def parts(docx: bytes) -> dict[str, bytes]:
    """Every part of a Word file; XML as its canonical form."""
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        assert archive.testzip() is None
        return {name: canonical(name, archive.read(name)) for name in archive.namelist()}


def canonical(name: str, data: bytes) -> bytes:
    """XML without the differences that mean nothing."""
    if not name.endswith((".xml", ".rels")):
        return data
    return etree.tostring(etree.fromstring(data, etree.XMLParser(recover=False)), method="c14n")


def outcome(attempt: Callable[[], Filled]) -> tuple[Any, Any]:
    """The parts and the texts printed, or the words of the error."""
    try:
        filled = attempt()
    except TemplateError as error:
        return "error", str(error)
    return parts(filled.docx), filled.printed


def both(template: Path, context: dict[str, Any], title: str = "Essai") -> tuple[tuple[Any, Any], tuple[Any, Any]]:
    """The outcome with docxtpl, and with the compiled template."""
    data = template.read_bytes()
    docx = prepare(data) if filling._compiled(data) else data
    name = f"{template.parent.name}/{template.name}"
    return (
        outcome(lambda: fill_plainly(docx, context, title=title, name=name)),
        outcome(lambda: fill(template, context, title=title)),
    )


def real_cases(workspace: Workspace, programme: Callable[[str], Programme]) -> Iterator[filling_kit.Case]:
    """Each template of the house for each régime, full and bare."""
    for code in (people.CNAM, people.COORDINATION):
        yield from filling_kit.cases(workspace, programme(code))


def test_every_template_of_the_house_is_compiled_and_proved(workspace: Workspace) -> None:
    """None needs docxtpl, none needs to be parsed again for each document."""
    proved = {}
    for path in sorted(workspace.templates.glob("*/*.docx")):
        compiled = filling._compiled(path.read_bytes())
        assert compiled is not None, path
        proved[path.name] = compiled.body.proved and all(page.proved for page in compiled.pages)

    assert len(proved) > 10
    assert [name for name, sure in proved.items() if not sure] == []


@pytest.mark.long
def test_the_templates_of_the_house_say_the_same_both_ways(
    workspace: Workspace, programme: Callable[[str], Programme]
) -> None:
    """Real contexts with every text and list changed at random: the same parts, the same texts printed."""
    chance = filling_kit.chance_of(20250317)
    done = 0
    for case in real_cases(workspace, programme):
        context = filling_kit.scrambled(case.context, chance)
        expected, actual = both(case.template, context, case.title)
        assert expected == actual, case.template
        done += 1

    assert done > 100


@pytest.mark.parametrize("name", sorted(MADE))
def test_each_feature_of_docxtpl_says_the_same_both_ways(tmp_path: Path, name: str) -> None:
    """One template for each thing that docxtpl can do, filled with random values."""
    template = make(tmp_path, name)
    chance = filling_kit.chance_of(name)
    printed = set()
    for _ in range(MANY):
        expected, actual = both(template, context_for(chance))
        assert expected == actual
        printed.add(expected[1])

    assert filling._compiled(template.read_bytes()) is not None
    assert len(printed) > 1 or name == "pictures"  # what stands in an attribute is not on the paper


@pytest.mark.parametrize("name", sorted(MADE.keys() - {"without properties"}))  # docxtpl gives those the time of now
def test_the_way_that_is_compared_with_is_docxtpl(tmp_path: Path, name: str) -> None:
    """What tests hold compiled templates to is what docxtpl makes by itself of the same file."""
    template = make(tmp_path, name)
    docx = prepare(template.read_bytes())
    context = context_for(filling_kit.chance_of(7))
    document = DocxTemplate(io.BytesIO(docx))
    document.render(with_notes(context, Notes()), jinja_env=ENVIRONMENT)
    document.docx.core_properties.title = "Essai"
    buffer = io.BytesIO()
    document.docx.save(buffer)

    actual = parts(fill_plainly(docx, context, title="Essai", name=name).docx)

    assert parts(buffer.getvalue()) == actual


BROKEN = {
    "an unknown name": "{{ inconnu }}",
    "an unknown key": "{{ un.inconnu }}",
    "a value that is missing": "{{ rien }}",
    "a tag that is not closed": "{% if nom %}oui",
    "a tag cut short": "{{ nom",
    "a filter that is not allowed": "{{ nom|system }}",
    "an attack": "{{ ''.__class__.__mro__ }}",
    "a sum that cannot be done": "{{ nombre / 0 }}",
    "a sum of text and number": "{{ nom + 1 }}",
    "a call of what is no function": "{{ nom() }}",
    "an inclusion": "{% include 'x' %}",
    "a change of a list": "{{ lignes.append(1) }}",
}


@pytest.mark.parametrize("what", sorted(BROKEN))
def test_errors_are_the_same_both_ways(tmp_path: Path, what: str) -> None:
    """The same words, naming the template, in the body and in a header."""
    for place in ("body", "header"):
        template = make(tmp_path, f"text in the {place}", BROKEN[what])
        expected, actual = both(template, context_for(filling_kit.chance_of(1)) | {"rien": None})
        assert actual[0] == "error"
        assert template.name in actual[1]
        assert expected == actual


@pytest.mark.parametrize("char", ["\x0b", "\x00", "\ufffe", "\ud800", "\x1b"])
def test_what_xml_cannot_hold_ends_the_same_both_ways(tmp_path: Path, char: str) -> None:
    """In the body docxtpl drops it, in a header it fails: so does a compiled template."""
    for name in sorted(MADE):
        context = context_for(filling_kit.chance_of(3))
        expected, actual = both(make(tmp_path, name), context | {"nom": f"Zoé{char}M"})
        assert expected == actual, name


@pytest.mark.parametrize("break_", ["\a", "\f", "\t", "\n", "\n\t\a\f"])
def test_breaks_end_the_same_both_ways(tmp_path: Path, break_: str) -> None:
    """A new paragraph in a link or a page break in a header breaks the XML: docxtpl mends it or fails, so do we."""
    for name in sorted(MADE):
        context = context_for(filling_kit.chance_of(4))
        expected, actual = both(make(tmp_path, name), context | {"nom": f"Zoé{break_}M", "oui": True})
        assert expected == actual, name


def test_rich_text_goes_through_docxtpl(tmp_path: Path) -> None:
    """Rich text keeps its bold, a listing its lines, a picture its file; words that they hold are noted."""
    template = make(tmp_path, "rich")
    rich = RichText("Très ", bold=True)
    rich.add("gras & net")
    context = {"riche": rich, "liste": Listing("un\ndeux"), "image": InlineImage(None, io.BytesIO(PNG)), "nom": "Zoé"}

    filled = fill(template, context, title="Essai")

    made = parts(filled.docx)
    assert filled.printed == ("Très gras & net", "un\ndeux", "Zoé")
    assert b"<w:b></w:b>" in made["word/document.xml"]
    assert b"un</w:t><w:br></w:br><w:t" in made["word/document.xml"]
    assert [data for name, data in made.items() if name.startswith("word/media/")] == [PNG]


def test_plain_text_in_the_same_template_does_not(tmp_path: Path) -> None:
    """The same template with plain values is filled the short way, and means the same."""
    template = make(tmp_path, "rich")
    context = {"riche": "Très <gras>", "liste": "un\ndeux", "image": "–", "nom": "Zoé"}

    expected, actual = both(template, context)

    assert expected == actual
    assert actual[1] == ("Très <gras>", "un\ndeux", "–", "Zoé")


def test_a_note_is_not_rendered_twice(tmp_path: Path) -> None:
    """Docxtpl goes over footnotes once for each section: a value that looks like a tag would be obeyed."""
    template = make(tmp_path, "footnotes")
    context = context_for(filling_kit.chance_of(5)) | {"nom": "{{ 7 * 7 }}"}

    expected, actual = both(template, context)

    assert expected == actual
    assert b"{{ 7 * 7 }}" in actual[0]["word/footnotes.xml"]
    assert b"49" not in actual[0]["word/footnotes.xml"]


def test_an_edited_template_is_seen_at_once(tmp_path: Path) -> None:
    """Same path, same size, same second: the bytes decide."""
    template = make(tmp_path, "text in the body", "{{ nom }} un")
    first = fill(template, {"nom": "Zoé"}, title="Essai").docx
    make(tmp_path, "text in the body", "{{ nom }} de")

    second = fill(template, {"nom": "Zoé"}, title="Essai").docx

    assert b" un<" in parts(first)["word/document.xml"]
    assert b" de<" in parts(second)["word/document.xml"]


def test_the_cache_is_bounded() -> None:
    """A long-lived process does not keep every version of every template."""
    assert filling._compiled.cache_info().maxsize == filling._KEPT < 100


def test_one_compiled_template_serves_threads(tmp_path: Path) -> None:
    """What each thread printed is noted for it alone."""
    template = make(tmp_path, "rows")
    contexts = [context_for(filling_kit.chance_of(n)) for n in range(60)]
    expected = [fill(template, context, title="Essai") for context in contexts]

    with ThreadPoolExecutor(8) as pool:
        actual = list(pool.map(lambda context: fill(template, context, title="Essai"), contexts))

    assert expected == actual


def test_a_template_without_properties_gives_the_same_bytes(tmp_path: Path) -> None:
    """python-docx makes the missing properties with the time of now; the document must not say it."""
    template = make(tmp_path, "without properties")

    expected, actual = both(template, {"nom": "Zoé"})

    assert b"1980" in actual[0]["docProps/core.xml"]
    assert expected == actual


def test_a_rich_text_keeps_the_style_that_it_names(tmp_path: Path) -> None:
    """A style that nothing in the template uses is pruned for plain values, and there for a rich text."""
    template = make(tmp_path, "rich")
    rich = RichText("net", style="IntenseEmphasis")
    context = {"riche": rich, "liste": "un", "image": "–", "nom": "Zoé"}

    styles = {style.style_id for style in Document(io.BytesIO(fill(template, context, title="T").docx)).styles}

    assert "IntenseEmphasis" in styles
