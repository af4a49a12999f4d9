"""Who reads a topic live, and who does not any more: at once, in the topic and in its community."""

from __future__ import annotations

import pytest
from django.utils import timezone

from agora import domain
from agora.models import Reason
from platform_core.participation import domain as participation
from platform_core.participation.models import SpaceRole, Visibility
from tests.factories.agora import answer, forum, member, moderator, open_topic
from tests.factories.participation import member_of
from tests.platform_core.realtime.conftest import browse, live_server_process, port  # noqa: F401  fixtures

pytestmark = pytest.mark.django_db(transaction=True)


def follow(browser, *streams):
    for stream in streams:
        browser.tell(op="subscribe", stream=stream)
        while (frame := browser.hear())["op"] == "presence":
            pass
        assert frame["op"] == "subscribed", frame


def heard(browser):
    """What it has been told by now, apart from who is there."""
    browser.tell(op="ping")
    frames = []
    while (frame := browser.hear()) != {"op": "pong"}:
        frames.append(frame)
    return [frame for frame in frames if frame["op"] != "presence"]


def wait_for_end(browser, *streams):
    """Read until those streams are revoked; the types of the events before."""
    left, types = set(streams), []
    while left:
        frame = browser.hear()
        if frame["op"] == "revoked":
            left.remove(frame["stream"])
        elif frame["op"] == "event":
            types.append(frame["type"])
    return types


def numbers(browser, count):
    found = []
    while len(found) < count:
        frame = browser.hear()
        if frame["op"] == "event" and frame["type"] == "agora.posted":
            found.append(frame["data"]["number"])
    return found


def test_each_post_is_told_by_number_and_never_by_its_words(browse, space):  # noqa: F811
    topic, reader = open_topic(member(space), space=space), browse(member(space))
    follow(reader, f"topic:{topic.pk}")
    written = answer(topic, member(space), text="Paraules que només té la pàgina.")
    frame = reader.hear()
    while frame["op"] == "presence":
        frame = reader.hear()
    assert frame["type"] == "agora.posted"
    assert (frame["data"]["number"], frame["data"]["posts"], frame["data"]["by"]) == (2, 2, written.author_id)
    assert "Paraules" not in str(frame)


@pytest.mark.parametrize("how", ["removed", "left"])
def test_who_is_no_member_any_more_hears_nothing_more_of_its_topics(browse, space, chief, how):  # noqa: F811
    topic, leaving = open_topic(chief, space=space), member(space)
    streams = [f"topic:{topic.pk}", f"space:{space.pk}"]
    leaver, stayer = browse(leaving), browse(member(space))
    for browser in (leaver, stayer):
        follow(browser, *streams)
    if how == "removed":
        participation.remove_member(actor=chief, space=space, person=leaving)
    else:
        participation.leave(person=leaving, space=space)
    answer(topic, chief, text="Ara que ja no hi és.")
    assert "agora.posted" not in wait_for_end(leaver, *streams)
    assert numbers(stayer, 1) == [2]
    assert heard(leaver) == []
    leaver.tell(op="subscribe", stream=streams[0], since=0)
    assert leaver.hear()["code"] == "not_allowed"
    assert heard(leaver) == []


def test_a_topic_that_moves_out_of_sight_is_out_of_hearing_at_once(browse, space, chief):  # noqa: F811
    closed = forum(visibility=Visibility.INVITATION)
    member_of(closed, role=SpaceRole.MODERATOR, person=chief)
    topic = open_topic(chief, space=space)
    stream, reader, mover = f"topic:{topic.pk}", browse(member(space)), browse(chief)
    follow(reader, stream)
    follow(mover, stream)
    domain.move(actor=chief, topic=topic, space=closed)
    topic.refresh_from_db()
    answer(topic, chief, text="Entre nosaltres.")
    assert "agora.posted" not in wait_for_end(reader, stream)
    assert numbers(mover, 1) == [2]
    assert heard(reader) == []


@pytest.mark.parametrize("how", ["hidden", "deleted"])
def test_a_topic_that_is_taken_away_is_heard_by_who_moderates_alone(browse, space, chief, how):  # noqa: F811
    author = member(space)
    topic = open_topic(author, space=space)
    first, stream = topic.posts.get(number=1), f"topic:{topic.pk}"
    reader, moderates = browse(member(space)), browse(chief)
    follow(reader, stream)
    follow(moderates, stream)
    if how == "hidden":
        domain.hide(actor=chief, post=first, reason=Reason.SPAM, takes_topic=True)
    else:
        domain.delete_post(actor=author, post=first)
    topic.refresh_from_db()
    domain.post(actor=chief, topic=topic, text="Nota per a qui modera.", at=timezone.now())
    assert "agora.posted" not in wait_for_end(reader, stream)
    assert numbers(moderates, 1) == [2]
    assert heard(reader) == []


def test_a_community_that_becomes_private_goes_on_with_its_members(browse):  # noqa: F811
    space = forum()
    chief = moderator(space)
    topic = open_topic(chief, space=space)
    stream, visitor, inside = f"topic:{topic.pk}", browse(member(forum())), browse(member(space))
    follow(visitor, stream)
    follow(inside, stream)
    participation.change_space(
        actor=chief, space=space, name=space.name, summary=space.summary, about=space.about, charter=space.charter,
        visibility=Visibility.MEMBERS, joining=space.joining,
    )  # fmt: skip
    answer(topic, chief, text="Ara només per als membres.")
    assert "agora.posted" not in wait_for_end(visitor, stream)
    assert numbers(inside, 1) == [2]
    assert heard(visitor) == []
