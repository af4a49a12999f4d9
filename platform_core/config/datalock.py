"""One embedded server for one DATA folder."""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from pathlib import Path


class DataLock:
    """A lock of the kernel on DATA/serve.lock: it ends with the process, however that ends."""

    def __init__(self, folder: Path) -> None:
        """Take the lock. Raises CommandError, in words for the terminal, when it is held or cannot be written."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._file = (folder / "serve.lock").open("a+")
        except OSError as problem:
            raise CommandError(
                _("The folder %(folder)s cannot be written: %(problem)s. Choose another: DATA=folder make run")
                % {"folder": folder, "problem": problem.strerror}
            ) from problem
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.seek(0)
            # What the other one wrote; nothing yet while it starts.
            pid, _newline, address = self._file.read().strip().partition("\n")
            self._file.close()
            raise CommandError(
                _(
                    "Already running, process %(pid)s, at %(address)s. "
                    "For a second one choose another folder and port: DATA=other PORT=8001 make run"
                )
                % {"pid": pid or "?", "address": address or "?"}
            ) from None
        self.tell("")

    def tell(self, address: str) -> None:
        """Write down where this server answers, for whoever finds the lock taken."""
        self._file.truncate(0)
        self._file.write(f"{os.getpid()}\n{address}")
        self._file.flush()

    def release(self) -> None:
        """Let go of the folder before the process ends."""
        self._file.close()
