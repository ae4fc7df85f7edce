"""Pictures of pages: kept by a browser, shown only after the server said that they are still that, for who looks."""

from __future__ import annotations

import re

from api_kit import DELIVERED, context_of
from web_kit import Site

from pipeline.services.page_views import form_images


def shown(site: Site) -> list[str]:
    """The addresses of a picture of a form, and of one of its packet."""
    browser = site.browser("karim")
    number = next(one.number for one in site.ledger.entries.all() if one.form.name == DELIVERED)
    pages = (browser.get(f"/dossiers/{number}").text, browser.get(f"/dossiers/{number}/liasse").text)
    return [re.findall(r'(?:href|src)="(/dossiers/[^"]+\.png[^"]*)"', page)[0] for page in pages]


def test_a_picture_that_a_browser_kept_is_asked_for_again(busy: Site) -> None:
    """Nobody sees the page of a packet that was made again since, nor of a dossier that is not theirs any more."""
    karim, stranger = busy.browser("karim"), busy.browser("etranger")
    for address in shown(busy):
        first = karim.get(address)
        known = {"If-None-Match": first.headers["etag"]}
        again = karim.get(address, headers=known)

        assert first.headers["content-type"] == "image/png"
        assert first.headers["cache-control"] == again.headers["cache-control"] == "private, no-cache"
        assert (again.status_code, again.content) == (304, b"")
        assert stranger.get(address, headers=known).status_code == 404
        assert busy.browser().get(address, headers=known).status_code == 303


def test_a_page_that_was_drawn_anew_is_sent_under_the_same_address(busy: Site) -> None:
    """What the browser kept is not that page any more."""
    karim, address = busy.browser("karim"), shown(busy)[0]
    known = karim.get(address).headers["etag"]
    entry = next(one for one in busy.ledger.entries.all() if one.form.name == DELIVERED)
    (first, *_) = form_images(context_of(busy), entry.form)
    first.file.chmod(0o600)
    first.file.write_bytes(b"another picture")

    assert karim.get(address, headers={"If-None-Match": known}).content == b"another picture"
