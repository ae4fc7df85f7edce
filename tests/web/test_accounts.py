"""Accounts as who has a terminal on the machine makes them: said once, closed at once, and no word that is wrong."""

from __future__ import annotations

import re

import people
import pytest
from every_command import run_here
from web_kit import Site

from pipeline.core.errors import InvalidRequest
from pipeline.core.visitors import Right, Role, Visitor, rights_of
from pipeline.services import accounts


def user(site: Site, *words: str) -> tuple[int, str]:
    """``liasse user`` with these words, beside the server: exit code, and what it says."""
    done = run_here(["user", *words, "--workspace", str(site.workspace.root)])
    return done.code, done.out + done.err


def test_an_account_is_made_beside_the_server(site: Site) -> None:
    """The password is told once; who signs in with it changes it, and sees the formations that were said."""
    code, told = user(
        site, "add", "F.Garçon", "--name", "F. GARÇON", "--role", "scolarite", "--formation", people.CNAM
    )
    given = re.search(r"Password: (\S+)", told)
    assert (code, bool(given)) == (0, True)
    assert given
    browser = site.browser()
    assert browser.sign_in("f.garcon", given[1]).status_code == 303
    browser.get("/mot-de-passe")
    new = "lanterne cuivre orage tilleul"
    browser.post("/mot-de-passe", {"actuel": given[1], "nouveau": new, "encore": new})
    text = browser.get("/").text

    assert "F. GARÇON" in text
    assert ("ROUSSEL" in text, "GOFF" in text) == (True, False)
    assert given[1] not in user(site, "list")[1]


def test_accounts_are_listed_closed_and_opened(site: Site) -> None:
    """What is done to one is seen by the server at once."""
    browser = site.browser("sophie")
    assert user(site, "disable", "Sophie")[0] == 0
    assert browser.get("/").status_code == 303
    assert re.search(r"^sophie .*closed$", user(site, "list")[1], re.MULTILINE)
    assert user(site, "enable", "sophie")[0] == 0
    assert site.browser("sophie").get("/").status_code == 200


def test_a_forgotten_password_is_replaced(site: Site) -> None:
    """Another is told, waiting ends, and so does every session."""
    browser = site.browser("sophie")
    for _ in range(6):
        site.ledger.attempts.begin("sophie", "192.0.2.1")
    given = re.search(r"Password: (\S+)", user(site, "password", "sophie")[1])

    assert given
    assert browser.get("/").status_code == 303
    assert site.browser().sign_in("sophie", given[1]).status_code == 303


def test_tokens_are_made_listed_and_taken_back(site: Site) -> None:
    """A token is told once, and named by its id afterwards."""
    code, token = user(site, "token", "ENT", "--scope", "lecture", "--scope", "depot", "--days", "30")
    listed = user(site, "tokens")[1]
    assert (code, token.startswith("liasse_")) == (0, True)
    assert re.search(
        r"^[0-9a-f]{8}  ENT .*depot lecture .*all formations   until \d{4}-\d\d-\d\d$", listed, re.MULTILINE
    )
    assert token.strip() not in listed
    assert user(site, "revoke", listed[:8])[0] == 0
    assert "revoked" in user(site, "tokens")[1]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "sophie", "--role", "lecture"), "a déjà un compte"),
        (("add", "SOPHIE", "--role", "lecture"), "a déjà un compte"),
        (("add", "a", "--role", "lecture"), "n’est pas un identifiant"),
        (("add", "a b", "--role", "lecture"), "n’est pas un identifiant"),
        (("add", "../x", "--role", "lecture"), "n’est pas un identifiant"),
        (("add", "alice", "--role", "lecture", "--formation", "inconnue"), "Aucune formation inconnue"),
        (("add", "alice", "--role", "lecture", "--name", "7"), "ne dit rien"),
        (("disable", "personne"), "Aucun compte"),
        (("password", "personne"), "Aucun compte"),
        (("revoke", "personne"), "Aucun jeton"),
        (("token", "ENT", "--scope", "lecture", "--days", "9999"), "de 1 à 400 jours"),
    ],
)
def test_a_wrong_word_makes_nothing(site: Site, words: tuple[str, ...], said: str) -> None:
    """Exit code 2, one line, and nothing in the ledger."""
    before = site.ledger.journal_end()
    code, told = user(site, *words)

    assert code == 2
    assert said in told
    assert site.ledger.journal_end() == before


def test_who_did_what_to_accounts_is_in_the_journal(site: Site) -> None:
    """Each change with who made it: somebody at the machine, or the person themselves."""
    user(site, "add", "alice", "--role", "lecture", "--by-proxy")
    user(site, "disable", "alice")
    told = [(line.event, line.detail, line.actor) for line in site.ledger.journal()][-2:]

    assert told == [("account-added", "alice", "console"), ("account-disabled", "alice", "console")]


def test_a_role_is_asked_for(site: Site) -> None:
    """An account that may do nothing is none."""
    with pytest.raises(InvalidRequest, match="--role"):
        accounts.add_account(site.ledger, site.workspace, "alice", name="Alice", roles=())


def test_the_first_account_administers_and_works(site: Site) -> None:
    """For a small school one person does both; where somebody administers, no other is made unasked."""
    assert accounts.first_account(site.ledger, site.workspace) is None
    site.ledger.accounts.set_enabled(accounts.find_account(site.ledger, "admin"), enabled=False, by="essai")
    with pytest.raises(InvalidRequest, match="déjà un compte"):
        accounts.first_account(site.ledger, site.workspace)


def test_rights_are_those_of_the_roles() -> None:
    """The scolarité decides nothing of pedagogy, the responsable mends no form, who administers sees no student."""
    rights = {role: {right.value for right in rights_of([role])} for role in Role}

    assert rights == {
        Role.SCOLARITE: {"lecture", "depot", "correction", "retrait"},
        Role.RESPONSABLE: {"lecture", "accord"},
        Role.LECTURE: {"lecture"},
        Role.ADMINISTRATION: {"administration"},
    }


def test_a_visitor_reaches_what_is_of_their_formations() -> None:
    """All of a dossier's formations, and one at least that is known; a link's visitor that dossier alone."""
    somebody = Visitor("a", "A", frozenset({Right.SEE}), frozenset({"x", "y"}))
    everybody = Visitor("b", "B", frozenset({Right.SEE}))
    by_link = Visitor("c", "C", frozenset({Right.SEE}), dossier="d1")

    assert [somebody.reaches(one) for one in ({"x"}, {"x", "y"}, {"x", None}, {"x", "z"}, {None}, set())] == [
        True, True, True, False, False, False,
    ]  # fmt: skip
    assert everybody.reaches({None})
    assert [by_link.reaches({"x"}, one) for one in ("d1", "d2", "")] == [True, False, False]
