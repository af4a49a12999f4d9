"""A real product in a real browser: one `manage.py serve` with the demo world and one Chromium for all tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.pages import Where
from tests.harness import packages, servers

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "participa311-demo"
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@dataclass(frozen=True)
class Product:
    """A product that serves at `url`; `environment` is for other programs on the same data."""

    url: str
    environment: dict[str, str]

    def start(self, *words: str, settings: str) -> subprocess.Popen[bytes]:
        """Another Python program on the same data, with settings of its own."""
        environment = {**self.environment, "DJANGO_SETTINGS_MODULE": settings}
        return subprocess.Popen([sys.executable, *words], cwd=ROOT, env=environment)

    def ask(self, *words: str) -> str:
        """What a Python program prints, on the same data."""
        command = [sys.executable, *words]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment, check=True, capture_output=True, text=True
        ).stdout


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The embedded product, started as a newcomer starts it, with the demo world."""
    data = tmp_path_factory.mktemp("product")
    port = servers.free_port()
    environment = {**os.environ, "DATA": str(data), "DJANGO_SETTINGS_MODULE": "platform_core.config.settings.embedded"}
    environment.pop("DATABASE_URL", None)
    log = (data / "serve.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "manage.py", "start", "--port", str(port)],
        cwd=ROOT,
        env=environment,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    try:
        servers.wait_for_port(port, process, what="the product", limit=240)
        yield Product(f"http://localhost:{port}", environment)
    finally:
        servers.stop(process)
        log.close()


@pytest.fixture(scope="session")
def product_url(product: Product) -> str:
    return product.url


@pytest.fixture(scope="session")
def guests(product: Product) -> dict[str, dict[str, str]]:
    """See tests.browser.guests."""
    made: dict[str, dict[str, str]] = json.loads(product.ask("-m", "tests.browser.guests"))
    return made


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = packages.CHROMIUM.path()
    if path is None:
        pytest.skip("browser: chromium is not on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(path), args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


class OpenPage(Protocol):
    def __call__(self, role: str | None = None, *, width: int = 1280, scheme: str = "light") -> Page: ...


@pytest.fixture(scope="session")
def signed_in_states(chromium: Browser, product_url: str, guests: dict[str, dict[str, str]]) -> Callable[[str], dict]:
    """Sign in through the real form once an account; later pages start from its cookies."""
    states: dict[str, dict] = {email: _cookie(session) for email, session in guests["sessions"].items()}

    def state(email: str) -> dict:
        if email not in states:
            context = chromium.new_context(locale="ca-ES")
            page = context.new_page()
            page.goto(f"{product_url}/compte/login/")
            page.locator("main input[name=login]").fill(email)
            page.locator("main input[name=password]").fill(PASSWORD)
            page.locator("main input[name=password]").press("Enter")
            page.wait_for_url(lambda url: "/compte/login" not in url)
            states[email] = context.storage_state()
            context.close()
        return states[email]

    return state


def _cookie(session: str) -> dict:
    """The state of a browser that has one cookie: the session."""
    facts = {"expires": -1, "httpOnly": True, "secure": False, "sameSite": "Lax"}
    return {"cookies": [{"name": "sessionid", "value": session, "domain": "localhost", "path": "/", **facts}]}


@pytest.fixture
def page(chromium: Browser, product_url: str, signed_in_states: Callable[[str], dict]) -> Iterator[OpenPage]:
    """`page("referent@ens1.test", width=360, scheme="dark")`: a new page, signed in as that account, at our address."""
    contexts: list[BrowserContext] = []

    def open_page(role: str | None = None, *, width: int = 1280, scheme: str = "light") -> Page:
        context = chromium.new_context(
            base_url=product_url,
            locale="ca-ES",
            viewport={"width": width, "height": 900},
            color_scheme=scheme,  # type: ignore[arg-type]
            storage_state=signed_in_states(role) if role else None,  # type: ignore[arg-type]
        )
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


class Visit(Protocol):
    def __call__(self, where: Where, tab: Page) -> None: ...


@pytest.fixture
def visit(guests: dict[str, dict[str, str]]) -> Visit:
    """`visit(where, tab)`: opens the page of tests.browser.pages in a tab of its role; fails if it leads elsewhere."""

    def open_there(where: Where, tab: Page) -> None:
        path, lands = (each.format(**guests["places"]) for each in (where.path, where.lands or where.path))
        tab.goto(path)
        if urlsplit(tab.url).path.endswith("/compte/reauthenticate/") and "reauthenticate" not in lands:
            tab.locator("main input[name=password]").fill(PASSWORD)  # who they are was proved too long ago
            with tab.expect_navigation():
                tab.locator("main input[name=password]").press("Enter")
        assert urlsplit(tab.url).path == urlsplit(lands).path, "the page is another one"

    return open_there
