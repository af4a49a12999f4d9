"""Copies the icons we use, with their licence, from the npm package; `VENDORED.json` says which version."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from platform_core.base.icons import FOLDER

PACKAGE = "@tabler/icons"
VERSION = "3.51.0"
ICONS = """
activity-heartbeat adjustments alert-triangle archive arrow-left arrow-right arrows-exchange at ban bell bell-ringing
bolt book bookmark building building-community bulb calendar calendar-event calendar-off camera certificate chart-bar
check checklist chevron-down chevron-left chevron-right chevron-up circle circle-check circle-dot clipboard clock
clock-pause copy corner-up-left device-desktop device-mobile dots download edit external-link eye eye-off file-text
filter flag folder git-branch git-merge hand-stop heart-handshake help-circle history home hourglass info-circle key
keyboard language layout-board lifebuoy link list list-check lock lock-open login logout mail map-pin menu-2 message
messages microphone mood-neutral mood-sad mood-smile moon palette paperclip pencil phone photo pin player-pause
player-play plus printer progress question-mark quote refresh report-analytics rosette school search send server
settings shield shield-check shield-lock sort-ascending star sun tag thumb-up ticket tools trash upload user
user-check user-minus user-plus users users-group video wifi wifi-off world x
""".split()  # noqa: SIM905  a hundred quotes would hide the names


class Command(BaseCommand):
    help = "Copies the icons of the design system from npm into platform_core/base/icons (needs npm and the network)."

    def handle(self, *_args: Any, **_options: Any) -> None:
        npm = shutil.which("npm")
        if npm is None:
            raise CommandError("npm is not installed.")
        with tempfile.TemporaryDirectory() as scratch:
            done = subprocess.run(
                [npm, "pack", "--silent", f"{PACKAGE}@{VERSION}"],
                cwd=scratch,
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                raise CommandError(f"npm could not fetch {PACKAGE}@{VERSION}: {done.stderr.strip()}")
            archive = next(Path(scratch).glob("*.tgz"))
            with tarfile.open(archive) as tar:
                tar.extractall(scratch, filter="data")
            self._copy(Path(scratch) / "package")

    def _copy(self, package: Path) -> None:
        missing = [name for name in ICONS if not (package / "icons/outline" / f"{name}.svg").is_file()]
        if missing:
            raise CommandError(f"{PACKAGE}@{VERSION} has no {', '.join(missing)}.")
        for old in FOLDER.glob("*.svg"):
            old.unlink()
        files: dict[str, str] = {}
        for name in sorted(ICONS):
            data = (package / "icons/outline" / f"{name}.svg").read_bytes()
            (FOLDER / f"{name}.svg").write_bytes(data)
            files[f"{name}.svg"] = hashlib.sha256(data).hexdigest()
        licence = (package / "LICENSE").read_bytes()
        (FOLDER / "LICENSE-tabler-icons.txt").write_bytes(licence)
        files["LICENSE-tabler-icons.txt"] = hashlib.sha256(licence).hexdigest()
        record = {"package": PACKAGE, "version": VERSION, "licence": "MIT", "sha256": files}
        (FOLDER / "VENDORED.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
        self.stdout.write(f"{len(ICONS)} icons of {PACKAGE} {VERSION} in {FOLDER}.")
