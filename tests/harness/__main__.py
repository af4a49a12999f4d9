"""`python -m tests.harness [pytest arguments]`: the whole suite on SQLite and on PostgreSQL, with real servers.

Exit status: 0 when both passes are green; 1 when a test failed, or when CI=true and a group had to be left out.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from . import elasticsearch, packages, servers

ROOT = Path(__file__).resolve().parents[2]
NO_TESTS_COLLECTED = 5


def run_pass(title: str, *, environment: dict[str, str], arguments: list[str]) -> bool:
    """Run pytest once; True when it is green."""
    print(f"\n=== {title} ===", flush=True)
    with tempfile.TemporaryDirectory(prefix="agora-test-") as data:
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-n",
            os.environ.get("TEST_WORKERS", "2"),
            "--dist",
            "loadgroup",
        ]
        result = subprocess.run(
            [*command, *arguments], cwd=ROOT, env={**os.environ, **environment, "DATA": data}, check=False
        )
    return result.returncode in (0, NO_TESTS_COLLECTED)


def main(arguments: list[str]) -> int:
    absent = packages.install_missing()
    lines = [f"{p.group}: skipped, `{p.binary}` is missing (Debian: apt-get install {p.package})" for p in absent]
    in_ci = os.environ.get("CI") == "true"
    left_out = [program.group for program in absent]
    # Everywhere else it is fetched only when somebody asks for it: it is large.
    problem = elasticsearch.install() if in_ci else ""
    if not (os.environ.get("SEARCH_ES_URL") or elasticsearch.is_installed()):
        left_out.append("Elasticsearch")
        lines.append(f"Elasticsearch: skipped; get it by `make elasticsearch`, or set SEARCH_ES_URL. {problem}")
    with ExitStack() as stack:
        environment = {"AGORA_MISSING": " ".join(left_out)}
        if elasticsearch.is_installed() and not os.environ.get("SEARCH_ES_URL"):
            environment["SEARCH_ES_URL"] = stack.enter_context(elasticsearch.node()).url
        if packages.REDIS not in absent:
            environment["REDIS_URL"] = stack.enter_context(servers.redis())
        green = run_pass("SQLite", environment=environment, arguments=arguments)
        if packages.POSTGRES not in absent:
            environment["DATABASE_URL"] = stack.enter_context(servers.postgres())
            # What a browser sees does not depend on the database: once is enough.
            second = run_pass("PostgreSQL", environment=environment, arguments=["-m", "not browser", *arguments])
            green = green and second
    print("\n" + ("\n".join(lines) if lines else "Every group of tests ran."))
    if lines and in_ci:
        print("With CI=true a skipped group is a failure.")
    return 0 if green and not (lines and in_ci) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
