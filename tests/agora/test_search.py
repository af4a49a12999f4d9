"""Topics in the search: what is said, found by those who may read it and by nobody else."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser

from agora import domain
from agora.permissions import topics_visible_to
from agora.projectors import ANSWERED, OPEN
from platform_core.accounts.roles import Role
from platform_core.participation import domain as participation
from platform_core.participation.models import Joining, SpaceRole, Visibility
from platform_core.search.public import find, rebuild
from tests.factories.accounts import UserFactory
from tests.factories.agora import answer, forum, member, moderator, open_topic
from tests.factories.organisations import deliver_all
from tests.factories.participation import SpaceFactory, member_of

pytestmark = pytest.mark.django_db


def found(viewer, text="fases") -> list[tuple[str, str]]:
    return [(hit.kind, hit.object_id) for hit in find(text, viewer=viewer, kinds=[OPEN, ANSWERED])]


def test_a_topic_is_found_by_its_title_and_by_what_was_answered():
    topic = open_topic(title="Les fases no canvien soles?")
    answer(topic, text="S'ha de prémer el botó xarbotat.")
    deliver_all()
    assert found(AnonymousUser()) == [(OPEN, str(topic.pk))]
    assert found(AnonymousUser(), "xarbotats") == [(OPEN, str(topic.pk))]


def test_with_an_accepted_answer_it_is_another_kind_of_thing_and_one_thing_only():
    topic = open_topic(title="Les fases no canvien soles?")
    written = answer(topic)
    domain.accept_answer(actor=topic.author, post=written)
    deliver_all()
    assert found(AnonymousUser()) == [(ANSWERED, str(topic.pk))]
    domain.unaccept_answer(actor=topic.author, topic=topic)
    deliver_all()
    assert found(AnonymousUser()) == [(OPEN, str(topic.pk))]


def test_what_is_taken_away_is_found_no_more():
    topic = open_topic(title="Les fases")
    written = answer(topic, text="xarbotat")
    domain.delete_post(actor=written.author, post=written)
    deliver_all()
    assert not found(AnonymousUser(), "xarbotat")
    domain.delete_post(actor=topic.author, post=topic.posts.get(number=1))
    deliver_all()
    assert not found(AnonymousUser())


def test_people_find_exactly_the_topics_that_they_may_read():
    spaces = [forum(), SpaceFactory(), SpaceFactory(visibility=Visibility.INVITATION)]
    insider = UserFactory()
    for space in spaces:
        member_of(space, person=insider)
        open_topic(moderator(space), space=space, title="Les fases")
    rebuild()
    people = [
        AnonymousUser(), UserFactory(), insider, member(spaces[1]),
        *(UserFactory(roles=[role]) for role in (Role.AGENT_1, Role.MODERATOR, Role.COORDINATOR)),
    ]  # fmt: skip
    for person in people:
        assert {pk for _kind, pk in found(person)} == {str(topic.pk) for topic in topics_visible_to(person)}, person


def test_who_leaves_finds_its_topics_no_more_and_a_community_that_hides_takes_them_along():
    space = SpaceFactory()
    person, chief = member_of(space), member_of(space, role=SpaceRole.MODERATOR)
    open_topic(chief, space=space, title="Les fases")
    public = forum()
    boss = moderator(public)
    open_topic(boss, space=public, title="Les fases")
    deliver_all()
    assert len(found(person)) == 2
    participation.leave(person=person, space=space)
    assert len(found(person)) == 1
    participation.change_space(
        actor=boss, space=public, name=public.name, summary="", about="", charter="", visibility=Visibility.MEMBERS,
        joining=Joining.OPEN,
    )  # fmt: skip
    assert not found(person), "the second gate, at once"
    deliver_all()
    assert not found(AnonymousUser())
    assert len(found(boss)) == 1
