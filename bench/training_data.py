"""Who takes the course that the training is measured with: thousands of people, written as rows in their order."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from typing import Any

BACKEND = "django.contrib.auth.backends.ModelBackend"
TOKEN = "c" * 32
"""The cookie and the field of a form: no page is fetched before what is measured."""
DONE_EACH = 10  # lessons


def fill(*, people: int) -> dict[str, Any]:
    """`people` who take the initial course, each with some lessons of it done; returns the course and who they are."""
    from django.utils import timezone  # noqa: PLC0415  Django is set up by now

    from platform_core.accounts.models import User  # noqa: PLC0415
    from platform_core.organisations.models import Organisation  # noqa: PLC0415
    from training.domain import current_version  # noqa: PLC0415
    from training.models import Cohort, Enrolment, Progress  # noqa: PLC0415
    from training.public import load_course  # noqa: PLC0415

    course, now = load_course(), timezone.now()
    version = current_version(course=course)
    cohort = Cohort.objects.create(course_key=version.course_key, name="Novembre", starts_on=timezone.localdate())
    bodies = list(Organisation.objects.order_by("pk")[:100])
    made = User.objects.bulk_create(
        User(
            email=f"persona{number}@ens.test",
            name=f"Persona {number}",
            has_accepted_code=True,
            language="ca",
        )
        for number in range(people)
    )
    rows = Enrolment.objects.bulk_create(
        Enrolment(
            person=person,
            course_key=version.course_key,
            version=version,
            cohort=cohort,
            organisation=bodies[number % len(bodies)],
        )
        for number, person in enumerate(made)
    )
    lessons = [item.key for item in version.outline.items if not item.is_quiz]
    Progress.objects.bulk_create(
        (
            Progress(enrolment=row, key=key, seen_at=now, done_at=now - timedelta(minutes=number % 9000))
            for number, row in enumerate(rows)
            for key in lessons[: 1 + number % (2 * DONE_EACH)]
        ),
        batch_size=2000,
    )
    return {"course": course, "version": version, "people": made, "cohort": cohort}


def cookie_of(person: Any) -> str:
    """A session of somebody who signed in, as a Cookie header, with the token of forms."""
    from django.conf import settings  # noqa: PLC0415
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: PLC0415

    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(person.pk), BACKEND
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={TOKEN}"


def answers_to(attempt: Any, *, rightly: bool) -> dict[str, str]:
    """What a browser sends for an attempt at the quiz of the course, whose questions have one right answer each."""
    from training.domain.quizzes import asked_in  # noqa: PLC0415

    sent = {"csrfmiddlewaretoken": TOKEN}
    for asked in asked_in(attempt):
        options = asked.question.options
        sent[asked.name] = next(
            str(place) for place, index in enumerate(asked.order) if options[index].is_right is rightly
        )
    return sent
