"""Live sessions: announcing them, places and the waiting list, and who attended."""

from __future__ import annotations

import hmac
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.activity.domain import record
from platform_core.base.errors import Refusal

from ..events import Attended, SeatChanged, SessionChanged
from ..models import CoursePage, Enrolment, Seat, SeatState, Session
from ..permissions import manages_training
from ..questions import fold
from . import completing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from platform_core.accounts.models import User

OPENS_BEFORE = timedelta(minutes=30)
"""Before a session begins its attendance code is taken."""
CLOSES_AFTER = timedelta(hours=24)
"""After it ended."""


@dataclass(frozen=True, kw_only=True)
class SessionFacts:
    """What is said of a session; instants have a time zone."""

    title: str
    starts_at: datetime
    ends_at: datetime
    place: str = ""
    url: str = ""
    places: int = 0
    completes: bool = False
    attendance_code: str = ""
    recording: str = ""
    materials: str = ""


def announce(*, actor: User, course: CoursePage, facts: SessionFacts) -> Session:
    """Announce a session of a course. Raises Refusal for who may not, and for hours that end before they begin."""
    _guard(actor, facts)
    with transaction.atomic():
        session = Session.objects.create(course_key=course.translation_key, **asdict(facts))
        record(SessionChanged(is_new=True, is_cancelled=False), actor=actor, subject=session)
    return session


def change(*, actor: User, session: Session, facts: SessionFacts) -> Session:
    """Say otherwise of a session; who waits moves up when there are more places. Raises Refusal as `announce`."""
    _guard(actor, facts)
    with transaction.atomic():
        session = _locked(session)
        moved = (session.starts_at, session.ends_at, session.place, session.url)
        for name, value in asdict(facts).items():
            setattr(session, name, value)
        session.sequence += 1
        session.save()
        _move_up(session, actor)
        if moved != (session.starts_at, session.ends_at, session.place, session.url):
            record(SessionChanged(is_new=False, is_cancelled=False), actor=actor, subject=session)
    return session


def cancel(*, actor: User, session: Session) -> Session:
    """Call a session off; those who wanted to go are told. Raises Refusal for who may not."""
    if not manages_training(actor):
        raise Refusal(_("You may not do this."))
    with transaction.atomic():
        session = _locked(session)
        if session.cancelled_at is None:
            session.cancelled_at = timezone.now()
            session.sequence += 1
            session.save(update_fields=["cancelled_at", "sequence"])
            record(SessionChanged(is_new=False, is_cancelled=True), actor=actor, subject=session)
    return session


def take_seat(*, person: User, session: Session) -> Seat:
    """Have a place, or wait for one when there are none left. Once or twice is the same.

    Raises Refusal for a session that was called off or has begun.
    """
    with transaction.atomic():
        session = _locked(session)
        _refuse_over(session)
        seat, _made = Seat.objects.get_or_create(
            session=session, person=person, defaults={"state": SeatState.CANCELLED}
        )
        if seat.state != SeatState.CANCELLED:
            return seat
        seat.asked_at = timezone.now()
        _set(seat, SeatState.GOING if _has_room(session) else SeatState.WAITING, person, moved_up=False)
    return seat


def give_up(*, person: User, session: Session) -> Seat | None:
    """Leave one's place to whoever waits first. Raises Refusal for a session that has begun."""
    with transaction.atomic():
        session = _locked(session)
        _refuse_over(session)
        seat = Seat.objects.filter(session=session, person=person).exclude(state=SeatState.CANCELLED).first()
        if seat is not None:
            _set(seat, SeatState.CANCELLED, person, moved_up=False)
            _move_up(session, person)
    return seat


def attend(*, person: User, session: Session, code: str, now: datetime | None = None) -> Seat:
    """Say that one is there, by the code that was said aloud. Raises Refusal outside its hours and for another code."""
    moment = now or timezone.now()
    if session.cancelled_at or not (session.starts_at - OPENS_BEFORE <= moment <= session.ends_at + CLOSES_AFTER):
        raise Refusal(_("The code is taken from half an hour before the session until a day after it."), field="code")
    expected = fold(session.attendance_code)
    if not expected or not hmac.compare_digest(fold(code).encode(), expected.encode()):
        raise Refusal(_("This is not the code of this session."), field="code")
    with transaction.atomic():
        return _attended(session, person, actor=person, by_code=True)


def mark_attendance(*, actor: User, session: Session, people: Iterable[User]) -> list[Seat]:
    """Say who was there, from the list. Who was marked before stays so. Raises Refusal for who may not."""
    if not manages_training(actor):
        raise Refusal(_("You may not do this."))
    with transaction.atomic():
        return [_attended(session, person, actor=actor, by_code=False) for person in people]


def _attended(session: Session, person: User, *, actor: User, by_code: bool) -> Seat:
    seat, _made = Seat.objects.select_for_update(of=("self",)).get_or_create(session=session, person=person)
    if seat.attended_at is not None:
        return seat
    seat.attended_at, seat.state = timezone.now(), SeatState.GOING
    seat.save(update_fields=["attended_at", "state"])
    if session.completes:
        rows = Enrolment.objects.current().select_for_update(of=("self",)).select_related("version", "person")
        enrolment = rows.filter(person=person, course_key=session.course_key, completed_at=None).first()
        if enrolment is not None:
            completing.complete(enrolment=enrolment, actor=actor)
    record(Attended(person_id=person.pk, by_code=by_code), actor=actor, subject=session)
    return seat


def _move_up(session: Session, actor: User) -> None:
    """Those who wait longest get the places that are free."""
    if session.cancelled_at or session.starts_at <= timezone.now():
        return
    for seat in session.seats.filter(state=SeatState.WAITING).order_by("asked_at", "pk"):
        if not _has_room(session):
            return
        _set(seat, SeatState.GOING, actor, moved_up=True)


def _set(seat: Seat, state: SeatState, actor: User, *, moved_up: bool) -> None:
    seat.state = state
    seat.save(update_fields=["state", "asked_at"])
    event = SeatChanged(person_id=seat.person_id, state=state.value, moved_up=moved_up)
    record(event, actor=actor, subject=seat.session)


def _has_room(session: Session) -> bool:
    return not session.places or session.seats.filter(state=SeatState.GOING).count() < session.places


def _refuse_over(session: Session) -> None:
    if session.cancelled_at:
        raise Refusal(_("This session has been called off."))
    if session.starts_at <= timezone.now():
        raise Refusal(_("This session has begun already."))


def _guard(actor: User, facts: SessionFacts) -> None:
    if not manages_training(actor):
        raise Refusal(_("You may not do this."))
    if facts.ends_at <= facts.starts_at:
        raise Refusal(_("It ends before it begins."), field="ends_at")


def _locked(session: Session) -> Session:
    return Session.objects.select_for_update().get(pk=session.pk)
