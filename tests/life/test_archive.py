"""An archive holds all of a dossier, the same bytes for the same content, and stands by itself."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import subprocess
import tracemalloc
import zipfile
from dataclasses import replace
from pathlib import Path

import people
import pytest
from every_command import run_here
from laid_lives import begun, issued, pdf
from pypdf import PdfReader

from pipeline.core.errors import HouseError, InvalidRequest, NotAllowed
from pipeline.core.life import PaperKind
from pipeline.dossier.context import Context
from pipeline.dossier.life.holding import Life
from pipeline.services.archiving import archive_dossier, archive_session, verify
from pipeline.services.signed_papers import note_signed
from pipeline.storage.durable import hash_of

BY = "F. GARÇON"
DAY = dt.date(2025, 3, 24)


@pytest.fixture
def desk(context: Context) -> Context:
    """A desk some days after the edition."""
    return replace(context, today=DAY)


@pytest.fixture
def lived(desk: Context, tmp_path: Path) -> Life:
    """A dossier with a signed convention that came back, and an avenant of which there are two versions."""
    life = begun(desk)
    back = tmp_path / "retour.pdf"
    back.write_bytes(pdf(3, "signé"))
    note_signed(desk, life.dossier.number, piece="convention", on=DAY, by=BY, file=back)
    issued(desk, life.dossier.id, PaperKind.AVENANT, "1", signers=("stagiaire",))
    issued(desk, life.dossier.id, PaperKind.AVENANT, "1", signers=("stagiaire",), basis="2")
    return life


def test_all_of_it_is_there(desk: Context, lived: Life, tmp_path: Path) -> None:
    """Published papers, the return as it came, evidence, values, facts, journal, list, and a hash of each."""
    done = archive_dossier(desk, lived.dossier.number, tmp_path / "sorties")

    assert (done.path.name, done.fresh, done.unclosed) == ("archive-2024-001.zip", True, ("2024-001",))
    with zipfile.ZipFile(done.path) as zipped:
        names = zipped.namelist()
        kinds = [name.split("/")[1] for name in names if "/" in name]
        assert sorted(set(kinds)) == [
            "faits.json", "journal.jsonl", "papiers", "papiers.json", "publie", "record.json", "recu", "retours",
        ]  # fmt: skip
        assert names[:-3] == sorted(names[:-3])
        assert names[-3:] == ["bordereau.csv", "bordereau.pdf", "SHA256SUMS"]
        (back,) = [name for name in names if "/retours/" in name]
        assert zipped.read(back) == (tmp_path / "retour.pdf").read_bytes()
        published = desk.workspace.outbox / lived.packet.folder
        (signed,) = [name for name in names if name.endswith("/liasse.pdf")]
        assert zipped.read(signed) == (published / "liasse.pdf").read_bytes()
        assert json.loads(zipped.read("2024-001/record.json"))["stagiaire"]["nom"] == "LE GOFF"
        chain = [json.loads(line) for line in zipped.read("2024-001/journal.jsonl").decode().splitlines()]
        assert {"received", "signature", "issued"} <= {line["event"] for line in chain}
        assert all(len(line["hash"]) == 64 for line in chain)
        assert [one["state"] for one in json.loads(zipped.read("2024-001/papiers.json"))] == ["remplacee", "en-cours"]
        zipped.extractall(tmp_path / "ouvert")
    told = subprocess.run(
        ["sha256sum", "-c", "SHA256SUMS"], cwd=tmp_path / "ouvert", capture_output=True, check=False
    )
    assert told.returncode == 0, told.stdout
    assert verify(done.path) == ()


def test_the_list_for_the_archivist(desk: Context, lived: Life, tmp_path: Path) -> None:
    """One line a file: its class, its days by the settings, what becomes of it: what was signed goes by visa only."""
    done = archive_dossier(desk, lived.dossier.number, tmp_path)
    with zipfile.ZipFile(done.path) as zipped:
        rows = list(csv.DictReader(io.StringIO(zipped.read("bordereau.csv").decode("utf-8-sig")), delimiter=";"))
        drawn = PdfReader(io.BytesIO(zipped.read("bordereau.pdf")))
        files = [name for name in zipped.namelist() if name.startswith("2024-001/")]

    assert [row["fichier"] for row in rows] == files
    fates = {(row["classe"], row["duree"], row["sort_final"]) for row in rows}
    assert fates == {
        ("publié", "sans terme", "élimination sur visa de l’archiviste"),
        ("signé", "sans terme", "élimination sur visa de l’archiviste"),
        ("papier de la vie du dossier", "sans terme", "élimination sur visa de l’archiviste"),
        ("remplacé", "180 jours", "élimination au terme"),
        ("formulaire reçu", "90 jours", "élimination au terme"),
        ("ce qui fut noté", "365 jours", "élimination au terme"),
        ("journal", "365 jours", "élimination au terme"),
    }
    text = "".join(page.extract_text() for page in drawn.pages)
    assert "Bordereau de versement" in text
    assert "Visa de l’archiviste" in text


def test_the_same_content_is_the_same_file(desk: Context, lived: Life, tmp_path: Path) -> None:
    """Written twice it is left; into another folder it has the same bytes; another content is not written over it."""
    first = archive_dossier(desk, lived.dossier.number, tmp_path / "a")
    before = first.path.stat()
    again = archive_dossier(replace(desk, today=dt.date(2026, 1, 1)), lived.dossier.number, tmp_path / "a")
    other = archive_dossier(desk, lived.dossier.number, tmp_path / "b")

    assert (again.fresh, other.fresh) == (False, True)
    assert first.path.stat().st_mtime_ns == before.st_mtime_ns
    assert other.path.read_bytes() == first.path.read_bytes()

    issued(desk, lived.dossier.id, PaperKind.COMPLETION)
    with pytest.raises(NotAllowed, match="contient autre chose"):
        archive_dossier(desk, lived.dossier.number, tmp_path / "a")
    assert first.path.read_bytes() == other.path.read_bytes()


@pytest.mark.parametrize("harm", ["published", "changed", "returned", "paper", "manifest"])
def test_what_is_gone_or_changed_stops_it_and_nothing_is_written(
    desk: Context, lived: Life, tmp_path: Path, harm: str
) -> None:
    """A published file, its bytes, a return, a paper, a manifest that leads out of the outbox."""
    published = desk.workspace.outbox / lived.packet.folder
    returned = next(
        one.body["sha256"] for one in desk.ledger.life.facts(lived.dossier.id).told if one.kind == "retour"
    )
    current = next(one for one in desk.ledger.life.papers(lived.dossier.id) if one.counts)
    match harm:
        case "published":
            (published / "liasse.pdf").unlink()
        case "changed":
            (published / "liasse.pdf").write_bytes(b"%PDF-1.7 forge")
        case "returned":
            desk.workspace.joined_file(returned).unlink()
        case "paper":
            (desk.workspace.outbox / current.folder / "manifest.json").unlink()
        case _:
            told = json.loads((published / "manifest.json").read_bytes())
            told["fichiers"][0]["nom"] = "../../../../etc/passwd"
            (published / "manifest.json").write_text(json.dumps(told))

    with pytest.raises(HouseError, match="nothing is archived"):
        archive_dossier(desk, lived.dossier.number, tmp_path / "sorties")

    assert list((tmp_path / "sorties").iterdir()) == []


def test_a_session_is_one_file_with_a_folder_for_each(desk: Context, tmp_path: Path) -> None:
    """Only the dossiers of that formation and year; who is not closed is said."""
    begun(desk, "a.pdf")
    begun(
        desk, "b.pdf", stagiaire__nom="HADDAD", stagiaire__prenom="Samir", stagiaire__courriel="s.haddad@example.org"
    )
    begun(desk, "c.pdf", people.CNAM)

    done = archive_session(desk, "coordination-essms/2024-2025", tmp_path)

    assert done.dossiers == ("2024-001", "2024-002")
    assert done.path.name == "archive-coordination-essms-2024-2025.zip"
    with zipfile.ZipFile(done.path) as zipped:
        assert {name.split("/")[0] for name in zipped.namelist() if "/" in name} == {"2024-001", "2024-002"}
    assert verify(done.path) == ()
    for word in ("coordination-essms", "coordination-essms/1999-2000", "/", "../../etc/2024-2025"):
        with pytest.raises(InvalidRequest):
            archive_session(desk, word, tmp_path)


def test_memory_stays_flat(desk: Context, lived: Life, tmp_path: Path) -> None:
    """A published file of 60 million bytes goes through in pieces: less than 10 million are held."""
    published = desk.workspace.outbox / lived.packet.folder
    (published / "liasse.pdf").write_bytes(b"%PDF-1.7" + bytes(60_000_000))
    told = json.loads((published / "manifest.json").read_bytes())
    (line,) = [one for one in told["fichiers"] if one["nom"] == "liasse.pdf"]
    line["sha256"] = hash_of(published / "liasse.pdf")
    (published / "manifest.json").write_text(json.dumps(told))

    tracemalloc.start()
    done = archive_dossier(desk, lived.dossier.number, tmp_path)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert done.path.stat().st_size > 60_000_000
    assert most < 10_000_000


@pytest.mark.parametrize("harm", ["cut", "changed", "added", "text", "none"])
def test_verify_tells_what_is_wrong(desk: Context, lived: Life, tmp_path: Path, harm: str) -> None:
    """Cut short, one byte changed, a file added, no ZIP at all: exit code 3; whole: 0."""
    path = archive_dossier(desk, lived.dossier.number, tmp_path).path
    data = bytearray(path.read_bytes())
    copy = tmp_path / "copie.zip"
    match harm:
        case "cut":
            data = data[: len(data) // 2]
        case "changed":
            at = data.index(b"LE GOFF")
            data[at : at + 2] = b"LA"
        case "text":
            data = bytearray(b"bonjour")
    copy.write_bytes(bytes(data))
    if harm == "added":
        with zipfile.ZipFile(copy, "a") as zipped:
            zipped.writestr("de-trop.txt", "x")

    assert bool(verify(copy)) is (harm != "none")
    done = run_here(["archive", "--verify", str(copy), "--workspace", str(desk.workspace.root)])
    assert done.code == (0 if harm == "none" else 3)
