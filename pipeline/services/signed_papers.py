"""Use case of signatures: a person tells that a paper was signed, on which day, and gives what came back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.core.errors import ChangedMeanwhile, FormRejected, HouseError, InvalidRequest, NotAllowed
from pipeline.core.french import long_date, written_day
from pipeline.core.life import FactKind, PaperKind, Told
from pipeline.core.text import visible_line
from pipeline.dossier.context import Context
from pipeline.dossier.life.holding import Life
from pipeline.dossier.life.life_rules import first_day
from pipeline.dossier.life.signing import Signature, ToSign, of_packet, returned, to_sign
from pipeline.ledger.packet_store import PacketState
from pipeline.sandbox import returned as jailed
from pipeline.sandbox.returned import Returned
from pipeline.services.authors import author
from pipeline.services.life_seen import life_as_seen
from pipeline.services.unfit_files import WHY
from pipeline.storage.durable import hash_of
from pipeline.storage.kill_points import passing
from pipeline.storage.spool import receive_joined


@dataclass(frozen=True)
class Noted:
    """What was noted of a paper: who signed it by this word, who is still missing, what had been said before."""

    number: str
    piece: str
    roles: tuple[str, ...]
    missing: tuple[str, ...]
    kept: str = ""  # the file that was kept with it
    already: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()  # what is out of its time or order


def note_signed(
    context: Context,
    word: str,
    *,
    piece: str,
    on: dt.date,
    by: str,
    roles: Collection[str] = (),
    file: Path | None = None,
    correct: bool = False,
    seen: int | None = None,
) -> Noted:
    """Note that a paper of a dossier was signed on a day: by these roles, else by all of whom nobody said it yet.

    ``file``, a PDF or a scan, is kept as it came. ``correct``: the day that was said before was wrong. Once nobody is
    missing the packet, the avenant or the attestation is signed. What was said already is not said twice.

    ``seen`` is as ``life_as_seen`` has it.
    Raises NotFound, Ambiguous; InvalidRequest for a paper, a party or a day that cannot be; NotAllowed for a day that
    contradicts another, a file that cannot be kept, a closed dossier; ChangedMeanwhile; HouseError or Transient if
    the disk refuses.
    """
    by = author(by)
    life = life_as_seen(context, word, seen)
    paper = _meant(life, piece)
    _require_day(paper, on, context.today)
    signing, already = _told_by(paper, roles, on, correct=correct)
    told = [
        Told(FactKind.SIGNED, f"{paper.name}/{role}", {"le": on.isoformat(), "par": by, "papier": paper.id})
        for role in signing
    ]
    kept = _kept(life, paper, file, context) if file else None
    if kept:
        told.append(kept)
    left = tuple(one for one in paper.missing if one.role not in signing)
    if told:
        _tell(context, life, paper, told, by=by, whole=not left, kept=str(kept.body["sha256"]) if kept else "")
    titles = {one.role: one.title for one in paper.signers}
    return Noted(
        life.dossier.number,
        paper.name,
        tuple(titles[role] for role in signing),
        tuple(f"{one.title} ({one.name})" if one.name else one.title for one in left),
        str(kept.body["nom"]) if kept else "",
        already,
        tuple(_warnings(life, paper, on)) if signing else (),
    )


def noted_before(context: Context, word: str, piece: str) -> Noted:
    """What is noted of a paper by now, and nothing is written. Raises NotFound, Ambiguous, InvalidRequest."""
    life = life_as_seen(context, word, None)
    paper = _meant(life, piece)
    left = tuple(f"{one.title} ({one.name})" if one.name else one.title for one in paper.missing)
    already = tuple(_said(role, signature) for role, signature in paper.signed.items())
    return Noted(life.dossier.number, paper.name, (), left, already=already)


def _warnings(life: Life, paper: ToSign, on: dt.date) -> Iterator[str]:
    """What a person should know of that day: the stage or the avenant had begun, another paper comes first."""
    start = first_day(life)
    if paper.packet and start is not None and on >= start:
        when = "après le premier jour du stage" if on > start else "le jour même où le stage commence"
        yield f"Attention : {when} ({long_date(start)})."
    if paper.paper is not None and paper.paper.kind is PaperKind.AVENANT:
        asked = life.facts.last(FactKind.ASKED, paper.paper.key)
        if asked is not None and on > (effect := dt.date.fromisoformat(asked.body["effet"])):
            yield f"Attention : après le jour d’effet de l’avenant ({long_date(effect)})."
    if paper.packet:
        yield from _out_of_order(of_packet(life), paper, on)


def _out_of_order(units: Sequence[ToSign], paper: ToSign, on: dt.date) -> Iterator[str]:
    """What of the same packet is signed before it and is not yet, or after it and is already."""
    at = next((at for at, one in enumerate(units) if one.name == paper.name), 0)
    for one in units[:at]:
        if one.missing or (one.last is not None and one.last > on):
            how = "n’est pas encore signé de tous" if one.missing else f"est signé le {long_date(one.last or on)}"
            yield f"Attention : « {one.name} » se signe avant « {paper.name} », et {how}."
    for one in units[at + 1 :]:
        if any(signature.on < on for signature in one.signed.values()):
            yield f"Attention : « {paper.name} » se signe avant « {one.name} », déjà signé avant ce jour."


def told_as_whole(life: Life, on: dt.date, by: str) -> list[Told]:
    """The facts that follow where somebody says of a whole packet that it came back signed by all."""
    return [
        Told(FactKind.SIGNED, f"{unit.name}/{one.role}", {"le": on.isoformat(), "par": by, "papier": unit.id})
        for unit in of_packet(life)
        for one in unit.signers
        if one.role not in unit.signed
    ]


def _tell(context: Context, life: Life, paper: ToSign, told: list[Told], *, by: str, whole: bool, kept: str) -> None:
    others = [one for one in of_packet(life) if paper.packet and one.name != paper.name]
    by_all = whole and not any(one.missing for one in others)
    first = life.packet.state is PacketState.CURRENT  # what somebody signed is not made again unasked
    packet = life.packet.id if paper.packet and (by_all or first) else ""
    done = context.ledger.life.tell(
        life.dossier.id,
        told,
        by=by,
        day=context.today,
        seen=life.facts.seen,
        form=life.entry.form.sha256,
        file=kept,
        signs=[paper.paper.id] if paper.paper and whole else (),
        packet=packet,
        becomes=PacketState.SIGNED if by_all else PacketState.FETCHED,
    )
    if not done:
        raise ChangedMeanwhile(
            f"Quelqu’un vient de changer le dossier {life.dossier.number} : rien n’est noté. Recommencez."
        )
    passing("told")


def _meant(life: Life, piece: str) -> ToSign:
    """The paper that is meant; raises InvalidRequest with those there are, HouseError where the packet is gone."""
    papers = to_sign(life)
    if not any(one.packet for one in papers):
        raise HouseError(
            f"the packet is not in {life.workspace.outbox / life.packet.folder}: restore the outbox. "
            "'liasse doctor' tells what is gone."
        )
    found = next((one for one in papers if one.name == piece.strip().lower()), None)
    if found is None:
        listed = ", ".join(one.name for one in papers)
        raise InvalidRequest(
            f"Le dossier {life.dossier.number} n’a pas de papier à signer « {piece} ». Il y a : {listed}. "
            "Rien n’est noté."
        )
    return found


def _require_day(paper: ToSign, on: dt.date, today: dt.date) -> None:
    if on > today:
        raise InvalidRequest(f"Le {on:%d/%m/%Y} n’est pas encore venu : rien n’est noté. Dites un autre jour (--on).")
    if on < paper.day:
        raise InvalidRequest(
            f"{paper.name} est du {paper.day:%d/%m/%Y} : personne n’a pu le signer le {on:%d/%m/%Y}. Rien n’est "
            "noté. Dites le jour qui est écrit près de la signature (--on)."
        )


def _told_by(
    paper: ToSign, roles: Collection[str], on: dt.date, *, correct: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The roles of whom it is noted now, and what had been said before; raises as ``note_signed``."""
    if paper.whole and not paper.signed and not correct:  # an older liasse noted it without days
        return (), (f"{paper.name} : déjà noté comme signé de tous",)
    asked = _asked(paper, roles, correct=correct)
    said = {role: paper.signed[role] for role in asked if role in paper.signed}
    same = [role for role, signature in said.items() if signature.on == on]
    if len(same) < len(said) and not correct:
        told = ", ".join(f"{role} le {said[role].on:%d/%m/%Y}" for role in said if role not in same)
        raise NotAllowed(
            f"{paper.name} est déjà noté comme signé : {told}. Rien n’est changé. Si ce jour était "
            "faux : --correct ; si un autre a signé, dites-le (--role)."
        )
    already = tuple(_said(role, said[role]) for role in same)
    return tuple(role for role in asked if role not in same), already


def _asked(paper: ToSign, roles: Collection[str], *, correct: bool) -> list[str]:
    """The roles that are meant: those named, else all who have not signed, else all; raises InvalidRequest."""
    known = _in_order(paper)
    strange = [one for one in roles if one not in known]
    if strange:
        raise InvalidRequest(
            f"« {strange[0]} » ne signe pas {paper.name} ; y signent : {', '.join(known)}. Rien n’est noté."
        )
    left = [] if correct else [one.role for one in paper.missing]
    return list(dict.fromkeys(roles)) or left or known


def _said(role: str, signature: Signature) -> str:
    return f"{role} : déjà noté par {signature.told_by} le {written_day(signature.told_at)}"


def _in_order(paper: ToSign) -> list[str]:
    """The roles of a paper, in the order in which they sign."""
    return [one.role for one in paper.signers]


def _kept(life: Life, paper: ToSign, file: Path, context: Context) -> Told | None:
    """The file that came back, durable under its hash and known for what it is; ``None`` for one that is there."""
    name = visible_line(file.name)
    size = file.stat().st_size
    if size > jailed.BIGGEST:
        raise NotAllowed(
            f"{name} n’est pas gardé : il a {size // 1_000_000} Mo, {jailed.BIGGEST // 1_000_000} au plus. Rien "
            "n’est noté. Numérisez-le moins finement (200 points par pouce)."
        )
    known = {one.body["sha256"] for one in returned(life, paper.name)}
    if hash_of(file) in known and context.workspace.joined_file(hash_of(file)).is_file():
        return None
    sha256 = receive_joined(file, context.workspace, announce=context.ledger.announce_joined)
    seen = _looked_at(sha256, name, context)
    body = {"sha256": sha256, "nom": name, "pages": seen.pages, "genre": seen.kind, "papier": paper.id}
    return Told(FactKind.RETURNED, paper.name, body)


def _looked_at(sha256: str, name: str, context: Context) -> Returned:
    kept = context.workspace.joined_file(sha256)
    try:
        return jailed.look(kept)
    except FormRejected as error:
        if sha256 not in context.ledger.joined_files():
            kept.unlink(missing_ok=True)
        why = WHY.get(error.reason, "ce n’est ni un PDF, ni une image (JPEG, PNG, TIFF) d’un papier signé")
        raise NotAllowed(f"{name} n’est pas gardé : {why} ({error.reason}). Rien n’est noté.") from error


def lines_of(noted: Noted) -> Iterator[str]:
    """What is told of it, one line each."""
    yield from noted.already
    if noted.roles:
        yield f"{noted.number}, {noted.piece} : signé par {', '.join(noted.roles)}."
    yield from noted.warnings
    if noted.kept:
        yield f"Gardé tel quel : {noted.kept}."
    yield f"Manquent encore : {', '.join(noted.missing)}." if noted.missing else f"{noted.piece} : signé de tous."
