"""A topic's page beside django-machina's, on the same posts in the same PostgreSQL: `python -m bench.agora`.

50,000 posts in both, 20 a topic; each page is asked by the same member through Django's test client in this process,
theirs and ours in turns of VISITS visits, as a server is asked for the same again and again, and the middle time
counts. The last round opens a topic of 10,000 posts at the first that the member has not read. Some minutes; loopback
only.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench.desk import accept, get, timed
from bench.results import Figure, Table, machine, middle, percentile, show, write
from tests.harness.servers import postgres

POSTS_A_TOPIC, LONG, READ_UP_TO = 20, 10_000, 7_431
PEOPLE = 200
VISITS = 20
TEXT = (
    "Bon dia. A nosaltres **també** ens va passar: vam activar la fase a mà i ho vam explicar en una notícia.\n\n" * 2
)


def prepare(posts: int) -> dict[str, Any]:
    """A migrated database with a community and a forum of theirs that say the same, and a member of both."""
    from django.core.management import call_command  # noqa: PLC0415  Django is set up by now

    call_command("migrate", verbosity=0)
    from platform_core.accounts.models import User  # noqa: PLC0415
    from platform_core.participation.public import OrganKind, Space, Visibility, seat  # noqa: PLC0415

    # Their templates want a name that our accounts do not have.
    User.username = property(lambda user: user.email)
    people = User.objects.bulk_create(
        User(email=f"persona{number}@ens.test", name=f"Persona {number}") for number in range(PEOPLE)
    )
    space = Space.objects.create(
        name="Comunitat", slug="comunitat", visibility=Visibility.MEMBERS, organ_kind=OrganKind.AGORA
    )
    for person in people:
        seat(space=space, person=person)
    topics = posts // POSTS_A_TOPIC
    fill_ours(space, people, topics)
    their_topic = fill_theirs(people, topics)
    return {"person": people[0], "space": space, "people": people, "their_topic": their_topic}


def fill_ours(space: Any, people: list[Any], topics: int) -> None:
    from agora.domain import render  # noqa: PLC0415
    from agora.models import Post, Topic  # noqa: PLC0415

    html = render(TEXT)
    made = Topic.objects.bulk_create(
        Topic(
            space=space, kind="question", title=f"Les fases no canvien soles, {number}", author=people[number % PEOPLE],
            last_author=people[0], post_count=POSTS_A_TOPIC, last_number=POSTS_A_TOPIC,
        )
        for number in range(topics)
    )  # fmt: skip
    Post.objects.bulk_create(
        (
            Post(topic=topic, number=number, author=people[(topic.pk + number) % PEOPLE], text=TEXT, html=html)
            for topic in made
            for number in range(1, POSTS_A_TOPIC + 1)
        ),
        batch_size=5000,
    )


def fill_theirs(people: list[Any], topics: int) -> Any:
    """The same in django-machina's tables; the topic in the middle."""
    from machina.apps.forum.models import Forum  # noqa: PLC0415
    from machina.apps.forum_conversation.models import Post, Topic  # noqa: PLC0415
    from machina.models.fields import render_func  # noqa: PLC0415

    forum = Forum.objects.create(type=Forum.FORUM_POST, name="Comunitat", slug="comunitat")
    html = render_func(TEXT)
    made = Topic.objects.bulk_create(
        Topic(
            forum=forum, poster=people[number % PEOPLE], subject=f"Les fases no canvien soles, {number}",
            slug=f"les-fases-{number}", type=Topic.TOPIC_POST, status=Topic.TOPIC_UNLOCKED, approved=True,
            posts_count=POSTS_A_TOPIC,
        )
        for number in range(topics)
    )  # fmt: skip
    Post.objects.bulk_create(
        (
            Post(
                topic=topic, poster=people[(topic.pk + number) % PEOPLE], subject=topic.subject, content=TEXT,
                _content_rendered=html, approved=True,
            )
            for topic in made
            for number in range(POSTS_A_TOPIC)
        ),
        batch_size=5000,
    )  # fmt: skip
    return made[topics // 2]


def long_topic(facts: dict[str, Any]) -> Any:
    """A topic of ours with LONG posts, which the member has read up to READ_UP_TO."""
    from django.utils import timezone  # noqa: PLC0415

    from agora.domain import render  # noqa: PLC0415
    from agora.models import Post, ReadMark, Topic  # noqa: PLC0415

    people, html = facts["people"], render(TEXT)
    topic = Topic.objects.create(
        space=facts["space"], kind="discussion", title="Una conversa molt llarga", author=people[1],
        last_author=people[1], post_count=LONG, last_number=LONG, last_post_at=timezone.now() + timedelta(minutes=1),
    )  # fmt: skip
    Post.objects.bulk_create(
        (
            Post(topic=topic, number=number, author=people[1 + number % (PEOPLE - 1)], text=TEXT, html=html)
            for number in range(1, LONG + 1)
        ),
        batch_size=5000,
    )
    ReadMark.objects.create(person=facts["person"], topic=topic, number=READ_UP_TO)
    return topic


def measure(facts: dict[str, Any], *, rounds: int) -> dict[str, dict[str, Any]]:
    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from agora.models import Topic  # noqa: PLC0415

    long = long_topic(facts)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    accept(facts["person"])
    client = Client()
    client.force_login(facts["person"], backend="django.contrib.auth.backends.ModelBackend")
    ours = Topic.objects.order_by("pk")[Topic.objects.count() // 2]
    forum, topic = facts["their_topic"].forum, facts["their_topic"]
    theirs = f"/theirs/forum/{forum.slug}-{forum.pk}/topic/{topic.slug}-{topic.pk}/"
    here = f"{ours.get_absolute_url()}?n=1"
    seen: dict[str, dict[str, Any]] = {"topic": in_turns(client, {"ours": here, "theirs": theirs}, rounds=rounds)}
    posts = get(client, here).content.count(b'class="msg post')
    assert posts == POSTS_A_TOPIC, f"our page shows {posts} posts"
    shown = get(client, theirs).content.count(b'<div id="profile') or get(client, theirs).content.count(b"post-content")
    assert shown >= POSTS_A_TOPIC, f"their page shows {shown} posts"

    def at_unread() -> None:
        answer = client.get(long.get_absolute_url(), follow=True)
        assert answer.status_code == 200, answer.status_code
        assert f'id="post-{READ_UP_TO + 1}"'.encode() in answer.content, "it did not open at the first unread"

    at_unread()
    times = [timed(at_unread) for _turn in range(rounds)]
    seen["unread"] = {"ms": middle([ms for ms, _queries in times]), "queries": max(made for _ms, made in times)}
    return seen


def in_turns(client: Any, paths: dict[str, str], *, rounds: int) -> dict[str, dict[str, float]]:
    """{who: {ms, p95, queries}} of visits in a row, of which the first ones warm up."""
    times: dict[str, list[float]] = {who: [] for who in paths}
    for turn in range(rounds + 1):
        for who, path in paths.items():
            for _visit in range(VISITS):
                began = time.perf_counter()
                get(client, path)
                if turn:
                    times[who].append((time.perf_counter() - began) * 1000)
    return {
        who: {
            "ms": middle(times[who]),
            "p95": percentile(times[who], 0.95),
            "queries": timed(lambda path=path: get(client, path))[1],
        }
        for who, path in paths.items()
    }


def figures_of(seen: dict[str, dict[str, Any]], *, posts: int) -> list[Figure]:
    ours, theirs, unread = seen["topic"]["ours"], seen["topic"]["theirs"], seen["unread"]
    times = theirs["ms"] / ours["ms"]
    return [
        Figure(
            name=f"topic page of 20 posts among {posts:,}: requests a second over django-machina's",
            value=round(times, 1),
            unit="×",
            target="≥ 2, ≤ 12 queries",
            met=times >= 2 and ours["queries"] <= 12,
            rivals={"ours, a second": round(1000 / ours["ms"], 1), "theirs, a second": round(1000 / theirs["ms"], 1)},
            note=f"{ours['queries']} queries; theirs {theirs['queries']}",
        ),
        Figure(
            name=f"topic of {LONG:,} posts opened at the first unread",
            value=round(unread["ms"], 1),
            unit="ms",
            target="one page",
            met=True,
            note=f"{unread['queries']} queries, with the one that leads there",
        ),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--posts", type=int, default=50_000)
    given = parser.parse_args()
    host = machine()
    with postgres() as url, tempfile.TemporaryDirectory(prefix="agora-bench-") as folder:
        os.environ |= {"DATABASE_URL": url, "DATA": folder, "DJANGO_SETTINGS_MODULE": "bench.agora_settings"}
        import django  # noqa: PLC0415

        django.setup()
        seen = measure(prepare(given.posts), rounds=given.rounds)
        from django.db import connections  # noqa: PLC0415

        connections.close_all()
    figures = figures_of(seen, posts=given.posts)
    table = Table(
        title=f"A topic's page with {given.posts:,} posts",
        columns=["page", "whose", "middle ms", "p95 ms", "queries"],
        rows=[
            ["20 posts", who, round(one["ms"], 1), round(one["p95"], 1), one["queries"]]
            for who, one in seen["topic"].items()
        ],
        note=f"In one process by Django's test client, theirs and ours in turns of {VISITS} visits."
        " Theirs: django-machina 1.3.1.",
    )
    show(figures, [table])
    if given.json:
        write(given.json, title="Àgora", host=host, figures=figures, tables=[table])


if __name__ == "__main__":
    main()
