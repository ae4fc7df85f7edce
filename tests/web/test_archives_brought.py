"""Archives that somebody brings: what they cost is bounded, and one bad member costs the others nothing."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest
from api_kit import context_of
from web_kit import Site

from pipeline.core.visitors import Right, Visitor
from pipeline.services import deposits
from pipeline.services.deposits import Deposited, deposit

SOPHIE = Visitor("sophie", "Sophie", frozenset({Right.SEE, Right.DEPOSIT}))
PDF = b"%PDF-1.7 formulaire"


def archive(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive of these files."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as one:
        for name, data in members:
            one.writestr(name, data)
    return made.getvalue()


def brought(site: Site, data: bytes) -> tuple[Deposited, ...]:
    """What became of it."""
    return deposit(context_of(site), SOPHIE, "promo.zip", io.BytesIO(data))


def test_many_bombs_cost_no_more_than_one_archive_may(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was inflated in vain counts too: after that, nothing more is."""
    monkeypatch.setattr(deposits, "MOST_BYTES", 5_000_000)
    monkeypatch.setattr(deposits, "BIGGEST", 2_000_000)
    written = []
    inflated = deposits._inflated

    def counted(*given: object) -> bool:
        whole = inflated(*given)  # type: ignore[arg-type]
        written.append(given[2].tell())  # type: ignore[attr-defined]
        return whole

    monkeypatch.setattr(deposits, "_inflated", counted)
    told = brought(site, archive(*((f"{number}.pdf", b"\0" * 3_000_000) for number in range(20))))

    assert sum(written) == 5_000_000
    assert len(told) == 20
    assert all("trop gros" in one.refused for one in told)


def test_a_list_of_a_million_members_is_not_read(site: Site) -> None:
    """It is taken in as the one file that it is, and nobody waits for it."""
    member = struct.pack("<4s4B4HL2L5H2L", b"PK\1\2", 20, 3, 20, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    head, listed = b"PK\3\4" + b"\0" * 26, member * 100_000
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, len(listed), len(head), 0)

    (one,) = brought(site, head + listed + end)

    assert one.entry
    assert one.name == "promo.zip"


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_member_that_may_ask_for_gigabytes_is_not_opened(site: Site, method: int) -> None:
    """Its sender is asked to bring it alone."""
    (one,) = brought(site, archive(("un.pdf", PDF), method=method))

    assert "déposez-le seul" in one.refused


def test_a_damaged_member_leaves_the_others(site: Site) -> None:
    """What is compressed wrongly is told; what comes after it is taken in."""
    data = archive(("abime.pdf", PDF * 20), ("bon.pdf", PDF))
    at = data.index(b"abime.pdf") + len(b"abime.pdf")
    with pytest.raises(zlib.error):
        zlib.decompress(b"\xff" * 8, -15)

    damaged, good = brought(site, data[:at] + b"\xff" * 8 + data[at + 8 :])

    assert "ne s’ouvre pas" in damaged.refused
    assert good.entry
