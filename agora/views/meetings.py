"""*Trobades* of a community, and the calendars of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from agora.forms_communities import MeetingForm
from platform_core.base.errors import Refusal
from platform_core.participation import public as participation

from .communities import moderated
from .doors import PAGES, me, refuse, space_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from platform_core.participation.public import Meeting, Space

FIELDS = ("title", "starts_at", "ends_at", "place", "link", "places", "agenda", "minutes")


@never_cache
@require_GET
def meetings(request: HttpRequest, slug: str) -> HttpResponse:
    space = space_of(request, slug)
    coming, past = participation.meetings_of(space)
    places = participation.places_of(coming, request.user)
    context = {
        "space": space,
        "tab": "meetings",
        "coming": [(meeting, places[meeting.pk]) for meeting in coming],
        "past": past,
        "moderates": participation.can_moderate(request.user, space),
        "calendar": _calendar_address(request),
    }
    return render(request, "agora/meetings.html", context)


@never_cache
@require_GET
def meeting(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = _meeting(request, slug, pk)
    moderates = participation.can_moderate(request.user, found.space)
    context = {
        "space": found.space,
        "tab": "meetings",
        "meeting": found,
        "places": participation.places_of([found], request.user)[found.pk],
        "may_register": participation.can_take_part(request.user, found.space) and not found.is_cancelled,
        "moderates": moderates,
        "who_comes": list(participation.who_comes(found)) if moderates else [],
    }
    return render(request, "agora/meeting.html", context)


@login_required
@require_POST
def attend(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """`fes`: `vinc`, `no-vinc`."""
    found = _meeting(request, slug, pk)
    try:
        if request.POST.get("fes") == "vinc":
            registration = participation.register_for(person=me(request), meeting=found)
            words = _("You are in the queue.") if registration.is_waiting else _("You have a place.")
        else:
            participation.unregister_from(person=me(request), meeting=found)
            words = _("You have given your place back.")
        messages.success(request, words)
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    return redirect(found.get_absolute_url())


@never_cache
@login_required
@require_http_methods(PAGES)
def plan(request: HttpRequest, slug: str) -> HttpResponse:
    space = moderated(request, slug)

    def save(sent: dict[str, Any]) -> Meeting:
        return participation.plan_meeting(actor=me(request), space=space, **sent)

    form = MeetingForm(request.POST or None)
    del form.fields["minutes"]  # nothing has been said yet
    return _edit(request, space, form, save, title=_("New meeting"))


@never_cache
@login_required
@require_http_methods(PAGES)
def change(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    space = moderated(request, slug)
    found = participation.meetings_visible_to(request.user).select_related("space").filter(space=space, pk=pk).first()
    if found is None:
        raise Http404

    def save(sent: dict[str, Any]) -> Meeting:
        return participation.change_meeting(actor=me(request), meeting=found, **sent)

    initial = {name: getattr(found, name) for name in FIELDS}
    return _edit(
        request, space, MeetingForm(request.POST or None, initial=initial), save, title=_("Change the meeting")
    )


@login_required
@require_POST
def cancel(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    moderated(request, slug)
    found = _meeting(request, slug, pk)
    try:
        participation.cancel_meeting(actor=me(request), meeting=found)
        messages.success(request, _("The meeting is cancelled, and we tell who was to come."))
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    return redirect(found.get_absolute_url())


@require_safe
def ics(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One meeting, for the calendar of who downloads it."""
    found = _meeting(request, slug, pk)
    joins = participation.can_take_part(request.user, found.space) or participation.can_moderate(
        request.user, found.space
    )
    return _ics(participation.calendar_of([found], with_links=joins), "trobada.ics")


@require_safe
def feed(_request: HttpRequest, key: str) -> HttpResponse:
    """All meetings of a person's communities, for their calendar program; the key in the address says whose."""
    person = participation.person_of_calendar(key)
    if person is None:
        raise Http404
    return _ics(participation.calendar_of(participation.meetings_for(person), name="Àgora Participa311"), "agora.ics")


@login_required
@require_POST
def new_key(request: HttpRequest, slug: str) -> HttpResponse:
    space = space_of(request, slug)
    participation.new_calendar_key(person=me(request))
    messages.success(request, _("This is the address of your calendar. Any other before it has stopped working."))
    return redirect("agora:meetings", space.slug)


def _ics(text: str, name: str) -> HttpResponse:
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, max-age=300"
    return answer


def _meeting(request: HttpRequest, slug: str, pk: int) -> Meeting:
    visible = participation.meetings_visible_to(request.user).select_related("space")
    found: Meeting | None = visible.filter(space__slug=slug, pk=pk).first()
    if found is None:
        raise Http404
    return found


def _calendar_address(request: HttpRequest) -> str:
    if not request.user.is_authenticated:
        return ""
    key = participation.CalendarKey.objects.filter(person=me(request)).first()
    return request.build_absolute_uri(f"/agora/calendari/{key.key}.ics") if key else ""


def _edit(
    request: HttpRequest, space: Space, form: MeetingForm, save: Callable[[dict[str, Any]], Meeting], *, title: str
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            saved = save(dict(form.cleaned_data))
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Done."))
            return redirect(saved.get_absolute_url())
    context = {"space": space, "tab": "meetings", "form": form, "what": title}
    return render(request, "agora/meeting_form.html", context, status=422 if form.errors else 200)
