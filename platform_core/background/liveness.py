"""Which runners are alive, so that what a dead one was doing can be taken up again.

On the same machine the kernel knows: a process is alive while its pid has the start time that it reported. Elsewhere a
runner is alive while it has reported within the LEASE; the clocks of the machines must agree within some seconds.
"""

from __future__ import annotations

import os
import socket
from datetime import timedelta
from functools import cache
from pathlib import Path

from django.utils import timezone

from .models import Runner

BEAT = timedelta(seconds=10)
"""How often a runner reports itself."""

LEASE = timedelta(seconds=60)
"""How long a runner on another machine may be silent before its job is given to somebody else."""


@cache
def machine() -> str:
    """This machine, or this container: processes that share it see each other's pids."""
    try:
        namespace = Path("/proc/self/ns/pid").readlink().name
    except OSError:
        namespace = ""
    return f"{socket.gethostname()} {namespace}".strip()


def process_start(pid: int) -> str | None:
    """What tells this process from a later one with the same pid; None when no such process lives."""
    try:
        # The second field is the program's name in parentheses, which may itself hold spaces.
        state, *fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return _process_start_without_proc(pid)
    # A zombie has ended; only its parent has not noticed yet.
    return None if state in "ZX" else fields[18]


def _process_start_without_proc(pid: int) -> str | None:
    if Path("/proc/self/stat").exists():
        return None
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        pass
    return ""


def report(runner_id: str, role: Runner.Role) -> None:
    """Say that this process lives and has this runner; one query once it is known."""
    now = timezone.now()
    if not Runner.objects.filter(pk=runner_id).update(seen_at=now):
        Runner.objects.create(
            pk=runner_id,
            role=role,
            machine=machine(),
            pid=os.getpid(),
            process_start=process_start(os.getpid()) or "",
            started_at=now,
            seen_at=now,
        )


def withdraw(runner_id: str) -> None:
    """Say that this runner has ended in order."""
    Runner.objects.filter(pk=runner_id).delete()


def is_alive(runner: Runner) -> bool:
    if runner.machine == machine():
        return process_start(runner.pid) == runner.process_start
    return runner.seen_at > timezone.now() - LEASE


def alive() -> list[Runner]:
    """The runners that live now."""
    return [runner for runner in Runner.objects.all() if is_alive(runner)]
