"""A scripted day of the scolarité, played once: sixty files in the inbox, and nothing left to do at the end."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import day_forms
from clerk import FIRST, Clerk, blocks
from day_forms import HOST, HOST_SHOWN, Sent
from terminal import ROOT, Screen

from pipeline.core.workspace import Workspace

DAY = "2025-03-17"
WIDE, NARROW = 80, 60
_ROUNDS, _NARROW_ONES = 12, 2
_WISHES = {
    "accord-refuse.docx": ("--refuse",),
    "double-stage.pdf": ("discard",),
    "deux-mi-temps.pdf": ("override",),
    "change-de-tuteur.pdf": ("override",),
    "doute-feuille.pdf": ("--sheet", "review"),
    "doute-ecran.pdf": ("confirm", "show"),
    "deux-doutes.pdf": ("confirm", "show"),
}
_TRUTHS = {
    "doute-feuille.pdf": {HOST: HOST_SHOWN},
    "doute-ecran.pdf": {HOST: HOST_SHOWN},
    "deux-doutes.pdf": {HOST: HOST_SHOWN, "stage.sujet": "Coordonner l’accueil temporaire d’un pôle habitat"},
}


@dataclass
class Day:
    """The workspace, who works there, what was sent, and each list of what is to be done, of two widths."""

    place: Path
    clerk: Clerk
    sent: dict[str, Sent]
    lists: list[tuple[Screen, Screen]] = field(default_factory=list)
    answered: set[str] = field(default_factory=set)

    @property
    def workspace(self) -> Workspace:
        """Its ledger, its outbox."""
        return Workspace.at(self.place)

    @property
    def inbox(self) -> Path:
        """Where files are dropped."""
        return self.place / "inbox"


def laid(place: Path) -> Day:
    """A workspace with the morning's files in its inbox."""
    for name in ("templates", "schemas"):
        (place / name).symlink_to(ROOT / name)
    (place / "outbox").mkdir()
    (place / "liasse.toml").write_text("[surveillance]\ncalme = 0.2\n", encoding="utf-8")
    sheet = place / "fiche-belgique.pdf"
    sheet.write_bytes(day_forms.page_of("Fiche d’information : droits et devoirs du stagiaire en Belgique"))
    sent = {one.name: one for one in day_forms.morning()}
    for one in sent.values():
        drop(place / "inbox" / one.name, one.data)
    clerk = Clerk(place, DAY, WIDE, _WISHES, _TRUTHS, {"FICHIER.pdf": sheet})
    return Day(place, clerk, sent)


def drop(path: Path, data: bytes) -> None:
    """Put a file where it is taken from."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def play(day: Day) -> None:
    """Follow the screens until nothing is to be done; students answer their letters meanwhile."""
    for _ in range(_ROUNDS):
        screen = look(day)
        if "Rien n’attend." in screen.text:
            day.clerk.type("liasse status PETIT")
            day.clerk.type('liasse status PETIT --state "en signature"')
            day.clerk.type(FIRST)
            return
        act(day, screen)
        mend_inbox(day, screen)
        answer(day)
    raise AssertionError(f"the day does not end:\n{screen.text}")


def look(day: Day) -> Screen:
    """What is to be done, as a window of 80 columns shows it; while it is long, one of 60 too."""
    wide = day.clerk.type(FIRST)
    if len(day.lists) < _NARROW_ONES:
        day.lists.append((wide, day.clerk.type(FIRST, NARROW)))
    return wide


def act(day: Day, screen: Screen) -> None:
    """Type what the screen suggests: what lies in the inbox first, then each form, then what is of several."""
    taken = [command for command in screen.commands if command in {"liasse run", "liasse batch"}]
    for command in dict.fromkeys(taken):
        day.clerk.type(command)
    if taken:  # the list has changed
        return
    mine = list(blocks(screen))
    of_forms = {command for block in mine for command in block.commands}
    of_all = [command for command in screen.commands if command not in of_forms]
    letters = [command for command in of_all if "--to" not in command]
    packets = [command for command in of_all if "--to" in command][-1:]  # of one, then of every one
    for block in mine:
        if not (letters and block.is_letter):
            day.clerk.follow(block)
    for command in (*letters, *packets):
        day.clerk.take_all(command)


def mend_inbox(day: Day, screen: Screen) -> None:
    """Do what is said of files that are not taken: rename what is hidden, copy again what was cut, end a copy."""
    for told in " ".join(screen.lines).split("Laissé là : ")[1:]:
        name, _, why = told.partition(", ")
        path, one = day.inbox / name, day.sent[name]
        if "renommez-le" in why:
            path.rename(path.with_name(path.name.lstrip(".")))
        elif "copiez-le de nouveau" in why:
            path.write_bytes(one.again)
        elif "attendu sous son vrai nom" in why:
            path.unlink()
            drop(path.with_suffix(""), one.again)
        else:
            raise AssertionError(told)


def answer(day: Day) -> None:
    """Whoever was sent a letter answers it as it asks: the pre-filled form corrected, or the right form."""
    sent = {
        word for typed in day.clerk.screens if typed.typed.startswith("liasse fetch") for word in typed.typed.split()
    }
    for name, data in _answers(day, sent):
        day.answered.add(name)
        drop(day.inbox / f"corrige-{Path(name).stem}.pdf", data)
    again = day_forms.second_thoughts()
    if not day.answered.isdisjoint(day.sent) and again.name not in day.answered:  # its packet was taken since
        day.answered.add(again.name)
        drop(day.inbox / again.name, again.data)


def _answers(day: Day, sent: Collection[str]) -> Iterator[tuple[str, bytes]]:
    letters = (day.place / "outbox" / "a-completer").glob("*/rapport.json")
    told = {report: json.loads(report.read_text(encoding="utf-8")) for report in letters}
    for report, said in sorted(told.items(), key=lambda one: str(one[1]["formulaire"])):
        one = day.sent.get(said["formulaire"])
        if one is None or said["id"] not in sent or one.name in day.answered:
            continue
        filled = report.with_name("formulaire-prerempli.pdf")
        if one.answers:
            assert set(one.answers) <= {problem["field"] for problem in said["problems"]}, said["problems"]
            yield one.name, day_forms.corrected(filled.read_bytes(), one.answers)
        elif one.again:
            yield one.name, one.again


def main() -> None:
    """Play the day and print every screen. By hand: python tests/day/scripted.py DIR."""
    place = Path(sys.argv[1])
    place.mkdir(parents=True)
    begun = time.monotonic()
    day = laid(place)
    laid_in = time.monotonic() - begun
    try:
        play(day)
    finally:
        for screen in day.clerk.screens:
            sys.stdout.write(f"\n$ {screen.typed}   [{screen.columns}] → {screen.code}\n")
            sys.stdout.write("\n".join((*screen.rows, "")))
        sys.stdout.write(f"laid in {laid_in:.0f} s, all in {time.monotonic() - begun:.0f} s\n")


if __name__ == "__main__":
    main()
