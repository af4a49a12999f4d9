"""The programs that the tests need, and how a machine gets them."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Program:
    """A group of tests needs `binary`; Debian's `package` has it."""

    group: str
    binary: str
    package: str

    def path(self) -> Path | None:
        """Where the program is, or None."""
        if found := shutil.which(self.binary):
            return Path(found)
        # Debian keeps PostgreSQL's server programs, a folder a version, out of PATH.
        versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{self.binary}"), key=lambda p: int(p.parts[4]))
        return versions[-1] if versions else None


POSTGRES = Program(group="PostgreSQL", binary="initdb", package="postgresql")
REDIS = Program(group="Redis", binary="redis-server", package="redis-server")
CHROMIUM = Program(group="browser", binary="chromium", package="chromium")
GETTEXT = Program(group="translations", binary="msgfmt", package="gettext")
DOVECOT = Program(group="IMAP", binary="dovecot", package="dovecot-imapd")
PROGRAMS = (POSTGRES, REDIS, CHROMIUM, GETTEXT, DOVECOT)
# For Elasticsearch alone (elasticsearch.py), which a newcomer may do without.
JAVA = Program(group="Elasticsearch", binary="java", package="default-jre-headless")
MAVEN = Program(group="Elasticsearch", binary="mvn", package="maven")


def missing(programs: Sequence[Program] = PROGRAMS) -> list[Program]:
    """Of these programs, those that this machine does not have."""
    return [program for program in programs if program.path() is None]


def install_missing(programs: Sequence[Program] = PROGRAMS) -> list[Program]:
    """Install what is missing of these, as root on Debian; return what is missing still."""
    wanted = missing(programs)
    if not wanted or os.geteuid() != 0 or shutil.which("apt-get") is None:
        return wanted
    names = [program.package for program in wanted]
    print("Installing for the tests:", *names, flush=True)
    # A private PostgreSQL and Redis are started by the harness: the packages' own services must not start.
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *names],
    ):
        result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if result.returncode != 0:
            print(f"{' '.join(command)} failed:\n{result.stderr[-2000:]}", flush=True)
            break
    return missing(programs)
