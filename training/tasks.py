"""Work of the worker: what the clock brings, and letters."""

from __future__ import annotations

from datetime import timedelta

from knowledge_base.public import nearest_first
from platform_core.background.public import retry, scheduled, task

from . import domain, letters
from .models import CoursePage, Enrolment, EnrolmentInvitation, Seat, SeatState


@scheduled("training_expiring", every=timedelta(hours=12))
def look_for_expiring() -> None:
    """A letter a certificate that expires soon, each a job of its own."""
    for pk in letters.expiring():
        tell_of_expiring.enqueue(pk)


@task()
@retry()
def tell_of_expiring(certificate_id: int) -> None:
    letters.tell_of_expiring(certificate_id)


@scheduled("training_sessions_soon", every=timedelta(minutes=30))
def look_for_sessions() -> None:
    for pk in letters.sessions_soon():
        remind.enqueue(pk)


@task()
@retry()
def remind(seat_id: int) -> None:
    letters.remind(seat_id)


@task()
@retry()
def tell_moved_up(session_id: int, person_id: int) -> None:
    seat = Seat.objects.filter(session=session_id, person=person_id, state=SeatState.GOING, person__is_active=True)
    if found := seat.select_related("session", "person").first():
        letters.tell_moved_up(person=found.person, session=found.session)


@task()
@retry()
def tell_changed(seat_id: int) -> None:
    seat = Seat.objects.filter(pk=seat_id, person__is_active=True).exclude(state=SeatState.CANCELLED)
    if found := seat.select_related("session", "person").first():
        letters.tell_changed(person=found.person, session=found.session)


@task()
@retry()
def tell_enrolled(enrolment_id: int) -> None:
    rows = Enrolment.objects.current().select_related("person", "version").filter(person__is_active=True)
    enrolment = rows.filter(pk=enrolment_id).first()
    if enrolment is None:
        return
    found = CoursePage.objects.live().filter(translation_key=enrolment.course_key, alias_of=None)
    if course := nearest_first(found, language=enrolment.person.language).first():
        letters.tell_enrolled(enrolment, course)


@task()
@retry()
def tell_invited(invitation_id: int) -> None:
    """Nothing for what was accepted or withdrawn meanwhile."""
    rows = EnrolmentInvitation.objects.select_related("invited_by").filter(pk=invitation_id)
    invitation = rows.first()
    if invitation is None or not invitation.is_pending:
        return
    language = letters.language_of(invitation)
    found = CoursePage.objects.live().filter(translation_key=invitation.course_key, alias_of=None)
    if course := nearest_first(found, language=language).first():
        letters.tell_invited(invitation, course)


@scheduled("training_old_invitations", every=timedelta(days=1))
def forget_old_invitations() -> None:
    """The addresses of who never came are not kept."""
    domain.forget_old()
