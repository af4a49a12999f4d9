"""Not asking again and again who does not answer."""

from __future__ import annotations

import time
from threading import Lock

FIRST_PAUSE, LONGEST_PAUSE = 2.0, 30.0
"""Seconds without asking after a failure; doubled by each one more."""


class Breaker:
    """One of a process, shared by its threads. After a pause a single caller tries; the others still go without."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._pause = 0.0
        self._next = 0.0

    def allows(self) -> bool:
        """Whether to ask now."""
        with self._lock:
            if not self._pause:
                return True
            if time.monotonic() < self._next:
                return False
            self._next = time.monotonic() + self._pause
            return True

    def failed(self) -> None:
        with self._lock:
            self._pause = min(self._pause * 2 or FIRST_PAUSE, LONGEST_PAUSE)
            self._next = time.monotonic() + self._pause

    def succeeded(self) -> None:
        with self._lock:
            self._pause = 0.0

    @property
    def is_open(self) -> bool:
        """Whether the last one that was asked did not answer."""
        with self._lock:
            return bool(self._pause)
