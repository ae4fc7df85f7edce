"""Draft layout generator: a folder with the annotated blank and ``layout.brouillon.toml``, not in use.

A draft reads nothing that counts: a wrong guess would be a wrong value that both readers agree on. A person corrects
it in Word, looks at what it reads, then names the settings ``layout.toml``: from then on it is in use.

The fields of a PDF are proposed from what each is called for the screen, and the labels printed beside.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.core.boxes import middle
from pipeline.core.errors import ConfigError
from pipeline.core.fields import Dictionary
from pipeline.core.folding import fold
from pipeline.core.formation import formation_codes
from pipeline.core.models import Box
from pipeline.core.modes import make_folder, private_file
from pipeline.core.sequences import grouped
from pipeline.core.workspace import COMMON, Workspace
from pipeline.forms.layouts import BLANKS, FOLDER, Layout, read_settings
from pipeline.forms.values.lines import DATED
from pipeline.reading.candidates import Candidate
from pipeline.reading.labels.label_reader import read_labels
from pipeline.reading.labels.vocabulary import Vocabulary, label_words, vocabulary_of
from pipeline.reading.streams.pdf import read_pages
from pipeline.reading.tokens import Source, Stream, Token, TokenKind
from pipeline.reading.widgets import Widget, widgets
from pipeline.sandbox.gates import open_pdf
from pipeline.teaching.filled import require_blank
from pipeline.teaching.word_annotation import Proposal, annotate_docx, newly_ticked, probe_word, surnames_apart

_CLOSE = 14.0  # points between a label and the field under it


def map_fields(data: bytes, dictionary: Dictionary) -> tuple[tuple[str, Proposal], ...]:
    """The proposed ``[acroform]`` map of a PDF blank: every field (``name=state`` for a box) with its proposal.

    Raises ConfigError for a PDF without fields, FormRejected for one that cannot be opened.
    """
    fields = tuple(widgets(open_pdf(data)))
    if not fields:
        raise ConfigError(
            "this PDF has no form field: nothing says where answers go. Take the Word file it was printed from."
        )
    stream, index = _filled(data, fields)
    found = surnames_apart({**_texts(fields, stream, dictionary), **_boxes(fields, stream, index, dictionary)})
    count = Counter(field.name for field in fields)
    return tuple(
        (_key(field, count), Proposal(found.get(number), _near(field), field.kind == "Btn"))
        for number, field in enumerate(fields)
        if field.kind != "Btn" or field.state
    )


def _key(field: Widget, count: Mapping[str, int]) -> str:
    """How the map names a field: a box of a group by its state too."""
    return f"{field.name}={field.state}" if field.kind == "Btn" and count[field.name] > 1 else field.name


def _near(field: Widget) -> str:
    return f"page {field.page}" + (f", « {field.tooltip.strip()} »" if field.tooltip.strip() else "")


def _filled(data: bytes, fields: tuple[Widget, ...]) -> tuple[Stream, dict[int, int]]:
    """The pages with a word of ours in each field and every box empty; field number to its token in the stream."""
    tokens = [
        Token(
            TokenKind.TICK if field.kind == "Btn" else TokenKind.WORD,
            "☐" if field.kind == "Btn" else probe_word(number),
            field.page,
            field.box,
            Source.ACROFORM,
            ticked=False if field.kind == "Btn" else None,
            name=field.name,
            place=str(number),
        )
        for number, field in enumerate(fields)
        if field.kind != "Btn" or field.state
    ]
    stream = read_pages(data, grouped((field.page or 1, field) for field in tokens))[0]
    index = {
        int(token.place): at for at, token in enumerate(stream) if token.name is not None and token.place.isdigit()
    }
    return stream, index


def _texts(fields: tuple[Widget, ...], stream: Stream, dictionary: Dictionary) -> dict[int, str]:
    vocabulary = vocabulary_of(dictionary)
    words = {probe_word(number): number for number, field in enumerate(fields) if field.kind != "Btn"}
    found: dict[int, str] = {}
    for path, candidate in read_labels(stream, dictionary).items():
        field = dictionary.fields.get(path)
        texts = candidate.text.split()
        asked = candidate.option is None and not (field is not None and field.kind in DATED)
        if asked and len(texts) == 1 and texts[0] in words:
            found.setdefault(words[texts[0]], path)
    return found | _beside(fields, stream, vocabulary, found)


def _beside(
    fields: tuple[Widget, ...], stream: Stream, vocabulary: Vocabulary, found: Mapping[int, str]
) -> dict[int, str]:
    """What the reader left: by the field's own description, or the words before or above it, in their section."""
    more: dict[int, str] = {}
    group = ""
    for number, widget in enumerate(fields):
        if number in found or widget.kind == "Btn":
            group = found.get(number, group).split(" = ")[0].rpartition(".")[0] or group
            continue
        for text in (widget.tooltip, _before(widget, fields, stream), _above(widget, stream)):
            sections = dict.fromkeys((group, group.split(".")[0], ""))
            named = next(
                (path for one in sections if (path := vocabulary.find(label_words(text), one or None))), None
            )
            if text.strip() and named and named not in (*found.values(), *more.values()):
                more[number] = named
                group = named.rpartition(".")[0]
                break
    return more


def _before(widget: Widget, fields: tuple[Widget, ...], stream: Stream) -> str:
    """The printed words on the field's line, from the field before it."""
    x0, y = widget.box[0], middle(widget.box)[1]
    left = max((one.box[2] for one in fields if _level(one, widget, y) and one.box[2] <= x0 + 2), default=0.0)
    return _printed(stream, widget, lambda box: box[1] <= y <= box[3] and left - 2 <= box[0] and box[2] <= x0 + 4)


def _level(one: Widget, widget: Widget, middle: float) -> bool:
    return one is not widget and one.page == widget.page and one.box[1] <= middle <= one.box[3]


def _above(widget: Widget, stream: Stream) -> str:
    """The printed words just above the field."""
    x0, top, x1, _ = widget.box
    return _printed(stream, widget, lambda box: 0 <= top - box[3] + 4 <= _CLOSE and box[2] > x0 - 2 and box[0] < x1)


def _printed(stream: Stream, widget: Widget, near: Callable[[Box], bool]) -> str:
    """The printed words of a field's page that are near it, from left to right."""
    words = [
        (token.box[0], token.text)
        for token in stream
        if token.box
        and token.name is None
        and token.kind is TokenKind.WORD
        and token.page == widget.page
        and near(token.box)
    ]
    return " ".join(text for _, text in sorted(words))


def _boxes(
    fields: tuple[Widget, ...], stream: Stream, index: Mapping[int, int], dictionary: Dictionary
) -> dict[int, str]:
    before: Mapping[str, Candidate] = read_labels(stream, dictionary)
    found: dict[int, str] = {}
    for number, field in enumerate(fields):
        if field.kind == "Btn" and number in index:
            ticked = list(stream)
            ticked[index[number]] = replace(ticked[index[number]], ticked=True, text="☒")
            if name := newly_ticked(before, read_labels(tuple(ticked), dictionary), dictionary):
                found[number] = name
    return found


DRAFT_SETTINGS = "layout.brouillon.toml"
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True)
class Draft:
    """Result of ``forms add``: the folder, and each place with what was proposed for it."""

    folder: Path
    proposals: tuple[tuple[str, Proposal], ...]

    @property
    def left(self) -> tuple[tuple[str, Proposal], ...]:
        """The places that a person must fill in, or leave out."""
        return tuple(pair for pair in self.proposals if pair[1].placeholder is None)


def add_form(
    blank: Path,
    *,
    workspace: Workspace,
    dictionary: Dictionary,
    formation: str | None,
    name: str | None,
    is_blank: bool = False,
) -> Draft:
    """Write the draft of a layout from a school's blank into ``etablissement/``; its folder must not be there yet.

    ``is_blank``: a person says that what stands in it is nobody's answer. Raises NotAllowed, in French, for a form
    that somebody filled: a layout is kept, and shown to all who work here. Raises ConfigError for an unknown
    formation, a folder that exists, or a file that is neither a Word document nor a PDF with fields; FormRejected for
    a damaged one.
    """
    codes = formation_codes(workspace)
    if formation is not None and formation not in codes:
        raise ConfigError(
            f"« {formation} » n’est pas une formation : choisissez parmi {', '.join(codes)}, ou n’en nommez pas."
        )
    place = Path(formation or COMMON, FOLDER, _folder_name(name or blank.stem))
    folder = workspace.school / place
    for there in (folder, workspace.templates / place):
        if there.exists():
            raise ConfigError(f"{there} existe déjà : choisissez un autre nom (--name), ou supprimez-le d’abord.")
    data = blank.read_bytes()
    suffix = blank.suffix.lower()
    if suffix == ".docx":
        annotated = annotate_docx(data, dictionary)
        data, leaders, fields = annotated.data, annotated.leaders, ""
        proposals = tuple(("", proposal) for proposal in annotated.proposals)
    elif suffix == ".pdf":
        leaders, proposals = False, map_fields(data, dictionary)
        fields = "\n".join(("", "[acroform]", *map(_field_line, proposals))) + "\n"
    else:
        raise ConfigError(f"{blank} n’est ni un document Word (.docx) ni un PDF : enregistrez-le d’abord ainsi.")
    if not is_blank:
        require_blank(blank, workspace, dictionary)
    settings = _settings(name or blank.stem, codes if formation is None else (), leaders=leaders)
    make_folder(folder)
    for file, content in ((f"formulaire{suffix}", data), (DRAFT_SETTINGS, (settings + fields).encode())):
        with private_file(folder / file) as writing:
            writing.write(content)
    return Draft(folder, proposals)


def load_draft(folder: Path) -> Layout:
    """A draft as a layout, to be looked at; raises ConfigError when it cannot be followed."""
    settings = read_settings(folder / DRAFT_SETTINGS)
    found = [folder / name for name in BLANKS if (folder / name).is_file()]
    if len(found) != 1:
        raise ConfigError(f"{folder} must hold one blank: {' or '.join(BLANKS)}.")
    return Layout(f"{folder.parent.parent.name}/{folder.name}", folder, found[0], {"version": "?", **settings})


def load_drafts(workspace: Workspace) -> Iterator[Layout]:
    """Every draft of the workspace that is not in use."""
    for path in workspace.models(f"*/{FOLDER}/*/{DRAFT_SETTINGS}"):
        if not (path.parent / "layout.toml").is_file():
            yield load_draft(path.parent)


def _folder_name(text: str) -> str:
    name = "-".join(re.findall(r"[a-z0-9]+", fold(text)))
    if not _NAME.fullmatch(name):
        raise ConfigError(f"{text!r} gives no folder name: choose one with --name, such as fiche-iut-2025.")
    return name


def _settings(title: str, codes: tuple[str, ...], *, leaders: bool) -> str:
    lines = [
        "# Brouillon proposé par « liasse forms add ». Corrigez-le, essayez-le (forms lint, forms try),",
        "# puis renommez ce fichier layout.toml : le formulaire est alors en service.",
        'version = "à dater"  # celle que l’école a imprimée, ou l’année : "2025-09"',
        f"titre = {_quoted(title)}",
        *(
            [f"formations = {json.dumps(list(codes), ensure_ascii=False)}  # celles qui s’en servent"]
            if codes
            else []
        ),
        f"pointilles = {'true' if leaders else 'false'}",
        'dates = "jour-mois"',
    ]
    return "\n".join(lines) + "\n"


def _field_line(pair: tuple[str, Proposal]) -> str:
    name, proposal = pair
    if proposal.placeholder is None:
        return f'# {_quoted(name)} = "?"  # {_one_line(proposal.near)}'
    return f"{_quoted(name)} = {_quoted(proposal.placeholder)}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "")


def _one_line(text: str) -> str:
    return " ".join(char if char.isprintable() else " " for char in text.split())
