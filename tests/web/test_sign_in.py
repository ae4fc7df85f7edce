"""Sign-in: who is let in, who waits, what is told to who guesses, when a session ends."""

from __future__ import annotations

import pytest
from web_kit import PASSWORD, Site, site_of

from pipeline.core.workspace import Workspace

NEW = "lanterne cuivre orage tilleul"


def test_a_page_asks_who_it_is(site: Site) -> None:
    """Without a session every page leads to the form of sign-in, which leads back."""
    browser = site.browser()

    asked = browser.get("/mot-de-passe")
    assert (asked.status_code, asked.headers["location"]) == (303, "/connexion?suite=/mot-de-passe")
    assert 'name="suite" value="/mot-de-passe"' in browser.get(asked.headers["location"]).text


def test_who_knows_the_password_is_let_in(site: Site) -> None:
    """The list, with the name of who sees it; the cookie is out of reach of scripts and other sites."""
    browser = site.browser()
    answer = browser.sign_in("Sophie")

    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert answer.headers["set-cookie"].endswith("; HttpOnly; Max-Age=36000; Path=/; SameSite=lax")
    assert "Sophie" in browser.get("/").text


@pytest.mark.parametrize(
    ("suite", "where"),
    [("/mot-de-passe", "/mot-de-passe"), ("//ailleurs.example.org", "/"), ("https://ailleurs.example.org", "/"),
     ("/\\ailleurs.example.org", "/"), ("/a\nb", "/")],
)  # fmt: skip
def test_sign_in_leads_to_no_other_site(site: Site, suite: str, where: str) -> None:
    """What comes after the sign-in is a path of ours."""
    data = {"identifiant": "sophie", "mot_de_passe": PASSWORD, "suite": suite}
    assert site.browser().post("/connexion", data).headers["location"] == where


def test_a_guess_learns_nothing(site: Site) -> None:
    """A wrong password, a login that is not there, a closed account, one of the proxy: the same answer."""
    site.ledger.accounts.set_enabled(site.ledger.accounts.named("lecteur"), enabled=False, by="essai")
    pages = []
    for login, password in (("sophie", "faux"), ("personne", "faux"), ("lecteur", PASSWORD)):
        answer = site.browser().sign_in(login, password)
        pages.append((answer.status_code, answer.text.replace(login, "X")))

    assert pages[0][0] == 403
    assert pages[0] == pages[1] == pages[2]


@pytest.mark.parametrize("login", ["sophie", "personne"])
def test_who_fails_often_waits(site: Site, login: str) -> None:
    """After five failures nobody is let in for 15 s, whatever is typed; a login that is not there waits too."""
    browser = site.browser()
    for _ in range(5):
        assert "inconnu" in browser.sign_in(login, "faux").text

    assert "Trop d’essais" in browser.sign_in(login).text
    site.later(16)
    assert "Trop d’essais" not in browser.sign_in(login).text


def test_each_failure_doubles_the_wait(site: Site) -> None:
    """15 s after the fifth, then 30, 60… and never more than 15 min."""
    waits = [0.0]
    for number in range(12):
        site.later(waits[-1])
        assert site.ledger.attempts.begin("sophie", "192.0.2.1") == 0
        waits.append(round(site.ledger.attempts.begin("sophie", "192.0.2.9")) if number >= 4 else 0)

    # 15 × 2^(n - 5) from the fifth failure on: 15, 30, 60, 120, 240, 480, then 900 for 960 and 1920.
    assert waits[5:] == [15, 30, 60, 120, 240, 480, 900, 900]


def test_an_address_that_tries_many_logins_waits_too(site: Site) -> None:
    """Thirty failures from one address, each of another login: the next waits, from there alone."""
    for number in range(30):
        assert site.ledger.attempts.begin(f"personne{number}", "192.0.2.1") == 0

    assert "Trop d’essais" in site.browser(peer=("192.0.2.1", 1)).sign_in("sophie").text
    assert site.browser(peer=("192.0.2.2", 1)).sign_in("sophie").status_code == 303


def test_success_forgets_failures(site: Site) -> None:
    """Four failures, the right password, four failures: nobody waits."""
    browser = site.browser()
    for _ in range(2):
        for _ in range(4):
            browser.sign_in("sophie", "faux")
        assert browser.sign_in("sophie").status_code == 303


def test_a_session_that_is_brought_is_not_taken(site: Site) -> None:
    """Session fixation: the token after the sign-in is another, and the one before opens nothing."""
    browser = site.browser("sophie")
    before = browser.client.cookies["liasse"]
    browser.sign_in("karim")

    assert browser.client.cookies["liasse"] != before
    other = site.browser(cookie=before)
    assert other.get("/").status_code == 303
    other = site.browser(cookie="choisi-par-quelqu-un")
    assert other.sign_in("sophie").status_code == 303
    assert "choisi-par-quelqu-un" not in other.client.cookies.values()


def test_a_session_ends(site: Site) -> None:
    """After an hour in which nothing is asked; and after ten hours, whatever is asked."""
    browser = site.browser("sophie")
    site.later(3500)
    assert browser.get("/").status_code == 200
    site.later(3700)
    assert browser.get("/").status_code == 303

    browser = site.browser("sophie")
    for _ in range(10):
        site.later(3500)
        assert browser.get("/").status_code == 200  # 35 000 s at the last
    site.later(1100)
    assert browser.get("/").status_code == 303


def test_a_page_left_open_does_not_keep_its_session(site: Site) -> None:
    """What a page asks by itself is no sign of a person: an hour after the last one, the session is over."""
    browser, number = site.browser("sophie"), site.dossiers["coordination-essms"]
    page = browser.get(f"/dossiers/{number}").text
    assert """hx-headers='{"X-Veille": "1\"""" in page
    by_itself = {f"/dossiers/{number}/suite": {"X-Veille": "1"}, "/promotion/direct": {"Accept": "text/event-stream"}}
    for status in (200, 200, 303):
        site.later(1500)
        for path, headers in by_itself.items():
            assert browser.get(path, headers=headers).status_code == status


def test_signing_out_ends_it_on_the_server(site: Site) -> None:
    """The token opens nothing any more, even for who kept it."""
    browser = site.browser("sophie")
    kept = browser.client.cookies["liasse"]
    assert browser.post("/deconnexion").headers["location"] == "/connexion"

    assert "liasse" not in browser.client.cookies
    assert site.browser(cookie=kept).get("/").status_code == 303


def test_a_closed_account_is_out_at_once(site: Site) -> None:
    """Its sessions end with the account."""
    browser = site.browser("sophie")
    site.ledger.accounts.set_enabled(site.ledger.accounts.named("sophie"), enabled=False, by="essai")

    assert browser.get("/").status_code == 303


def test_the_ledger_keeps_no_secret(site: Site) -> None:
    """Neither the password nor the session's token stand in the ledger, nor in its copy."""
    browser = site.browser("sophie")
    token = browser.client.cookies["liasse"]
    kept = b"".join(path.read_bytes() for path in site.workspace.memory.rglob("*") if path.is_file())

    assert token.encode() not in kept
    assert PASSWORD.encode() not in kept
    assert b"$argon2id$" in kept


def test_another_password_ends_the_other_sessions(site: Site) -> None:
    """Who changes it goes on, under a new token; every other browser is out."""
    first, second = site.browser("sophie"), site.browser("sophie")
    answer = first.post("/mot-de-passe", {"actuel": PASSWORD, "nouveau": NEW, "encore": NEW})

    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert first.get("/").status_code == 200
    assert second.get("/").status_code == 303
    assert site.browser().sign_in("sophie").status_code == 403
    assert site.browser().sign_in("sophie", NEW).status_code == 303


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        (("faux", NEW, NEW), 409, "n’est pas celui-là"),
        ((PASSWORD, NEW, NEW + "x"), 422, "diffèrent"),
        ((PASSWORD, PASSWORD, PASSWORD), 422, "est le mot de passe actuel"),
        ((PASSWORD, "court", "court"), 422, "trop court ou trop long"),
        ((PASSWORD, "x" * 201, "x" * 201), 422, "trop court ou trop long"),
        ((PASSWORD, "aaaaaaaaaaaaaa", "aaaaaaaaaaaaaa"), 422, "se devine"),
        ((PASSWORD, "Sophie-liasse-123456", "Sophie-liasse-123456"), 422, "mots connus"),
    ],
)
def test_a_password_that_does_not_suit_changes_nothing(
    site: Site, typed: tuple[str, str, str], status: int, said: str
) -> None:
    """What is wrong is said, and the old one goes on."""
    browser = site.browser("sophie")
    actuel, nouveau, encore = typed
    answer = browser.post("/mot-de-passe", {"actuel": actuel, "nouveau": nouveau, "encore": encore})

    assert answer.status_code == status
    assert said in answer.text
    assert site.browser().sign_in("sophie").status_code == 303


def test_a_given_password_is_changed_first(site: Site) -> None:
    """Who was given one sees nothing but the form by which it is changed."""
    accounts = site.ledger.accounts
    account = accounts.named("sophie")
    assert account
    accounts.set_password(account, account.password, by="console", renews=True)
    browser = site.browser("sophie")

    assert browser.get("/").headers["location"] == "/mot-de-passe"
    browser.post("/mot-de-passe", {"actuel": PASSWORD, "nouveau": NEW, "encore": NEW})
    assert browser.get("/").status_code == 200


def test_over_https_the_cookie_is_bound_to_the_host(web_workspace: Workspace) -> None:
    """Behind https the cookie travels on nothing else, and the browser keeps to https."""
    with site_of(web_workspace, adresse="https://liasse.example.org") as site:
        headers = {"Host": "liasse.example.org", "Origin": "https://liasse.example.org"}
        answer = site.browser().post(
            "/connexion", {"identifiant": "sophie", "mot_de_passe": PASSWORD}, headers=headers
        )

    assert answer.headers["set-cookie"].startswith("__Host-liasse=")
    assert answer.headers["set-cookie"].endswith("; HttpOnly; Max-Age=36000; Path=/; SameSite=lax; Secure")
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
