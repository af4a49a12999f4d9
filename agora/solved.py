"""Solved topics on their way to the knowledge base: which ones people keep finding, and what an answer would say."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Exists, OuterRef

from helpdesk.desk.anonymity import known_about, strip
from knowledge_base.public import helped
from platform_core.accounts.roles import is_coordinator, is_editor

from .models import Post, Topic, TopicAnswer
from .permissions import topics_visible_to
from .projectors import ANSWERED

if TYPE_CHECKING:
    from helpdesk.desk.anonymity import Stripped
    from platform_core.accounts.models import User
    from platform_core.accounts.roles import Someone

MOST = 50
KEEPS_BEING_FOUND = 3
"""Times that it helped somebody, or that somebody has the same question, from which it is worth an answer."""


class Found(NamedTuple):
    topic: Topic
    helped: int
    """Times that somebody who was writing a ticket opened it, or found there what they needed."""
    uses: int
    """With those to whom it happens too."""


def can_see_found(viewer: Someone) -> bool:
    """Editors, who write what is missing, and coordinators, who decide on it."""
    return is_editor(viewer) or is_coordinator(viewer)


def found_again(viewer: User) -> list[Found]:
    """Those that the viewer may read and nobody has made an answer of, the most found first. Three queries."""
    counts = {int(pk): times for pk, times in helped(ANSWERED).items()}
    made = TopicAnswer.objects.filter(topic=OuterRef("pk"))
    topics = topics_visible_to(viewer).filter(~Exists(made), accepted__isnull=False, merged_into=None)
    topics = topics.filter(pk__in=list(counts)) | topics.filter(me_too_count__gte=KEEPS_BEING_FOUND)
    rows = [
        Found(topic, counts.get(topic.pk, 0), counts.get(topic.pk, 0) + topic.me_too_count)
        for topic in topics.select_related("space")
    ]
    rows = [row for row in rows if row.uses >= KEEPS_BEING_FOUND]
    return sorted(rows, key=lambda row: (-row.uses, row.topic.pk))[:MOST]


def parts_of(topic: Topic) -> dict[str, Stripped]:
    """The title, the question and the accepted answer, without the names of who writes in the topic nor other personal
    data. Three queries.
    """
    posts = list(Post.objects.filter(topic=topic).select_related("author"))
    known = known_about(str(post.author.name) for post in posts if post.author and post.author.name)
    asked = next((post.text for post in posts if post.number == 1 and post.is_readable), "")
    answer = topic.accepted.text if topic.accepted else ""
    return {
        "title": strip(topic.title, known),
        "question": strip(asked, known),
        "answer": strip(answer, known),
    }
