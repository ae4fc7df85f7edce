"""Editions that are kept: a damaged file of today is drawn again, any other is named and stops its own forms only."""

from __future__ import annotations

import datetime as dt
import shutil
import threading
from dataclasses import replace
from pathlib import Path

import people
import pytest

from pipeline.blanks import edition_store
from pipeline.blanks.keeping import keep_file
from pipeline.blanks.layout_cache import fingerprint, open_forms
from pipeline.core.errors import ConfigError, HouseError
from pipeline.core.fields import Dictionary
from pipeline.core.paper_kinds import OF_A_DOSSIER, PaperForm
from pipeline.core.workspace import Workspace
from pipeline.documents.proof import page_texts
from pipeline.forms.edition_files import damaged_editions
from pipeline.forms.editions import Mark, load_edition
from pipeline.ledger.store import Ledger
from pipeline.maintenance.doctor import Level, examine
from pipeline.maintenance.formations import inspect
from pipeline.maintenance.recovering import recover
from pipeline.reading.warming import preload
from pipeline.runs.context_loader import ContextLoader
from pipeline.services.blank_forms import write_blanks


@pytest.fixture
def giving(own_workspace: Workspace) -> Workspace:
    """A workspace whose plans are new: its editions of today are in its memory, made of a title of its own."""
    own_workspace.memory.mkdir(mode=0o700)
    path = own_workspace.templates / people.CNAM / "formation.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('intitule_court = "', 'intitule_court = "Nouvelle ', 1), encoding="utf-8")
    return own_workspace


def kept(workspace: Workspace) -> list[Path]:
    """The files of the editions in the memory of a workspace."""
    return sorted(workspace.memory.glob("editions/*/*.json"))


@pytest.mark.parametrize("damage", ["", "{}", '{"formation":"', "whole but for its end", "zeros"])
def test_a_damaged_edition_of_today_is_drawn_again(giving: Workspace, dictionary: Dictionary, damage: str) -> None:
    """Empty, cut, another file, lost in a power cut: the next opening writes what was there."""
    edition_store.open_blanks(giving, dictionary)
    path, *_ = kept(giving)
    whole = path.read_text(encoding="utf-8")
    spoilt = {"whole but for its end": whole[:-9], "zeros": whole[:200] + "\0" * 200 + whole[400:]}
    path.write_text(spoilt.get(damage, damage), encoding="utf-8")

    own = edition_store.open_blanks(giving, dictionary)

    assert path.read_text(encoding="utf-8") == whole
    assert own.of(load_edition(path).mark).word


def test_a_damaged_edition_of_before_stops_its_own_forms_only(
    own_workspace: Workspace, dictionary: Dictionary
) -> None:
    """It cannot be drawn again: its forms wait for the operator, all others are read."""
    own_workspace.memory.mkdir(mode=0o700)
    old = own_workspace.memory / "editions" / people.CNAM / "2024-2025-0123abcd.json"
    keep_file(old, b"")
    own = edition_store.open_blanks(own_workspace, dictionary)

    assert len(list(own.given_out())) == len(own.current)
    with pytest.raises(ConfigError, match=r"0123abcd\.json is no edition of a blank .* from a backup"):
        own.of(Mark(people.CNAM, "2024-2025", "0123abcd"))


def test_a_paper_of_a_life_is_kept_when_it_is_given_out(giving: Workspace, dictionary: Dictionary) -> None:
    """Not before: a new workspace draws its forms alone. Where nobody knows what was given out, all are kept."""
    papers = {one.value for one in OF_A_DOSSIER}
    own = edition_store.open_blanks(giving, dictionary)
    assert {mark.paper for mark in own.current if mark.formation == people.CNAM} == {PaperForm.FORMULAIRE}

    write_blanks(giving, people.CNAM, "2024-2025", giving.root, PaperForm.EVALUATION)
    own = edition_store.open_blanks(giving, dictionary)
    assert [mark.session for mark in own.current if mark.paper is PaperForm.EVALUATION] == ["2024-2025"]

    shutil.rmtree(giving.memory)
    list(recover(giving, people.TODAY))
    own = edition_store.open_blanks(giving, dictionary)
    assert {mark.paper.value for mark in own.current if mark.formation == people.CNAM} == {*papers, "formulaire"}


def damaged() -> None:
    """Open an edition that cannot be."""
    raise ConfigError("damaged")


def test_an_edition_that_cannot_be_compiled_does_not_stop_other_formations(
    own_workspace: Workspace, dictionary: Dictionary
) -> None:
    """Damaged where opening does not look: what has no mark, and who reads many, go on with the others."""
    forms = open_forms(own_workspace, dictionary)
    first, *others = forms.own.current

    own = replace(forms.own, editions={**forms.own.editions, first: damaged}, _opened={}, _compiled={})

    assert [one.layout.id for one in own.given_out()] == [mark.layout for mark in others]
    preload(replace(forms, own=own))


def test_doctor_and_check_name_every_damaged_edition(own_workspace: Workspace) -> None:
    """All files are opened: one of the product's that was cut, one of the school's under another's name."""
    shipped = sorted(own_workspace.templates.glob("*/formulaires/editions/*.json"))
    moved = own_workspace.memory / "editions" / people.CNAM / "2023-2024-0123abcd.json"
    keep_file(moved, shipped[0].read_bytes())
    shipped[0].write_text(shipped[0].read_text(encoding="utf-8")[:-400], encoding="utf-8")

    faults = list(damaged_editions(own_workspace))
    said = [one for one in examine(own_workspace) if one.what == "editions of blanks"]
    checked = next(one for one in inspect(own_workspace) if one.formation == "editions")

    assert [str(path) in fault for path, fault in zip((shipped[0], moved), faults, strict=True)] == [True, True]
    assert ([one.level for one in said], [one.said for one in said]) == ([Level.BAD, Level.BAD], faults)
    assert list(checked.faults) == faults


def test_two_that_open_at_once_both_keep(tmp_path: Path) -> None:
    """Each writes under a name of its own; the last one wins, and nothing is left over."""
    place, answers = tmp_path / "editions" / "one.json", []
    together = threading.Barrier(8)

    def write() -> None:
        together.wait()
        answers.extend(keep_file(place, b"edition") for _ in range(20))

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [True] * 160
    assert [path.name for path in place.parent.iterdir()] == ["one.json"]


def test_where_nothing_can_be_kept_forms_are_read(giving: Workspace, dictionary: Dictionary) -> None:
    """Something else bears the folder's name, or it belongs to somebody else: the edition is in memory."""
    (giving.memory / "editions").write_text("")

    own = edition_store.open_blanks(giving, dictionary)

    assert [one.word is not None for one in own.given_out()] == [True] * len(own.current)


def test_a_reading_by_another_edition_is_not_kept(own_workspace: Workspace, dictionary: Dictionary) -> None:
    """What stands for a reader changes with the editions that it knows."""
    forms = open_forms(own_workspace, dictionary)
    fewer = replace(forms.own, editions={mark: forms.own.editions[mark] for mark in forms.own.current})

    assert fingerprint(own_workspace, dictionary, replace(forms, own=fewer)) != fingerprint(
        own_workspace, dictionary, forms
    )


def test_an_edition_that_comes_back_is_seen(giving: Workspace) -> None:
    """Who reads all day opens the forms again when an edition was restored, and not for those that it kept itself."""
    with Ledger.open(giving) as ledger:
        loader = ContextLoader(giving, ledger, lambda: dt.date(2025, 3, 17))
        first = loader.context()
        assert kept(giving)
        assert loader.context() is first

        shipped, *_ = sorted(giving.templates.glob(f"{people.CNAM}/formulaires/editions/*.json"))
        keep_file(giving.memory / "editions" / people.CNAM / "2023-2024-0123abcd.json", shipped.read_bytes())

        assert Mark(people.CNAM, "2023-2024", "0123abcd") in loader.context().forms.own.editions


def test_a_blank_is_given_with_its_edition_kept(giving: Workspace, dictionary: Dictionary, tmp_path: Path) -> None:
    """Nothing was opened before, and the plan changes after: what comes back of it is known all the same."""
    giving.memory.rmdir()
    pdf, _ = write_blanks(giving, people.CNAM, None, tmp_path)
    (path,) = kept(giving)
    formation = giving.templates / people.CNAM / "formation.toml"
    text = formation.read_text(encoding="utf-8")
    formation.write_text(text.replace('"Nouvelle ', '"Encore une nouvelle ', 1), encoding="utf-8")

    own = edition_store.open_blanks(giving, dictionary)

    mark = load_edition(path).mark
    assert mark not in own.current
    assert mark.version in "".join(page_texts(pdf.read_bytes()))
    assert own.of(mark).printed


def test_no_blank_is_given_whose_edition_cannot_be_kept(giving: Workspace, tmp_path: Path) -> None:
    """It would come back unknown."""
    giving.memory.rmdir()
    giving.memory.write_bytes(b"")
    with pytest.raises((HouseError, OSError)):
        write_blanks(giving, people.CNAM, None, tmp_path)
    (giving.root / ".liasse").unlink()
    (giving.memory / "editions").mkdir(parents=True)
    (giving.memory / "editions" / people.CNAM).write_bytes(b"")
    with pytest.raises(HouseError, match="ne peut pas en garder l’édition"):
        write_blanks(giving, people.CNAM, None, tmp_path)
    assert list(tmp_path.glob("formulaire-*")) == []
