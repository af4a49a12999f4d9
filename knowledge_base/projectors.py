"""How questions are told to the search."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from platform_core.search.public import PUBLIC, SIGNED_IN, STAFF, Draft, Projector, register

from .models import Audience, QuestionPage
from .permissions import visible_to

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from platform_core.accounts.roles import Someone

KIND = "faq.question"

_TOKENS = {Audience.PUBLIC: PUBLIC, Audience.SIGNED_IN: SIGNED_IN, Audience.STAFF: STAFF}


def project(object_id: str) -> Draft | None:
    question = QuestionPage.objects.live().select_related("locale").filter(pk=object_id).first()
    if question is None or not question.topic.live:
        return None
    return Draft(
        title=question.title,
        body=question.plain_answer(),
        keywords=question.keywords,
        wordings=question.wordings,
        path=f"/{question.site_path}",
        group=question.topic.title,
        language=question.locale.language_code,
        audience=frozenset({_TOKENS[Audience(question.audience)]}),
        updated_at=question.last_published_at or question.latest_revision_created_at,
    )


def ids() -> Iterable[str]:
    return (str(pk) for pk in QuestionPage.objects.live().values_list("pk", flat=True))


def visible(viewer: Someone, wanted: Collection[str]) -> set[str]:
    return {str(pk) for pk in visible_to(viewer).filter(pk__in=wanted).values_list("pk", flat=True)}


register(Projector(kind=KIND, project=project, ids=ids, visible=visible, label=_("Question"), icon="help-circle"))
