"""Many people write in one topic at the same instant: every post is there, once, under its own number."""

from __future__ import annotations

import threading
from uuid import uuid4

import pytest
from django.db import connection

from agora import domain
from agora.models import Post, Reaction, ReactionKind, ReadMark, Topic
from platform_core.activity.models import StreamEntry
from tests.factories.agora import answer, forum, member, open_topic

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE, EACH = 6, 5


def all_at_once(*verbs):
    """Run each in a thread of its own, all beginning together; what one raises is raised here."""
    barrier, problems = threading.Barrier(len(verbs)), []

    def run(verb):
        barrier.wait(20)
        try:
            verb()
        except Exception as problem:  # noqa: BLE001  told below
            problems.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[verb]) for verb in verbs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not problems, problems


def test_no_post_is_lost_and_no_number_is_missing_or_given_twice():
    space = forum()
    topic = open_topic(member(space), space=space)
    people = [member(space) for _ in range(PEOPLE)]

    def write(person):
        return lambda: [answer(topic, person, text=f"{person.pk}: {number}") for number in range(EACH)]

    all_at_once(*(write(person) for person in people))
    topic.refresh_from_db()
    total = 1 + PEOPLE * EACH
    assert list(topic.posts.order_by("number").values_list("number", flat=True)) == list(range(1, total + 1))
    assert (topic.post_count, topic.last_number) == (total, total)
    for person in people:
        said = topic.posts.filter(author=person).order_by("number").values_list("text", flat=True)
        assert list(said) == [f"{person.pk}: {number}" for number in range(EACH)], "in the order in which they wrote"
    cursors = StreamEntry.objects.filter(stream=f"topic:{topic.pk}").order_by("cursor").values_list("cursor", flat=True)
    assert list(cursors) == list(range(1, total + 1))


def test_the_same_form_sent_by_two_tabs_at_once_is_one_post():
    topic, person = open_topic(), None
    person = member(topic.space)
    number = uuid4()
    all_at_once(*(lambda: answer(topic, person, submission=number) for _ in range(4)))
    assert Post.objects.filter(author=person).count() == 1
    assert Topic.objects.get(pk=topic.pk).post_count == 2


def test_reactions_and_read_marks_of_several_devices_at_once_count_once():
    topic = open_topic()
    for _ in range(4):
        answer(topic)
    person, first = member(topic.space), topic.posts.get(number=1)
    topic.refresh_from_db()
    all_at_once(
        *(lambda: domain.react(actor=person, post=first, kind=ReactionKind.LIKE, is_on=True) for _ in range(3)),
        *(lambda n=number: domain.mark_read(person=person, topic=topic, number=n) for number in (2, 5, 3)),
    )
    assert Reaction.objects.filter(post=first).count() == 1
    assert ReadMark.objects.get(person=person, topic=topic).number == 5
