"""A package as the page of a lesson shows it: where it is for this reader, and where what it says goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

from ..models import Package
from ..permissions import can_preview_package
from . import access, host, serving
from .placing import BLOCK, packages_in

if TYPE_CHECKING:
    from django.http import HttpRequest

    from ..models import LessonPage, LessonVersion
    from ..outline import Item
    from ..queries import Learning


@dataclass(frozen=True)
class Shown:
    """`src` is "" for who may not open it without taking the course. `base` is what the page lets into its frame, and
    `data_url` where what the package says is kept, "" when it is not."""

    package: Package
    src: str = ""
    base: str = ""
    data_url: str = ""
    sandbox: str = serving.SANDBOX


def shown_in(
    request: HttpRequest, lesson: LessonVersion | LessonPage, *, item: Item | None, learning: Learning | None
) -> Shown | None:
    """The package of a lesson for its reader, None for a lesson without one. No query then, else one or two."""
    if not packages_in(lesson):
        return None
    package = next((block.value for block in lesson.body if block.block_type == BLOCK and block.value), None)
    if package is None:  # it was deleted, and the lesson never published with it
        return None
    if learning and item:
        token = access.for_trainee(enrolment=learning.enrolment, item=item, package=package)
        return _at(request, package, token, data_url=reverse("training:package_data", args=[package.pk]))
    if can_preview_package(request.user, package):
        return _at(request, package, access.for_editor(person=request.user, package=package))  # type: ignore[arg-type]
    return Shown(package)


def _at(request: HttpRequest, package: Package, token: str, *, data_url: str = "") -> Shown:
    origin = serving.packages_origin(request)
    src = f"{origin}{host.address(token, package.launch)}{package.launch_query}"
    return Shown(package, src, f"{origin}{host.address(token, '')}", data_url)
