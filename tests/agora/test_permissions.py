"""Of one topic, post or file and of all of them the answer is the same, for everybody; and the page agrees."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from agora import permissions, queries
from agora.models import Picture, Post, Topic
from platform_core.accounts.roles import Role
from platform_core.participation.models import SpaceInvitation, SpaceMember, SpaceRole, Visibility
from tests.factories.accounts import UserFactory
from tests.factories.agora import answer, forum, member, open_topic
from tests.factories.participation import member_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def spaces():
    return [forum(visibility=visibility) for visibility in Visibility]


@pytest.fixture
def everybody(spaces):
    insider, chief, gone, invited, closed = UserFactory.create_batch(5)
    both = UserFactory(roles=[Role.MODERATOR])
    past = timezone.now() - timedelta(days=9)
    for space in spaces:
        member_of(space, person=insider)
        member_of(space, person=both)
        member_of(space, person=closed)
        member_of(space, person=chief, role=SpaceRole.MODERATOR)
        SpaceMember.objects.create(space=space, person=gone, role=SpaceRole.MODERATOR, since=past, until=timezone.now())
        SpaceInvitation.objects.create(space=space, person=invited, expires_at=timezone.now() + timedelta(days=1))
    closed.is_active = False
    closed.save()
    staff = [UserFactory(roles=[role]) for role in Role]
    return [AnonymousUser(), UserFactory(), insider, chief, both, gone, invited, closed, *staff]


@pytest.fixture
def world(spaces, everybody):
    """In each space a topic that stands and one that is hidden, with posts of every kind, each with a file."""
    now = timezone.now()
    for space in spaces:
        for is_hidden in (False, True):
            topic = open_topic(member(space), space=space)
            for fields in ({}, {"deleted_at": now}, {"hidden_at": now}, {"was_moved": True, "text": ""}):
                written = answer(topic, text="Una resposta")
                Post.objects.filter(pk=written.pk).update(**fields)
                Picture.objects.create(space=space, author=written.author, post=written, file="x", name="x", size=1)
            Picture.objects.create(space=space, author=everybody[2], file="x", name="x", size=1)
            Topic.objects.filter(pk=topic.pk).update(hidden_at=now if is_hidden else None)
    return list(Topic.objects.select_related("space"))


@pytest.mark.parametrize(
    ("predicate", "queryset", "model"),
    [
        (permissions.can_read, permissions.topics_visible_to, Topic.objects.select_related("space")),
        (
            permissions.can_read_post,
            permissions.posts_visible_to,
            Post.objects.select_related("topic__space", "author"),
        ),
        (
            permissions.can_see_picture,
            permissions.pictures_visible_to,
            Picture.objects.select_related("post__topic__space"),
        ),
    ],
    ids=["topics", "posts", "files"],
)
def test_of_one_and_of_all_the_answer_is_the_same(world, everybody, predicate, queryset, model):
    things = list(model)
    seen = 0
    for user in everybody:
        one_by_one = {thing.pk for thing in things if predicate(user, thing)}
        assert one_by_one == set(queryset(user).values_list("pk", flat=True)), user
        seen += len(one_by_one)
    assert 0 < seen < len(things) * len(everybody)


def test_the_page_of_a_topic_is_there_for_who_may_read_it_and_says_what_the_predicates_say(world, everybody):
    for user in everybody:
        for topic in world:
            if not permissions.can_read(user, topic):
                with pytest.raises(Topic.DoesNotExist):
                    queries.reading(user, topic.pk)
                continue
            read = queries.reading(user, topic.pk)
            assert read.may_post == permissions.can_post(user, topic), (user, topic)
            assert read.may_react == permissions.can_react(user, topic), (user, topic)
            assert read.may_accept == permissions.can_accept(user, topic), (user, topic)
            assert read.may_rename == permissions.can_rename(user, topic), (user, topic)
            for line in queries.page(user, read, 1).lines:
                post = Post.objects.select_related("topic__space", "author").get(pk=line.post.pk)
                assert line.shows_words == permissions.can_read_post(user, post), (user, post)
                assert line.may_edit == permissions.can_edit(user, post), (user, post)
                assert line.may_restore == permissions.can_restore(user, post), (user, post)
                assert line.may_file == permissions.can_file(user, post), (user, post)
                if not read.moderates:
                    assert line.may_flag == permissions.can_flag(user, post), (user, post)
