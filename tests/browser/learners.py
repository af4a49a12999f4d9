"""People who take the course of the demo world, and the local bodies whose tickets its report compares: for the pages
of the training that nobody in the demo world has come to yet."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from platform_core.accounts.models import User
    from training.models import CoursePage

LEARNER, GRADUATE = "aprenent@ens1.test", "titulada@ens1.test"
COMPARED = 5  # local bodies
MONTHS_AGO = 4
TICKETS_BEFORE, TICKETS_AFTER = 3, 1  # a month, of each body


def places(make: Callable[[str, str], User]) -> tuple[list[User], dict[str, str]]:
    """The guests, and what fills the {names} in the paths. `make(email, name)` makes a person who may sign in."""
    from training.models import Cohort, CoursePage, Session  # noqa: PLC0415  the settings come first
    from training.public import enrol  # noqa: PLC0415

    course = CoursePage.objects.live().get(slug="formacio-inicial", alias_of=None)
    learner, graduate = make(LEARNER, "Arnau Aprenent"), make(GRADUATE, "Teia Titulada")
    for person in (learner, graduate):
        enrol(actor=person, person=person, course=course)
    result, attempt = _attempts(learner, course)
    _say_clear(learner, course)
    found = {
        "course": str(course.translation_key),
        "session": str(Session.objects.order_by("pk")[0].uid),
        "group": str(
            Cohort.objects.create(course_key=course.translation_key, name="Tardor", starts_on=date(2026, 9, 15)).pk
        ),
        "attempt": str(attempt),
        "result": str(result),
        "certificate": _certificate(graduate),
        "course_invitation": _invitation(course),
    }
    _compare(course)
    return [learner, graduate], found


def _attempts(person: User, course: CoursePage) -> tuple[int, int]:
    """One that was sent with nothing in it, and one that is open."""
    from training.domain import quizzes  # noqa: PLC0415

    outline = person.enrolments.get().version.outline
    quiz = next(item for item in outline.items if item.is_quiz)
    ids = []
    for is_sent in (True, False):
        attempt = quizzes.start(person=person, course_key=course.translation_key, key=quiz.key)
        if is_sent:
            quizzes.send(person=person, attempt=attempt, posted={}, even_if_unanswered=True)
        ids.append(attempt.pk)
    return ids[0], ids[1]


def _say_clear(person: User, course: CoursePage) -> None:
    from training.domain import say_clear  # noqa: PLC0415
    from training.models import Clarity  # noqa: PLC0415

    lessons = [item for item in person.enrolments.get().version.outline.items if not item.is_quiz]
    for item, clarity in zip(lessons, [Clarity.CLEAR, Clarity.PARTLY, Clarity.UNCLEAR], strict=False):
        comment = "" if clarity == Clarity.CLEAR else "Hi aniria bé un exemple d'un municipi petit."
        say_clear(person=person, course_key=course.translation_key, key=item.key, clarity=clarity, comment=comment)


def _certificate(person: User) -> str:
    from training.domain.completing import complete  # noqa: PLC0415

    enrolment = person.enrolments.select_related("version", "person").get()
    return str(complete(enrolment=enrolment, actor=person).code)


def _invitation(course: CoursePage) -> str:
    from platform_core.accounts.models import User  # noqa: PLC0415
    from training.domain import invite_to_course  # noqa: PLC0415
    from training.invited import token_of  # noqa: PLC0415

    agent = User.objects.get(email="suport@desk.test")
    return token_of(invite_to_course(actor=agent, email="encara.ningu@ens1.test", course=course))


def _compare(course: CoursePage) -> None:
    """Bodies that have asked less since somebody of theirs completed the course. Their tickets are closed, so that the
    board shows what it shows without them."""
    from platform_core.accounts.models import User  # noqa: PLC0415
    from platform_core.organisations.models import Membership, MembershipRole, Organisation  # noqa: PLC0415
    from training.domain.completing import complete  # noqa: PLC0415
    from training.models import Certificate  # noqa: PLC0415
    from training.public import enrol  # noqa: PLC0415

    for number, organisation in enumerate(Organisation.objects.filter(is_fictional=False).order_by("pk")[:COMPARED]):
        person = User.objects.create_user(f"comparada{number}@ens1.test", name=f"Persona Comparada {number}")
        role = MembershipRole.REFERENT
        Membership.objects.create(person=person, organisation=organisation, role=role, since=date(2020, 1, 1))
        Organisation.objects.filter(pk=organisation.pk).update(joined_on=date(2020, 1, 1))
        complete(enrolment=enrol(actor=person, person=person, course=course), actor=person)
        Certificate.objects.filter(enrolment__person=person).update(issued_at=_month(-MONTHS_AGO))
        for offset in range(-MONTHS_AGO - 6, 0):
            count = TICKETS_BEFORE if offset < -MONTHS_AGO else TICKETS_AFTER
            for _ticket in range(count + (number + offset) % 2):
                _closed_ticket(person, organisation, at=_month(offset))


def _closed_ticket(person: User, organisation: object, *, at: datetime) -> None:
    from helpdesk.desk.domain import open_ticket  # noqa: PLC0415
    from helpdesk.desk.models import Case, Channel, Kind, State  # noqa: PLC0415

    case = open_ticket(
        actor=person,
        requester=person,
        organisation=organisation,
        kind=Kind.QUESTION,
        subject="Dubte antic",
        text="Ja està resolt.",
        channel=Channel.WEB,
    )
    facts = {"opened_at": at, "signal_at": at, "heard_at": at, "resolved_at": at, "closed_at": at + timedelta(days=14)}
    Case.objects.filter(pk=case.pk).update(state=State.CLOSED, due_at=None, **facts)


def _month(offset: int) -> datetime:
    """The tenth of the month so many months from this one."""
    from django.utils import timezone  # noqa: PLC0415

    today = timezone.localdate()
    year, rest = divmod(today.year * 12 + today.month - 1 + offset, 12)
    return timezone.make_aware(datetime(year, rest + 1, 10, 12))  # noqa: DTZ001
