"""A template or a rule is changed in the year: which packets would not be the same, and those made anew."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import people
import pytest
from click.testing import CliRunner
from pypdf import PdfReader, PdfWriter

from pipeline.cli.main import cli
from pipeline.cohort.examine import Findings, findings_of_all
from pipeline.core.errors import ChangedMeanwhile, ExitCode, NotAllowed
from pipeline.core.law import Law
from pipeline.core.outcomes import Delivered, Waiting
from pipeline.core.settings import Retention
from pipeline.core.workspace import SCHOOL, Workspace
from pipeline.dossier.context import Context
from pipeline.dossier.endings import Report
from pipeline.ledger.claims import JobState
from pipeline.ledger.entries import Entry, State
from pipeline.ledger.packet_store import PacketState
from pipeline.ledger.store import Ledger
from pipeline.maintenance.person import erase
from pipeline.maintenance.retention import due, purge
from pipeline.regeneration.impact import Impact, survey
from pipeline.regeneration.impact_report import lines, summary
from pipeline.regeneration.regenerating import SAME
from pipeline.regeneration.word_diff import Change, unlike
from pipeline.reports.summary import to_do
from pipeline.runs import once
from pipeline.runs.context_loader import ContextLoader
from pipeline.services import fetching, handling
from pipeline.services.fetching import fetch
from pipeline.services.form_view import show_form
from pipeline.services.school_setup import give
from pipeline.storage.spool import publish

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "tests" / "samples"
FORM = "5-essms-emploi.docx"
BY = "F. GARÇON"
POINTS = ("claimed", "intended", "written", "published", "settled")


@contextmanager
def opened(workspace: Workspace) -> Iterator[Context]:
    """A desk as a command opens it, on the day of the samples."""
    with Ledger.open(workspace) as ledger:
        yield ContextLoader(workspace, ledger, lambda: people.TODAY).context()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with one delivered packet, to be copied by each test."""
    root = tmp_path_factory.mktemp("made")
    for name in ("templates", "schemas"):
        shutil.copytree(ROOT / name, root / name)
    for name in ("inbox", "outbox"):
        (root / name).mkdir()
    with opened(Workspace.at(root)) as context:
        (report,) = once.run([SAMPLES / FORM], context)
        assert isinstance(report.outcome, Delivered)
    return root


@pytest.fixture
def delivered(made: Path, tmp_path: Path) -> Workspace:
    """That workspace, of one's own."""
    shutil.copytree(made, tmp_path / "own")
    return Workspace.at(tmp_path / "own")


def reword(template: Path, old: str, new: str) -> None:
    """Change words of a Word template, as the scolarité does in Word."""
    with zipfile.ZipFile(template) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    text = parts["word/document.xml"].decode()
    assert old in text
    parts["word/document.xml"] = text.replace(old, new, 1).encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    template.write_bytes(packed.getvalue())


def edit(workspace: Workspace, old: str, new: str) -> None:
    """Change a line of the coordination's formation.toml."""
    path = workspace.templates / people.COORDINATION / "formation.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def change_sentence(workspace: Workspace) -> None:
    """One word of the grille."""
    reword(workspace.templates / people.COORDINATION / "annexe-3-grille.docx", "Cocher", "Marquer")


def impacts(context: Context) -> list[Impact]:
    """The packets that would not be the same."""
    return [one for one in survey(context) if one.changed or one.unknown]


def only(context: Context) -> Entry:
    """The one form."""
    (entry,) = context.ledger.entries.all()
    return entry


def regenerated(context: Context, *packets: str | None) -> list[Report]:
    """The next versions of these packets, asked for and walked as the command does."""
    once.start(context)
    asked = handling.regenerate(context, [str(packet) for packet in packets], by=BY)
    return list(once.go_on_all(asked, context))


def liasse(workspace: Workspace, *words: str, die_at: str = "") -> subprocess.CompletedProcess[str]:
    """A command in a process of its own, which may die at a named point."""
    day = () if words[0] == "check" else ("--today", "2025-03-17")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)} | ({"LIASSE_DIE_AT": die_at} if die_at else {})
    return subprocess.run(
        [sys.executable, "-m", "pipeline", *words, "--workspace", str(workspace.root), *day],
        cwd=workspace.root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )


def test_nothing_changed_nothing_listed(delivered: Workspace) -> None:
    """Also when only the date is another: exit code 0, and the packet is counted."""
    done = liasse(delivered, "check", "--impact")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "1 liasse en cours : 1 resterait la même.\n"


def test_a_changed_sentence_is_listed_with_its_words(delivered: Workspace) -> None:
    """Before and after, with words around, in the piece where they stand; exit code 1; nothing else is listed."""
    change_sentence(delivered)
    done = liasse(delivered, "check", "--impact", "--json")
    told = json.loads(done.stdout)

    assert done.returncode == 1
    (packet,) = told["changees"]
    (piece,) = packet["pieces"]
    (words,) = piece["mots"]
    assert words["avant"] == "Cocher"
    assert words["apres"] == "Marquer"
    assert (packet["bloque"], packet["valeurs"], packet["regles"], packet["autres"]) == ([], [], [], [])
    with opened(delivered) as context:
        (impact,) = impacts(context)
        screen = "\n".join(lines(impact, context.dictionary))
        assert f"« {words['avant']} » → « {words['apres']} »" in screen
        assert summary([impact]) == "1 liasse en cours : 1 changerait."


def test_a_rule_that_blocks_now_is_listed_and_nothing_is_made(delivered: Workspace) -> None:
    """141 hours asked, not 140: « ne serait plus délivrée »; regenerate leaves the old packet, no letter."""
    edit(delivered, 'exacte"\nheures = 140', 'exacte"\nheures = 141')
    with opened(delivered) as context:
        (impact,) = impacts(context)
        assert [line for line in lines(impact, context.dictionary) if "ne serait plus délivrée : S2-01" in line] != []

        (report,) = regenerated(context, impact.packet.id)

        assert isinstance(report.outcome, Waiting)
        assert "S2-01" in report.outcome.reasons[0]
        entry = only(context)
        assert (entry.state, entry.packet, entry.version) == (State.DELIVERED, impact.packet.id, 1)
        assert "S2-01" in entry.detail
        assert [line.state for line in context.ledger.packets.all()] == [PacketState.CURRENT]
        assert not delivered.to_complete.exists() or list(delivered.to_complete.iterdir()) == []
        assert context.ledger.jobs.counts() == {JobState.DONE: 1}


def test_a_setting_that_is_printed_is_listed_as_words_and_signataires(
    delivered: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The centre has another name, and the title of a signatory is another."""
    school = tmp_path / "school"
    shutil.copytree(delivered.school, school)
    monkeypatch.setenv(SCHOOL, str(school))
    give(delivered, people.COORDINATION, "etablissement.nom", "Centre des Lilas")
    edit(delivered, 'titre = "L’apprenant"', 'titre = "La personne formée"')
    with opened(delivered) as context:
        (impact,) = impacts(context)

    words = [change for piece in impact.pieces for change in piece.words]
    assert any((one.before, one.after, one.tail) == ("Institut Exemple", "Centre", "des Lilas") for one in words)
    assert any("« L’apprenant » → « La personne formée »" in other for other in impact.others)


def test_a_rule_that_speaks_otherwise_is_listed(delivered: Workspace) -> None:
    """A rule that is broken since the packet was made, as a warning: what it says is told, nothing blocks."""
    edit(
        delivered, 'exacte"\nheures = 140\ngravite = "bloquante"', 'exacte"\nheures = 141\ngravite = "avertissement"'
    )
    with opened(delivered) as context:
        (impact,) = impacts(context)

    assert {(rule.rule, rule.before) for rule in impact.rules} == {("S2-01", None)}
    assert str(impact.rules[0].after).startswith("avertissement, ")
    assert (impact.hurdles, impact.pieces) == ((), ())


def test_packets_that_become_archives_are_listed(delivered: Workspace) -> None:
    """PDF/A asked for since: no word changes, every file does."""
    edit(delivered, "[referent]", "[archivage]\npdfa = true\n\n[referent]")
    with opened(delivered) as context:
        (impact,) = impacts(context)

    assert (impact.pieces, impact.others) == ((), ("la liasse devient un PDF/A",))


def test_another_title_of_a_centre_s_own_pdf_is_listed(delivered: Workspace) -> None:
    """The file is the same, its bookmark and its place in the table of pieces are not."""
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    writer.write(delivered.templates / people.COORDINATION / "referentiel.pdf")
    with opened(delivered) as context:
        regenerated(context, *(one.packet.id for one in impacts(context)))
        assert impacts(context) == []

    edit(delivered, "Annexe 5 – Référentiel de compétence", "Annexe 5 – Référentiel des compétences")
    with opened(delivered) as context:
        (impact,) = impacts(context)

    assert [piece.said for piece in impact.pieces if piece.code == "annexe-5"] == [
        "autre titre, « Annexe 5 – Référentiel de compétence et de certification » auparavant"
    ]


def test_layout_alone_is_listed_without_words(delivered: Workspace) -> None:
    """A spacing changed in Word: no word differs, the paper does."""
    grid = delivered.templates / people.COORDINATION / "annexe-3-grille.docx"
    reword(grid, 'w:line="20"', 'w:line="40"')
    with opened(delivered) as context:
        (impact,) = impacts(context)

    (piece,) = impact.pieces
    assert piece.words == ()
    assert "mise en page" in piece.said


def test_a_packet_that_is_gone_cannot_be_compared(delivered: Workspace) -> None:
    """Its folder was taken away by hand: said, not guessed."""
    with opened(delivered) as context:
        shutil.rmtree(delivered.outbox / str(only(context).folder))
        (impact,) = impacts(context)

    assert (impact.changed, bool(impact.unknown)) == (False, True)


def test_a_form_delivered_meanwhile_is_for_the_next_time(
    delivered: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A watcher beside us makes a packet while the others are compared: nothing breaks, and it is not listed."""

    def meanwhile(ledger: Ledger, law: Law) -> Findings:
        list(once.run([SAMPLES / "4-essms-salariee.pdf"], context))
        return findings_of_all(ledger, law)

    monkeypatch.setattr("pipeline.regeneration.impact.findings_of_all", meanwhile)
    with opened(delivered) as context:
        first = only(context)
        assert [one.entry.form.id for one in survey(context)] == [first.form.id]


def test_without_the_reading_the_form_is_read_again(delivered: Workspace) -> None:
    """Neither reading nor form: it cannot be compared; with the form it can."""
    change_sentence(delivered)
    with opened(delivered) as context:
        form = only(context).form
        context.ledger.readings.forget(form.sha256)
        assert [bool(one.pieces) for one in impacts(context)] == [True]

        context.ledger.readings.forget(form.sha256)
        form.path.unlink()
        assert [bool(one.unknown) for one in impacts(context)] == [True]


def test_regenerate_makes_the_next_version_and_marks_the_old(delivered: Workspace) -> None:
    """Version 2 in another folder, the old files untouched with a note; the sheet says why; again: nothing more."""
    with opened(delivered) as context:
        old = only(context)
    place = delivered.outbox / str(old.folder)
    before = {path: path.read_bytes() for path in place.rglob("*") if path.is_file()}
    change_sentence(delivered)

    done = liasse(delivered, "regenerate", old.form.id, "--by", BY)

    assert done.returncode == 0, done.stderr
    with opened(delivered) as context:
        new = only(context)
        assert (new.state, new.version, new.replaces) == (State.DELIVERED, 2, None)
        assert new.packet != old.packet
        assert {path: path.read_bytes() for path in before} == before
        assert str(new.folder) in (place / "REMPLACEE.txt").read_text(encoding="utf-8")
        assert [line.state for line in context.ledger.packets.all()] == [PacketState.SUPERSEDED, PacketState.CURRENT]
        asked = [(line.actor, line.event) for line in context.ledger.journal() if line.event == "regenerate"]
        assert asked == [(BY, "regenerate")]
        assert context.ledger.faults() == []
        assert [entry.form.id for entry in context.ledger.entries.starting(str(old.packet)[:8])] == [old.form.id]
        sheet = PdfReader(delivered.outbox / str(new.folder) / "controle.pdf")
        text = " ".join(" ".join(page.extract_text() for page in sheet.pages).split())
        assert f"liasse {str(old.packet)[:8]}" in text
        assert "les règles ou les réglages ont changé" in text
        assert "Marquer" in text
        assert impacts(context) == []

    again = liasse(delivered, "regenerate", "--all-changed", "--by", BY)
    asked_again = liasse(delivered, "regenerate", old.form.id, "--by", BY, "--json")
    assert (again.returncode, again.stdout) == (0, "Aucun formulaire.\n")
    assert [report["note"] for report in json.loads(asked_again.stdout)] == [SAME]
    with opened(delivered) as context:
        assert (only(context).version, len(context.ledger.packets.all())) == (2, 2)


def test_a_fetched_packet_is_not_listed_and_is_refused(delivered: Workspace) -> None:
    """Taken to be signed: another paper takes its place only the way of V-01."""
    change_sentence(delivered)
    with opened(delivered) as context:
        entry = only(context)
        fetch(context, entry.form.id, by="A. DUBOIS")
        assert impacts(context) == []
        with pytest.raises(NotAllowed, match=r"retirée par A. DUBOIS.*V-01"):
            regenerated(context, entry.packet)
        assert context.ledger.jobs.counts() == {JobState.DONE: 1}


def test_a_packet_that_a_rule_blocks_since_is_not_taken(delivered: Workspace, tmp_path: Path) -> None:
    """No screen says « have it signed »; fetch says what, why and what to do; the form goes back on demand."""
    edit(delivered, "\nheures = 140", "\nheures = 147")
    remade = liasse(delivered, "regenerate", "--all-changed", "--by", BY)
    assert "Liasse non refaite" in remade.stdout
    with opened(delivered) as context:
        entry = only(context)
        for signed in (False, True):
            with pytest.raises(NotAllowed, match=r"ne peut plus être signée.*140.*--letter.*--reason") as refusal:
                fetch(context, entry.form.id, by=BY, to=tmp_path / "to", signed=signed)
            assert refusal.value.exit_code == ExitCode.USAGE
        assert not (tmp_path / "to").exists()
        assert [line.state for line in context.ledger.packets.all()] == [PacketState.CURRENT]
        (line,) = to_do(context)
        told = show_form(context, entry.form.id).next_step
        assert line.todo == told
        assert re.match(r"Ne pas faire signer \(S2-\d+\)\. Renvoyer .*:\nliasse retry \w+ --letter", told)
        assert any("147" in reason.message for reason in line.reasons)

    sent = liasse(delivered, "retry", entry.form.id, "--letter", "--by", BY, "--today", str(people.TODAY))
    assert "1 à compléter" in sent.stdout, sent.stdout + sent.stderr
    assert list((delivered.to_complete / entry.form.id).glob("lettre*"))
    assert not (delivered.outbox / str(entry.folder)).exists()
    with opened(delivered) as context:
        assert [one.state for one in context.ledger.packets.all()] == [PacketState.PURGED]
        assert "Envoyer la lettre" in show_form(context, entry.form.id).next_step

    edit(delivered, "\nheures = 147", "\nheures = 140")  # the setting was wrong: the same form has its packet again
    again = liasse(delivered, "retry", entry.form.id, "--by", BY, "--today", str(people.TODAY))
    assert "1 délivré" in again.stdout, again.stdout + again.stderr


def test_whoever_insists_on_a_blocked_packet_is_noted(delivered: Workspace) -> None:
    """Taken with a reason: who and why are kept, shown, and the same packet may come back signed."""
    edit(delivered, "\nheures = 140", "\nheures = 147")
    with opened(delivered) as context:
        entry = only(context)
        with pytest.raises(NotAllowed, match="--reason"):
            fetch(context, entry.form.id, by=BY, reason="?")
        fetch(context, entry.form.id, by=BY, reason="accord écrit de la direction")
        (lifted,) = show_form(context, entry.form.id).decisions.overrides
        assert (lifted.rule, lifted.by, lifted.reason) == ("V-05", BY, "accord écrit de la direction")
        assert context.ledger.jobs.counts() == {JobState.DONE: 1}
        fetch(context, entry.form.id, by=BY, signed=True)
        with pytest.raises(NotAllowed, match="V-01"):
            handling.retry(context, entry.form.id, by=BY, letter=True)


def test_a_packet_taken_before_a_rule_blocks_it_is_said(delivered: Workspace) -> None:
    """Somebody has it in hand: what to do is said, and that it came back signed is not noted by itself."""
    with opened(delivered) as context:
        entry = only(context)
        with pytest.raises(NotAllowed, match="rien n’empêche de signer"):
            handling.retry(context, entry.form.id, by=BY, letter=True)
        fetch(context, entry.form.id, by=BY)
        assert show_form(context, entry.form.id).next_step == ""
    edit(delivered, "\nheures = 140", "\nheures = 147")
    with opened(delivered) as context:
        assert "Ne pas faire signer la liasse retirée" in show_form(context, entry.form.id).next_step
        with pytest.raises(NotAllowed, match="ne peut plus être signée"):
            fetch(context, entry.form.id, by=BY, signed=True)


def test_fetched_while_it_is_made_anew_the_old_one_stays(delivered: Workspace) -> None:
    """The worker died after the new packet was in the outbox; somebody took the old one: the new one goes away."""
    change_sentence(delivered)
    with opened(delivered) as context:
        old = only(context)
    died = liasse(delivered, "regenerate", "--all-changed", "--by", BY, die_at="published:1")
    assert died.returncode == -signal.SIGKILL
    assert len(list(delivered.outbox.glob("*/*/*/manifest.json"))) == 2

    with opened(delivered) as context:
        fetch(context, old.form.id, by="A. DUBOIS")
        once.start(context)
        (report,) = once.run_left(context)

        assert isinstance(report.outcome, Waiting)
        entry = only(context)
        assert (entry.state, entry.packet, entry.version) == (State.DELIVERED, old.packet, 1)
        folders = {path.parent.relative_to(delivered.outbox) for path in delivered.outbox.glob("*/*/*/manifest.json")}
        assert folders == {old.folder}
        states = sorted(line.state for line in context.ledger.packets.all())
        assert states == sorted([PacketState.FETCHED, PacketState.PURGED])


def test_replaced_while_it_is_fetched_it_is_not_handed_over(
    delivered: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A packet made anew takes its place during the copy: nobody leaves with the old one."""
    change_sentence(delivered)

    def meanwhile(*given: Any, **how: Any) -> bool:
        monkeypatch.undo()
        regenerated(context, entry.packet)
        return publish(*given, **how)

    with opened(delivered) as context:
        entry = only(context)
        monkeypatch.setattr(fetching, "publish", meanwhile)
        with pytest.raises(ChangedMeanwhile, match="a été remplacée"):
            fetch(context, entry.form.id, by="A. DUBOIS", to=tmp_path / "a-signer")
        assert list((tmp_path / "a-signer").iterdir()) == []

        fetch(context, only(context).form.id, by="A. DUBOIS", to=tmp_path / "a-signer")
        assert sorted(line.state for line in context.ledger.packets.all()) == sorted(
            [PacketState.SUPERSEDED, PacketState.FETCHED]
        )


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_any_point_the_next_run_completes_it(delivered: Workspace, point: str) -> None:
    """Killed, then ``liasse run``: one current packet, version 2, the old one marked, nothing half visible."""
    change_sentence(delivered)
    died = liasse(delivered, "regenerate", "--all-changed", "--by", BY, die_at=f"{point}:1")
    assert died.returncode == -signal.SIGKILL, died.stderr

    done = liasse(delivered, "run")

    assert done.returncode == 0, done.stdout + done.stderr
    with opened(delivered) as context:
        entry = only(context)
        lines_ = context.ledger.packets.all()
        assert (entry.state, entry.version) == (State.DELIVERED, 2)
        assert sorted(line.state for line in lines_) == sorted([PacketState.CURRENT, PacketState.SUPERSEDED])
        assert {line.id: line.state for line in lines_}[str(entry.packet)] is PacketState.CURRENT
        (old,) = [line for line in lines_ if line.state is PacketState.SUPERSEDED]
        assert (delivered.outbox / old.folder / "REMPLACEE.txt").exists()
        folders = {path.parent.relative_to(delivered.outbox) for path in delivered.outbox.glob("*/*/*/manifest.json")}
        assert folders == {line.folder for line in lines_}
        assert list(delivered.outbox.rglob(".tmp-*")) == []
        assert context.ledger.jobs.counts() == {JobState.DONE: 1}
        assert context.ledger.faults() == []


def test_versions_count_on_across_forms_and_packets_of_one_form(delivered: Workspace) -> None:
    """A packet made anew is version 2; a changed form is version 3 and replaces it; all of it is one person's."""
    change_sentence(delivered)
    with opened(delivered) as context:
        first = only(context)
        regenerated(context, first.packet)
        second = only(context)
        context.ledger.take_up(first.form, context.today)
        once.go_on(first, context)
        assert only(context).packet == second.packet  # walked again for nothing

    changed = delivered.inbox / "changé.docx"
    changed.write_bytes((SAMPLES / FORM).read_bytes())
    with zipfile.ZipFile(changed, "a") as archive:
        archive.comment = b"envoye une seconde fois"
    with opened(delivered) as context:
        (report,) = once.run([changed], context)
        assert report.note == f"version 3, remplace {first.form.id}"
        states = [line.state for line in context.ledger.packets.all()]
        assert sorted(states) == sorted([PacketState.SUPERSEDED, PacketState.SUPERSEDED, PacketState.CURRENT])
        for entry in (first, second):
            note = (delivered.outbox / str(entry.folder) / "REMPLACEE.txt").read_text(encoding="utf-8")
            assert (f"version {2 if entry is first else 3} " in note) is True
        assert impacts(context) == []
        assert {entry.version for entry in context.ledger.entries.all()} == {2, 3}

        later = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=400)
        days = Retention()
        purge(list(due(context.ledger, delivered, days, later)), context.ledger, delivered, later, days)
        assert {path.parent.name for path in delivered.outbox.glob("*/*/*/manifest.json")} == {
            Path(str(context.ledger.entries.get(report.form.sha256).folder)).name
        }

        erase(
            context.ledger.entries.get(report.form.sha256),
            context.ledger,
            delivered,
            by=BY,
            reason="essai",
            signed_too=False,
        )
        assert list(delivered.outbox.glob("*/*/*/manifest.json")) == []


def test_a_broken_template_leaves_the_old_packet(delivered: Workspace) -> None:
    """A name that does not exist: told as a hurdle, and the form stays delivered with its packet."""
    template = delivered.templates / people.COORDINATION / "annexe-3-grille.docx"
    reword(template, "Cocher", "{{ stagiaire.inconnu }}")
    with opened(delivered) as context:
        (impact,) = impacts(context)
        assert "annexe-3-grille" in impact.hurdles[0]
        (report,) = regenerated(context, impact.packet.id)
        assert isinstance(report.outcome, Waiting)
        assert (only(context).state, only(context).packet) == (State.DELIVERED, impact.packet.id)


def word_file(*paragraphs: str) -> bytes:
    """A Word file that says this."""
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>')
    return packed.getvalue()


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (("Un deux trois",), ("Un deux trois",), ()),
        (
            ("Le rapport est remis au tuteur",),
            ("Le mémoire est remis au tuteur",),
            (Change("corps", "rapport", "mémoire", "Le", "est remis au tuteur"),),
        ),
        (("Un", "Deux"), ("Un", "Un et demi", "Deux"), (Change("corps", "", "Un et demi"),)),
        (("Un", "Deux"), ("Deux",), (Change("corps", "Un", ""),)),
    ],
)
def test_words_side_by_side(before: tuple[str, ...], after: tuple[str, ...], expected: tuple[Change, ...]) -> None:
    """Replaced, added, removed; a paragraph that is only moved along is no change."""
    assert unlike(word_file(*before), word_file(*after)).changes == expected


def test_a_text_box_is_told_once() -> None:
    """Word writes it twice, the second time for an older Word: words that change there are one change."""
    space = "http://schemas.openxmlformats.org/markup-compatibility/2006"

    def boxed(text: str) -> bytes:
        box = f"<w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent>"
        twice = f"<mc:Choice>{box}</mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback>"
        return word_file(
            f'</w:t></w:r><w:r><mc:AlternateContent xmlns:mc="{space}">{twice}</mc:AlternateContent><w:t>Suite'
        )

    assert unlike(boxed("Un rapport"), boxed("Un mémoire")).changes == (Change("corps", "rapport", "mémoire", "Un"),)


def test_what_is_hidden_is_never_shown_beside_a_change() -> None:
    """A NIR, however it is spaced, is hidden in the words around; where it alone differs, nothing of it is told."""
    nir = re.compile(r"2\s*85\s*05")
    before, after = word_file("NIR 2 85 05, sujet : rapport"), word_file("NIR 28505, sujet : mémoire")

    (change,) = unlike(before, after, nir).changes

    assert change == Change("corps", "rapport", "mémoire", "NIR •••, sujet :", "")


def test_nobody_answers_for_a_file_that_is_not_word() -> None:
    """A torn file is an error, never « no change »."""
    read: Callable[[], object] = lambda: unlike(b"PK torn", word_file("Un"))  # noqa: E731 -- called below
    with pytest.raises(ValueError):
        read()


def test_a_setting_changed_after_delivery_is_told_with_the_packets_that_hold_it(
    delivered: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``setup`` names them and how to make them again; it does nothing to them. The same value tells nothing."""
    shutil.copytree(SAMPLES / "etablissement", tmp_path / "school")
    monkeypatch.setenv(SCHOOL, str(tmp_path / "school"))
    words = ["setup", people.COORDINATION, "--set", "volume_horaire=300", "--workspace", str(delivered.root)]
    first, again = (CliRunner().invoke(cli, words).output for _ in range(2))

    assert "Liasses éditées avec les réglages d’avant (1) : 2024-001." in first
    assert "liasse regenerate --all-changed" in first
    assert "réglages d’avant" not in again
    with opened(delivered) as context:
        fetch(context, "2024-001", by=BY)
    words[3] = "volume_horaire=310"
    assert "Retirées ou signées avec les réglages d’avant (1)" in CliRunner().invoke(cli, words).output
