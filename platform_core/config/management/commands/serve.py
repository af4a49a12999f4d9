"""Serve the product: web, worker and scheduler in one process, or one of them alone."""

from __future__ import annotations

import errno
import os
import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import translation
from django.utils.translation import gettext as _

from platform_core.background.runtime import Runtime
from platform_core.base.console import console_language
from platform_core.config.datalock import DataLock

ROLES = ("web", "worker", "scheduler")
GRACE = 20.0
"""Seconds that the job in hand gets when the process is asked to end."""

HIGHEST_PORT = 65535


def port_number(text: str) -> int:
    """A TCP port, 0 for any free one. Raises CommandError for anything else."""
    if not (text.isascii() and text.isdigit() and int(text) <= HIGHEST_PORT):
        raise CommandError(_("“%s” is not a port: write a number from 1 to 65535, as in PORT=8001 make run") % text)
    return int(text)


class Command(BaseCommand):
    help = "Serve HTTP and WebSockets, run jobs and the schedule; --only one of them."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default=os.environ.get("HOST") or "127.0.0.1")
        parser.add_argument("--port", default=os.environ.get("PORT") or "8000", help="0 for any free one")
        parser.add_argument("--only", choices=ROLES, help="run one part alone")
        parser.add_argument(
            "--grace", type=float, default=GRACE, help="seconds for the running job at the end (default %(default)s)"
        )

    def handle(self, *, host: str, port: str | int, only: str | None, grace: float, **_options: Any) -> None:
        with translation.override(console_language()):
            roles = (only,) if only else ROLES
            number = port_number(str(port))
            lock = self._lock() if "web" in roles else None
            self._check_database()
            if "web" in roles:
                self._serve_web(host, number, roles, lock, grace)
            else:
                self._serve_background(roles, grace)

    def _lock(self) -> DataLock | None:
        """The lock of the embedded folder; with a database server there may be many web processes."""
        return DataLock(settings.DATA) if connection.vendor == "sqlite" else None

    def _check_database(self) -> None:
        """Raise CommandError when the database is away, cannot be written or is not migrated."""
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            executor = MigrationExecutor(connection)
            pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
        except (DatabaseError, OSError) as problem:
            raise CommandError(
                _("The database cannot be used: %(problem)s. Check that it is there and can be written (%(where)s).")
                % {"problem": " ".join(str(problem).split()), "where": _database_place()}
            ) from problem
        finally:
            connection.close()
        if pending:
            raise CommandError(_("The database is not up to date: run `manage.py migrate` first."))

    def _serve_web(self, host: str, port: int, roles: tuple[str, ...], lock: DataLock | None, grace: float) -> None:
        from platform_core.config.server import WebServer  # noqa: PLC0415  it starts Twisted: only for the web

        def on_ready() -> None:
            address = _address(host, server.port)
            if lock:
                lock.tell(address)
            self.stdout.write(f"Àgora Participa311: {address}")
            self.stdout.flush()
            runtime.start()

        server = WebServer(host=host, port=port, on_ready=on_ready)
        runtime = self._runtime(roles, on_crash=server.end)
        server.run()
        if server.problem:
            raise CommandError(_cannot_listen(server.problem, host, port))
        self._end(runtime, grace)

    def _serve_background(self, roles: tuple[str, ...], grace: float) -> None:
        asked = threading.Event()
        runtime = self._runtime(roles, on_crash=asked.set)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: asked.set())
        runtime.start()
        self.stdout.write(_("Running: %s") % ", ".join(roles))
        self.stdout.flush()
        asked.wait()
        self._end(runtime, grace)

    def _runtime(self, roles: tuple[str, ...], *, on_crash: Any) -> Runtime:
        self.crashed = False

        def crash() -> None:
            self.crashed = True
            on_crash()

        return Runtime(worker="worker" in roles, scheduler="scheduler" in roles, on_crash=crash)

    def _end(self, runtime: Runtime, grace: float) -> None:
        """Let the running job finish; a second signal ends the process at once."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        if job := runtime.ask_to_stop():
            self.stderr.write(_("Finishing %(job)s (%(limit).0f s at most)…") % {"job": job, "limit": grace})
        finished = runtime.wait(grace)
        if not finished:
            self.stderr.write(_("It did not finish; it will run again at the next start."))
            self.stderr.flush()
            os._exit(0)
        if self.crashed:
            raise CommandError(_("A part of the server ended by itself; the log above says why."))


def _database_place() -> str:
    database = settings.DATABASES["default"]
    if connection.vendor == "sqlite":
        return str(database["NAME"])
    return f"{database.get('HOST') or 'localhost'}:{database.get('PORT') or 5432}"


def _address(host: str, port: int) -> str:
    shown = "localhost" if host in ("0.0.0.0", "::", "[::]") else host  # noqa: S104  recognised, not bound
    return f"http://[{shown.strip('[]')}]:{port}" if ":" in shown else f"http://{shown}:{port}"


def _cannot_listen(problem: Exception, host: str, port: int) -> str:
    cause = getattr(problem, "socketError", problem)
    if getattr(cause, "errno", None) == errno.EADDRINUSE:
        return _("Port %(port)s is in use. Choose another: PORT=%(other)s make run") % {
            "port": port,
            "other": port + 1 if port < HIGHEST_PORT else 8000,
        }
    reason = getattr(cause, "strerror", None) or cause
    return _("Cannot listen on %(host)s, port %(port)s: %(reason)s") % {"host": host, "port": port, "reason": reason}
