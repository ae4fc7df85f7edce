"""The gate of OpenDocument texts: sniffed by content, refused with a reason of their own, read to the end."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import zipfile
from pathlib import Path

import pytest

from pipeline.core.errors import FormRejected
from pipeline.core.models import Form
from pipeline.reading.known_forms import KnownForms
from pipeline.reading.reader import read
from pipeline.sandbox.gates import open_odt
from pipeline.sandbox.sniff import Container, container_of

ODT = b"application/vnd.oasis.opendocument.text"
CONTENT = b"<office:document-content xmlns:office='urn:oasis:names:tc:opendocument:xmlns:office:1.0'/>"

LOCKED = {"META-INF__manifest_xml": b"<m><manifest:encryption-data/></m>", "content_xml": b"\x93\x00\x17\xfe"}


def odt(**parts: bytes) -> bytes:
    """An archive with these parts, « __ » for a slash and « _xml » for its suffix."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", ODT)
        for name, part in {"content_xml": CONTENT, **parts}.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), part)
    return out.getvalue()


def test_it_is_told_by_its_content() -> None:
    """Whatever its name."""
    assert container_of(odt()) is Container.ODT


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        (LOCKED, "ODT_PROTEGE"),
        ({"content_xml": b"<!DOCTYPE x [<!ENTITY e 'x'>]><x>&e;</x>"}, "ODT_DOCTYPE"),
        ({"content_xml": b" " * 20_000_001}, "ODT_BOMBE"),
        ({"..__evil": b"."}, "ODT_CHEMIN"),
    ],
)
def test_it_is_refused_with_a_reason_of_its_own(parts: dict[str, bytes], reason: str) -> None:
    """A password, an entity, a bomb, a way out of its folder: told as of an OpenDocument text."""
    with pytest.raises(FormRejected) as refused:
        open_odt(odt(**parts))
    assert (refused.value.reason, "OpenDocument" in refused.value.message) == (reason, True)
    assert "Word" not in refused.value.message


def test_scripts_and_pictures_are_not_opened() -> None:
    """A declaration of an old program in a part that is not read harms nobody."""
    parts = open_odt(odt(Basic__script_xml=b"<!DOCTYPE library><x/>", Pictures__a=b"x"))
    assert set(parts) == {"content.xml"}


def test_an_unknown_text_is_refused_in_the_jail(given_out: KnownForms, tmp_path: Path) -> None:
    """By the door of every form."""
    path = tmp_path / "recu"
    path.write_bytes(odt())
    form = Form(hashlib.sha256(path.read_bytes()).hexdigest(), path, path.name, dt.date(2025, 3, 17))
    with pytest.raises(FormRejected) as refused:
        read(form, given_out)
    assert refused.value.reason == "ODT_ENDOMMAGE"
