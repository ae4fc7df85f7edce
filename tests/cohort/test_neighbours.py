"""The ledger gives each form the few others that matter: it is then told what the whole cohort would tell it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import people
import pytest
from cohort_kit import cohort, crowd_records, sha, someone
from delivering import claimed

from pipeline.cohort.examine import examine, examine_one, findings_of_all
from pipeline.cohort.findings import MOST_NAMED
from pipeline.cohort.rules import OVERLAP
from pipeline.core.decisions import Override
from pipeline.core.law import Law
from pipeline.core.models import Form, put
from pipeline.core.workspace import Workspace
from pipeline.ledger.entries import State
from pipeline.ledger.form_rows import Ending
from pipeline.ledger.store import Ledger

pytestmark = pytest.mark.sampled(2)

FORMS = 160


@pytest.fixture
def ledger(own_workspace: Workspace) -> Iterator[Ledger]:
    """A ledger whose clock goes on by one at each look."""
    ticks = count(1_000_000)
    with Ledger.open(own_workspace, clock=lambda: float(next(ticks))) as opened:
        yield opened


def records(number: int, seed: int) -> list[dict[str, Any]]:
    """So many forms of a university, some of which do not say how many work at the host."""
    made = crowd_records(number, seed)
    for at, data in enumerate(made):
        if at % 3 == 1:
            put(data, "organisme.effectif", None)
    return made


def filled(ledger: Ledger, read: Sequence[dict[str, Any]]) -> list[Form]:
    """Forms of these values, received and read in their order."""
    forms = []
    for at, data in enumerate(read, 1):
        form = Form(sha(at), Path("x"), f"{at}.pdf", people.TODAY)
        ledger.arrive(form, source=form.name, day=people.TODAY)
        ledger.keep_values(form.sha256, data)
        forms.append(form)
    return forms


def printed(ledger: Ledger, form: Form) -> None:
    """A packet of a form is made."""
    claim = claimed(ledger, form)
    home = ledger.entries.get(form.sha256).dossier
    beside = {line.id for line in ledger.packets.beside(form.sha256)}
    ledger.packets.intend(claim, form.sha256[::-1], Path(form.id), dossier=home, beside=beside)
    ledger.settle(claim, Ending(State.DELIVERED, folder=Path(form.id), packet=form.sha256[::-1]))


def require_agreed(ledger: Ledger, law: Law) -> set[str]:
    """Each form is told the same from its neighbours as from all; the rules that spoke."""
    members = ledger.members.everybody(OVERLAP)
    whole = findings_of_all(ledger, law)
    for member in members:
        near = ledger.members.neighbours(member, most=MOST_NAMED, overlap=OVERLAP)
        assert examine_one(member, *near, law) == whole[member.sha256], member.id
    return {problem.rule for problems in whole.values() for problem in problems}


@pytest.mark.parametrize("seed", [1, 2])
def test_neighbours_tell_what_the_whole_cohort_tells(ledger: Ledger, law: Law, seed: int) -> None:
    """Also once packets are made, rules lifted, forms put away: whatever counts or does no more."""
    forms = filled(ledger, records(FORMS, seed))
    assert require_agreed(ledger, law) >= {"C-02", "C-05", "C-06", "C-08"}

    for form in forms[::7]:
        printed(ledger, form)
    for form in forms[3::11]:
        ledger.put_away(form, State.DISCARDED, by="A. DUBOIS", reason="essai", unless={State.DELIVERED})
    for form in forms[::21]:
        lifting = Override(OVERLAP, "A", "deux mi-temps", people.TODAY)
        assert ledger.decide_override(form, lifting, seen=ledger.seen(form), day=people.TODAY)
    assert require_agreed(ledger, law)


def test_the_ledger_and_the_kit_speak_of_the_same_members(ledger: Ledger, law: Law) -> None:
    """What tests of the rules are given is what the ledger gives: dossiers, what is replaced, every finding."""
    filled(ledger, records(FORMS, 3))
    kept, made = ledger.members.everybody(OVERLAP), cohort(*records(FORMS, 3))

    assert [replace(one, dossier="") for one in kept] == [replace(one, dossier="") for one in made]
    assert len({(one.dossier, other.dossier) for one, other in zip(kept, made, strict=True)}) == len(
        {one.dossier for one in kept}
    )
    assert any(one.replaced for one in kept)
    assert findings_of_all(ledger, law) == examine(made, law)


@pytest.mark.parametrize("sizes", [(200, 5), (5, 200), (5, 5)])
def test_the_size_of_a_host_is_known_from_forms_of_other_months(
    ledger: Ledger, law: Law, sizes: tuple[int, int]
) -> None:
    """Those who are there in May do not say how many work there: the largest that another form says counts."""
    host = {"organisme__siret": "81234560100007", "organisme__raison_sociale": "Foyer des Lilas"}
    winter = {**host, "stage__date_debut": "2025-01-06", "stage__date_fin": "2025-01-31"}
    said = [someone(at, **winter, organisme__effectif=size) for at, size in enumerate(sizes)]
    silent = [someone(at, **host, organisme__effectif=None) for at in range(10, 16)]
    filled(ledger, [*said, *silent])

    assert ("C-06" in require_agreed(ledger, law)) is (max(sizes) == 5)
