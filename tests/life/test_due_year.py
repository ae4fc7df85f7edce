"""The due list of a year, day by day: what it says is what an independent calendar says, no more and no less.

Each day, for each invented dossier: what is due is compared with what the calendar of that dossier asks and nobody
has done. What is due is done the same day or some days later; days are corrected after they were attested; avenants
are asked, judged and signed. So nothing due is missed, and nothing is asked again once it is done.
"""

from __future__ import annotations

import copy
import datetime as dt
import json
import random
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import people
import pytest
from presence_kit import BY, A, Lives, P, fact

from pipeline.core.done_days import body_of
from pipeline.core.law import STUDENTS
from pipeline.core.life import FactKind, Facts, Paper, PaperKind, PaperState
from pipeline.core.models import put
from pipeline.core.workspace import Workspace
from pipeline.dossier.life.course import course_of, figures_of
from pipeline.dossier.life.due import PAPER_OF, DueKind, due_of
from pipeline.dossier.life.holding import Life, terms_of
from pipeline.ledger.packet_store import PacketState

ONE = dt.timedelta(days=1)
FIRST, LAST = dt.date(2025, 1, 6), dt.date(2025, 12, 31)
CLOSED_DAYS = {  # public holidays of 2025 in metropolitan France, from a calendar on the wall
    dt.date(2025, month, day)
    for month, day in (
        (1, 1), (4, 21), (5, 1), (5, 8), (5, 29), (6, 9), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25),
    )
}  # fmt: skip
FC_REGIMES = (
    "FPC_SALARIE_EMPLOYEUR", "AGENT_PUBLIC", "FPC_DEMANDEUR_EMPLOI", "FPC_SALARIE_INDIVIDUEL", "FPC_AUTOFINANCE",
)  # fmt: skip
Key = tuple[DueKind, str]


@dataclass
class Invented:
    """One dossier of the replay: its life as the ledger would hold it, and what its calendar says, kept apart."""

    life: Life
    regime: str
    payer: bool
    days: list[dt.date]
    end: dt.date
    coordination: bool
    done: set[Key] = field(default_factory=set)
    when: dict[Key, dt.date] = field(default_factory=dict)  # the day on which somebody gets to it
    asked: list[str] = field(default_factory=list)
    judged: set[str] = field(default_factory=set)
    signed: bool = False
    closed: bool = False
    plan: list[dt.date] = field(default_factory=list)  # days on which something is corrected

    @property
    def student(self) -> bool:
        """Whether the stage chapter binds it."""
        return self.regime in STUDENTS

    @property
    def others(self) -> bool:
        """Whether somebody else gets its attestations: by the table of domain rules, written again here."""
        return not self.student and (self.payer or self.regime in ("FPC_SALARIE_EMPLOYEUR", "AGENT_PUBLIC"))

    def expected(self, today: dt.date) -> set[Key]:
        """What the calendar asks on a day and nobody has done."""
        if self.closed:
            return set()
        over, start = today > self.end, self.days[0]
        asked: set[Key] = set()
        if self.others:
            months = {f"{day:%Y-%m}" for day in self.days}
            asked |= {(DueKind.ATTESTATION, one) for one in months if over or f"{today:%Y-%m}" > one}
            asked |= {(DueKind.ATTESTATION, "")} if over else set()
        if over:
            asked |= {(DueKind.END, ""), (DueKind.EVALUATION, "")}
            asked |= {(DueKind.QUESTIONNAIRE, "")} if self.student else set()
            if not self.student and (self.regime != "FPC_AUTOFINANCE" or self.payer):
                asked.add((DueKind.CERTIFICATE, ""))
        half = self.days[(len(self.days) + 1) // 2 - 1]  # every day has seven hours
        if self.coordination and half - 7 * ONE <= today <= self.end:
            asked.add((DueKind.MID_TERM, ""))
        if self.coordination and dt.date(2025, 3, 25) <= today <= dt.date(2025, 4, 15):
            asked.add((DueKind.MEETING, ""))
        asked |= {(DueKind.JUDGEMENT, one) for one in self.asked if one not in self.judged}
        asked |= {(DueKind.AVENANT, one) for one in self.judged}
        if not self.signed and today >= workdays_before(start, 5):
            asked.add((DueKind.SIGNATURE, "convention"))
        left = asked - self.done
        return left or ({(DueKind.CLOSING, "")} if over else set())


def workdays_before(day: dt.date, count: int) -> dt.date:
    """So many working days before."""
    while count:
        day -= ONE
        count -= day.weekday() < 5 and day not in CLOSED_DAYS
    return day


class Year:
    """The dossiers of a year and the scolarité that works on them, by one seed."""

    def __init__(self, lives: Lives, workspace: Workspace, count: int, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 -- a test
        self.lives, self.workspace = lives, workspace
        self.dossiers = [self.invent(f"2024-{number:03d}") for number in range(1, count + 1)]
        self.asked_again = 0

    def invent(self, number: str) -> Invented:
        """One dossier: both formations, every régime, any start."""
        coordination = self.chance.random() < 0.6
        if coordination:
            data, days = self.coordination()
        else:
            data, days = self.student()
        life = self.lives.life(data, code=people.COORDINATION if coordination else people.CNAM, number=number)
        folder = Path("convention") / ("a" if coordination else "b")
        packet = replace(life.packet, folder=folder, state=PacketState.CURRENT, day="2025-01-02")
        life = replace(life, packet=packet, workspace=self.workspace)
        regime = str(data["stagiaire"]["regime"])
        payer = not coordination or bool(data["employeur"].get("financeur"))
        made = Invented(life, regime, payer, days, dt.date.fromisoformat(data["stage"]["date_fin"]), coordination)
        around = (made.end - days[0]).days + 90
        made.plan = [
            days[0] + (self.chance.randrange(around) - 50) * ONE for _ in range(self.chance.choice((0, 1, 2, 3)))
        ]
        return made

    def coordination(self) -> tuple[dict[str, Any], list[dt.date]]:
        """Twenty days of seven hours in the session, on two or three weekdays."""
        start = dt.date(2025, 4, 7) + self.chance.randrange(20) * ONE
        weekdays = tuple(self.chance.sample(range(1, 6), 3))
        calendar = people.days(start, weekdays, 20)
        regime = self.chance.choice(FC_REGIMES)
        payer = self.chance.choice(("OPCO Santé", None))
        data = people.coordination(stage__calendrier=calendar, stagiaire__regime=regime, employeur__financeur=payer)
        put(data, "stage.date_debut", calendar[0]["date"])
        put(data, "stage.date_fin", calendar[-1]["date"])
        return data, [dt.date.fromisoformat(one["date"]) for one in calendar]

    def student(self) -> tuple[dict[str, Any], list[dt.date]]:
        """Eighty days of seven hours, Monday to Friday, from any working day of the first months."""
        day = dt.date(2025, 1, 13) + self.chance.randrange(120) * ONE
        days: list[dt.date] = []
        while len(days) < 80:
            if day.weekday() < 5 and day not in CLOSED_DAYS:
                days.append(day)
            day += ONE
        data = people.cnam(stage__date_debut=days[0].isoformat(), stage__date_fin=days[-1].isoformat())
        return data, days

    def walk(self) -> int:
        """Every day of the year, every dossier; how many things were done."""
        count, today = 0, FIRST
        while today <= LAST:
            for one in self.dossiers:
                if not one.closed:
                    count += self.day(one, today)
            today += ONE
        return count

    def day(self, one: Invented, today: dt.date) -> int:
        """One dossier on one day: what is due is what is expected; some of it is done."""
        self.happen(one, today)
        dues = {(due.kind, due.key): due for due in due_of(one.life, today)}
        expected = one.expected(today)
        assert set(dues) == expected, f"{one.life.dossier.number} {one.regime} on {today}"
        count = 0
        for key in sorted(expected):
            if one.when.setdefault(key, today + self.chance.choice((0, 0, 1, 3, 9, 20)) * ONE) <= today:
                self.do(one, key, today)
                count += 1
        return count

    def happen(self, one: Invented, today: dt.date) -> None:
        """What nobody asked for: a day corrected after it was attested, or an avenant asked."""
        if today not in one.plan or one.closed:
            return
        attested = [fact for fact in one.life.facts.of(FactKind.PRESENCE) if fact.body["heures"] == "7"]
        if attested and self.chance.random() < 0.6:
            corrected = self.chance.choice(attested)
            self.tell(one, FactKind.PRESENCE, corrected.key, body_of(P, A, Decimal("3.5")))
            papers = [(DueKind.ATTESTATION, corrected.key[:7]), (DueKind.ATTESTATION, ""), (DueKind.CERTIFICATE, "")]
            for key in (*papers, (DueKind.END, "")):  # the month, and what speaks of the whole
                one.done.discard(key)
                one.when.pop(key, None)
        elif today < one.end and not one.student:
            self.ask(one, today)

    def ask(self, one: Invented, today: dt.date) -> None:
        """A calendar day to come is moved to a free weekday before the end: another month, perhaps."""
        coming = [day for day in one.days[1:-1] if day > today + 30 * ONE]
        free = [
            one.end - at * ONE for at in range(1, 40)
            if (one.end - at * ONE).weekday() < 5 and one.end - at * ONE not in {*one.days, *CLOSED_DAYS}
        ]  # fmt: skip
        free = [day for day in free if day > today + 30 * ONE]
        if not coming or not free or one.asked:
            return
        gone, come = self.chance.choice(coming), self.chance.choice(free)
        number = str(len(one.asked) + 1)
        before = one.life.data["stage"]["calendrier"]
        after = sorted(
            ({**line, "date": come.isoformat()} if line["date"] == gone.isoformat() else line for line in before),
            key=lambda line: line["date"],
        )
        change = {"champ": "stage.calendrier", "avant": before, "apres": after}
        self.tell(one, FactKind.ASKED, number, {"effet": min(gone, come).isoformat(), "changements": [change]})
        one.asked.append(number)

    def do(self, one: Invented, key: Key, today: dt.date) -> None:
        """Somebody does one thing that is due."""
        kind, name = key
        if kind in PAPER_OF:
            self.issue(one, PAPER_OF[kind], name, today)
        elif kind is DueKind.JUDGEMENT:
            self.tell(one, FactKind.JUDGED, name, {"avis": "favorable", "par": BY, "le": today.isoformat()})
            one.judged.add(name)
            one.life = replace(one.life, terms=terms_of(one.life.terms.convention, one.life.facts))
            one.days = [dt.date.fromisoformat(line["date"]) for line in one.life.data["stage"]["calendrier"]]
            self.paper(one, PaperKind.AVENANT, name, {}, today)
            one.life = replace(one.life, papers=tuple(
                replace(paper, folder=Path("avenant")) if paper.kind is PaperKind.AVENANT else paper
                for paper in one.life.papers
            ))  # fmt: skip
        elif kind is DueKind.AVENANT:
            self.tell(one, FactKind.SIGNED, f"avenant-{name}/stagiaire", {"le": today.isoformat(), "par": BY})
        elif kind is DueKind.SIGNATURE:
            one.life = replace(one.life, packet=replace(one.life.packet, state=PacketState.SIGNED))
            one.signed = True
        elif kind is DueKind.MEETING:
            for role in ("stagiaire", "tuteur", "referent"):
                self.tell(one, FactKind.MEETING, role, {"present": True})
        elif kind is DueKind.CLOSING:
            self.tell(one, FactKind.CLOSED, "", {"complet": True, "manque": [], "raison": ""})
            one.closed = True
        else:
            told = {
                DueKind.MID_TERM: FactKind.MID_TERM,
                DueKind.EVALUATION: FactKind.EVALUATION,
                DueKind.QUESTIONNAIRE: FactKind.QUESTIONNAIRE,
            }
            self.tell(one, told[kind], "", {"le": today.isoformat()})
        one.done.add(key)

    def issue(self, one: Invented, kind: PaperKind, key: str, today: dt.date) -> None:
        """What nobody spoke of is confirmed, one day in twelve as an absence; then the paper is there."""
        course = course_of(one.life)
        for day in course.presence.between(*course.period(key)).unknown:
            away = self.chance.random() < 1 / 12
            body = body_of(A, A, Decimal(0)) if away else body_of(P, P, Decimal(7), as_planned=True)
            self.tell(one, FactKind.PRESENCE, day.isoformat(), body)
        course = course_of(one.life)
        if kind is PaperKind.END and course.due_pay is not None:
            self.tell(one, FactKind.PAID, "", {"montant": str(course.due_pay)})
        figures = figures_of(course_of(one.life), kind, key)
        assert figures is not None
        self.paper(one, kind, key, figures, today)

    def paper(self, one: Invented, kind: PaperKind, key: str, figures: Any, today: dt.date) -> None:
        """A version in the place of the one before."""
        before = [paper for paper in one.life.papers if (paper.kind, paper.key) == (kind, key)]
        version = len(before) + 1
        replaced = tuple(
            replace(paper, state=PaperState.SUPERSEDED) if paper in before else paper for paper in one.life.papers
        )
        made = Paper(
            f"{one.life.dossier.number}-{kind}-{key}-{version}", one.life.dossier.id, kind, key, version,
            PaperState.CURRENT, Path("nulle/part"), today, "", copy.deepcopy(dict(figures)),
        )  # fmt: skip
        one.life = replace(one.life, papers=(*replaced, made))

    def tell(self, one: Invented, kind: FactKind, key: str, body: dict[str, Any]) -> None:
        """One more fact."""
        facts = one.life.facts
        told = fact(facts.seen + 1, kind, key, body, dossier=one.life.dossier.id)
        one.life = replace(one.life, facts=Facts((*facts.told, told)))


def to_be_signed(place: Path) -> None:
    """A folder of the outbox in which something lies that the stagiaire signs."""
    place.mkdir(parents=True)
    person = {"prenom": "Élise", "nom": "LEFÈVRE", "boites": [{"role": "stagiaire", "titre": "L’auditrice"}]}
    plan = {"unites": [{"fichier": "liasse.pdf", "signataires": [person]}]}
    (place / "signature.json").write_text(json.dumps(plan), "utf-8")
    (place / "manifest.json").write_text(json.dumps({"unites": []}), "utf-8")


@pytest.fixture
def desk(tmp_path: Path) -> Workspace:
    """An outbox with one convention of each formation, and one avenant, that the stagiaire signs."""
    for name in ("convention/a", "convention/b", "avenant"):
        to_be_signed(tmp_path / "outbox" / name)
    return Workspace(tmp_path)


def test_a_year_of_some_dossiers(workspace: Workspace, dictionary: Any, law: Any, desk: Workspace) -> None:
    """Twenty of them, every day of the year: all is done and closed; some papers were made again after an avenant."""
    year = Year(Lives(workspace, dictionary, law), desk, count=20, seed=7)

    assert year.walk() > 20 * 6
    assert all(one.closed for one in year.dossiers)
    assert any(one.judged for one in year.dossiers)
    assert any(paper.version > 1 for one in year.dossiers for paper in one.life.papers)


@pytest.mark.long
def test_a_year_of_four_hundred(workspace: Workspace, dictionary: Any, law: Any, desk: Workspace) -> None:
    """The whole year of a school."""
    year = Year(Lives(workspace, dictionary, law), desk, count=400, seed=18)

    assert year.walk() > 400 * 6
    assert all(one.closed for one in year.dossiers)
    assert any(one.judged for one in year.dossiers)
