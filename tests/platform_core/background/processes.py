"""Real `manage.py serve` processes on the database of the tests."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import connection

LIMIT = 60.0
"""Seconds after which a process that does not do what it should has failed the test."""


class Serve:
    """A `manage.py serve` process."""

    def __init__(self, folder: Path, *arguments: str, **environment: str) -> None:
        self.errors = (folder / f"errors-{len(list(folder.iterdir()))}").open("w+")
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "manage.py", "serve", *arguments],
            cwd=settings.ROOT,
            env={**_environment(folder), **environment},
            stdout=subprocess.PIPE,
            stderr=self.errors,
            text=True,
        )

    def first_line(self) -> str:
        """What it prints when it is up, or nothing when it ends instead."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(LIMIT)

    def ask_to_end(self) -> None:
        self.process.send_signal(signal.SIGTERM)

    def end(self) -> tuple[int, str]:
        """Wait for it to end: its code and what it wrote to standard error."""
        code = self.process.wait(LIMIT)
        self.errors.seek(0)
        return code, self.errors.read()

    def close(self) -> None:
        if self.process.poll() is None:
            self.kill()
        assert self.process.stdout is not None
        self.process.stdout.close()
        self.errors.close()


class Meeting:
    """A Unix socket where a job waits for the test (see tests.factories.background.meet)."""

    def __init__(self, folder: Path) -> None:
        self.address = str(folder / "meeting")
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.settimeout(LIMIT)
        self._listener.bind(self.address)
        self._listener.listen()
        self._line: socket.socket | None = None

    def wait(self) -> None:
        """Return when the job is here; raises TimeoutError when it does not come."""
        self._line, _ = self._listener.accept()

    def let_go(self) -> None:
        if self._line:
            self._line.close()
            self._line = None

    def close(self) -> None:
        self.let_go()
        self._listener.close()


@contextmanager
def short_folder() -> Iterator[Path]:
    """A folder with a path short enough for a Unix socket."""
    folder = Path(tempfile.mkdtemp(prefix="agora-serve-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def wait_until(condition, *, what: str) -> None:
    """Look until the condition holds; what another process commits cannot be awaited."""
    pause = threading.Event()
    for _ in range(int(LIMIT / 0.05)):
        if condition():
            return
        pause.wait(0.05)
    pytest.fail(f"never: {what}")


def _environment(folder: Path) -> dict[str, str]:
    """The environment in which a process opens the very database of this test."""
    name = str(connection.settings_dict["NAME"])
    environment = {**os.environ, "DATA": str(folder), "LANG": "en", "LC_ALL": ""}
    if connection.vendor == "postgresql":
        url = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))
        return {**environment, "DJANGO_SETTINGS_MODULE": "platform_core.config.settings.test", "DATABASE_URL": url}
    place = folder / "agora.sqlite3"
    if not place.exists() and not place.is_symlink():
        place.symlink_to(name)
    return {**environment, "DJANGO_SETTINGS_MODULE": "platform_core.config.settings.embedded"}
