"""What the gate counts of who asks: guesses of links too, and an IPv6 house as one."""

from __future__ import annotations

import pytest
from web_kit import site_of

from pipeline.core.workspace import Workspace
from pipeline.web.peers import neighbourhood

HOUSE = "2001:db8:1:2:"


def test_who_guesses_links_too_fast_waits(web_workspace: Workspace) -> None:
    """Two a second, ten at once, whoever asks; a link that holds is another visitor's, and goes on."""
    with site_of(web_workspace, cadence=2.0) as site:
        stranger = site.browser(peer=("198.51.100.7", 50000))
        answers = [stranger.get(f"/lien/{number:043}").status_code for number in range(40)]

    assert answers[0] == 404
    assert 429 in answers


def test_another_address_of_the_same_house_is_no_other_visitor(web_workspace: Workspace) -> None:
    """Whoever has an IPv6 network has as many addresses as they like; they wait as one."""
    with site_of(web_workspace) as site:
        for number in range(30):
            site.ledger.attempts.begin(f"personne{number}", neighbourhood(f"{HOUSE}:{number:x}"))

        assert "Trop d’essais" in site.browser(peer=(f"{HOUSE}ffff::1", 50000)).sign_in("sophie").text
        assert site.browser(peer=("2001:db8:1:3::1", 50000)).sign_in("sophie").status_code == 303


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unix", "unix"),
        ("no address", "no address"),
    ],
)
def test_an_address_is_counted_with_its_neighbours(address: str, counted: str) -> None:
    """IPv4 alone, as itself; IPv6 by the first half; what is no address as it is."""
    assert neighbourhood(address) == counted
