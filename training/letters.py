"""The letters of the training, in the reader's language."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from platform_core.base.mail import message

from .invited import token_of
from .models import Certificate, Seat, SeatState, Session, Via

if TYPE_CHECKING:
    from platform_core.accounts.models import User

    from .models import CoursePage, Enrolment, EnrolmentInvitation

NOTICE = timedelta(days=30)
"""Before a certificate expires its holder is told, once."""


def tell_of_expiring(certificate_id: int) -> None:
    """Tell the holder, once; nothing for one that has been renewed meanwhile."""
    with transaction.atomic():
        rows = Certificate.objects.select_for_update(of=("self",)).select_related("enrolment__person")
        certificate = rows.filter(pk=certificate_id, reminded_at=None).first()
        if certificate is None or not certificate.enrolment.person.is_active:
            return
        newer = certificate.enrolment.certificates.filter(issued_at__gt=certificate.issued_at)
        certificate.reminded_at = timezone.now()
        certificate.save(update_fields=["reminded_at"])
        if not newer.exists():
            _post(certificate.enrolment.person, certificate)


def expiring() -> list[int]:
    """The certificates that expire soon and whose holders have not been told."""
    soon = Certificate.objects.filter(reminded_at=None, expires_at__gt=timezone.now())
    return list(soon.filter(expires_at__lte=timezone.now() + NOTICE).order_by("pk").values_list("pk", flat=True))


def _post(person: User, certificate: Certificate) -> None:
    with translation.override(person.language):
        context = {
            "person": person,
            "title": certificate.title,
            "day": timezone.localdate(certificate.expires_at),
            "url": f"{settings.WAGTAILADMIN_BASE_URL}{certificate.get_absolute_url()}",
        }
    message(
        to=person.email,
        subject=_("Your certificate expires soon"),
        template="training/mail/expiring",
        context=context,
        language=person.language,
    ).send()


REMIND_BEFORE = timedelta(hours=24)


def sessions_soon() -> list[int]:
    """The places in sessions that begin within a day and whose people have not been reminded."""
    now = timezone.now()
    seats = Seat.objects.filter(state=SeatState.GOING, reminded_at=None, session__cancelled_at=None)
    soon = seats.filter(session__starts_at__gt=now, session__starts_at__lte=now + REMIND_BEFORE)
    return list(soon.order_by("pk").values_list("pk", flat=True))


def remind(seat_id: int) -> None:
    """Once for each place."""
    with transaction.atomic():
        rows = Seat.objects.select_for_update(of=("self",)).select_related("session", "person")
        seat = rows.filter(pk=seat_id, reminded_at=None, state=SeatState.GOING).first()
        if seat is None or seat.session.cancelled_at or not seat.person.is_active:
            return
        seat.reminded_at = timezone.now()
        seat.save(update_fields=["reminded_at"])
        _of_session(seat.person, seat.session, subject=_("The session begins soon"), news="soon")


def tell_moved_up(*, person: User, session: Session) -> None:
    _of_session(person, session, subject=_("You have a place in the session"), news="place")


def tell_changed(*, person: User, session: Session) -> None:
    """That a session is at another hour or place, or not at all."""
    if session.cancelled_at:
        _of_session(person, session, subject=_("A session is called off"), news="cancelled")
    else:
        _of_session(person, session, subject=_("A session has changed"), news="changed")


def _of_session(person: User, session: Session, *, subject: Any, news: str) -> None:
    message(
        to=person.email,
        subject=subject,
        template="training/mail/session",
        context={
            "person": person,
            "session": session,
            "news": news,
            "url": f"{settings.WAGTAILADMIN_BASE_URL}{reverse('training:session', args=[session.uid])}",
        },
        language=person.language,
    ).send()


def tell_enrolled(enrolment: Enrolment, course: CoursePage) -> None:
    """That somebody else, or our rule, has enrolled them."""
    person = enrolment.person
    with translation.override(person.language):
        address = course.get_absolute_url()
        context = {
            "person": person,
            "title": enrolment.version.outline.title(),
            "minutes": enrolment.version.outline.minutes,
            "by_rule": enrolment.via == Via.RULE,
            "url": f"{settings.WAGTAILADMIN_BASE_URL}{address}",
        }
    message(
        to=person.email,
        subject=_("You are enrolled in a course"),
        template="training/mail/enrolled",
        context=context,
        language=person.language,
    ).send()


def language_of(invitation: EnrolmentInvitation) -> str:
    """Nobody knows what the reader speaks: what who invites them does, else that of the service."""
    return invitation.invited_by.language if invitation.invited_by else settings.LANGUAGE_CODE


def tell_invited(invitation: EnrolmentInvitation, course: CoursePage) -> None:
    """The link to come in by, to an address that is nobody's yet."""
    language = language_of(invitation)
    with translation.override(language):
        address = reverse("training:invitation", args=[token_of(invitation)])
    message(
        to=invitation.email,
        subject=_("You are invited to take a course"),
        template="training/mail/invited",
        context={
            "inviter": invitation.invited_by,
            "title": course.title,
            "day": timezone.localdate(invitation.expires_at),
            "url": f"{settings.WAGTAILADMIN_BASE_URL}{address}",
        },
        language=language,
    ).send()
