"""Whether a lesson was clear to who takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from platform_core.activity.domain import record
from platform_core.base.errors import Refusal
from platform_core.base.identity_numbers import redact

from ..events import LessonRated
from ..models import Enrolment, LessonFeedback

if TYPE_CHECKING:
    from platform_core.accounts.models import User

    from ..models import Clarity

LONGEST_COMMENT = 500  # characters


def say_clear(
    *, person: User, course_key: UUID, key: str, clarity: Clarity, comment: str | None = None
) -> LessonFeedback:
    """Keep what somebody says of a lesson that they take; the last word counts. `comment` None keeps what was written
    before, unless they change their mind: it explained the other opinion. Identity numbers in it are covered.

    Raises Refusal for a comment over LONGEST_COMMENT characters, and for a lesson that they do not take.
    """
    comment = redact(" ".join(comment.split())) if comment is not None else None
    if comment is not None and len(comment) > LONGEST_COMMENT:
        words = _("This comment is too long: %(length)d characters, and the most is %(limit)d.")
        raise Refusal(words % {"length": len(comment), "limit": LONGEST_COMMENT}, field="comment")
    with transaction.atomic():
        enrolment = _enrolment(person, course_key, key)
        found, created = LessonFeedback.objects.select_for_update().get_or_create(
            person=person, key=UUID(key), defaults={"clarity": clarity, "course_key": course_key}
        )
        changed_mind = not created and found.clarity != clarity
        found.clarity, found.course_key = clarity, course_key
        if comment is not None:
            found.comment = comment
        elif changed_mind:
            found.comment = ""
        found.save()
        event = LessonRated(key=found.key, clarity=clarity, changed_mind=changed_mind, has_comment=bool(found.comment))
        record(event, actor=person, subject=enrolment)
    return found


def _enrolment(person: User, course_key: UUID, key: str) -> Enrolment:
    rows = Enrolment.objects.current().select_related("version").filter(person=person, course_key=course_key)
    enrolment = rows.first()
    item = enrolment.version.outline.get(key) if enrolment else None
    if enrolment is None or item is None or item.is_quiz:
        raise Refusal(_("This lesson is not in the version of the course that you are taking."))
    return enrolment
