"""The topics of a community, and a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from agora import domain, forms, listing, permissions
from agora.models import Draft, Topic, TopicKind
from platform_core.activity.queries import head
from platform_core.base.errors import Refusal
from platform_core.participation.public import can_moderate, can_take_part, sanctions_of, spaces_entered_by

from .communities import seen_space
from .doors import PAGES, me, refuse, space_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from platform_core.participation.models import Space


@never_cache
@require_GET
def index(request: HttpRequest, slug: str) -> HttpResponse:
    """The list, by page; the home of a community. Who sees only what it is for is led there."""
    if not spaces_entered_by(request.user).filter(slug=slug).exists():
        return redirect("agora:about", seen_space(request, slug).slug)
    space = space_of(request, slug)
    cursor = head(f"space:{space.pk}")  # before anything is read: news are told twice rather than never
    asked = listing.Asked.of(request.GET)
    context = {
        "space": space,
        "tab": "topics",
        "cursor": cursor,
        "asked": asked,
        "page": listing.page(request.user, space, asked),
        "states": [
            (state, label, asked.address(state=state))
            for state, label in listing.STATES.items()
            if request.user.is_authenticated or state not in listing.OWN
        ],
        "kinds": TopicKind.choices,
        "may_open": (may_open := can_take_part(request.user, space)),
        "invites_to_join": not may_open and not space.is_closed,
        "moderates": can_moderate(request.user, space),
        "sanctions": sanctions_of(request.user, space),
    }
    return render(request, "agora/topics.html", context)


@never_cache
@login_required
@require_http_methods(PAGES)
def new(request: HttpRequest, slug: str) -> HttpResponse:
    space = space_of(request, slug)
    if not can_take_part(request.user, space):
        context = {"space": space, "sanctions": sanctions_of(request.user, space)}
        return render(request, "agora/join_first.html", context, status=403)
    form = _form(request, space)
    if request.method == "POST" and form.is_valid():
        try:
            topic = _open(request, space, form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return redirect(topic)
    context = {
        "space": space,
        "form": form,
        "abouts": [(kind.value, about) for kind, about in forms.ABOUT.items()],
        "draft_key": f"space:{space.pk}",
        "draft_version": getattr(form, "draft_version", 0),
    }
    return render(request, "agora/new.html", context, status=422 if form.errors else 200)


def _form(request: HttpRequest, space: Space) -> forms.TopicForm:
    person = me(request)
    initial: dict[str, Any] = {}
    draft = None
    if request.method != "POST":
        draft = Draft.objects.filter(person=person, key=f"space:{space.pk}").first()
        initial = {"title": draft.title, "text": draft.text} if draft else {"title": request.GET.get("q", "")[:200]}
    form = forms.TopicForm(
        request.POST or None,
        initial=initial,
        preview=reverse("agora:preview", args=[space.slug]),
        announces=permissions.can_open(person, space, TopicKind.ANNOUNCEMENT),
    )
    form.draft_version = draft.version if draft else 0  # type: ignore[attr-defined]
    return form


def _open(request: HttpRequest, space: Space, sent: dict[str, Any]) -> Topic:
    return domain.open_topic(
        actor=me(request),
        author=me(request),
        space=space,
        kind=sent["kind"],
        title=sent["title"],
        text=sent["text"],
        tags=sent["tags"],
        options=sent["options"],
        is_multiple=sent["is_multiple"],
        closes_at=sent["closes_at"],
        submission=sent["submission"],
    )
