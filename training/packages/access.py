"""Who may open the files of a package. A page in a sandbox sends no cookies, so its address says who asks: a token that
we signed, for a person, for hours, and that is looked at anew for every file."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.signing import BadSignature, Signer

from platform_core.accounts.models import User

from ..models import Enrolment, Package
from ..permissions import can_preview_package
from . import placing

if TYPE_CHECKING:
    from ..outline import Item

HOUR = 3600  # seconds
HOLDS = 12
"""Hours, and until the end of one more: a page that is drawn again within the hour has the same addresses, so that a
browser need not fetch everything anew."""
TRAINEE, EDITOR = "t", "e"


@dataclass(frozen=True)
class Grant:
    """Who may open a package: who takes the lesson `lesson_key`, or, with no enrolment, an editor who looks at it."""

    person: User
    package: Package
    enrolment: Enrolment | None = None
    lesson_key: str = ""


def for_trainee(*, enrolment: Enrolment, item: Item, package: Package) -> str:
    return _signed(TRAINEE, enrolment.person_id, package.pk, enrolment.pk, item.key)


def for_editor(*, person: User, package: Package) -> str:
    return _signed(EDITOR, person.pk, package.pk, 0, "")


def grant_of(token: str) -> Grant | None:
    """What a token still grants, None when nothing: it is not ours or too old, the person may not sign in, has left the
    course, or takes a version whose lesson does not have the package. Three queries at most."""
    try:
        kind, person, package, enrolment, lesson_key, until = _signer().unsign(token).split("~")
    except (BadSignature, ValueError):
        return None
    if int(until) < time.time():
        return None
    if kind == TRAINEE:
        return _of_trainee(int(person), int(package), int(enrolment), lesson_key)
    return _of_editor(int(person), int(package))


def _signer() -> Signer:
    return Signer(salt="training.packages", sep=".")


def _signed(kind: str, person: int, package: int, enrolment: int, lesson_key: str) -> str:
    until = (int(time.time()) // HOUR + HOLDS + 1) * HOUR
    return _signer().sign(f"{kind}~{person}~{package}~{enrolment}~{lesson_key}~{until}")


def _of_trainee(person: int, package: int, enrolment: int, lesson_key: str) -> Grant | None:
    rows = Enrolment.objects.current().filter(pk=enrolment, person=person, person__is_active=True)
    found = rows.select_related("person", "version").first()
    if found is None or not placing.is_in_lesson(found.version, lesson_key, package):
        return None
    there = Package.objects.filter(pk=package).first()
    return Grant(found.person, there, found, lesson_key) if there else None


def _of_editor(person: int, package: int) -> Grant | None:
    found = User.objects.filter(pk=person, is_active=True).first()
    there = Package.objects.filter(pk=package).first()
    return Grant(found, there) if found and there and can_preview_package(found, there) else None
