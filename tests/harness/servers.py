"""Private servers on free loopback ports, stopped and wiped at the end."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .packages import POSTGRES, REDIS

ROOT = Path(__file__).resolve().parents[2]
START_LIMIT = 60.0
"""Seconds that a server may take to answer before the run gives up."""


SHARES = 8
"""Of the ports, one for each process that runs tests at once; more processes than that share."""

_given: set[int] = set()


def free_port() -> int:
    """A loopback TCP port that was free a moment ago and was given to nobody else: servers take seconds to take it."""
    share = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % SHARES
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        # Without its lowest bit: the system gives even and odd ports for different uses.
        if port not in _given and port // 2 % SHARES == share:
            _given.add(port)
            return port


def is_open(port: int) -> bool:
    """Whether something listens on a loopback port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_for_port(port: int, process: subprocess.Popen[bytes], *, what: str, limit: float = START_LIMIT) -> None:
    """Return when something listens on the port; raise RuntimeError when the process ends or takes over `limit` s."""
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"{what} ended at once with code {process.returncode}")
        if is_open(port):
            return
        time.sleep(0.05)
    raise RuntimeError(f"{what} did not answer on port {port} within {limit:.0f} s")


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a process that this run started."""
    process.terminate()
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Server:
    """A program of this run that may be killed and started again, on the same port when it has one."""

    def __init__(
        self,
        command: list[str],
        *,
        what: str,
        port: int | None = None,
        environment: dict[str, str] | None = None,
        said: Path | None = None,
    ) -> None:
        """`environment` is the whole of it, this process' own when None; `said` is the file that gets what it says."""
        self.command, self.what, self.port, self.environment, self.said = command, what, port, environment, said
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *, and_wait: bool = True) -> None:
        """Return when it listens. Raises RuntimeError when it ends instead, or takes over START_LIMIT seconds."""
        with (self.said or Path(os.devnull)).open("ab") as said:
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, env=self.environment, stdout=said, stderr=subprocess.STDOUT
            )
        if and_wait:
            self.wait()

    def wait(self) -> None:
        """As `start`, of a program that was started without waiting."""
        if self.process and self.port:
            wait_for_port(self.port, self.process, what=self.what)

    def kill(self) -> None:
        """At once, by SIGKILL: it gets no moment to end well."""
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def stop(self) -> None:
        if self.process:
            stop(self.process)
            self.process = None


class Redis(Server):
    """A Redis without persistence: killed, it forgets everything."""

    def __init__(self, folder: Path) -> None:
        port = free_port()
        command = [str(REDIS.path()), "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--daemonize", "no"]
        super().__init__([*command, "--dir", str(folder)], what="Redis", port=port)
        self.url = f"redis://127.0.0.1:{port}/0"


@contextmanager
def redis() -> Iterator[str]:
    """A Redis without persistence; yields its URL."""
    with tempfile.TemporaryDirectory(prefix="agora-redis-") as folder:
        server = Redis(Path(folder))
        try:
            server.start()
            yield server.url
        finally:
            server.stop()


@contextmanager
def postgres() -> Iterator[str]:
    """A PostgreSQL cluster of its own, without durability; yields the URL of an empty database."""
    initdb = POSTGRES.path()
    assert initdb is not None, "ask packages.missing() first"
    # PostgreSQL refuses to run as root; its Debian package brings the account to run as.
    account = "postgres" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="agora-postgres-"))
    try:
        if account:
            os.chown(folder, pwd.getpwnam(account).pw_uid, pwd.getpwnam(account).pw_gid)
        data = folder / "data"
        subprocess.run(
            [str(initdb), "-D", str(data), "-U", "agora", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
            user=account,
            cwd=folder,
            stdout=subprocess.DEVNULL,
            check=True,
        )
        port = free_port()
        options = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200", "jit=off"]
        process = subprocess.Popen(
            [str(initdb.with_name("postgres")), "-D", str(data), "-h", "127.0.0.1", "-p", str(port), "-k", str(folder)]
            + [word for option in options for word in ("-c", option)],
            user=account,
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_for_port(port, process, what="PostgreSQL")
            yield f"postgres://agora@127.0.0.1:{port}/postgres"
        finally:
            stop(process)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
