"""Live sessions: the list, one of them, its file for a calendar, and what the service writes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from platform_core.accounts.models import User
from platform_core.base.context import site_address
from platform_core.base.errors import Refusal

from .. import ics
from ..domain import sessions
from ..forms import CodeForm, SessionForm
from ..models import Seat, SeatState, Session
from ..permissions import manages_training, visible_to
from .around import course_or_404, person_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet
    from django.http import HttpRequest

    from ..models import CoursePage

PAST_SHOWN = 10
LONGEST_ID = 18  # digits: fits a 64-bit id


@never_cache
@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Those to come, and the last ones with their recordings. Four queries."""
    courses = {course.translation_key: course for course in visible_to(request.user).select_related("locale")}
    rows = Session.objects.filter(course_key__in=list(courses)).annotate(taken=_taken())
    now = timezone.now()
    coming = list(rows.filter(ends_at__gte=now).order_by("starts_at", "pk"))
    past = list(rows.filter(ends_at__lt=now, cancelled_at=None).order_by("-starts_at", "-pk")[:PAST_SHOWN])
    seats = dict(
        Seat.objects.filter(person=person_of(request), session__in=[*coming, *past]).values_list("session_id", "state")
    )
    for session in (*coming, *past):
        session.mine = seats.get(session.pk, "")  # type: ignore[attr-defined]  # for the template
        session.course = courses[session.course_key]  # type: ignore[attr-defined]  # as above
    context = {"coming": coming, "past": past, "manages": manages_training(request.user)}
    return render(request, "training/sessions.html", {**context, "courses": list(courses.values())})


@never_cache
@login_required
@require_safe
def page(request: HttpRequest, uid: UUID) -> HttpResponse:
    session, course = _session(request, uid)
    return _page(request, session, course)


@login_required
@require_POST
def take(request: HttpRequest, uid: UUID) -> HttpResponse:
    return _try(request, uid, lambda session: sessions.take_seat(person=person_of(request), session=session))


@login_required
@require_POST
def give_up(request: HttpRequest, uid: UUID) -> HttpResponse:
    return _try(request, uid, lambda session: sessions.give_up(person=person_of(request), session=session))


@login_required
@require_POST
def attend(request: HttpRequest, uid: UUID) -> HttpResponse:
    session, course = _session(request, uid)
    form = CodeForm(request.POST)
    if form.is_valid():
        try:
            sessions.attend(person=person_of(request), session=session, code=form.cleaned_data["code"])
        except Refusal as refusal:
            form.add_error(refusal.field, str(refusal.message))
    if not form.is_valid():
        return _page(request, session, course, form=form, status=422)
    messages.success(request, _("Your attendance is noted. Thank you for coming."))
    return redirect("training:session", session.uid)


@login_required
@require_POST
def mark(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The list of who was there, by the service."""
    session = _of_service(request, uid)
    sent = request.POST.getlist("present")
    ids = [int(pk) for pk in sent if pk.isascii() and pk.isdigit() and len(pk) <= LONGEST_ID]
    there = User.objects.filter(pk__in=session.seats.filter(person__in=ids).values("person"))
    sessions.mark_attendance(actor=person_of(request), session=session, people=there)
    messages.success(request, _("The attendance is noted."))
    return redirect("training:session", session.uid)


@login_required
@require_POST
def cancel(request: HttpRequest, uid: UUID) -> HttpResponse:
    session = _of_service(request, uid)
    sessions.cancel(actor=person_of(request), session=session)
    messages.success(request, _("The session is called off, and we tell those who wanted to come."))
    return redirect("training:session", session.uid)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, key: UUID | None = None, uid: UUID | None = None) -> HttpResponse:
    """Announce a session of a course, or change one."""
    session = _of_service(request, uid) if uid else None
    if not manages_training(request.user):
        raise Http404
    course = course_or_404(request, session.course_key if session else key or UUID(int=0))
    form = SessionForm(request.POST if request.method == "POST" else None, initial=SessionForm.of(session))
    if request.method == "POST" and form.is_valid():
        actor = person_of(request)
        try:
            if session:
                written = sessions.change(actor=actor, session=session, facts=form.facts())
            else:
                written = sessions.announce(actor=actor, course=course, facts=form.facts())
        except Refusal as refusal:
            form.add_error(refusal.field, str(refusal.message))
        else:
            return redirect("training:session", written.uid)
    context = {"form": form, "course": course, "session": session}
    return render(request, "training/session_form.html", context, status=422 if form.errors else 200)


@never_cache
@login_required
@require_safe
def calendar(request: HttpRequest, uid: UUID) -> HttpResponse:
    session, _course = _session(request, uid)
    goes = session.seats.filter(person=person_of(request), state=SeatState.GOING).exists()
    address = f"{site_address(request)}{request.path.removesuffix('sessio.ics')}"
    answer = HttpResponse(
        ics.calendar(session, address=address, with_url=goes), content_type="text/calendar; charset=utf-8"
    )
    answer["Content-Disposition"] = 'attachment; filename="sessio.ics"'
    return answer


def _page(
    request: HttpRequest, session: Session, course: CoursePage, *, status: int = 200, **more: Any
) -> HttpResponse:
    seat = session.seats.filter(person=person_of(request)).first()
    now = timezone.now()
    going = session.seats.filter(state=SeatState.GOING).count()
    context = {
        "session": session,
        "course": course,
        "seat": seat if seat and seat.state != SeatState.CANCELLED else None,
        "going": going,
        "left": max(0, session.places - going) if session.places else None,
        "may_change": session.cancelled_at is None and session.starts_at > now,
        "is_over": session.ends_at < now,
        "takes_code": bool(session.attendance_code)
        and session.cancelled_at is None
        and session.starts_at - sessions.OPENS_BEFORE <= now <= session.ends_at + sessions.CLOSES_AFTER
        and not (seat and seat.attended_at),
        "form": CodeForm(),
        **more,
    }
    if manages_training(request.user):
        context["manages"] = True
        context["seats"] = session.seats.exclude(state=SeatState.CANCELLED).select_related("person")
    return render(request, "training/session.html", context, status=status)


def _try(request: HttpRequest, uid: UUID, verb: Callable[[Session], Any]) -> HttpResponse:
    session, course = _session(request, uid)
    try:
        verb(session)
    except Refusal as refusal:
        return _page(request, session, course, status=422, refusal=str(refusal.message))
    return redirect("training:session", session.uid)


def _session(request: HttpRequest, uid: UUID) -> tuple[Session, CoursePage]:
    """404 for a session of a course that the viewer may not read."""
    session = get_object_or_404(Session, uid=uid)
    return session, course_or_404(request, session.course_key)


def _of_service(request: HttpRequest, uid: UUID) -> Session:
    if not manages_training(request.user):
        raise Http404
    return get_object_or_404(Session, uid=uid)


def _taken() -> Any:
    return Count("seats", filter=Q(seats__state=SeatState.GOING))


def coming_of(course_key: UUID) -> QuerySet[Session]:
    """The sessions of a course that are still to come: for its page."""
    found: QuerySet[Session] = Session.objects.filter(
        course_key=course_key, ends_at__gte=timezone.now(), cancelled_at=None
    )
    return found.order_by("starts_at", "pk")[:3]
