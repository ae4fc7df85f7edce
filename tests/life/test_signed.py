"""A person tells that a paper was signed: by whom, on which day, with what came back; kept as it came."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import people
import pytest
from laid_lives import begun, issued, pdf
from PIL import Image

from pipeline.core.errors import ChangedMeanwhile, InvalidRequest, NotAllowed
from pipeline.core.life import FactKind, PaperKind, PaperState, Told
from pipeline.dossier.context import Context
from pipeline.dossier.life.holding import Life, life_of
from pipeline.dossier.state import DossierState
from pipeline.ledger.packet_store import PacketState
from pipeline.services import dossier_cases, fetching, handling
from pipeline.services.signed_papers import Noted, lines_of, note_signed

BY = "F. GARÇON"
DAY = dt.date(2025, 3, 20)


@pytest.fixture
def later(context: Context) -> Context:
    """The same desk, some days after the edition."""
    return replace(context, today=dt.date(2025, 3, 24))


def told(context: Context, life: Life, *, piece: str = "convention", on: dt.date = DAY, **how: object) -> Noted:
    """What is noted of a paper of that dossier."""
    return note_signed(context, life.dossier.number, piece=piece, on=on, by=BY, **how)  # type: ignore[arg-type]


def packet_of(context: Context, life: Life) -> PacketState:
    """What its packet is worth."""
    line = context.ledger.packets.get(life.packet.id)
    assert line is not None
    return line.state


def signatures(context: Context, life: Life) -> dict[str, str]:
    """The days that were told, by paper and party."""
    facts = context.ledger.life.facts(life.dossier.id)
    return {one.key: one.body["le"] for one in facts.of(FactKind.SIGNED)}


def test_all_parties_at_once_and_the_packet_is_signed(later: Context) -> None:
    """Without a role it is all four; the state of the dossier follows."""
    life = begun(later)

    noted = told(later, life)

    assert noted.missing == ()
    assert noted.roles == ("Partie stagiaire", "Partie organisme", "Partie employeur", "Partie etablissement")
    assert packet_of(later, life) is PacketState.SIGNED
    assert dossier_cases.show_dossier(later, life.dossier.number).state is DossierState.SIGNED


def test_one_after_the_other(later: Context) -> None:
    """Each party has its day; who is missing is named; the packet is signed with the last of them."""
    life = begun(later)

    first = told(later, life, roles=("stagiaire",))
    assert packet_of(later, life) is PacketState.FETCHED  # what somebody signed is not made again unasked
    with pytest.raises(NotAllowed, match="ne se refait pas"):
        handling.regenerate(later, [life.dossier.number], by=BY)
    assert first.missing == (
        "Partie organisme (Une ORGANISME)",
        "Partie employeur (Une EMPLOYEUR)",
        "Partie etablissement (Une ETABLISSEMENT)",
    )
    last = told(later, life, on=dt.date(2025, 3, 21))

    assert last.roles == ("Partie organisme", "Partie employeur", "Partie etablissement")
    assert signatures(later, life) == {
        "convention/stagiaire": "2025-03-20",
        "convention/organisme": "2025-03-21",
        "convention/employeur": "2025-03-21",
        "convention/etablissement": "2025-03-21",
    }
    assert packet_of(later, life) is PacketState.SIGNED


def test_a_packet_of_two_units_is_signed_with_the_second(later: Context) -> None:
    """The contrat alone, signed by its three, leaves the convention to be signed by its five."""
    life = begun(later, code=people.CNAM)

    assert told(later, life, piece="contrat").missing == ()
    assert packet_of(later, life) is PacketState.FETCHED
    assert len(told(later, life, piece="convention").roles) == 5
    assert packet_of(later, life) is PacketState.SIGNED


def test_an_avenant_is_signed_and_a_new_version_is_not(later: Context) -> None:
    """The signatures of version 1 are its own: version 2 is signed anew, and 1 stays signed and replaced."""
    life = begun(later)
    first = issued(later, life.dossier.id, PaperKind.AVENANT, "1", signers=("stagiaire", "tuteur"))
    told(later, life, piece="avenant-1", on=later.today)
    signed = later.ledger.life.paper(first.id)
    assert signed is not None
    assert signed.state is PaperState.SIGNED

    second = issued(later, life.dossier.id, PaperKind.AVENANT, "1", signers=("stagiaire", "tuteur"), basis="2")

    states = {one.id: one.state for one in later.ledger.life.papers(life.dossier.id)}
    assert states == {first.id: PaperState.SIGNED_SUPERSEDED, second.id: PaperState.CURRENT}
    assert told(later, life, piece="avenant-1", on=later.today).roles == ("Partie stagiaire", "Partie tuteur")


def test_what_comes_back_is_kept_as_it_came(later: Context, tmp_path: Path) -> None:
    """A PDF and a scan, their bytes unchanged under their hashes; how many pages they have."""
    life = begun(later)
    signed, scan = tmp_path / "signee.pdf", tmp_path / "scan.png"
    signed.write_bytes(pdf(3))
    Image.new("L", (900, 1200), 255).save(scan)

    told(later, life, roles=("stagiaire",), file=signed)
    told(later, life, file=scan)

    kept = [one.body for one in later.ledger.life.facts(life.dossier.id).told if one.kind is FactKind.RETURNED]
    assert [(one["nom"], one["pages"], one["genre"]) for one in kept] == [
        ("signee.pdf", 3, "pdf"),
        ("scan.png", 1, "png"),
    ]
    for one, source in zip(kept, (signed, scan), strict=True):
        assert later.workspace.joined_file(one["sha256"]).read_bytes() == source.read_bytes()
    assert later.ledger.spare_files() == ()


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("texte.pdf", b"ceci n'est pas un PDF", "ni un PDF, ni une image"),
        ("coupe.pdf", pdf(1)[:200], "endommagée"),
        ("photo.jpg", b"\xff\xd8\xff\xe0" + b"\x00" * 90, "IMAGE_ENDOMMAGEE"),
        ("vide.pdf", b"", "FICHIER_VIDE"),
        ("long.pdf", pdf(31), "trop de pages"),
        ("gros.pdf", b"%PDF-1.7" + b"0" * 25_000_001, "25 au plus"),
    ],
)
def test_a_file_that_cannot_be_kept_notes_nothing(
    later: Context, tmp_path: Path, name: str, data: bytes, why: str
) -> None:
    """The file is refused in one sentence, and neither it nor the signature is noted."""
    life = begun(later)
    path = tmp_path / name
    path.write_bytes(data)

    with pytest.raises(NotAllowed, match=why):
        told(later, life, file=path)

    assert later.ledger.life.facts(life.dossier.id).told == ()
    assert [one for one in later.workspace.joined.rglob("*") if one.is_file()] == []


def test_days_that_cannot_be(later: Context) -> None:
    """To come, or before the paper was edited."""
    life = begun(later)
    for day in (dt.date(2025, 3, 25), dt.date(2025, 3, 16)):
        with pytest.raises(InvalidRequest, match=r"[Rr]ien n’est noté"):
            told(later, life, on=day)
    assert signatures(later, life) == {}


def test_said_twice_it_is_once_and_said_otherwise_it_is_refused(later: Context) -> None:
    """The same day: who said it before; another: nothing, unless the first was wrong."""
    life = begun(later)
    told(later, life, roles=("stagiaire",))

    again = told(later, life, roles=("stagiaire",))
    assert again.roles == ()
    assert again.already[0].startswith("stagiaire : déjà noté par F. GARÇON le ")
    with pytest.raises(NotAllowed, match="--correct"):
        told(later, life, roles=("stagiaire",), on=dt.date(2025, 3, 21))
    assert len(later.ledger.life.facts(life.dossier.id).told) == 1

    told(later, life, roles=("stagiaire",), on=dt.date(2025, 3, 21), correct=True)
    assert signatures(later, life) == {"convention/stagiaire": "2025-03-21"}


@pytest.mark.parametrize(("piece", "roles", "why"), [
    ("avenant-1", (), "Il y a : convention, evaluation"),
    ("convention", ("tuteur",), "y signent : stagiaire, organisme, employeur, etablissement"),
])  # fmt: skip
def test_a_paper_or_a_party_that_is_not(later: Context, piece: str, roles: tuple[str, ...], why: str) -> None:
    """What there is, is said."""
    with pytest.raises(InvalidRequest, match=why):
        told(later, begun(later), piece=piece, roles=roles)


def test_two_at_once(later: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever saw the dossier before the other's word notes nothing."""
    life = begun(later)
    stale = life_of(later, life.dossier.id)
    told(later, life, roles=("stagiaire",))
    monkeypatch.setattr("pipeline.services.life_seen.life_of", lambda *_: stale)

    with pytest.raises(ChangedMeanwhile):
        told(later, life, roles=("organisme",))


def test_fetch_signed_tells_the_same(later: Context) -> None:
    """« liasse fetch --signed » is all of them on that day; « liasse signed » then says that it is noted."""
    life = begun(later)
    fetching.fetch(later, life.dossier.number, by=BY, signed=True)

    assert set(signatures(later, life).values()) == {"2025-03-24"}
    assert packet_of(later, life) is PacketState.SIGNED
    assert len(told(later, life, on=later.today).already) == 4


def test_a_packet_that_an_older_liasse_noted_is_signed_of_all(later: Context) -> None:
    """It knew no days: nobody is missing, and nothing is said again."""
    life = begun(later)
    later.ledger.packets.lock(life.packet.id, PacketState.SIGNED, BY)

    noted = told(later, life)

    assert (noted.roles, noted.missing) == ((), ())
    assert noted.already == ("convention : déjà noté comme signé de tous",)


def test_a_signature_out_of_its_time_is_noted_and_said(context: Context) -> None:
    """After the first day of the internship; on the day before it nothing is said."""
    life = begun(context, stage__date_debut="2025-04-08")
    desk = replace(context, today=dt.date(2025, 4, 20))
    in_time = told(desk, life, on=dt.date(2025, 4, 7), roles=("stagiaire",))
    late = told(desk, life, on=dt.date(2025, 4, 9))

    assert in_time.warnings == ()
    assert late.warnings == ("Attention : après le premier jour du stage (8\u00a0avril\u00a02025).",)
    assert set(late.warnings) <= set(lines_of(late))


def test_the_second_paper_of_a_packet_signed_before_the_first_is_said(later: Context) -> None:
    """The contrat is signed, then the convention: another order is noted and said; the same day is in order."""
    life = begun(later, code=people.CNAM)
    before = told(later, life, piece="convention", on=DAY)
    after = told(later, life, piece="contrat", on=dt.date(2025, 3, 21))
    other = begun(later, "b.pdf", people.CNAM, stagiaire__nom="PETIT")
    ordered = [told(later, other, piece=piece, on=DAY).warnings for piece in ("contrat", "convention")]

    assert before.warnings == (
        "Attention : « contrat » se signe avant « convention », et n’est pas encore signé de tous.",
    )
    assert after.warnings == ("Attention : « contrat » se signe avant « convention », déjà signé avant ce jour.",)
    assert ordered == [(), ()]


def test_an_avenant_signed_after_its_day_is_said(later: Context) -> None:
    """It held already on that day; on its day of effect it is in time."""
    life = begun(later)
    body = {"effet": "2025-03-19", "changements": [], "motif": "autre", "raison": ""}
    seen = later.ledger.life.facts(life.dossier.id).seen
    assert later.ledger.life.tell(
        life.dossier.id, [Told(FactKind.ASKED, "1", body)], by=BY, day=later.today, seen=seen
    )
    issued(
        replace(later, today=dt.date(2025, 3, 18)),
        life.dossier.id,
        PaperKind.AVENANT,
        "1",
        signers=("stagiaire", "organisme"),
    )

    in_time = told(later, life, piece="avenant-1", on=dt.date(2025, 3, 19), roles=("stagiaire",))
    late = told(later, life, piece="avenant-1", on=DAY)

    assert in_time.warnings == ()
    assert late.warnings == ("Attention : après le jour d’effet de l’avenant (19\u00a0mars\u00a02025).",)
