"""Worker and scheduler as threads of a process, started and stopped together."""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import close_old_connections, connection

from . import liveness, schedule
from .models import Runner
from .worker import LONGEST_PAUSE, POLL, Worker

if TYPE_CHECKING:
    from collections.abc import Callable

logger = logging.getLogger(__name__)


class Runtime:
    """The background threads of one process.

    `on_crash` is called, from the thread concerned, when one of them ends without having been asked to.
    """

    def __init__(self, *, worker: bool, scheduler: bool, on_crash: Callable[[], None]) -> None:
        self.worker = Worker() if worker else None
        self._stopping = threading.Event()
        self._on_crash = on_crash
        targets: list[tuple[str, Callable[[], None]]] = []
        if self.worker:
            targets += [("worker", self.worker.run), ("heartbeat", self._beat)]
        if scheduler:
            targets.append(("scheduler", self._schedule))
        # Daemons: a job that does not end within the limit must not keep the process from ending.
        self._threads = [
            threading.Thread(target=self._guard, args=(target,), name=name, daemon=True) for name, target in targets
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def ask_to_stop(self) -> str | None:
        """Let every thread end after what it has in hand; returns the job that is running, if any."""
        self._stopping.set()
        if self.worker is None:
            return None
        self.worker.stop()
        return self.worker.current

    def wait(self, limit: float) -> bool:
        """Wait at most `limit` seconds for the threads to end; False when a job is still running."""
        deadline = time.monotonic() + limit
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _guard(self, target: Callable[[], None]) -> None:
        try:
            target()
        finally:
            connection.close()
            if not self._stopping.is_set():
                logger.critical("The thread %s has ended by itself.", threading.current_thread().name)
                self._on_crash()

    def _beat(self) -> None:
        """Report the worker while a long job keeps it busy."""
        worker = self.worker
        assert worker is not None  # noqa: S101  this thread exists only beside a worker
        while not self._stopping.wait(liveness.BEAT.total_seconds()):
            try:
                close_old_connections()
                liveness.report(worker.id, Runner.Role.WORKER)
            except Exception:  # noqa: BLE001  the worker says what is wrong; this thread has only to go on
                connection.close()

    def _schedule(self) -> None:
        """Look at the schedule until stopped; a database that is away is waited for."""
        runner_id, pause, synced = uuid4().hex, POLL, False
        while not self._stopping.is_set():
            try:
                close_old_connections()
                if not synced:
                    schedule.sync()
                    synced = True
                liveness.report(runner_id, Runner.Role.SCHEDULER)
                wait = min(schedule.tick(), liveness.BEAT).total_seconds()
                pause = POLL
            except Exception:
                logger.exception("The scheduler cannot go on; it tries again in %.0f s.", pause)
                connection.close()
                wait, pause = pause, min(pause * 2, LONGEST_PAUSE)
            self._stopping.wait(wait)
        liveness.withdraw(runner_id)
