"""Topics and posts, made as people make them: through the domain."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from agora import domain
from agora.models import TopicKind
from platform_core.participation.models import Space, SpaceRole, Visibility
from tests.factories.accounts import UserFactory
from tests.factories.participation import SpaceFactory, member_of

if TYPE_CHECKING:
    from agora.models import Post, Topic
    from platform_core.accounts.models import User


def forum(**fields: Any) -> Space:
    """A community; a public one unless the test says otherwise."""
    made: Space = SpaceFactory(**{"visibility": Visibility.PUBLIC, **fields})
    return made


def member(space: Space, **fields: Any) -> User:
    """Somebody who takes part in a community."""
    person: User = UserFactory(**fields)
    return member_of(space, person=person)


def moderator(space: Space, **fields: Any) -> User:
    person: User = UserFactory(**fields)
    return member_of(space, role=SpaceRole.MODERATOR, person=person)


def open_topic(author: User | None = None, *, space: Space | None = None, **facts: Any) -> Topic:
    """A question of a member; each fact may be given (see domain.open_topic)."""
    space = space or forum()
    author = author or member(space)
    facts = {
        "kind": TopicKind.QUESTION,
        "title": "Les fases no canvien soles?",
        "text": "Ahir acabava la fase i avui encara s'hi podien fer propostes.",
        **facts,
    }
    return domain.open_topic(actor=author, author=author, space=space, **facts)


def answer(topic: Topic, author: User | None = None, text: str = "A nosaltres també.", **facts: Any) -> Post:
    return domain.post(actor=author or member(topic.space), topic=topic, text=text, **facts)


def topic_of(count: int, **facts: Any) -> Topic:
    """A topic with so many posts, of as many people as it has answers."""
    topic = open_topic(**facts)
    for number in range(2, count + 1):
        answer(topic, text=f"Resposta **{number}**")
    topic.refresh_from_db()
    return topic


def known_member(space, **fields):
    """Somebody who has written here before: no longer new."""
    person = member(space, **fields)
    topic = open_topic(member(space), space=space, text=f"Tema de {person.pk}")
    long_ago = timezone.now() - timedelta(days=3)
    for number in range(3):
        domain.post(actor=None, author=person, topic=topic, text=f"Aportació {number}", at=long_ago)
    return person
