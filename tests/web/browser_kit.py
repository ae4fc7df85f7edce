"""A real browser on a real server: Debian's Chromium, driven by Playwright; what it asks, says and shows is held."""

from __future__ import annotations

import base64
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from web_kit import HASH, PASSWORD

from pipeline.core.visitors import Role
from pipeline.core.workspace import Workspace
from pipeline.ledger.account_book import Account
from pipeline.ledger.store import Ledger

ROOT = Path(__file__).parents[2]
AXE = ROOT / ".cache" / "axe-core-4.14.1" / "axe.min.js"
SCREENS = ROOT / ".cache" / "screens"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 320, "height": 640}
ZOOMED = {"width": 640, "height": 450}  # what a desktop window of 1280 pixels holds at 200 %
PATIENCE = 120_000  # milliseconds: a packet is made meanwhile, on a machine that may be busy
PEOPLE = {"sophie": ("Sophie MARCHAL", Role.SCOLARITE), "helene": ("Hélène NOIRET", Role.RESPONSABLE)}
expect.set_options(timeout=PATIENCE)
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=fr-FR",
]
_DROP = """
([files]) => {
  const data = new DataTransfer();
  for (const [name, text] of files) {
    const bytes = Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
    data.items.add(new File([bytes], name));
  }
  for (const kind of ["dragenter", "dragover", "drop"]) {
    document.body.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
  }
}
"""


@dataclass
class Desk:
    """One browser window of somebody, and what went wrong in it: words of the console, requests that left."""

    page: Page
    base: str
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        here = urlsplit(self.base).netloc
        self.page.set_default_timeout(PATIENCE)
        self.page.on("console", lambda said: self.wrong.append(f"{said.type}: {said.text} {said.location}"))
        self.page.on("pageerror", lambda error: self.wrong.append(f"error: {error}"))
        self.page.on(
            "request",
            lambda one: (
                None
                if urlsplit(one.url).netloc in {here, ""} or one.url.startswith("data:")
                else self.wrong.append(f"left: {one.url}")
            ),
        )

    def open(self, path: str) -> None:
        """A page of the site."""
        self.page.goto(f"{self.base}{path}")

    def sign_in(self, login: str) -> None:
        """The form of sign-in, by the keyboard."""
        self.open("/connexion")
        self.page.focus("#identifiant")
        self.page.keyboard.type(login)
        self.page.keyboard.press("Tab")
        self.page.keyboard.type(PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(f"{self.base}/")

    def drop(self, files: Sequence[tuple[str, bytes]]) -> None:
        """Files dropped on the page."""
        told = [[name, base64.b64encode(data).decode()] for name, data in files]
        self.page.evaluate(_DROP, [told])

    def faults(self, name: str) -> list[str]:
        """What axe-core finds wrong in the page as it is, on a desktop and at 320 pixels; pictures are kept.

        Nothing is read sideways either, there and at 200 %.
        """
        found: list[str] = []
        SCREENS.mkdir(parents=True, exist_ok=True)
        self.page.evaluate(f"{AXE.read_text(encoding='utf-8')};0")
        for kind, size in (("bureau", DESKTOP), ("telephone", PHONE)):
            self.page.set_viewport_size(size)  # type: ignore[arg-type]
            told = self.page.evaluate(f"axe.run(document, {{runOnly: {json.dumps(RULES)}}})")
            found += [f"{name}, {kind}: {one['id']}: {one['nodes'][0]['html'][:300]}" for one in told["violations"]]
            found += self._too_wide(f"{name}, {kind}")
            # a hidden caret would leave style attributes, which htmx copies against our policy
            self.page.screenshot(path=SCREENS / f"{name}-{kind}.png", full_page=True, caret="initial")
        self.page.set_viewport_size(ZOOMED)  # type: ignore[arg-type]
        found += self._too_wide(f"{name}, 200 %")
        self.page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
        return found

    def _too_wide(self, where: str) -> list[str]:
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        return [f"{where}: {wide} pixels too wide"] if wide > 0 else []


@contextmanager
def served(workspace: Workspace, day: str) -> Iterator[str]:
    """The address of the real server of a workspace, with one worker; it is stopped afterwards."""
    with Ledger.open(workspace) as ledger:
        for login, (name, role) in PEOPLE.items():
            assert ledger.accounts.add(Account("", login, name, frozenset({role}), None, HASH), by="essai")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "pipeline", "serve", "--workspace", str(workspace.root), "--today", day]
    with (workspace.root / "serve.log").open("wb") as log:
        server = subprocess.Popen(
            [*command, "--port", str(port), "--jobs", "1"],
            stderr=log,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            cwd=ROOT,
        )
        try:
            _wait(f"http://127.0.0.1:{port}/readyz", server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(60)


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert server.poll() is None
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 -- our own server
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server does not answer")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    program = shutil.which("chromium") or "/usr/bin/chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=_ARGUMENTS, env={**os.environ, "LANGUAGE": "fr"}
        )
        try:
            yield browser
        finally:
            browser.close()


def window(browser: Browser, base: str, **options: Any) -> Desk:
    """A new window, without cookies."""
    context: BrowserContext = browser.new_context(
        viewport=DESKTOP,  # type: ignore[arg-type]
        locale="fr-FR",
        reduced_motion="reduce",
        **options,
    )
    return Desk(context.new_page(), base)
