"""Values that no page of ours sends: each is told as what it is, and none is a fault of ours."""

from __future__ import annotations

import pytest
from api_kit import DELIVERED
from web_kit import Site


@pytest.mark.parametrize("figure", ["²", "①", "9" * 190])
def test_a_figure_that_is_no_number_is_told_as_what_is_not_there(busy: Site, figure: str) -> None:
    """Neither a piece of a packet nor days of a list; and no fault of ours."""
    karim = busy.browser("karim")
    number = next(one.number for one in busy.ledger.entries.all() if one.form.name == DELIVERED)
    karim.get(f"/dossiers/{number}/liasse")

    assert karim.post(f"/dossiers/{number}/liasse/prendre", {"quoi": figure}).status_code == 404
    assert karim.get("/", params={"debut": figure}).status_code in {200, 422}


ADDRESSES = [
    "a..b@x.fr",
    "(a)@x.fr",
    "a:b@x.fr",
    "[a]@x.fr",
    "é@x.fr",
    "a@é.fr",
    "a@x..fr",
    "a.@x.fr",
    "a@x.fr\r\nBcc: b@x.fr",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_that_no_mail_reaches_makes_no_link(site: Site, address: str) -> None:
    """The person is told; and no link stays behind whose secret nobody was told."""
    sophie, number = site.browser("sophie"), next(iter(site.dossiers.values()))
    sophie.get(f"/dossiers/{number}/lien")
    answer = sophie.post(f"/dossiers/{number}/lien", {"nom": "Hélène NOIRET", "courriel": address})
    dossier = next(one.dossier for one in site.ledger.entries.all() if one.number == number)

    assert answer.status_code == 422
    assert "cette adresse n’en est pas une" in answer.text
    assert not site.ledger.passes.links_of(dossier)
