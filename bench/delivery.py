"""What readers of a topic are told while the servers fall: `python -m bench.delivery [--json FILE] [--posts 10000]`.

Two web processes, a worker and a Redis on one PostgreSQL, all of this run's own and on loopback. Readers follow one
topic in both web processes; posts are written by a process without sockets and by the page's own form. Meanwhile Redis
is killed and comes back empty, the worker is killed, a web process is killed and comes back, and readers lose their
network. In the end each reader must have been told of each post once, in order.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.installation import Form, Installation, Topic, Writer, prepare
from bench.readers import Reader, Readers
from bench.results import Figure, Table, machine, percentile, show, write
from tests.harness.servers import postgres

READERS = 8
BY_FORM = 0.1
"""The share of the posts that the page's form sends."""
STANDSTILL = 60.0
"""Seconds without any progress after which the run gives up waiting."""
LINK = re.compile(r"/t/\d+/\?n=(\d+)")
BETWEEN_LETTERS = "-" * 79
"""What Django's file backend writes after each."""


@dataclass
class Outcome:
    posts: int
    readers: list[Reader]
    expected: list[int]
    """The numbers of the posts that the database has."""
    seconds: float = 0.0
    """While it was written."""
    until_heard: float = 0.0
    """From the last post until every reader knew of it."""
    faults: list[tuple[str, int]] = field(default_factory=list)
    """What fell, and how many posts were written by then."""
    forms_sent_again: int = 0
    reactions_left: int = 0
    """What the worker still had to do for the posts when it was not waited for any more."""
    reactions_lost: int = 0
    """Of that, what no job would ever do."""
    letters: dict[int, int] = field(default_factory=dict)
    """By post: how many letters to the watcher."""

    @property
    def missing(self) -> int:
        """Over all readers, the posts that a reader was not told of."""
        return sum(len(set(self.expected) - set(one.heard)) for one in self.readers)

    @property
    def twice(self) -> int:
        """Over all readers, the posts that a reader was told of again."""
        return sum(len(one.heard) - len(set(one.heard)) for one in self.readers)

    @property
    def in_order(self) -> bool:
        return all(one.heard == sorted(one.heard) for one in self.readers)


def run(
    topic: Topic, *, posts: int, per_second: float, environment: dict[str, str], folder: Path, drain: float
) -> Outcome:
    """Write `posts` posts in the topic while things fall, and wait until the readers and the worker are done.

    `per_second` is the pace of the process that writes most of them; 0 is as fast as it goes. `drain` is how long, in
    seconds, the worker may take afterwards. Raises RuntimeError or AssertionError when something that should run does
    not.
    """
    with Installation(folder, environment) as installation:
        ports = installation.ports
        readers = [
            Reader(ports=ports[:: 1 - number % 2 * 2], session=key, stream=f"topic:{topic.pk}", since=topic.head)
            for number, key in enumerate(topic.reader_sessions)
        ]
        outcome = Outcome(posts, readers, list(range(topic.first, topic.first + posts)))
        with Readers(readers) as crowd:
            wait_for(lambda: all(one.connections for one in readers), progress=lambda: 0)
            writer = Writer(topic, per_second=per_second, environment=installation.environment)
            form = Form(topic, ports=ports)
            form.start()
            try:
                _write(installation, crowd, outcome, topic=topic, writer=writer, form=form)
            finally:
                form.end()
                writer.end()
            if problem := crowd.problem or form.problem:
                raise RuntimeError(f"{problem!r}\n{installation.said()}") from problem
        outcome.forms_sent_again = form.again
        outcome.expected = _numbers(topic)
        _drain(topic, outcome, folder=folder, limit=drain)
        installation.worker.stop()
        _count_reactions(topic, outcome)
        outcome.letters = _letters(folder, topic)
    return outcome


def _write(
    installation: Installation, crowd: Readers, outcome: Outcome, *, topic: Topic, writer: Writer, form: Form
) -> None:
    """The posts, with each fault after its share of them; what is written up to the next one goes on meanwhile."""
    second = installation.webs[1]  # that of the readers with odd places in the list

    def worker_again() -> None:
        installation.worker.kill()
        installation.worker.start(and_wait=False)

    def redis_again() -> None:
        installation.redis.kill()
        installation.redis.start()

    plan: list[tuple[float, str, Callable[[], None]]] = [
        (0.10, "Redis is killed", installation.redis.kill),
        (0.30, "Redis is back, and empty", installation.redis.start),
        (0.40, "the worker is killed and started anew", worker_again),
        (0.50, "a web process is killed", second.kill),
        (0.65, "that web process is started again", second.start),
        (0.80, "half of the readers lose their network", lambda: crowd.lose(crowd.readers[::2])),
        (0.90, "Redis restarts at once", redis_again),
    ]
    begins = [share for share, _name, _act in plan]
    began = time.monotonic()

    def until(share: float) -> None:
        """Wait until so much is written."""
        goal = round(share * outcome.posts)
        wait_for(lambda: _written(topic) >= goal, progress=lambda: _written(topic))

    def allow(share: float) -> None:
        by_form = round(share * BY_FORM * outcome.posts)
        form.allow(by_form)
        writer.allow(round(share * outcome.posts) - by_form)

    allow(begins[0])
    for (share, name, act), following in zip(plan, [*begins[1:], 1.0], strict=True):
        until(share)
        outcome.faults.append((name, _written(topic)))
        print(f"  {name} after {_written(topic):,} posts", file=sys.stderr, flush=True)
        allow(following)
        act()
    until(1.0)
    written = time.monotonic()
    wait_for(
        lambda: crowd.problem or all(one.heard[-1:] == outcome.expected[-1:] for one in crowd.readers),
        progress=lambda: sum(len(one.heard) for one in crowd.readers),
    )
    outcome.seconds, outcome.until_heard = written - began, time.monotonic() - written
    time.sleep(1.0)  # for whatever would come twice


def wait_for(condition: Callable[[], Any], *, progress: Callable[[], int]) -> None:
    """Return when the condition holds, or when there is no progress any more: what is missing is told by who asks."""
    seen, moved = progress(), time.monotonic()
    while not condition() and time.monotonic() - moved < STANDSTILL:
        time.sleep(0.1)
        if (now := progress()) != seen:
            seen, moved = now, time.monotonic()


def _written(topic: Topic) -> int:
    from agora.models import Topic as Row  # noqa: PLC0415

    return Row.objects.values_list("last_number", flat=True).get(pk=topic.pk) - topic.first + 1


def _numbers(topic: Topic) -> list[int]:
    from agora.models import Post  # noqa: PLC0415

    found = Post.objects.filter(topic=topic.pk, number__gte=topic.first).order_by("number")
    return list(found.values_list("number", flat=True))


def _drain(topic: Topic, outcome: Outcome, *, folder: Path, limit: float) -> None:
    """Wait until the worker has done what the posts owe."""
    wanted = outcome.posts if topic.watcher else 0
    until = time.monotonic() + limit
    while time.monotonic() < until and (_owed(topic).exists() or len(_letters(folder, topic)) < wanted):
        time.sleep(0.5)


def _count_reactions(topic: Topic, outcome: Outcome) -> None:
    """With the worker at rest: what is owed, and what of it no job in the queue would do."""
    from django_tasks import TaskResultStatus  # noqa: PLC0415
    from django_tasks_db.models import DBTaskResult  # noqa: PLC0415

    owed = set(_owed(topic).values_list("pk", flat=True))
    waiting = DBTaskResult.objects.filter(
        task_path="platform_core.activity.deliveries.deliver",
        status__in=[TaskResultStatus.READY, TaskResultStatus.RUNNING],
    )
    queued = {job["args"][0] for job in waiting.values_list("args_kwargs", flat=True)}
    outcome.reactions_left, outcome.reactions_lost = len(owed), len(owed - queued)


def _owed(topic: Topic) -> Any:
    from platform_core.activity.models import Delivery  # noqa: PLC0415

    return Delivery.objects.filter(activity__subject_id=str(topic.pk), activity__type="agora.posted", done_at=None)


def _letters(folder: Path, topic: Topic) -> dict[int, int]:
    """By the number of the post of this run: how many letters of it to the watcher lie in the folder of the mails."""
    found: Counter[int] = Counter()
    for path in (folder / "mail").glob("*"):
        for letter in path.read_text().split(BETWEEN_LETTERS):
            if f"\nTo: {topic.watcher}\n" in letter and (post := LINK.search(letter)):
                found[int(post[1])] += 1
    return {number: count for number, count in found.items() if number >= topic.first}


def report(outcome: Outcome) -> tuple[list[Figure], Table]:
    readers, posts = outcome.readers, outcome.posts
    of = f"{posts:,} posts to {len(readers)} readers"
    delays = [delay * 1000 for one in readers for delay in one.delays]
    figures = [
        Figure(name=f"{of}: missing", value=outcome.missing, unit="posts", target="0",
               met=outcome.missing == 0 and len(outcome.expected) == posts,
               note=f"{len(outcome.expected):,} in the database"),
        Figure(name=f"{of}: twice", value=outcome.twice, unit="posts", target="0",
               met=outcome.twice == 0 and outcome.in_order, note=f"{'' if outcome.in_order else 'not '}in order"),
        Figure(name="what the worker has to do for them: lost with it", value=outcome.reactions_lost,
               unit="reactions", target="0", met=outcome.reactions_lost == 0),
    ]  # fmt: skip
    rows: list[list[Any]] = [
        ["writing it took", f"{outcome.seconds:,.0f} s, {posts / outcome.seconds:,.0f} posts a second"],
        [
            "from a post to its readers",
            f"p50 {statistics.median(delays):,.0f} ms, p95 {percentile(delays, 0.95):,.0f} ms",
        ],
        ["the longest of them, over a fault", f"{max(delays) / 1000:,.1f} s"],
        ["the last post was known to all after", f"{outcome.until_heard:,.1f} s"],
        ["connections of the readers", sum(one.connections for one in readers)],
        ["frames that a reader had already", sum(one.again for one in readers)],
        ["pages that had to be loaded anew", sum(one.resets for one in readers)],
        ["forms sent again", outcome.forms_sent_again],
        ["what the worker had still to do then", f"{outcome.reactions_left:,} reactions"],
        *([name, f"after {after:,} posts"] for name, after in outcome.faults),
    ]
    note = "Two web processes, a worker and a Redis on one PostgreSQL; all killed by SIGKILL."
    return figures, Table(title="Delivery while servers fall", columns=["", ""], rows=rows, note=note)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--posts", type=int, default=10_000)
    parser.add_argument("--per-second", type=float, default=0.0, help="0: as fast as it goes")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # asked to end, it ends its servers first
    host = machine()
    with ExitStack() as stack:
        url = stack.enter_context(postgres())
        folder = Path(tempfile.mkdtemp(prefix="agora-bench-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        os.environ |= {"DATABASE_URL": url, "DATA": str(folder), "DJANGO_SETTINGS_MODULE": "bench.live_settings"}
        import django  # noqa: PLC0415

        django.setup()
        from django.core.management import call_command  # noqa: PLC0415
        from django.db import connections  # noqa: PLC0415

        call_command("migrate", verbosity=0)
        try:
            outcome = run(
                prepare(readers=READERS, is_watched=False), posts=given.posts, per_second=given.per_second,
                environment=dict(os.environ), folder=folder, drain=60.0,
            )  # fmt: skip
        finally:
            connections.close_all()
    figures, table = report(outcome)
    show(figures, [table])
    if given.json:
        write(given.json, title="Delivery", host=host, figures=figures, tables=[table])


if __name__ == "__main__":
    main()
