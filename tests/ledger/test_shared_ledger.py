"""One ledger shared by the threads of a server: they read side by side and write one after the other."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from pipeline.core.visitors import Role
from pipeline.core.workspace import Workspace
from pipeline.ledger.account_book import Account
from pipeline.ledger.journal import faults
from pipeline.ledger.store import Ledger
from pipeline.storage.journal_copy import JournalCopy


def in_threads(work: Callable[[int], object], count: int) -> list[object]:
    """That work so many times, by eight threads at once."""
    with ThreadPoolExecutor(8) as threads:
        return list(threads.map(work, range(count)))


def account(number: int) -> Account:
    """Somebody."""
    return Account("", f"personne{number}", f"Personne {number}", frozenset({Role.LECTURE}), None)


def test_what_threads_write_is_whole_and_sealed(own_workspace: Workspace) -> None:
    """Eight threads, eighty accounts: each once, the journal's chain whole, the copy ends where the ledger does."""
    with Ledger.open(own_workspace) as ledger:
        added = in_threads(lambda number: ledger.accounts.add(account(number), by="essai"), 80)
        known = {one.login for one in ledger.accounts.all()}
        chain = ledger.journal()
    lines = list(JournalCopy(own_workspace.spool).lines())

    assert added == [True] * 80
    assert known == {f"personne{number}" for number in range(80)}
    assert list(faults(chain)) == []
    assert [line.seal.number for line in lines] == list(range(1, len(lines) + 1))
    with Ledger.open(own_workspace) as ledger:  # admitted: rows, copy and files agree
        assert len(ledger.accounts.all()) == 80


def test_nothing_of_others_is_written_unseen(own_workspace: Workspace) -> None:
    """While one thread writes what the copy does not have, another's line waits, and then is in the copy."""
    with Ledger.open(own_workspace) as ledger, ThreadPoolExecutor(1) as threads:
        with ledger.database.write_unseen():
            other = threads.submit(ledger.accounts.add, account(1), by="essai")
            time.sleep(0.5)  # it has begun, and waits
        assert other.result()
        copied = [line.body for line in JournalCopy(own_workspace.spool).lines()]

    assert sum('"personne1"' in body for body in copied) == 1


def test_a_login_is_taken_once(own_workspace: Workspace) -> None:
    """Of many who add the same one at once, one has it."""
    with Ledger.open(own_workspace) as ledger:
        added = in_threads(lambda _: ledger.accounts.add(account(1), by="essai"), 16)

    assert added.count(True) == 1


def test_attempts_at_once_are_counted_each(own_workspace: Workspace) -> None:
    """Twenty guesses at the same moment: five are looked at, the others wait."""
    with Ledger.open(own_workspace) as ledger:
        waits = in_threads(lambda _: ledger.attempts.begin("personne", "192.0.2.1"), 20)

    assert sum(wait == 0 for wait in waits) == 5
