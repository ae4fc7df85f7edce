"""What is told and issued in a dossier's life is purged, erased, exported, saved and recovered as its packet is."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from dataclasses import replace
from pathlib import Path

import people
import pytest
from delivering import received
from laid_lives import begun, intended, issued, lay, pdf
from test_keeping import traces_of

from pipeline.core.errors import LedgerBehind, NotAllowed
from pipeline.core.life import FactKind, PaperKind, PaperState, Told
from pipeline.core.settings import Retention
from pipeline.core.workspace import Workspace
from pipeline.dossier.context import Context
from pipeline.dossier.life.holding import Life
from pipeline.dossier.life.resuming import resume_papers
from pipeline.ledger.packet_store import PacketState
from pipeline.ledger.store import FILE, Ledger
from pipeline.maintenance.backup import back_up
from pipeline.maintenance.doctor import Level, examine
from pipeline.maintenance.named_files import joined_gone, papers_changed, papers_gone
from pipeline.maintenance.near_names import to_look_at
from pipeline.maintenance.person import erase, export
from pipeline.maintenance.recovering import Became, recover
from pipeline.maintenance.restoring import restore
from pipeline.maintenance.retention import Class, due, purge
from pipeline.services import closures, dossier_cases
from pipeline.services.signed_papers import note_signed

OTHER = {
    "stagiaire__nom": "HADDAD",
    "stagiaire__prenom": "Samir",
    "stagiaire__courriel": "s.haddad@example.org",
    "stagiaire__contact_urgence": "Lina HADDAD, 06 12 34 56 80",
}
BY, WHY = "F. GARÇON", "essai"
NOW = dt.datetime.now(dt.UTC)


@pytest.fixture
def desk(context: Context) -> Context:
    """A desk some days after the edition."""
    return replace(context, today=dt.date(2025, 3, 24))


@pytest.fixture
def lived(desk: Context, tmp_path: Path) -> Life:
    """A signed convention that came back, a day of absence, an avenant, and a draft of a mail."""
    life = begun(desk)
    back = tmp_path.parent / f"{tmp_path.name}-LE-GOFF-signee.pdf"
    back.write_bytes(pdf(3))
    note_signed(desk, life.dossier.number, piece="convention", on=desk.today, by=BY, file=back)
    tell(desk, life, FactKind.PRESENCE, "2025-04-08", matin="M", apres_midi="M", note="certificat de LE GOFF")
    issued(desk, life.dossier.id, PaperKind.AVENANT, "1", signers=("stagiaire",))
    desk.workspace.mail.mkdir(parents=True)
    (desk.workspace.mail / f"{life.dossier.number}_avenant-1.eml").write_text("To: maelle.legoff@example.org\n")
    return life


def tell(context: Context, life: Life, kind: FactKind, key: str = "", **body: object) -> None:
    """One fact."""
    seen = context.ledger.life.facts(life.dossier.id).seen
    assert context.ledger.life.tell(life.dossier.id, [Told(kind, key, body)], by=BY, day=context.today, seen=seen)


def later(days: int) -> dt.date:
    """A day so long after today, by this machine's clock."""
    return NOW.date() + dt.timedelta(days=days)


def gone(context: Context, day: dt.date, **days: int) -> dict[Class, int]:
    """What is purged on a day, by class."""
    retention = replace(Retention(journal=0), **days)
    found = list(due(context.ledger, context.workspace, retention, day))
    purge(found, context.ledger, context.workspace, day, retention)
    return {one: sum(line.of is one for line in found) for one in dict.fromkeys(line.of for line in found)}


def test_erasing_leaves_nothing_of_a_life(desk: Context, lived: Life) -> None:
    """Facts, papers, returns, drafts: neither in the ledger's bytes, nor its copy, nor any folder."""
    other = begun(desk, "b.pdf", **OTHER)
    issued(desk, other.dossier.id, PaperKind.AVENANT, "1")
    (desk.workspace.mail / f"{other.dossier.number}_avenant-1.eml").write_text("To: s.haddad@example.org\n")

    erase(lived.entry, desk.ledger, desk.workspace, by="DPO", reason="demande", signed_too=True)

    assert traces_of(desk.workspace, "LE GOFF", "LE-GOFF", "maelle.legoff") == []
    assert desk.ledger.life.facts(lived.dossier.id).told == ()
    assert [one.dossier for one in desk.ledger.life.all_papers()] == [other.dossier.id]
    assert [path.name for path in desk.workspace.mail.iterdir()] == [f"{other.dossier.number}_avenant-1.eml"]
    assert [one for one in desk.workspace.joined.rglob("*") if one.is_file()] == []
    assert not (desk.workspace.outbox / lived.packet.folder).exists()
    assert list(desk.ledger.faults()) == []


def test_an_erasure_names_the_archives_that_hold_the_person(desk: Context, lived: Life) -> None:
    """Of the dossier, of its session; not of others."""
    for what in (lived.dossier.number, "coordination-essms-2024-2025", "2024-099", "coordination-essms-2023-2024"):
        desk.ledger.note_archived(what)

    told = to_look_at([lived.entry], desk.ledger, desk.workspace).archives

    assert [one.partition(",")[0] for one in told] == [
        "archive-2024-001.zip",
        "archive-coordination-essms-2024-2025.zip",
    ]


def test_an_export_holds_the_life_too(desk: Context, lived: Life, tmp_path: Path) -> None:
    """What was told, the papers, the file that came back, the drafts."""
    place = export(lived.entry, desk.ledger, desk.workspace, tmp_path / "sortie")

    names = {str(path.relative_to(place / "2024-001")) for path in (place / "2024-001").rglob("*") if path.is_file()}
    assert {name.split("/")[0] for name in names} == {"vie.json", "papiers", "retours", "courrier"}
    told = json.loads((place / "2024-001" / "vie.json").read_bytes())
    assert {one["kind"] for one in told["faits"]} == {"signature", "retour", "presence"}


def test_values_stay_as_long_as_the_internship_lasts(desk: Context, lived: Life) -> None:
    """Signed months before its end: 90 days after the last day the values go, not 90 days after the signature."""
    end = later(200)
    change = {"champ": "stage.date_fin", "avant": "2025-06-24", "apres": end.isoformat()}
    tell(desk, lived, FactKind.ASKED, "1", effet="2025-05-01", changements=[change], motif="fin", raison="")

    assert Class.FORM not in gone(desk, end + dt.timedelta(days=89))
    assert desk.ledger.readings.record(lived.entry.form.sha256) is not None
    assert gone(desk, end + dt.timedelta(days=90))[Class.FORM] == 1


def test_what_is_purged_of_a_life_and_what_never(desk: Context, lived: Life) -> None:
    """Days of presence a year after closing, replaced papers, old drafts; signatures and what was signed stay."""
    issued(desk, lived.dossier.id, PaperKind.AVENANT, "1", signers=("stagiaire",), basis="2")
    closures.close(desk, lived.dossier.number, by=BY, reason=WHY)
    kept = {"formulaires": 0, "registre": 0}

    assert gone(desk, later(29), **kept) == {}
    assert gone(desk, later(30), **kept) == {Class.DRAFT: 1}
    assert gone(desk, later(180), **kept) == {Class.PAPER: 1}
    assert gone(desk, later(365), **kept) == {Class.FACTS: 1}
    assert gone(desk, later(3650), **kept) == {}

    told = desk.ledger.life.facts(lived.dossier.id)
    assert {one.kind for one in told.told} == {FactKind.SIGNED, FactKind.RETURNED, FactKind.CLOSED}
    states = [one.state for one in desk.ledger.life.papers(lived.dossier.id)]
    assert states == [PaperState.SUPERSEDED, PaperState.CURRENT]
    assert joined_gone(desk.ledger, desk.workspace) == []
    assert papers_gone(desk.ledger, desk.workspace) == []
    again = issued(desk_open(desk, lived), lived.dossier.id, PaperKind.AVENANT, "1", basis="3")
    assert again.version == 3


def desk_open(desk: Context, life: Life) -> Context:
    """The same desk, the dossier opened again."""
    closures.reopen(desk, life.dossier.number, by=BY, reason=WHY)
    return desk


def test_a_backup_holds_a_life_and_gives_it_back(desk: Context, lived: Life, tmp_path: Path) -> None:
    """Facts, papers, the return, the draft: as they were."""
    made = back_up(desk.workspace, tmp_path.parent / f"{tmp_path.name}-saved")
    root = tmp_path.parent / f"{tmp_path.name}-again"
    root.mkdir()
    restore(made.place, root, replace=False)

    copied = Workspace.at(root)
    assert made.damaged == ()
    with Ledger.open(copied) as ledger:
        assert ledger.life.facts(lived.dossier.id) == desk.ledger.life.facts(lived.dossier.id)
        assert ledger.life.all_papers() == desk.ledger.life.all_papers()
        assert (papers_gone(ledger, copied), papers_changed(ledger, copied), joined_gone(ledger, copied)) == (
            [],
            [],
            [],
        )
    assert [path.name for path in copied.mail.iterdir()] == ["2024-001_avenant-1.eml"]


def test_a_lost_ledger_is_made_again_with_its_lives(desk: Context, lived: Life, tmp_path: Path) -> None:
    """From the sealed copy: every fact and every paper."""
    before = desk.ledger.life.facts(lived.dossier.id), desk.ledger.life.all_papers()
    workspace = without_ledger(desk.workspace, tmp_path)

    told = list(recover(workspace, people.TODAY))

    assert not [one for one in told if one.became is Became.NOT]
    with Ledger.open(workspace) as ledger:
        assert (ledger.life.facts(lived.dossier.id), ledger.life.all_papers()) == before


def without_ledger(workspace: Workspace, tmp_path: Path) -> Workspace:
    """A workspace elsewhere, with all of this one but the file of its ledger."""
    root = tmp_path.parent / f"{tmp_path.name}-perdu"
    shutil.copytree(workspace.root, root)
    for path in (root / ".liasse").glob(f"{FILE}*"):
        path.unlink()
    return Workspace.at(root)


def test_papers_without_ledger_are_taken_up(desk: Context, lived: Life, tmp_path: Path) -> None:
    """Without ledger or copy: both versions of the avenant by their manifests, the newer one counts."""
    second = issued(desk, lived.dossier.id, PaperKind.AVENANT, "1", signers=("stagiaire",), basis="2")
    workspace = without_ledger(desk.workspace, tmp_path)
    for path in workspace.spool.glob("registre*"):
        path.unlink()
    with pytest.raises(LedgerBehind), Ledger.open(workspace):
        pass

    told = [one for one in recover(workspace, people.TODAY) if one.what.startswith("papier")]

    assert [one.became for one in told] == [Became.TAKEN, Became.TAKEN]
    with Ledger.open(workspace) as ledger:
        papers = ledger.life.all_papers()
        assert [(one.version, one.state) for one in papers] == [(1, PaperState.SUPERSEDED), (2, PaperState.CURRENT)]
        assert papers[1].id == second.id
        assert papers[1].body == {"basis": "2", "heures": "140"}
        assert ledger.dossiers.get(papers[1].dossier).number == "2024-001"
    assert list(recover(workspace, people.TODAY)) == []


@pytest.mark.usefixtures("lived")
@pytest.mark.parametrize(("harm", "said"), [("gone", "is gone"), ("changed", "is not as it was published")])
def test_doctor_tells_of_papers(desk: Context, harm: str, said: str) -> None:
    """A paper that is gone from the outbox, or whose bytes were changed."""
    place = desk.workspace.outbox / desk.ledger.life.all_papers()[0].folder
    if harm == "gone":
        shutil.rmtree(place)
    else:
        (place / "avenant-1.pdf").write_bytes(b"%PDF forge")

    found = [one for one in examine(desk.workspace) if one.what == "outbox" and one.level is Level.BAD]

    assert [said in one.said and "avenant-1" in one.said for one in found] == [True]


def test_a_life_stays_in_its_dossier(desk: Context, lived: Life) -> None:
    """The form whose packet was signed is neither joined elsewhere nor split off; what came later may be."""
    other = received(desk.ledger, desk.workspace, "z.pdf", people.coordination(stagiaire__nom="AUTRE"))
    elsewhere = desk.ledger.entries.get(other.sha256).number
    with pytest.raises(NotAllowed, match="reste"):
        dossier_cases.join(desk, lived.entry.form.id, elsewhere, by=BY, reason=WHY)

    dossier_cases.join(desk, other.id, "2024-001", by=BY, reason=WHY)
    with pytest.raises(NotAllowed, match="reste"):
        dossier_cases.split(desk, lived.entry.form.id, by=BY, reason=WHY)
    assert desk.ledger.entries.get(lived.entry.form.sha256).dossier == lived.dossier.id


def test_what_was_published_counts_and_what_was_not_is_let_go(desk: Context) -> None:
    """Published before the kill: it counts; not: cancelled after a day; sent by mail: left to its command."""
    life = begun(desk).dossier.id
    published = intended(desk, life, PaperKind.AVENANT, "1")
    lay(desk, published)
    mailed = intended(desk, life, PaperKind.END)
    lay(desk, mailed)
    nothing = intended(desk, life, PaperKind.COMPLETION)

    assert [one.id for one in resume_papers(desk.workspace, desk.ledger, NOW)] == [published.id]
    assert resume_papers(desk.workspace, desk.ledger, NOW) == ()
    assert [one.id for one in resume_papers(desk.workspace, desk.ledger, NOW + dt.timedelta(days=2))] == [nothing.id]

    states = {one.id: one.state for one in desk.ledger.life.all_of(life)}
    assert states == {
        published.id: PaperState.CURRENT,
        mailed.id: PaperState.INTENDED,
        nothing.id: PaperState.CANCELLED,
    }
    assert intended(desk, life, PaperKind.END).id == mailed.id
    assert issued(desk, life, PaperKind.COMPLETION).version == 1


def test_the_ledger_still_says_that_a_signed_packet_is_signed(desk: Context, lived: Life) -> None:
    """The lock of packets and the facts of lives say the same."""
    line = desk.ledger.packets.get(lived.packet.id)
    assert line is not None
    assert (line.state, line.locked_by) == (PacketState.SIGNED, BY)
