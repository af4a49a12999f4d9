"""Lighthouse on home and sign-in: performance, accessibility and best practices, the worse of phone and computer.

`python -m bench.lighthouse [--json FILE] [--url ADDRESS]`; needs npm and Chromium. Lighthouse itself is installed by
npm into a cache folder outside the project (XDG_CACHE_HOME). Without an address the embedded product is started.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.results import stamp
from tests.harness import packages, servers

ROOT = Path(__file__).resolve().parents[1]
VERSION = "12.8.2"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "agora-lighthouse" / VERSION
PAGES = {"home": "/", "sign-in": "/compte/login/"}
CATEGORIES = ["performance", "accessibility", "best-practices"]
GOAL = 95
FLAGS = (
    "--headless=new --no-sandbox --disable-gpu "
    "--disable-background-networking --disable-component-update --disable-sync"
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--url")
    arguments = parser.parse_args()
    program = install()
    with product(arguments.url) as address:
        results = {
            f"{name} {form}": measure(program, address + path, form=form)
            for name, path in PAGES.items()
            for form in ("phone", "computer")
        }
    print(f"{'page':<22}" + "".join(f"{name:>16}" for name in CATEGORIES))
    for name, scores in results.items():
        print(f"{name:<22}" + "".join(f"{scores[category]:>16}" for category in CATEGORIES))
    if arguments.json:
        arguments.json.parent.mkdir(parents=True, exist_ok=True)
        record = {**stamp(), "lighthouse": VERSION, "goal": GOAL, "scores": results}
        arguments.json.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def install() -> Path:
    program = CACHE / "node_modules" / ".bin" / "lighthouse"
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm is not installed: apt install npm")
    if not program.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        print(f"Installing Lighthouse {VERSION}…", file=sys.stderr)
        subprocess.run(
            [npm, "install", "--silent", "--no-save", "--prefix", str(CACHE), f"lighthouse@{VERSION}"], check=True
        )
    return program


@contextmanager
def product(address: str | None) -> Iterator[str]:
    if address:
        yield address.rstrip("/")
        return
    with tempfile.TemporaryDirectory() as data:
        port = servers.free_port()
        environment = {**os.environ, "DATA": data, "DJANGO_SETTINGS_MODULE": "platform_core.config.settings.embedded"}
        environment.pop("DATABASE_URL", None)
        command = [sys.executable, "manage.py", "start", "--port", str(port)]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
        try:
            servers.wait_for_port(port, process, what="the product", limit=300)
            yield f"http://localhost:{port}"
        finally:
            servers.stop(process)


def measure(program: Path, url: str, *, form: str) -> dict[str, int]:
    """Scores of 100, by category."""
    chromium = packages.CHROMIUM.path()
    command = [str(program), url, "--quiet", "--output=json", f"--only-categories={','.join(CATEGORIES)}"]
    command += [f"--chrome-flags={FLAGS}"] + (["--preset=desktop"] if form == "computer" else [])
    done = subprocess.run(
        command, env={**os.environ, "CHROME_PATH": str(chromium)}, check=True, capture_output=True, text=True
    )
    report = json.loads(done.stdout)
    lost = [
        (audit["id"], audit.get("displayValue", ""))
        for audit in report["audits"].values()
        if audit.get("score") is not None and audit["score"] < 0.9
    ]
    for name, value in lost:
        print(f"  {url} {form}: {name} {value}", file=sys.stderr)
    return {name: round(report["categories"][name]["score"] * 100) for name in CATEGORIES}


if __name__ == "__main__":
    main()
