"""The home page. It puts together what several apps know, so it lives in the composition root."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from helpdesk.desk import board
from helpdesk.desk.listing import nearest
from helpdesk.desk.permissions import is_desk
from helpdesk.desk.queries import promises_of
from knowledge_base.public import latest_news, reading_language
from platform_core.accounts.models import User
from platform_core.accounts.public import has_second_factor
from platform_core.activity.queries import heads
from platform_core.organisations.models import Invitation, Membership, MembershipRole
from platform_core.organisations.public import Organisation, invitations_for, is_staff, memberships_of
from platform_core.organisations.queries import invitation_token
from training.public import learning_of

from . import feed
from .hall import hall

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from helpdesk.desk.models import Case
    from platform_core.officehours.public import Promise

NOON, EVENING = 14, 20
ENOUGH_REFERENTS = 2
VIEWS_AT_HOME = ("cremen", "sense", "meus", "pausa")
FEW_TICKETS = 4
FEW_COURSES = 2


@dataclass(frozen=True)
class Step:
    """One thing to do before starting. `url` is empty for what somebody else does."""

    text: str
    done: bool
    action: str
    url: str = ""


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    user = request.user
    context: dict[str, Any] = {
        "hall": hall(),
        "latest_news": latest_news(viewer=user, language=reading_language()),
        "service_phone": settings.SERVICE_PHONE,
        "service_email": settings.SERVICE_EMAIL,
    }
    if isinstance(user, User):
        context |= _of_person(user)
    return render(request, "config/home.html", context)


def _of_person(user: User) -> dict[str, Any]:
    seats = list(memberships_of(user))
    # Before the news are read: what happens in between is then told twice rather than never.
    organisations = [item.organisation_id for item in seats]
    followed = heads(feed.streams_of(user, organisations))
    seat = seats[0] if seats else None
    staff = is_staff(user)
    colleagues = _referents(seats)
    steps = _steps(user, seat, colleagues, staff=staff)
    context: dict[str, Any] = {
        "greeting": _greeting(),
        "seats": seats,
        "referents": colleagues,
        "place": hall().place_of(seat.organisation) if seat else None,
        "steps": steps,
        "followed": " ".join(f"{stream}@{cursor}" for stream, cursor in followed.items()),
        "told": " ".join(feed.told_types()),
        "done": sum(step.done for step in steps),
        "next_step": _next(user, steps, seat),
        "staff": staff,
        "at_desk": staff and is_desk(user),
        "several": staff or len(seats) > 1,
        "news": feed.of_service() if staff else feed.of_person(user, organisations),
    }
    if staff:
        context["numbers"] = _numbers()
    if context["at_desk"]:
        counts = board.counts(viewer=user, now=timezone.now())
        context["desk_views"] = [(view, board.VIEWS[view], counts[view]) for view in VIEWS_AT_HOME]
    context["tickets"] = _tickets(user)
    context["learnings"] = learning_of(user, language=reading_language())[:FEW_COURSES]
    return context


def _tickets(user: User) -> list[tuple[Case, Promise | None]]:
    """One's own tickets that are not closed, each with its flag. Three queries at most."""
    cases = nearest(user, most=FEW_TICKETS)
    promises = promises_of(cases, with_news=False) if cases else {}
    return [(case, promises.get(case.pk)) for case in cases]


def _greeting() -> str:
    hour = timezone.localtime().hour
    if hour < NOON:
        return _("Good morning")
    return _("Good afternoon") if hour < EVENING else _("Good evening")


def _referents(seats: list[Membership]) -> dict[int, list[User]]:
    """The referents of each of these organisations today."""
    found: dict[int, list[User]] = {seat.organisation_id: [] for seat in seats}
    referents = Membership.objects.current().referents().filter(organisation__in=found, person__is_active=True)
    for referent in referents.select_related("person").order_by("person__name"):
        found[referent.organisation_id].append(referent.person)
    return found


def _steps(user: User, seat: Membership | None, referents: dict[int, list[User]], *, staff: bool) -> list[Step]:
    steps = [
        Step(_("We know your name"), bool(user.name), _("Complete your profile"), reverse("accounts:profile")),
        Step(
            _("You have accepted the code of ethics"),
            user.has_accepted_code,
            _("Read the code of ethics"),
            reverse("accounts:code"),
        ),
        Step(
            _("You sign in with a second factor"),
            has_second_factor(user),
            _("Add a second factor"),
            reverse("mfa_index"),
        ),
    ]
    if seat:
        manages = seat.role == MembershipRole.REFERENT
        add = reverse("organisations:add_member", args=[seat.organisation.slug]) if manages else ""
        enough = len(referents[seat.organisation_id]) >= ENOUGH_REFERENTS
        steps.append(Step(_("Your organisation has two referents"), enough, _("Add another referent"), add))
    elif not staff:
        steps.append(Step(_("You work in an organisation"), False, _("Ask the referent of yours to add you")))
    return steps


def _next(user: User, steps: list[Step], seat: Membership | None) -> Step | None:
    """The main action of the page: an invitation that waits, the first thing to do, or one's own organisation."""
    waiting: Invitation | None = invitations_for(user).first()
    if waiting:
        url = reverse("organisations:invitation", args=[invitation_token(waiting)])
        text = _("Answer the invitation to %(organisation)s") % {"organisation": waiting.organisation}
        return Step(text, done=False, action=text, url=url)
    for step in steps:
        if not step.done and step.url:
            return step
    if seat is None:
        return None
    return Step("", done=True, action=_("See your organisation"), url=seat.organisation.get_absolute_url())


def _numbers() -> dict[str, int]:
    """What the coordination looks at first. Four queries."""
    referents = Membership.objects.current().referents().filter(person__is_active=True)
    joined = Organisation.objects.filter(joined_on__isnull=False)
    return {
        "people": User.objects.filter(is_active=True).count(),
        "joined": joined.count(),
        "without_referent": joined.exclude(pk__in=referents.values("organisation")).count(),
        "invitations": Invitation.objects.pending().count(),
    }
