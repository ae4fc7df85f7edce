"""Use cases of attestations: one dossier's, or all that are due and of which everything is known."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from pipeline.core.done_days import bounds
from pipeline.core.errors import ChangedMeanwhile, InvalidRequest, NotAllowed, RequestRefused
from pipeline.core.french import euros, short_date
from pipeline.core.law import CENT, CONTINUING
from pipeline.core.life import FactKind, PaperKind, Told
from pipeline.core.models import get
from pipeline.dossier.context import Context
from pipeline.dossier.life.attestation_words import month_name, unsigned
from pipeline.dossier.life.course import (
    EMPLOYER,
    HOST,
    PAYER,
    STAGIAIRE,
    WHOLE,
    Course,
    attest_command,
    course_of,
    figures_of,
    lists_end_attestation,
    owed_to_others,
    pay_to_tell,
)
from pipeline.dossier.life.due import PAPER_OF, Due, due_of
from pipeline.dossier.life.holding import Life, life_of
from pipeline.dossier.life.issuing import Issued, issue
from pipeline.dossier.life.makers import MAKERS
from pipeline.dossier.life.paper_mails import address_of
from pipeline.services.attending import as_planned, tell_all
from pipeline.services.authors import author
from pipeline.services.life_seen import life_as_seen

_MOST = Decimal(100_000)  # euros: more is a slip
_TO = {EMPLOYER: "l’employeur", PAYER: "le financeur", STAGIAIRE: "le stagiaire", HOST: "le tuteur"}
Papers = Sequence[tuple[PaperKind, str]]


@dataclass(frozen=True)
class Wish:
    """What a person asks for: a month, the papers of the end, the certificat; nothing: all that is due.

    ``as_planned``: days that nobody spoke of were as planned. ``paid``: euros of the gratification, as they were
    paid; ``paid_as_agreed``: what is due was paid.
    """

    month: str = ""
    end: bool = False
    completion: bool = False
    as_planned: bool = False
    paid: str = ""
    paid_as_agreed: bool = False


@dataclass(frozen=True)
class Attested:
    """Papers of one dossier that count now, and what a person should know: in French."""

    number: str
    issued: tuple[Issued, ...]
    remarks: tuple[str, ...] = ()


def attest(context: Context, word: str, wish: Wish, *, by: str, seen: int | None = None) -> Attested:
    """Issue attestations of a dossier, from what is known and what the person confirms now.

    ``seen`` is as ``life_as_seen`` has it.
    Raises NotFound, Ambiguous, ChangedMeanwhile; InvalidRequest for a month or an amount that is none; NotAllowed
    for a period that is not over, a day that nobody confirmed, a paper that is not for that dossier. Raises as
    ``issue``.
    """
    by = author(by)
    life = life_as_seen(context, word, seen)
    course = course_of(life)
    papers = _asked(course, wish, context.today)
    for _, key in papers:
        _require_over(course, key, context.today)
    told = list(_confirmed(course, papers, wish))
    _require_known(course, papers, told)
    life = tell_all(context, life, told, by=by)
    return _issued(context, life, papers, by=by)


def attest_due(context: Context, dues: Sequence[tuple[str, Due]], *, by: str) -> Iterator[Attested | RequestRefused]:
    """Issue what is due and known, dossier by dossier; what one of them refuses is given in its place.

    ``dues`` with the ids of their dossiers, as ``due_list`` gives them.
    """
    by = author(by)
    wanted: dict[str, list[tuple[PaperKind, str]]] = {}
    for dossier, due in dues:
        if due.ready and due.kind in PAPER_OF:
            wanted.setdefault(dossier, []).append((PAPER_OF[due.kind], due.key))
    for dossier, papers in wanted.items():
        try:
            yield _issued(context, life_of(context, dossier), papers, by=by)
        except RequestRefused as refused:
            yield refused


def _issued(context: Context, life: Life, papers: Papers, *, by: str) -> Attested:
    issued = []
    for kind, key in papers:
        order = MAKERS[kind](context, life, key)
        if order is None:
            _require_known(course_of(life), [(kind, key)], ())
            raise ChangedMeanwhile(f"Le dossier {life.dossier.number} vient de changer. Recommencez.")
        issued.append(issue(context, life, order, by=by))
    return Attested(life.dossier.number, tuple(issued), tuple(_remarks(course_of(life), papers)))


def _asked(course: Course, wish: Wish, today: dt.date) -> list[tuple[PaperKind, str]]:
    """The papers that are meant, the due ones where none is named."""
    life, number = course.life, course.life.dossier.number
    found: list[tuple[PaperKind, str]] = []
    if wish.month:
        found.append((PaperKind.PRESENCE, _month(course, wish.month)))
    if wish.end:
        found += [(PaperKind.END, WHOLE)] if lists_end_attestation(life) else []
        found += [(PaperKind.PRESENCE, WHOLE)] if owed_to_others(life) or not found else []
    if wish.completion:
        if get(life.data, "stagiaire.regime") not in CONTINUING:
            raise NotAllowed(
                f"Le dossier {number} est d’un étudiant : il n’a pas de certificat de réalisation, mais une "
                "attestation de stage (--end)."
            )
        found.append((PaperKind.COMPLETION, WHOLE))
    if found:
        return found
    dues = [one for one in due_of(life, today) if one.kind in PAPER_OF]
    if not dues:
        raise NotAllowed(
            f"Le dossier {number} n’attend aucune attestation aujourd’hui. Pour une version de plus, nommez-la : "
            "--month AAAA-MM, --end ou --completion."
        )
    return [(PAPER_OF[one.kind], one.key) for one in dues]


def _month(course: Course, month: str) -> str:
    try:
        first, _ = bounds(month)
    except ValueError:
        raise InvalidRequest(f"« {month[:20]} » n’est pas un mois : écrivez AAAA-MM, par exemple 2025-04.") from None
    key, months = f"{first:%Y-%m}", course.presence.months
    if key not in months:
        raise NotAllowed(
            f"Le dossier {course.life.dossier.number} n’a pas de stage en {key}. Ses mois : "
            f"{', '.join(months) or 'aucun'}."
        )
    return key


def _require_over(course: Course, key: str, today: dt.date) -> None:
    if not course.is_over(key, today):
        last = course.period(key)[1]
        what = "Ce mois de stage" if key else "Le stage"
        raise NotAllowed(
            f"{what} dure jusqu’au {short_date(last)} : rien ne s’en atteste avant le "
            f"{short_date(last + dt.timedelta(days=1))} (dossier {course.life.dossier.number})."
        )


def _confirmed(course: Course, papers: Papers, wish: Wish) -> Iterator[Told]:
    """What the person says with the wish: days, and what was paid."""
    if wish.as_planned:
        spans = [course.period(key) for _, key in papers]
        first, last = min(span[0] for span in spans), max(span[1] for span in spans)
        yield from as_planned(course.life, course.presence.between(first, last))
    if wish.paid and wish.paid_as_agreed:
        raise InvalidRequest("--paid et --paid-as-agreed disent deux choses : gardez l’un des deux.")
    if wish.paid or wish.paid_as_agreed:
        yield from _payment(course, wish)


def _payment(course: Course, wish: Wish) -> Iterator[Told]:
    """What was paid for a month or the whole; nothing where the same counts already."""
    if course.due_pay is None:
        raise NotAllowed(
            f"La convention du dossier {course.life.dossier.number} ne prévoit pas de gratification : rien "
            f"n’est établi. Redemandez sans {'--paid' if wish.paid else '--paid-as-agreed'}. Si une fut convenue, "
            f"il y faut un avenant : liasse amend {course.life.dossier.number} gratification.prevue=oui "
            "gratification.montant=MONTANT gratification.unite=heure --from DATE --motive correction --reason MOTIF "
            "--by NOM"
        )
    amount = _amount(wish.paid) if wish.paid else _agreed_amount(course.due_pay, wish)
    key = _month(course, wish.month) if wish.month and not wish.end else WHOLE
    body = {"montant": str(amount)}
    before = course.life.facts.last(FactKind.PAID, key)
    if before is None or before.body.get("montant") != body["montant"] or course.paid is None:
        yield Told(FactKind.PAID, key, body)


def _agreed_amount(due: Decimal, wish: Wish) -> Decimal:
    """What is due for the whole, once the days that are confirmed now are counted as planned."""
    if wish.month and not wish.end:
        raise InvalidRequest("--paid-as-agreed vaut pour tout le stage : ajoutez --end, ou dites --paid MONTANT.")
    return due


def _amount(text: str) -> Decimal:
    try:
        amount = Decimal(text.replace(",", ".").replace("€", "").replace("\u00a0", "").replace(" ", ""))
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or not 0 <= amount < _MOST or amount != amount.quantize(CENT):
        raise InvalidRequest(f"« {text[:20]} » n’est pas un montant : écrivez par exemple 2520 ou 2520,50.")
    return amount.quantize(CENT)


def _require_known(course: Course, papers: Papers, told: Sequence[Told]) -> None:
    """Refuse before anything is noted: a contradiction, a day that nobody spoke of, a payment that nobody told."""
    number = course.life.dossier.number
    days = {one.key for one in told if one.kind is FactKind.PRESENCE}
    for kind, key in papers:
        part = course.presence.between(*course.period(key))
        if part.clashes:
            clash = part.clashes[0]
            raise NotAllowed(
                f"Le {short_date(clash.day)} (dossier {number}), {clash.why}. Rien n’est établi. Dites ce jour : "
                f"liasse presence {number} {clash.day}=… --by NOM"
            )
        said = [*_days_not_told(number, [day for day in part.unknown if day.isoformat() not in days])]
        if kind is PaperKind.END:
            said += _pay_not_told(course, told)
        if said:
            command = attest_command(course, kind, key)
            raise NotAllowed(f"Rien n’est établi. {' '.join(said)} Si tout fut comme prévu : {command}")


def _days_not_told(number: str, unknown: Sequence[dt.date]) -> Iterator[str]:
    if unknown:
        s = "s" if unknown[1:] else ""
        yield (
            f"Personne n’a confirmé la présence de {len(unknown)} jour{s} du dossier {number} "
            f"({_by_month(unknown)}) : dites les absences (liasse presence {number} {unknown[0]}=A --by NOM), "
            "déposez la feuille signée, ou confirmez que tout fut comme prévu (--present-as-planned)."
        )


def _pay_not_told(course: Course, told: Sequence[Told]) -> Iterator[str]:
    paid = any(one.kind is FactKind.PAID and one.key == WHOLE for one in told) or not pay_to_tell(course)
    if course.due_pay is not None and not paid:
        yield (
            f"Personne n’a dit la gratification versée en tout (dossier {course.life.dossier.number}). D’après la "
            f"convention et la présence, {euros(course.due_pay)} sont dus : --paid-as-agreed s’ils ont été versés, "
            "sinon --paid MONTANT."
        )


def _by_month(days: Sequence[dt.date]) -> str:
    """« 4 en avril 2025, 1 en mai 2025 »."""
    counts = Counter(f"{day:%Y-%m}" for day in days)
    return ", ".join(f"{count} en {month_name(month)}" for month, count in counts.items())


def _remarks(course: Course, papers: Papers) -> Iterator[str]:
    """What a person should see: an avenant not signed, a gratification that is not what is due, no address."""
    yield from unsigned(course.life, max(course.period(key)[1] for _, key in papers))
    paid, due = course.paid, course.due_pay
    if (PaperKind.END, WHOLE) in papers and paid is not None and due is not None and paid != due:
        yield (
            f"Écart : {euros(paid)} versés, {euros(due)} dus d’après la convention et la présence. L’attestation "
            "imprime ce qui fut versé."
        )
    roles = dict.fromkeys(role for kind, key in papers for role in _roles(course, kind, key))
    for role in roles:
        if not address_of(course.life, role):
            yield f"Courriel pour {_TO[role]} : le dossier n’a pas d’adresse, écrivez-la dans le brouillon."


def _roles(course: Course, kind: PaperKind, key: str) -> Sequence[str]:
    """To whom a paper goes."""
    figures = figures_of(course, kind, key)
    return figures["destinataires"] if figures else ()
