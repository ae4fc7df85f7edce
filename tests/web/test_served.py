"""The server as a program: where it listens, what it tells, how it ends; asked over real sockets."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
from web_kit import PASSWORD, Site

from pipeline.core.workspace import Workspace

ROOT = Path(__file__).parents[2]
PATIENCE = 120.0
NEW = "lanterne cuivre orage tilleul"  # a password


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@contextmanager
def serving(*words: str) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """``liasse serve`` with these words, once it says that it listens; what it told until then."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "pipeline", "serve", *words]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        told: list[str] = []
        assert process.stderr
        for line in process.stderr:
            told.append(line)
            if "Ctrl-C" in line:
                break
        try:
            yield process, told
        finally:
            process.kill()


def ended(process: subprocess.Popen[str], sent: signal.Signals) -> int:
    """The exit code after a signal."""
    process.send_signal(sent)
    process.communicate(timeout=PATIENCE)
    return process.returncode


def until(right: object) -> None:
    """Wait until that is true; fails when it takes too long."""
    assert callable(right)
    deadline = time.monotonic() + PATIENCE
    while not right():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def test_a_first_look_takes_one_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demonstration: an account is told, its password is changed, the samples come in; then all of it is gone."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    port = free_port()
    with serving("--demo", "--jobs", "1", "--port", str(port)) as (process, told):
        account = re.search(r"Account: (\S+)\s+password: (\S+)", "".join(told))
        assert account
        here = f"http://127.0.0.1:{port}"
        with httpx2.Client(base_url=here, headers={"Origin": here}) as browser:
            signed = browser.post("/connexion", data={"identifiant": account[1], "mot_de_passe": account[2]})
            assert signed.headers["location"] == "/"
            token = re.search(r'name="jeton" value="(\w+)"', browser.get("/mot-de-passe").text)
            assert token
            changed = {"jeton": token[1], "actuel": account[2], "nouveau": NEW, "encore": NEW}
            assert browser.post("/mot-de-passe", data=changed).headers["location"] == "/"
            until(lambda: "7 dossiers" in browser.get("/?qui=tous").text)
            assert browser.get("/readyz").text == "ready\n"
        workspace = Path(f"/proc/{process.pid}/cwd")
        assert workspace.resolve() == Path.cwd()  # nothing was written beside us
        assert ended(process, signal.SIGTERM) == 0

    assert not list(tmp_path.glob("liasse-demo-*/.liasse/ledger.sqlite3"))


def test_it_listens_on_this_machine_alone(web_workspace: Workspace) -> None:
    """Unless told; then it says what that means."""
    with serving("--jobs", "0", "--port", str(free_port()), "--workspace", str(web_workspace.root)) as (
        process,
        told,
    ):
        assert told == [line for line in told if "127.0.0.1" in line]
        assert listens_on(process.pid) == {"0100007F"}
        assert ended(process, signal.SIGINT) == 0
    words = ("--jobs", "0", "--host", "0.0.0.0", "--port", str(free_port()))  # noqa: S104 -- told
    with serving(*words, "--workspace", str(web_workspace.root)) as (_, told):
        assert "passwords travel readable" in told[0]


def listens_on(process: int) -> set[str]:
    """The IPv4 addresses on which a process listens, as the kernel writes them."""
    mine = {
        str(one.readlink()).removeprefix("socket:[").removesuffix("]")
        for one in Path(f"/proc/{process}/fd").iterdir()
    }
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return {line[1].split(":")[0] for line in lines if line[3] == "0A" and line[9] in mine}


def test_a_port_that_is_taken_is_said(web_workspace: Workspace) -> None:
    """One line, exit code 3, and nothing was opened."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        words = [sys.executable, "-m", "pipeline", "serve", "--port", port, "--workspace", web_workspace.root]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False, timeout=PATIENCE)

    assert done.returncode == 3
    (told,) = done.stderr.splitlines()
    assert told.startswith(f"liasse : nothing can be served at 127.0.0.1, port {port}: Address already in use. Name ")


def test_a_proxy_comes_by_the_socket(web_workspace: Workspace, tmp_path: Path) -> None:
    """The Unix socket is for our group; who comes by it may say who it is, where that is configured."""
    (web_workspace.root / "liasse.toml").write_text('[web]\nidentite = "X-Remote-User"\nmandataires = ["unix"]\n')
    place = tmp_path / "liasse.sock"
    with serving("--jobs", "0", "--uds", str(place), "--workspace", str(web_workspace.root)) as (process, _):
        assert place.stat().st_mode & 0o777 == 0o660
        transport = httpx2.HTTPTransport(uds=str(place))
        with httpx2.Client(transport=transport, base_url="http://localhost") as proxy:
            assert "Sophie" in proxy.get("/", headers={"X-Remote-User": "sophie"}).text
            assert proxy.get("/").status_code == 200  # its session
        assert ended(process, signal.SIGTERM) == 0


def test_the_first_account_is_made_once(web_workspace: Workspace) -> None:
    """Where somebody administers already, none is made."""
    words = ("--create-admin", "--jobs", "0", "--port", str(free_port()), "--workspace", str(web_workspace.root))
    with serving(*words) as (_, told):
        assert "Somebody administers already" in told[0]


def test_nothing_leaves(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """No page asks another machine anything, also where the environment names a collector of telemetry."""
    monkeypatch.setenv("FASTAPI_OTEL_AUTO_CONFIGURE", "true")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://192.0.2.1:4318")
    asked = []
    monkeypatch.setattr(socket.socket, "connect", lambda _, address: asked.append(address))
    browser = site.browser("sophie")
    for path in ("/", "/accessibilite", "/nulle-part", f"/dossiers/{next(iter(site.dossiers.values()))}"):
        browser.get(path)
    browser.post("/connexion", {"identifiant": "sophie", "mot_de_passe": PASSWORD})

    assert asked == []
    assert {site.app._telemetry[name] for name in ("tracing", "metrics", "logs", "auto_configure")} == {False}


def test_metrics_are_for_this_machine(site: Site) -> None:
    """Counts by route and state, without a name; from elsewhere, or handed on by a proxy, they are not there."""
    site.browser("sophie").get("/?q=GOFF")
    told = site.browser().get("/metrics").text

    assert 'liasse_http_requests_total{method="GET",route="/",status="200"} 1' in told
    assert 'liasse_forms{state="delivre"} 2' in told
    assert "liasse_queue 0" in told
    assert not any(word in told.lower() for word in ("goff", "sophie", "2024-0"))
    assert site.browser(peer=("192.0.2.1", 1)).get("/metrics").status_code == 404
    assert site.browser(headers={"X-Forwarded-For": "192.0.2.1"}).get("/metrics").status_code == 404


def test_it_is_not_ready_where_a_setting_is_wrong(site: Site) -> None:
    """A schema that cannot be read: alive, and not ready."""
    until(lambda: site.browser().get("/readyz").status_code == 200)
    (site.workspace.schemas / "formulaire.schema.json").write_text("{")
    until(lambda: site.browser().get("/readyz").status_code == 503)

    assert site.browser().get("/healthz").text == "ok\n"


def test_accessibility_is_stated_for_everybody(site: Site) -> None:
    """The state of conformity, and whom to write to, as the school's settings say."""
    page = site.browser().get("/accessibilite").text

    assert "<h1>Accessibilité : non conforme</h1>" in page
    assert 'href="mailto:' in page
