"""Who takes a course: coming in, leaving, and going on with a newer version of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.activity.domain import record
from platform_core.base.errors import Refusal
from platform_core.organisations.public import Membership

from ..events import Enrolled, ExtraTimeGiven, GroupChanged, Left, VersionTaken
from ..models import Cohort, CoursePage, CoursePrerequisite, Enrolment, Via
from ..permissions import can_enrol, can_read, manages_training
from . import completing
from .versions import current_version

if TYPE_CHECKING:
    from datetime import date

    from platform_core.accounts.models import User
    from platform_core.organisations.public import Organisation

    from ..models import CourseVersion

MOST_EXTRA_TIME = 200  # percent


@dataclass(frozen=True, kw_only=True)
class Place:
    """In whose name and with whom somebody takes a course."""

    organisation: Organisation | None = None
    cohort: Cohort | None = None


NOWHERE = Place()


@dataclass
class Outcome:
    """How many of a list take the course now, how many took it already, and how many were asked to come."""

    enrolled: int = 0
    already: int = 0
    invited: int = 0


def enrol(
    *, actor: User | None, person: User, course: CoursePage, place: Place = NOWHERE, via: Via | None = None
) -> Enrolment:
    """Have a person take a course, in the version that is published now. Who takes it already goes on as they were, and
    who had left comes back to what they had done. `actor` None is a rule of ours.

    Raises Refusal for who may not, for a course that the person may not read, and for who enrols themselves without
    what the course asks for before it.
    """
    if actor is not None and not can_enrol(actor, person):
        raise Refusal(_("You may not enrol this person."))
    if not can_read(person, course):
        raise Refusal(_("This course is not for this person."))
    if place.cohort and place.cohort.course_key != course.translation_key:
        raise Refusal(_("This group takes another course."), field="cohort")
    if actor is not None and actor.pk == person.pk and (missing := missing_before(person=person, course=course)):
        names = ", ".join(f"«{required.title}»" for required in missing)
        raise Refusal(_("Complete this first: %(courses)s.") % {"courses": names})
    with transaction.atomic():
        version = current_version(course=course)
        return _admit(actor=actor, person=person, version=version, place=place, via=via or _via(actor, person))


def _admit(*, actor: User | None, person: User, version: CourseVersion, place: Place, via: Via) -> Enrolment:
    enrolment, created = Enrolment.objects.select_for_update(of=("self",)).get_or_create(
        person=person,
        course_key=version.course_key,
        defaults={
            "version": version,
            "via": via,
            "enrolled_by": actor,
            "organisation": place.organisation,
            "cohort": place.cohort,
        },
    )
    if created:
        _tell(enrolment, version, actor, again=False)
        return enrolment
    if place.cohort and enrolment.cohort_id != place.cohort.pk:
        enrolment.cohort = place.cohort
        enrolment.save(update_fields=["cohort"])
    if not enrolment.is_current:
        enrolment.left_at = None
        enrolment.save(update_fields=["left_at"])
        _tell(enrolment, version, actor, again=True)
    return enrolment


def enrol_many(*, actor: User, people: list[User], course: CoursePage, group: str = "") -> Outcome:
    """Enrol all of them or nobody, in the group of that name, which is made where it is missing.

    Raises Refusal for whoever among them `actor` may not enrol, and for a group by who does not work for the service.
    """
    if group and not manages_training(actor):
        raise Refusal(_("Only the service makes groups."), field="group")
    for person in people:
        if not can_enrol(actor, person) or not can_read(person, course):
            raise Refusal(_("You may not enrol %(person)s.") % {"person": person})
    outcome = Outcome()
    with transaction.atomic():
        version = current_version(course=course)
        cohort = cohort_called(group, version) if group else None
        taken = Enrolment.objects.current().filter(course_key=version.course_key, person__in=people)
        there = set(taken.values_list("person_id", flat=True))
        seats = _organisations(people)
        for person in people:
            place = Place(organisation=seats.get(person.pk), cohort=cohort)
            _admit(actor=actor, person=person, version=version, place=place, via=Via.FILE)
            if person.pk in there:
                outcome.already += 1
            else:
                outcome.enrolled += 1
    return outcome


def cohort_called(name: str, version: CourseVersion) -> Cohort:
    """The group of that name, made where it is missing. Part of a verb that guards."""
    facts = {"starts_on": timezone.localdate()}
    cohort, _made = Cohort.objects.get_or_create(course_key=version.course_key, name=name, defaults=facts)
    return cohort


def change_group(*, actor: User, cohort: Cohort, name: str, starts_on: date, ends_on: date | None = None) -> Cohort:
    """Say what a group is called, and from when to when it takes its course: days of the service's time zone, both
    included. Raises Refusal for who does not work for the service, days in the wrong order, and a name that is taken.
    """
    if not manages_training(actor):
        raise Refusal(_("You may not do this."))
    if ends_on and ends_on < starts_on:
        raise Refusal(_("This day is before the first one."), field="ends_on")
    with transaction.atomic():
        cohort = Cohort.objects.select_for_update().get(pk=cohort.pk)
        others = Cohort.objects.filter(course_key=cohort.course_key, name=name).exclude(pk=cohort.pk)
        if others.exists():
            raise Refusal(_("There is a group called so already."), field="name")
        cohort.name, cohort.starts_on, cohort.ends_on = name, starts_on, ends_on
        cohort.save(update_fields=["name", "starts_on", "ends_on"])
        record(GroupChanged(starts_on=starts_on, ends_on=ends_on), actor=actor, subject=cohort)
    return cohort


def _organisations(people: list[User]) -> dict[int, Organisation]:
    """The organisation that each works for today; of several, the first. One query."""
    seats = Membership.objects.current().filter(person__in=people).select_related("organisation")
    return {seat.person_id: seat.organisation for seat in seats.order_by("-since", "-pk")}


def missing_before(*, person: User, course: CoursePage) -> list[CoursePage]:
    """The courses that are asked for before this one and that the person has not completed, or too long ago."""
    asked = [row.course for row in CoursePrerequisite.objects.filter(page=course.source).select_related("course")]
    return [required for required in asked if not completing.holds(person=person, course=required)]


def leave(*, actor: User, enrolment: Enrolment) -> Enrolment:
    """Take a course no more; what was done is kept for who comes back. Raises Refusal for who may not."""
    if not can_enrol(actor, enrolment.person):
        raise Refusal(_("You may not do this."))
    with transaction.atomic():
        enrolment = _locked(enrolment)
        if enrolment.is_current:
            enrolment.left_at = timezone.now()
            enrolment.save(update_fields=["left_at"])
            event = Left(person_id=enrolment.person_id, course_key=enrolment.course_key)
            record(event, actor=actor, subject=enrolment)
    return enrolment


def take_newest(*, actor: User, enrolment: Enrolment, course: CoursePage) -> Enrolment:
    """Go on with the course as it is published now. What was done still counts, by the names of the lessons.

    Raises Refusal for who may not.
    """
    if not can_enrol(actor, enrolment.person):
        raise Refusal(_("You may not do this."))
    with transaction.atomic():
        version = current_version(course=course)
        enrolment = _locked(enrolment)
        before = enrolment.version
        if before.pk == version.pk:
            return enrolment
        enrolment.version = version
        enrolment.save(update_fields=["version"])
        completing.complete_if_done(enrolment=enrolment, actor=actor)
        event = VersionTaken(before=before.number, after=version.number)
        record(event, actor=actor, subject=enrolment)
    return enrolment


def renew(*, actor: User, enrolment: Enrolment, course: CoursePage) -> Enrolment:
    """Begin again, with the course as it is published now: lessons that were done stay done, quizzes are passed anew.

    Raises Refusal for who may not, and for who has not completed the course.
    """
    if not can_enrol(actor, enrolment.person):
        raise Refusal(_("You may not do this."))
    if enrolment.completed_at is None:
        raise Refusal(_("You are taking this course already."))
    with transaction.atomic():
        version = current_version(course=course)
        enrolment = _locked(enrolment)
        enrolment.version, enrolment.began_at = version, timezone.now()
        enrolment.completed_at = enrolment.left_at = None
        enrolment.save(update_fields=["version", "began_at", "completed_at", "left_at"])
        quizzes = [item.key for item in version.outline.items if item.is_quiz]
        enrolment.progress.filter(key__in=quizzes).update(done_at=None)
        _tell(enrolment, version, actor, again=True)
    return enrolment


def give_extra_time(*, actor: User, enrolment: Enrolment, percent: int) -> Enrolment:
    """Add to the time limits of somebody's quizzes, from the next attempt on. Raises Refusal for who does not work for
    the service, and for less than 0 or more than MOST_EXTRA_TIME percent."""
    if not manages_training(actor):
        raise Refusal(_("You may not do this."))
    if not 0 <= percent <= MOST_EXTRA_TIME:
        words = _("Write a number from 0 to %(most)d.")
        raise Refusal(words % {"most": MOST_EXTRA_TIME}, field="percent")
    with transaction.atomic():
        enrolment = _locked(enrolment)
        enrolment.extra_time = percent
        enrolment.save(update_fields=["extra_time"])
        record(ExtraTimeGiven(percent=percent), actor=actor, subject=enrolment)
    return enrolment


def _locked(enrolment: Enrolment) -> Enrolment:
    rows = Enrolment.objects.select_for_update(of=("self",)).select_related("version")
    return rows.get(pk=enrolment.pk)


def _via(actor: User | None, person: User) -> Via:
    if actor is None:
        return Via.RULE
    if actor.pk == person.pk:
        return Via.SELF
    return Via.AGENT if manages_training(actor) else Via.REFERENT


def _tell(enrolment: Enrolment, version: CourseVersion, actor: User | None, *, again: bool) -> None:
    event = Enrolled(
        person_id=enrolment.person_id,
        course_key=enrolment.course_key,
        version=version.number,
        via=Via(enrolment.via),
        again=again,
    )
    record(event, actor=actor, subject=enrolment, streams=[f"user:{enrolment.person_id}"])
