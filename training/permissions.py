"""Who may read a course, see how others do, and enrol them. Each rule twice where lists need it: a predicate and a
queryset, which a test proves equal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from wagtail.models import Page, ReferenceIndex

from knowledge_base.public import audiences_of
from platform_core.organisations.public import Membership, Organisation, can_override, is_staff

from .models import CoursePage, Enrolment, EnrolmentInvitation, LessonPage, LessonVersion, Package

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet

    from platform_core.accounts.models import User
    from platform_core.accounts.roles import Someone


def can_read(viewer: Someone, course: CoursePage) -> bool:
    return bool(course.live and course.audience in audiences_of(viewer))


def visible_to(viewer: Someone) -> QuerySet[CoursePage]:
    """The courses that the viewer may read, with words of their own, in any language."""
    courses: QuerySet[CoursePage] = CoursePage.objects.live().filter(alias_of=None, audience__in=audiences_of(viewer))
    return courses


def lessons_for(viewer: Someone) -> QuerySet[LessonPage]:
    """The published lessons, in any language, of the courses that the viewer may read: for the search."""
    under = Q()
    for path in visible_to(viewer).values_list("path", flat=True):
        under |= Q(path__startswith=path)
    lessons: QuerySet[LessonPage] = LessonPage.objects.live().filter(alias_of=None)
    return lessons.filter(under) if under else lessons.none()


def manages_training(user: Someone) -> bool:
    """Who works for the service sees how everybody does, and enrols anybody."""
    return is_staff(user)


def enrolments_seen_by(viewer: Someone) -> QuerySet[Enrolment]:
    """One's own, those of the people of organisations that one is the referent of, and all for the service."""
    if not viewer.is_authenticated or not viewer.is_active:
        return Enrolment.objects.none()
    if manages_training(viewer):
        return Enrolment.objects.all()
    return Enrolment.objects.filter(Q(person_id=viewer.pk) | Q(person__in=_people_of(viewer).values("person")))


def can_see(viewer: Someone, enrolment: Enrolment) -> bool:
    if not viewer.is_authenticated or not viewer.is_active:
        return False
    if enrolment.person_id == viewer.pk or manages_training(viewer):
        return True
    return _people_of(viewer).filter(person=enrolment.person_id).exists()


def can_enrol(actor: User, person: User) -> bool:
    """Oneself; anybody for who works for the service; for referents, the people of their organisations."""
    if not actor.is_active or not person.is_active:
        return False
    if actor.pk == person.pk or manages_training(actor):
        return True
    return _people_of(actor).filter(person=person).exists()


def teaches_somebody(viewer: Someone) -> bool:
    """Whether there is anybody whose training the viewer looks after. One query at most."""
    if not viewer.is_authenticated or not viewer.is_active:
        return False
    return manages_training(viewer) or Membership.objects.current().referents().filter(person_id=viewer.pk).exists()


def packages_previewed_by(viewer: Someone) -> QuerySet[Package]:
    """The packages that the viewer may look at without taking a course: all for who writes courses, none for others."""
    return Package.objects.all() if writes_packages(viewer) else Package.objects.none()


def can_preview_package(viewer: Someone, package: Package) -> bool:
    return package.pk is not None and writes_packages(viewer)


def writes_packages(viewer: Someone) -> bool:
    """Editors and coordinators, by what `content.prepare` lets their groups do."""
    return viewer.is_authenticated and viewer.is_active and viewer.has_perm("training.add_package")


def organisations_led_by(viewer: User) -> QuerySet[Organisation]:
    """Those that a referent invites people of to courses; none for who works for the service, and invites anybody."""
    if manages_training(viewer):
        return Organisation.objects.none()
    return Organisation.objects.filter(pk__in=_led_by(viewer).values("organisation"))


def invitations_seen_by(viewer: Someone) -> QuerySet[EnrolmentInvitation]:
    """All for the service; for referents, those to the organisations that they are the referent of."""
    if not viewer.is_authenticated or not viewer.is_active:
        return EnrolmentInvitation.objects.none()
    if manages_training(viewer):
        return EnrolmentInvitation.objects.all()
    return EnrolmentInvitation.objects.filter(organisation__in=_led_by(viewer).values("organisation"))


def invitations_handled_by(viewer: Someone) -> QuerySet[EnrolmentInvitation]:
    """Those that one may send again or withdraw: the ones to an organisation are its referents' and the
    coordination's, as all of its invitations are."""
    seen = invitations_seen_by(viewer)
    if can_override(viewer) and manages_training(viewer):
        return seen
    mine = Q(organisation__in=_led_by(viewer).values("organisation"))
    return seen.filter(mine | Q(organisation=None))


def can_handle(viewer: Someone, invitation: EnrolmentInvitation) -> bool:
    """The same question, of one invitation."""
    if not viewer.is_authenticated or not viewer.is_active:
        return False
    if manages_training(viewer) and (invitation.organisation_id is None or can_override(viewer)):
        return True
    return _led_by(viewer).filter(organisation=invitation.organisation_id).exists()


def opens_for_lessons(viewer: Someone, file: Model) -> bool:
    """For the library's files: whether a lesson uses one that the viewer may read, or has begun a version of."""
    found = list(ReferenceIndex.get_references_to(file).values_list("base_content_type__model", "object_id").distinct())
    pages = [int(pk) for model, pk in found if model == Page._meta.model_name]
    if pages and lessons_for(viewer).filter(pk__in=pages).exists():
        return True
    kept = [int(pk) for model, pk in found if model == LessonVersion._meta.model_name]
    if not kept or not viewer.is_authenticated:
        return False
    keys = set(LessonVersion.objects.filter(pk__in=kept).values_list("key", flat=True))
    mine = Enrolment.objects.current().filter(person_id=viewer.pk).select_related("version")
    return any(str(key) in enrolment.version.outline.keys for enrolment in mine for key in keys)


def _people_of(referent: Someone) -> QuerySet[Membership]:
    """The seats of who works today for an organisation that this person is the referent of."""
    led = _led_by(referent).values("organisation")
    seats: QuerySet[Membership] = Membership.objects.current().filter(organisation__in=led)
    return seats


def _led_by(referent: Someone) -> QuerySet[Membership]:
    """Their own seats as a referent, today."""
    seats: QuerySet[Membership] = Membership.objects.current().referents().filter(person_id=referent.pk)
    return seats
