"""One embedded server for one DATA folder."""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class AlreadyRunningError(Exception):
    """Another process serves this folder; `pid` and `address` are what it wrote, or empty while it starts."""

    def __init__(self, pid: str, address: str) -> None:
        super().__init__(pid, address)
        self.pid = pid
        self.address = address


class DataLock:
    """A lock of the kernel on DATA/serve.lock: it ends with the process, however that ends."""

    def __init__(self, folder: Path) -> None:
        """Take the lock. Raises AlreadyRunningError when it is held, OSError when the folder cannot be written."""
        folder.mkdir(parents=True, exist_ok=True)
        self._file = (folder / "serve.lock").open("a+")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.seek(0)
            pid, _, address = self._file.read().strip().partition("\n")
            self._file.close()
            raise AlreadyRunningError(pid, address) from None
        self.tell("")

    def tell(self, address: str) -> None:
        """Write down where this server answers, for whoever finds the lock taken."""
        self._file.truncate(0)
        self._file.write(f"{os.getpid()}\n{address}")
        self._file.flush()

    def release(self) -> None:
        """Let go of the folder before the process ends."""
        self._file.close()
