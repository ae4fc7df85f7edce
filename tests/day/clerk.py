"""The clerk of a scripted day: types what the screens suggest, fills what they leave open, and nothing else."""

from __future__ import annotations

import io
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pypdf import PdfReader, PdfWriter
from terminal import Screen, in_window

from pipeline.forms.review_fields import NAME, REASON

BY, REASONED = "F. GARÇON", "vu avec la direction"
FIRST = "liasse status --todo"
_HEAD = re.compile(r"^(?:\d{4}-\d{3}|—)  ")
_OPEN = re.compile(r"(?<![\w.-])[A-ZÀ-Ý]{3,}(?:\.pdf)?(?![\w.])|[A-Z]{3,}=[A-Z]{3,}|…")


@dataclass(frozen=True)
class Block:
    """What a screen says of one form: its lines, and the commands among them."""

    lines: tuple[str, ...]

    @property
    def commands(self) -> tuple[str, ...]:
        """What may be typed for it."""
        return tuple(line.strip() for line in self.lines if line.strip().startswith("liasse "))

    @property
    def is_letter(self) -> bool:
        """Whether a letter is to be sent."""
        return len(self.commands) == 1 and self.commands[0].startswith("liasse fetch")

    def names(self, file: str) -> bool:
        """Whether it is of that file."""
        return file in " ".join(line.strip() for line in self.lines).split(" liasse ")[0]


@dataclass
class Clerk:
    """Somebody at a window of so many columns. ``wishes``: by file, words of the commands that suit it.

    ``truths``: by file and field, what the page shows; ``papers``: by placeholder, the file that is given for it.
    """

    place: Path
    day: str
    columns: int
    wishes: Mapping[str, tuple[str, ...]]
    truths: Mapping[str, Mapping[str, str]]
    papers: Mapping[str, Path]
    screens: list[Screen] = field(default_factory=list)

    def type(self, command: str, columns: int = 0) -> Screen:
        """Type a command; nothing that it suggested may be refused."""
        screen = in_window(command, self.place, columns=columns or self.columns, day=self.day)
        self.screens.append(screen)
        assert screen.code in (0, 1), f"$ {command}\n{screen.text}"
        return screen

    def take_all(self, command: str) -> Screen:
        """Type a command that is of no form alone."""
        return self.type(self._filled(command, ""))

    def follow(self, block: Block) -> None:
        """Settle one form as its block suggests, screen after screen."""
        file = next((name for name in (*self.wishes, *self.truths) if block.names(name)), "")
        offered = block.commands
        for _ in range(4):
            command = self._chosen(offered, file)
            screen = self.type(self._filled(command, file))
            if not command.startswith(("liasse show", "liasse review")):
                return
            offered = screen.commands
            if command.startswith("liasse review"):
                self._fill_sheet(offered, self.truths.get(file, {}))
        raise AssertionError(f"{file} goes round in circles: {offered}")

    def _chosen(self, offered: tuple[str, ...], file: str) -> str:
        assert offered, f"nothing is suggested for {file}"
        suits = (one for wish in self.wishes.get(file, ()) for one in offered if wish in one)
        return next(suits, offered[0])

    def _filled(self, command: str, file: str) -> str:
        """The command with a value for each word in capitals, as a person would put it."""
        words = [self._said(word, self.truths.get(file, {})) for word in shlex.split(command)]
        filled = " ".join(f'"{word}"' if " " in word else word for word in words)
        said = filled.replace(BY, "").replace(REASONED, "")
        left = _OPEN.findall(said)
        assert not left, f"nobody knows what to put for {left} in {command}"
        return filled

    def _said(self, word: str, truth: Mapping[str, str]) -> str:
        name, _, value = word.partition("=")
        if value == "VALEUR" or name in truth:
            return f"{name}={truth[name]}"
        return {"NOM": BY, "MOTIF": REASONED}.get(word) or str(self.papers.get(word, word))

    def _fill_sheet(self, offered: tuple[str, ...], truth: Mapping[str, str]) -> None:
        """Fill the review sheet that the screen names, as a person does in a viewer: correct, tick, sign, save."""
        (command,) = offered
        path = self.place / shlex.split(command)[-1]
        reader = PdfReader(io.BytesIO(path.read_bytes()))
        answers = {NAME: BY, REASON: REASONED} | {f"valeur/{one.replace('.', '/')}": truth[one] for one in truth}
        answers |= {name: "/Oui" for name in reader.get_fields() or {} if name.startswith(("verifie/", "lu/"))}
        writer = PdfWriter(clone_from=reader)
        for page in writer.pages:
            if "/Annots" in page:
                writer.update_page_form_field_values(page, answers, auto_regenerate=False)
        writer.write(path)


def blocks(screen: Screen) -> Iterator[Block]:
    """What a screen says form by form: each begins with a number, and ends with an empty line."""
    held: list[str] = []
    for line in (*screen.lines, ""):
        if _HEAD.match(line) and not held:
            held = [line]
        elif not line and held:
            if any(one.strip().startswith("liasse ") for one in held):
                yield Block(tuple(held))
            held = []
        elif held:
            held.append(line)
