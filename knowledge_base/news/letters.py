"""The letter that tells of a page of news, and the link in it that stops them (RFC 8058)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import translation

from platform_core.accounts.models import User
from platform_core.background.public import once
from platform_core.base.mail import message

from ..models import NewsPage, Subscription
from .permissions import can_read
from .queries import changes_for

if TYPE_CHECKING:
    from collections.abc import Iterable

SALT = "knowledge_base.news"


def readers_of(page: NewsPage) -> Iterable[int]:
    """Who subscribed before it was first published, of those that may read it."""
    subscriptions = Subscription.objects.filter(since__lte=page.first_published_at, person__is_active=True)
    people = [item.person for item in subscriptions.select_related("person")]
    return [person.pk for person in people if can_read(person, page)]


def send(*, page_id: int, person_id: int) -> None:
    """The letter, once for a page and a person; nothing when the page was withdrawn or the person stopped meanwhile.

    Raises what the mailer raises: then it counts as not sent.
    """
    page = NewsPage.objects.live().filter(pk=page_id).first()
    subscription = Subscription.objects.select_related("person").filter(person_id=person_id).first()
    if page is None or subscription is None or not subscription.person.is_active:
        return
    if not can_read(subscription.person, page):
        return
    with once(f"knowledge_base.news:{page_id}:{person_id}") as first:
        if first:
            _post(page, subscription.person)


def stop_link(person: User) -> str:
    token = signing.dumps(person.pk, salt=SALT)
    return f"{settings.WAGTAILADMIN_BASE_URL}{reverse('news:stop', args=[token])}"


def person_of(token: str) -> User | None:
    """Whose link it is; None for one that we did not write."""
    try:
        pk = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return User.objects.filter(pk=pk, is_active=True).first()


def _post(source: NewsPage, person: User) -> None:
    with translation.override(person.language):
        page = source.nearest_translation(language=person.language)
        if not can_read(person, page):
            page = source
        stop = stop_link(person)
        context = {
            "person": person,
            "page": page,
            "changes": changes_for(page, viewer=person),
            "url": f"{settings.WAGTAILADMIN_BASE_URL}{page.get_absolute_url()}",
            "stop_url": stop,
        }
    letter = message(
        to=person.email,
        subject=page.title,
        template="knowledge_base/news/mail/published",
        context=context,
        language=person.language,
    )
    letter.extra_headers |= {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    letter.send()
