"""The product as several processes with one Redis and one PostgreSQL, a topic in it, and who writes there."""

from __future__ import annotations

import http.client
import queue
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from tests.harness.servers import ROOT, Redis, Server, free_port, stop

PATIENCE = 60.0
"""Seconds that the form is sent again and again before its sender gives up."""
ANSWER = 15.0
"""Seconds that a page has to answer before the form is sent again."""


@dataclass(frozen=True)
class Topic:
    """Where it happens; made by `prepare`, in a process where Django is set up."""

    pk: int
    path: str
    head: int
    """The cursor of its stream before the first post of the run."""
    first: int
    """The number of the first post of the run."""
    writer_id: int
    form_session: str
    reader_sessions: list[str]
    watcher: str
    """The address of somebody who wants a letter of every post; empty when there is nobody."""


def prepare(*, readers: int, is_watched: bool) -> Topic:
    """A community with a topic, who writes in it, who reads it and, when it is watched, who wants letters of it."""
    from django.test import Client  # noqa: PLC0415  Django is set up by now

    from agora.models import Follow, FollowLevel  # noqa: PLC0415
    from platform_core.activity.queries import head  # noqa: PLC0415
    from platform_core.participation.models import Visibility  # noqa: PLC0415
    from tests.factories.agora import forum, member, moderator, open_topic  # noqa: PLC0415

    def session_of(person: Any) -> str:
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return str(client.session.session_key)

    space = forum(visibility=Visibility.MEMBERS)
    # Who moderates may write as much as they like; how much is not what is measured.
    writer, sender = moderator(space), moderator(space)
    topic, watcher = open_topic(writer, space=space), member(space)
    if is_watched:
        Follow.objects.create(person=watcher, topic=topic, level=FollowLevel.WATCHING)
    return Topic(
        pk=topic.pk,
        path=topic.get_absolute_url(),
        head=head(f"topic:{topic.pk}"),
        first=topic.last_number + 1,
        writer_id=writer.pk,
        form_session=session_of(sender),
        reader_sessions=[session_of(member(space)) for _ in range(readers)],
        watcher=watcher.email if is_watched else "",
    )


class Writer:
    """A process without sockets that writes by the domain's verb, as many posts as it is allowed."""

    def __init__(self, topic: Topic, *, per_second: float, environment: dict[str, str]) -> None:
        words = [str(topic.pk), str(topic.writer_id), str(per_second)]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.writer", *words], cwd=ROOT, env=environment, stdin=subprocess.PIPE, text=True
        )

    def allow(self, posts: int) -> None:
        """So many in all."""
        assert self._process.stdin is not None
        print(posts, file=self._process.stdin, flush=True)

    def end(self) -> None:
        if self._process.stdin:
            self._process.stdin.close()
        stop(self._process)


class Form(threading.Thread):
    """Somebody who sends the page's form, to either web process; again, with the same number, when no answer comes."""

    def __init__(self, topic: Topic, *, ports: list[int]) -> None:
        super().__init__(name="form")
        self.again = 0
        """How often a form was sent again."""
        self.problem: Exception | None = None
        """What ended it before its time."""
        self._topic, self._ports, self._turn = topic, ports, 0
        self._allowed: queue.SimpleQueue[int | None] = queue.SimpleQueue()

    def allow(self, posts: int) -> None:
        """So many in all."""
        self._allowed.put(posts)

    def end(self) -> None:
        """After what it was allowed."""
        self._allowed.put(None)
        self.join()

    def run(self) -> None:
        written = 0
        try:
            while (allowed := self._allowed.get()) is not None:
                while written < allowed:
                    written += 1
                    self._write(f"Resposta {written}, enviada amb el formulari.")
        except Exception as problem:  # noqa: BLE001  told by who waits for it
            self.problem = problem

    def _write(self, text: str) -> None:
        fields, until = {"text": text, "submission": str(uuid4())}, time.monotonic() + PATIENCE
        while True:
            self._turn += 1
            if self._send(self._ports[self._turn % len(self._ports)], fields):
                return
            self.again += 1
            assert time.monotonic() < until, "no web process takes the form"
            time.sleep(0.2)

    def _send(self, port: int, fields: dict[str, str]) -> bool:
        """Whether the answer is that it is written. False when there is none, or the server is not well."""
        token = "a" * 32
        headers = {
            "Cookie": f"sessionid={self._topic.form_session}; csrftoken={token}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER)
        try:
            connection.request("POST", self._topic.path, urlencode({**fields, "csrfmiddlewaretoken": token}), headers)
            status = connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
        assert status in (302, 500, 502, 503), f"the form is answered with {status}"
        return status == 302


class Installation:
    """Two web processes and a worker of the product, and the Redis between them, in a folder of their own."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        """`environment` has the DATABASE_URL of a migrated database and names the settings."""
        self.folder, self.redis = folder, Redis(folder)
        self.environment = {**environment, "DATA": str(folder), "REDIS_URL": self.redis.url}
        self.ports = [free_port(), free_port()]

        def serve(*words: str, port: int | None = None) -> Server:
            command = [sys.executable, "manage.py", "serve", *words]
            said = folder / f"said-{words[-1]}"
            return Server(command, what=f"serve {words[-1]}", port=port, environment=self.environment, said=said)

        self.webs = [serve("--only", "web", "--port", str(port), port=port) for port in self.ports]
        self.worker = serve("--only", "worker")

    def __enter__(self) -> Installation:
        try:
            self.redis.start()
            for one in (*self.webs, self.worker):
                one.start(and_wait=False)
            for one in self.webs:
                one.wait()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_problem: object) -> None:
        for one in (*self.webs, self.worker, self.redis):
            one.stop()

    def said(self) -> str:
        """The end of what its processes said, for when something is wrong."""
        return "\n".join(f"{path.name}: {path.read_text()[-2000:]}" for path in sorted(self.folder.glob("said-*")))
