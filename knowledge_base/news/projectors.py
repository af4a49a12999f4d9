"""How the news are told to the search."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import pgettext_lazy

from platform_core.search.public import PUBLIC, SIGNED_IN, STAFF, Draft, Projector, register

from ..models import Audience, NewsPage
from .permissions import visible_to

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from platform_core.accounts.roles import Someone

KIND = "news.page"
OPEN_INCIDENT_BOOST = 1.5
"""What happens to many right now comes before what is always so."""

_TOKENS = {Audience.PUBLIC: PUBLIC, Audience.SIGNED_IN: SIGNED_IN, Audience.STAFF: STAFF}


def project(object_id: str) -> Draft | None:
    page = NewsPage.objects.live().filter(pk=object_id, alias_of=None).select_related("locale").first()
    if page is None:
        return None
    named = [name for item in page.components.all() for name in (item.name_ca, item.name_es, item.name_en) if name]
    return Draft(
        title=page.title,
        body=page.plain_body(),
        keywords=", ".join([*([page.version] if page.version else []), *dict.fromkeys(named)]),
        path=f"/{page.site_path}",
        group=str(page.kind_label),
        language=page.locale.language_code,
        audience=frozenset({_TOKENS[Audience(page.audience)]}),
        updated_at=page.last_published_at or page.latest_revision_created_at,
        boost=OPEN_INCIDENT_BOOST if page.is_open_incident else 1.0,
    )


def ids() -> Iterable[str]:
    return (str(pk) for pk in NewsPage.objects.live().filter(alias_of=None).values_list("pk", flat=True))


def visible(viewer: Someone, wanted: Collection[str]) -> set[str]:
    return {str(pk) for pk in visible_to(viewer).filter(pk__in=wanted).values_list("pk", flat=True)}


register(
    Projector(
        kind=KIND, project=project, ids=ids, visible=visible, label=pgettext_lazy("kind of page", "News"), icon="bell"
    )
)
