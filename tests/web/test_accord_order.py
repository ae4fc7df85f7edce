"""The accord comes after the check: what a page does not offer is not taken from who asks for it all the same."""

from __future__ import annotations

import re

from test_confirm import hiding
from test_pages import NAME, walked
from web_kit import Site

from pipeline.web.visits import form_token


def test_no_word_is_noted_while_the_scolarite_still_checks(site: Site) -> None:
    """A link and its token are enough to send one, before the page offers it."""
    entry = walked(site, hiding(NAME, "Structure cachée"))
    sophie = site.browser("sophie")
    sophie.get(f"/dossiers/{entry.number}/lien")
    page = sophie.post(f"/dossiers/{entry.number}/lien", {"nom": "Hélène NOIRET"})
    link = re.search(r"/lien/[\w-]{43}", page.text)
    assert link
    browser = site.browser()
    shown = browser.get(link[0])
    assert "La scolarité vérifie encore" in shown.text
    browser.token = form_token(link[0].removeprefix("/lien/"))

    early = browser.post(link[0], {"vu": "0", "avis": "favorable"})

    assert early.status_code == 409
    assert "la scolarité vérifie encore" in early.text
    assert site.ledger.decisions(entry.form).accord is None
