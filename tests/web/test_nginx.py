"""The configuration of nginx in deploy/, by nginx itself: accepted, and what it lets through."""

from __future__ import annotations

import datetime as dt
import shutil
import ssl
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from test_served import ROOT, free_port, serving
from web_kit import PASSWORD

from pipeline.core.workspace import Workspace

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/sbin")
NAME = "liasse.example.org"
pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed: apt-get install nginx-light")


def certificate(folder: Path) -> None:
    """A certificate of our own for the name in the configuration."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    today = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - dt.timedelta(days=1))
        .not_valid_after(today + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "liasse.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "liasse.key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


@pytest.fixture
def outside(web_workspace: Workspace, tmp_path: Path) -> Iterator[httpx2.Client]:
    """A browser outside: nginx with the configuration as it is but for ports and places, and liasse behind."""
    plain, secure, sock = free_port(), free_port(), tmp_path / "web.sock"
    certificate(tmp_path)
    text = (ROOT / "deploy" / "nginx-liasse.conf").read_text(encoding="utf-8")
    for theirs, ours in (
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen [::]:80;", ""),
        ("listen 443 ssl http2;", f"listen 127.0.0.1:{secure} ssl http2;"),
        ("listen [::]:443 ssl http2;", ""),
        ("/etc/ssl/certs/liasse.pem", str(tmp_path / "liasse.pem")),
        ("/etc/ssl/private/liasse.key", str(tmp_path / "liasse.key")),
        ("/run/liasse/web.sock", str(sock)),
    ):
        assert theirs in text
        text = text.replace(theirs, ours)
    (tmp_path / "liasse.conf").write_text(text, encoding="utf-8")
    frame = tmp_path / "nginx.conf"
    temporary = " ".join(
        f"{kind}_temp_path {tmp_path}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    frame.write_text(
        f"user root; daemon off; pid {tmp_path}/pid; error_log {tmp_path}/error.log;\n"
        f"events {{}}\nhttp {{ {temporary} include {tmp_path}/liasse.conf; }}\n"
    )
    (web_workspace.root / "liasse.toml").write_text(
        f'[web]\nadresse = "https://{NAME}"\nmandataires = ["unix"]\nidentite = "X-Remote-User"\n'
    )
    assert NGINX
    checked = subprocess.run([NGINX, "-t", "-c", frame], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    assert "warn" not in checked.stderr
    words = ("--jobs", "0", "--uds", str(sock), "--workspace", str(web_workspace.root))
    with serving(*words), subprocess.Popen([NGINX, "-c", frame]) as nginx:
        trusted = ssl.create_default_context(cafile=str(tmp_path / "liasse.pem"))
        here, headers = f"https://127.0.0.1:{secure}", {"Host": NAME, "Origin": f"https://{NAME}"}
        try:
            with httpx2.Client(base_url=here, verify=trusted, headers=headers) as client:
                yield client
        finally:
            nginx.terminate()


def test_nginx_lets_people_in_and_nothing_else(outside: httpx2.Client) -> None:
    """The sign-in over https; a forged identity goes no further; metrics are not there."""
    named: dict[str, Any] = {"extensions": {"sni_hostname": NAME}}
    deadline = time.monotonic() + 30
    while True:
        try:
            assert outside.get("/healthz", **named).text == "ok\n"
            break
        except httpx2.TransportError:
            assert time.monotonic() < deadline
            time.sleep(0.2)

    forged = outside.get("/", headers={"X-Remote-User": "sophie"}, **named)
    assert (forged.status_code, forged.headers["location"]) == (303, "/connexion")
    assert outside.get("/metrics", **named).status_code == 404
    signed = outside.post("/connexion", data={"identifiant": "sophie", "mot_de_passe": PASSWORD}, **named)
    assert signed.headers["location"] == "/"
    assert signed.headers["set-cookie"].startswith("__Host-liasse=")
    cookie = signed.headers["set-cookie"].split(";")[0]
    page = outside.get("/", headers={"Cookie": cookie}, **named)
    assert "Sophie" in page.text
    assert page.headers["strict-transport-security"] == "max-age=31536000"
    assert outside.post("/mot-de-passe", content=b"x" * 101_000_000, **named).status_code == 413
