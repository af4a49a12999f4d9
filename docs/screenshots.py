"""Takes docs/screenshots from a running product: `make screenshots`, or `python docs/screenshots.py [ADDRESS]`.

Without an address it starts the embedded product with the demo world in a folder of its own, and stops it after.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Browser, sync_playwright  # noqa: E402

from tests.harness import packages, servers  # noqa: E402

FOLDER = ROOT / "docs" / "screenshots"
LIMIT = 200_000  # bytes
PASSWORD = "participa311-demo"  # noqa: S105  the demo accounts' own, printed by `make run`
REFERENT, ADMIN = "referent@ens1.test", "admin@desk.test"


class Shot(NamedTuple):
    name: str
    path: str
    account: str | None = None
    scheme: str = "light"
    width: int = 1280
    height: int = 780


SHOTS = [
    Shot("home-visitor", "/"),
    Shot("home-member", "/", REFERENT),
    Shot("home-member-dark", "/", REFERENT, "dark"),
    Shot("home-phone", "/", REFERENT, width=360, height=720),
    Shot("sign-in", "/compte/login/"),
    Shot("organisations", "/ens/", ADMIN),
    Shot("hours", "/horari/"),
    Shot("style", "/gestio/estil/", ADMIN),
]


def main() -> None:
    if len(sys.argv) > 1:
        take(sys.argv[1].rstrip("/"))
        return
    with tempfile.TemporaryDirectory() as data:
        port = servers.free_port()
        environment = {**os.environ, "DATA": data, "DJANGO_SETTINGS_MODULE": "platform_core.config.settings.embedded"}
        environment.pop("DATABASE_URL", None)
        command = [sys.executable, "manage.py", "start", "--port", str(port)]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
        try:
            servers.wait_for_port(port, process, what="the product", limit=300)
            take(f"http://localhost:{port}")
        finally:
            servers.stop(process)


def take(address: str) -> None:
    chromium = packages.CHROMIUM.path()
    if chromium is None:
        sys.exit("Chromium is not on this machine: apt install chromium")
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(chromium), args=["--no-sandbox", "--disable-gpu"])
        for shot in SHOTS:
            path = _shoot(browser, address, shot)
            size = path.stat().st_size
            print(f"{path.relative_to(ROOT)}  {size // 1000} kB")
            if size > LIMIT:
                sys.exit(f"{path.name} is larger than {LIMIT // 1000} kB: show less of the page.")
        browser.close()


def _shoot(browser: Browser, address: str, shot: Shot) -> Path:
    context = browser.new_context(
        base_url=address,
        locale="ca-ES",
        color_scheme=shot.scheme,  # type: ignore[arg-type]
        viewport={"width": shot.width, "height": shot.height},
    )
    page = context.new_page()
    if shot.account:
        page.goto("/compte/login/")
        page.locator("main input[name=login]").fill(shot.account)
        page.locator("main input[name=password]").fill(PASSWORD)
        page.locator("main input[name=password]").press("Enter")
        page.wait_for_url(lambda url: "/compte/login" not in url)
    answer = page.goto(shot.path)
    if answer is None or not answer.ok:
        sys.exit(f"{shot.path} answered {answer and answer.status}: nothing to show.")
    page.evaluate("document.fonts.ready")
    target = FOLDER / f"{shot.name}.png"
    page.screenshot(path=target)
    context.close()
    return target


if __name__ == "__main__":
    main()
