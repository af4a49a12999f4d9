"""A lesson that the desk asks somebody to take: the ticket waits for it, and comes back when it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from helpdesk.desk import permissions
from helpdesk.desk.events import Prescribed, PrescriptionDone, StateChanged
from helpdesk.desk.models import Case, Change, Prescription, Side, Signal, State
from platform_core.base.errors import Refusal
from training.public import assign

from .talking import change_of, move, reply
from .writing import locked, save, tell, touch, write_change

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from platform_core.accounts.models import User
    from training.public import Task


def prescribe(
    *,
    actor: User,
    case: Case,
    course_key: UUID,
    lesson_key: UUID | None = None,
    text: str = "",
    expected_version: int | None = None,
) -> Prescription:
    """Ask who asked to learn a course, or a lesson of it: they are enrolled, told in a message (`text` before it) with
    the address, and the ticket waits for them.

    Raises Refusal when the actor is not of the desk, who asked has no account, the same is open in this ticket already,
    and as `training.public.assign`; Changed as `reply`.
    """
    if not permissions.can_work(actor):
        raise Refusal(_("Only the desk may do this."))
    if case.requester is None:
        raise Refusal(_("Who asked has no account, so they cannot take a lesson."), field="task")
    if case.requester == actor:
        raise Refusal(_("You asked this yourself: take the lesson in the training."), field="task")
    person, language = case.requester, case.requester.language
    try:
        with transaction.atomic():
            case = locked(case, expected_version=expected_version)
            task = assign(
                actor=actor, person=person, course_key=course_key, lesson_key=lesson_key, language=language,
                streams=["desk", f"ticket:{case.pk}", *(f"user:{one}" for one in permissions.parties(case))],
            )  # fmt: skip
            made = Prescription.objects.create(
                case=case, person=person, course_key=course_key, lesson_key=lesson_key, title=task.title,
                path=task.url, prescribed_by=actor, prescribed_at=timezone.now(),
            )  # fmt: skip
            with override(language):
                words = _words(task, text)
            reply(actor=actor, case=case, text=words, then=State.WAITING)
            tell(case, Prescribed(prescription_id=made.pk), actor=actor, is_public=False)
    except IntegrityError:
        if Prescription.objects.filter(case=case, course_key=course_key, lesson_key=lesson_key, done_at=None).exists():
            raise Refusal(_("This is prescribed in this ticket already."), field="task") from None
        raise
    return made


def learned(*, person_id: int, course_key: UUID, lesson_key: UUID | None, at: datetime) -> None:
    """Somebody has done a lesson, or with `lesson_key` None a course: each ticket that prescribed it says so, and comes
    back to the desk when it waited for nothing else. What was told already is not told again."""
    open_ones = Prescription.objects.filter(person=person_id, done_at=None, prescribed_at__lte=at)
    for one in open_ones.filter(course_key=course_key, lesson_key=lesson_key).select_related("case").order_by("pk"):
        _close(one.case, one.pk)


def _close(case: Case, prescription_id: int) -> None:
    now = timezone.now()
    with transaction.atomic():
        case = locked(case)
        one = Prescription.objects.select_related("person").filter(pk=prescription_id, done_at=None).first()
        if one is None:
            return
        one.done_at = now
        one.save(update_fields=["done_at"])
        before = State(case.state)
        comes_back = before == State.WAITING and not case.prescriptions.filter(done_at=None).exists()
        touch(case, Signal.REPLIED, at=now)
        values: dict[str, tuple[object, object]] = {"lesson": ("", one.title)}
        entry = write_change(
            case, Change.LEARNED, actor=one.person, at=now, is_public=True, values=values, side=Side.REQUESTER
        )
        events: list[PrescriptionDone | StateChanged] = [PrescriptionDone(prescription_id=one.pk, entry_id=entry.pk)]
        if comes_back:
            case.state = State.OPEN
            move(case, before, at=now)
            change = change_of(before, State.OPEN)
            write_change(case, change, actor=None, at=now, is_public=True, values={"state": (before, State.OPEN)})
            events.append(StateChanged(before=before, after=State.OPEN, entry_id=None))
        save(case)
        tell(case, *events, actor=one.person, is_public=True)


def _words(task: Task, text: str) -> str:
    """In the language of who reads it."""
    link = f"[{task.title}]({settings.WAGTAILADMIN_BASE_URL}{task.url})"
    asked = _(
        "To go on, please take this in the training: %(link)s. Meanwhile the ticket waits for you; when you have done"
        " it, we are told and go on."
    )
    return "\n\n".join(part for part in (text.strip(), asked % {"link": link}) if part)
