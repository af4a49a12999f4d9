"""What stands beside a ticket of the communities: where it comes from, and what the desk asks them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpdesk.desk.panels import Panel, Place, register
from platform_core.base.markup import render_markdown

from .domain import may_agree
from .models import CommunityQuestion, PostTicket
from .permissions import can_read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from helpdesk.desk.models import Case
    from platform_core.accounts.models import User


def declare() -> None:
    register(Panel(place=Place.BENCH, template="agora/panels/bench.html", facts=of_bench))
    register(Panel(place=Place.PORTAL, template="agora/panels/portal.html", facts=of_portal))


def of_bench(case: Case, _viewer: User) -> Mapping[str, Any]:
    """For the desk: the post that the ticket comes from, and what was asked. Two queries."""
    from_post = PostTicket.objects.select_related("post__topic__space").filter(case=case.pk).first()
    asked = _asked(case)
    return {
        "reference": case.reference,
        "from_post": from_post,
        "from_url": from_post.post.topic.url_of(from_post.post.number) if from_post else "",
        "asked": asked,
        "topic_url": asked.topic.get_absolute_url() if asked and asked.topic else "",
    }


def of_portal(case: Case, viewer: User) -> Mapping[str, Any] | None:
    """For who asked: whether the community may be asked, and where it was. One query when there is nothing."""
    asked = _asked(case)
    if asked is None or asked.is_agreed is False:
        return None
    if asked.answered_at is None and not may_agree(viewer, case):
        return None
    if asked.answered_at and (asked.topic is None or not can_read(viewer, asked.topic)):
        return None
    return {
        "asked": asked,
        "html": render_markdown(asked.text),
        "topic_url": asked.topic.get_absolute_url() if asked.topic else "",
    }


def _asked(case: Case) -> CommunityQuestion | None:
    found: CommunityQuestion | None = (
        CommunityQuestion.objects.select_related("space", "topic__space").filter(case=case.pk).first()
    )
    return found
