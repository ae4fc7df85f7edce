"""A file that a person joins to a dossier: looked at in the jail, numbered, kept, and forgotten in the end."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import io
import json
from pathlib import Path
from typing import Any

import people
import pikepdf
import pytest
from delivering import received
from pikepdf import Array, Dictionary, Name
from pypdf import PdfReader
from walking import sent

from pipeline.core.decisions import Joined
from pipeline.core.errors import NotAllowed
from pipeline.core.models import Form
from pipeline.core.outcomes import Delivered, Waiting
from pipeline.core.settings import Retention
from pipeline.documents.proof import page_texts
from pipeline.dossier.context import Context
from pipeline.dossier.endings import Report
from pipeline.ledger.claims import JobState
from pipeline.maintenance.doctor import examine
from pipeline.maintenance.person import erase, export
from pipeline.maintenance.retention import Class, due, purge
from pipeline.runs import once
from pipeline.services.fetching import fetch
from pipeline.services.joining import join_file
from pipeline.storage.temporary import own_prefix

BY = "F. GARÇON"
ABROAD = {"voie": "3 rue du Midi", "code_postal": "1000", "ville": "Bruxelles", "pays": "Belgique"}


def sheet(path: Path, text: str, pages: int = 2) -> Path:
    """A PDF of two pages that also acts: a script when it opens, a link, an attached file, a field of a form."""
    with pikepdf.new() as pdf:
        for number in range(pages):
            page = pdf.add_blank_page(page_size=(595, 842))
            words = f"BT /F 14 Tf 60 700 Td ({text} {number + 1}) Tj ET".encode()
            font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
            page.obj.Resources = Dictionary(Font=Dictionary(F=font))
            page.obj.Contents = pdf.make_stream(words)
            page.obj.AA = Dictionary(O=Dictionary(S=Name.JavaScript, JS="app.alert(1)"))
            link = Dictionary(S=Name.URI, URI="https://example.org/")
            page.obj.Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], F=4, A=link)])
        pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS="app.alert(2)")
        pdf.attachments["virus.exe"] = b"MZ"
        pdf.save(path)
    return path


def abroad(context: Context) -> Report:
    """A student of the licence whose stage is in Brussels: sixteen weeks, no holiday of France in them."""
    data = people.cnam(organisme__lieu_stage=ABROAD, stage__date_fin="2025-07-25")
    return sent(context, "bruxelles.pdf", data, people.CNAM)


def joined(context: Context, word: str, path: Path, **other: str) -> Report:
    """That file joined as the country's sheet, and the form walked on."""
    done = join_file(context, word, path, piece="fiche-pays", by=BY, **other)
    return once.go_on(done.entry, context)


def packet_of(report: Report, context: Context) -> Path:
    """Where its packet lies."""
    assert isinstance(report.outcome, Delivered), report
    return context.workspace.outbox / report.outcome.folder


def acting(data: bytes) -> list[str]:
    """What in a PDF could act, of what ``sheet`` puts in."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        keys = [key for key in ("/OpenAction", "/Names", "/AA") if key in pdf.Root]
        pages = [key for page in pdf.pages for key in ("/AA",) if key in page.obj]
        links = [str(note.Subtype) for page in pdf.pages for note in page.get("/Annots", ()) if "/A" in note]
    return keys + pages + links


def test_a_stage_abroad_waits_for_its_sheet_and_the_sheet_is_in_the_packet(context: Context, tmp_path: Path) -> None:
    """No letter to the student. Joined, it is bound with the convention, in the manifest, and nothing of it acts.

    Another sheet is the packet's next version; the same one twice is said; one that was fetched is left alone.
    """
    first, second = sheet(tmp_path / "belgique.pdf", "Droits du stagiaire"), sheet(tmp_path / "b.pdf", "Autre", 1)
    waiting = abroad(context)
    assert isinstance(waiting.outcome, Waiting)
    assert "liasse join" in waiting.outcome.reasons[0]
    assert not context.workspace.to_complete.exists()

    folder = packet_of(joined(context, waiting.number, first), context)

    manifest = json.loads((folder / "manifest.json").read_text())
    (piece,) = (one for one in manifest["pieces"] if one["code"] == "fiche-pays")
    assert (piece["unite"], piece["pages"]) == ("convention", 2)
    assert piece["modele_sha256"] == hashlib.sha256(first.read_bytes()).hexdigest()
    assert piece["jointe"] == {"nom": "belgique.pdf", "par": BY, "le": "2025-03-17"}
    whole = (folder / "liasse-2-convention.pdf").read_bytes()
    assert [one.title for one in PdfReader(io.BytesIO(whole)).outline] == ["Convention de stage", piece["titre"]]
    assert ["Droits du stagiaire" in text for text in page_texts(whole)[-2:]] == [True, True]
    assert acting(first.read_bytes()) != []
    assert acting(whole) == acting((folder / "pieces" / "03-fiche-pays.pdf").read_bytes()) == []
    signers = json.loads((folder / "signature.json").read_text())["unites"][1]["signataires"]
    assert len(signers) == 5
    assert [line.actor for line in context.ledger.journal(waiting.form.sha256) if line.event == "join"] == [BY]

    again = joined(context, waiting.number, second)
    assert "version 2" in again.note
    assert packet_of(again, context) != folder
    assert BY in join_file(context, waiting.number, second, piece="fiche-pays", by="A. DUBOIS").already
    fetch(context, waiting.number, by=BY)
    with pytest.raises(NotAllowed, match="retirée"):
        join_file(context, waiting.number, first, piece="fiche-pays", by=BY)

    place = export(context.ledger.entries.get(waiting.form.sha256), context.ledger, context.workspace, tmp_path)
    assert (place / waiting.form.id / "fiche-pays.pdf").read_bytes() == second.read_bytes()


def test_what_cannot_be_joined_leaves_nothing_behind(context: Context, tmp_path: Path) -> None:
    """No PDF, a damaged one, one with a password, too many pages, a piece that nobody asked for: said, not kept."""
    waiting = abroad(context)
    whole = sheet(tmp_path / "fiche.pdf", "Fiche").read_bytes()
    for name, data, why in (
        ("fiche.docx", b"PK\x03\x04rien", "pas un PDF"),
        ("coupee.pdf", whole[: len(whole) // 2], "endommagée"),
        ("longue.pdf", sheet(tmp_path / "x.pdf", "Page", 31).read_bytes(), "trop de pages"),
        ("secrete.pdf", locked(whole), "mot de passe"),
        ("immense.pdf", whole.replace(b"595 842", b"595000 842"), "pas de format qui s’imprime"),
    ):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(NotAllowed, match=why):
            join_file(context, waiting.number, tmp_path / name, piece="fiche-pays", by=BY)
    with pytest.raises(NotAllowed, match="fiche-pays"):
        join_file(context, waiting.number, tmp_path / "fiche.pdf", piece="referentiel", by=BY)

    assert [path for path in context.workspace.joined.rglob("*") if path.is_file()] == []
    assert context.ledger.decisions(waiting.form).joined == ()
    assert [line for line in context.ledger.journal() if line.event == "join"] == []


def test_a_file_joined_before_frees_the_form_that_waits(context: Context, tmp_path: Path) -> None:
    """Joined to an earlier form of the dossier: asked for again by the next one, the same file is enough."""
    first, fiche = abroad(context), sheet(tmp_path / "fiche.pdf", "Fiche")
    told = people.cnam(organisme__lieu_stage=ABROAD, stage__date_fin="2025-07-25", tuteur__telephone="+33698009907")
    second = sent(context, "corrigee.pdf", told, people.CNAM)
    assert (second.number, type(second.outcome)) == (first.number, Waiting)
    join_file(context, first.form.id, fiche, piece="fiche-pays", by=BY)

    done = join_file(context, second.form.id, fiche, piece="fiche-pays", by="A. DUBOIS")

    assert BY in done.already
    state = context.ledger.jobs.state_of(second.form.sha256)
    assert state is not None
    assert state[0] is JobState.READY


def locked(data: bytes) -> bytes:
    """The same PDF behind a password."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    return out.getvalue()


def test_a_stage_in_france_asks_for_no_sheet(context: Context, tmp_path: Path) -> None:
    """Nothing can be joined to a dossier that calls for nothing."""
    report = sent(context, "france.pdf", people.coordination())

    with pytest.raises(NotAllowed, match="n’attend pas de pièce"):
        join_file(context, report.number, sheet(tmp_path / "f.pdf", "Fiche"), piece="fiche-pays", by=BY)


def keep(context: Context, form: Form, data: bytes) -> Joined:
    """A file of a form's dossier, as if it had been joined."""
    sha256 = hashlib.sha256(data).hexdigest()
    for path in (context.workspace.joined_file(sha256), context.workspace.joined_pdf(sha256)):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    one = Joined("fiche-pays", sha256, "fiche.pdf", 1, "Belgique", BY, people.TODAY)
    seen = context.ledger.seen(form)
    assert context.ledger.decide_join(form, one, seen=seen, day=people.TODAY)
    assert not context.ledger.decide_join(form, one, seen=seen, day=people.TODAY), "somebody decided meanwhile"
    return one


def record(**changes: Any) -> dict[str, Any]:
    """What was read of a form."""
    return people.coordination(formation={"code": people.COORDINATION, "annee": "2024-2025"}, **changes)


def test_the_next_form_of_a_dossier_needs_no_second_file(context: Context) -> None:
    """What was joined is the dossier's: a corrected form has it, another person's form has not."""
    form = received(context.ledger, context.workspace, "a.pdf", record())
    one = keep(context, form, b"%PDF- fiche")
    corrected = received(context.ledger, context.workspace, "b.pdf", record(tuteur__telephone="+33612345699"))
    other = received(
        context.ledger,
        context.workspace,
        "c.pdf",
        record(stagiaire__nom="PETIT", stagiaire__courriel="p@example.org"),
    )

    assert context.ledger.decisions(corrected).joined == (one,)
    assert context.ledger.decisions(other).joined == ()


def test_a_joined_file_goes_with_its_last_dossier(context: Context) -> None:
    """Two dossiers rest on one sheet: it stays when one is erased, goes with the other; doctor misses it."""
    mine = received(context.ledger, context.workspace, "a.pdf", record())
    yours = received(
        context.ledger, context.workspace, "b.pdf", record(stagiaire__nom="PETIT", stagiaire__prenom="Chloé")
    )
    one = keep(context, mine, b"%PDF- fiche")
    keep(context, yours, b"%PDF- fiche")
    clean, came = context.workspace.joined_pdf(one.sha256), context.workspace.joined_file(one.sha256)

    def forget(form: Form) -> None:
        entry = context.ledger.entries.get(form.sha256)
        erase(entry, context.ledger, context.workspace, by=BY, reason="demandé", signed_too=False)

    forget(mine)
    assert [clean.exists(), came.exists()] == [True, True]
    clean.rename(clean.with_suffix(".away"))
    assert "joined" in {finding.what for finding in examine(context.workspace) if finding.level.value != "good"}
    clean.with_suffix(".away").rename(clean)
    forget(yours)
    assert [clean.exists(), came.exists()] == [False, False]


def test_a_file_that_was_never_joined_is_purged_by_its_age(context: Context) -> None:
    """The machine died between the copy and the word: it goes after its days, and one that counts stays."""
    one = keep(context, received(context.ledger, context.workspace, "a.pdf", record()), b"%PDF- fiche")
    left = context.workspace.joined_file("b" * 64)
    left.parent.mkdir(parents=True)
    context.ledger.announce_joined("b" * 64)
    left.write_bytes(b"%PDF- jamais jointe")
    clean = context.workspace.joined_pdf("b" * 64)
    clean.write_bytes(b"%PDF- jamais jointe")
    writing = left.parent / f"{own_prefix()}abc"
    writing.write_bytes(b"%PDF- ")
    on = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=800)
    retention = dataclasses.replace(Retention(), formulaires=0, liasses=0, a_completer=0, registre=0, journal=0)

    found = list(due(context.ledger, context.workspace, retention, on))
    purge(found, context.ledger, context.workspace, on, retention)

    assert [item.of for item in found] == [Class.JOINED]
    assert [path.exists() for path in (left, clean, writing)] == [False, False, True]
    assert context.workspace.joined_pdf(one.sha256).exists()
