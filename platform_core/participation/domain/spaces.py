"""A space opens, says what it is, closes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from platform_core.base.errors import Refusal
from platform_core.participation.events import SpaceChanged, SpaceClosed, SpaceOpened, SpaceReopened
from platform_core.participation.models import (
    LONGEST_ABOUT,
    LONGEST_CHARTER,
    Joining,
    OrganKind,
    Space,
    SpaceKind,
    SpaceMember,
    SpaceRole,
    Visibility,
)
from platform_core.participation.permissions import can_open_space
from platform_core.realtime.public import recheck, recheck_everybody

from .ground import guard_moderator, guard_open, locked, tell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from platform_core.accounts.models import User
    from platform_core.files.public import Stored


RESERVED = {"obre", "fitxer", "calendari", "atura", "moderacio", "decisions", "per-a-la-faq", "pregunta", "tiquet"}
"""Names that other pages beside the communities have in their addresses."""


def open_space(
    *,
    actor: User | None,
    name: str,
    slug: str,
    summary: str = "",
    about: str = "",
    charter: str = "",
    organ_kind: OrganKind = OrganKind.AGORA,
    visibility: Visibility = Visibility.MEMBERS,
    joining: Joining = Joining.REQUEST,
    moderators: Sequence[User] = (),
) -> Space:
    """Open a community. Who is named moderates it from the start, and has accepted its charter by that.

    `actor` is None when a command does it. Raises Refusal when the actor may not, the name in addresses is taken, or
    nobody would moderate it.
    """
    if actor is not None and not can_open_space(actor):
        raise Refusal(_("Only the coordination of the service opens communities."))
    name, about, charter = _clean(name, about, charter)
    _guard_doors(visibility, joining)
    if slug in RESERVED or Space.objects.filter(slug=slug).exists():
        raise Refusal(_("Another community has this name in its address already."), field="slug")
    if not moderators:
        raise Refusal(_("Name at least one person who moderates it."), field="moderators")
    with transaction.atomic():
        space = Space(
            kind=SpaceKind.ORGAN, organ_kind=organ_kind, slug=slug, name=name, summary=summary.strip(), about=about,
            charter=charter, visibility=visibility, joining=joining,
        )  # fmt: skip
        space.save(force_insert=True)
        now = timezone.now()
        SpaceMember.objects.bulk_create(
            SpaceMember(
                space=space, person=person, role=SpaceRole.MODERATOR, since=now, charter_accepted_at=now,
                charter_version=space.charter_version,
            )
            for person in moderators
        )  # fmt: skip
        tell(space, SpaceOpened(kind=SpaceKind.ORGAN), actor=actor)
        for person in moderators:
            recheck(person.pk)
    return space


def change_space(
    *,
    actor: User,
    space: Space,
    name: str,
    summary: str,
    about: str,
    charter: str,
    visibility: Visibility,
    joining: Joining,
    image: Stored | None = None,
    ask_again: bool = False,
) -> Space:
    """Change its texts and its doors. With `ask_again` the charter is a new one, which everybody must accept before
    they write again; a corrected comma need not be.

    Raises Refusal when the actor does not moderate it, or a text will not do.
    """
    name, about, charter = _clean(name, about, charter)
    _guard_doors(visibility, joining)
    wanted = {
        "name": name, "summary": summary.strip(), "about": about, "charter": charter, "visibility": visibility,
        "joining": joining,
    }  # fmt: skip
    with transaction.atomic():
        space = locked(space)
        guard_moderator(actor, space)
        guard_open(space)
        fields = [field for field, value in wanted.items() if getattr(space, field) != value]
        for field in fields:
            setattr(space, field, wanted[field])
        if ask_again and "charter" in fields:
            space.charter_version += 1
            fields.append("charter_version")
        if image is not None:
            space.image, space.image_type = image.storage_name, image.content_type
            fields += ["image", "image_type"]
        if not fields:
            return space
        space.save(update_fields=fields)
        tell(space, SpaceChanged(fields=sorted(fields)), actor=actor)
        if "visibility" in fields:
            recheck_everybody()
    return space


def close_space(*, actor: User, space: Space) -> Space:
    """From now on it can only be read. Raises Refusal when the actor may not close it."""
    with transaction.atomic():
        space = locked(space)
        if not can_open_space(actor):
            raise Refusal(_("Only the coordination of the service closes communities."))
        if space.is_closed:
            return space
        space.closed_at = timezone.now()
        space.save(update_fields=["closed_at"])
        tell(space, SpaceClosed(), actor=actor)
    return space


def reopen_space(*, actor: User, space: Space) -> Space:
    with transaction.atomic():
        space = locked(space)
        if not can_open_space(actor):
            raise Refusal(_("Only the coordination of the service opens communities."))
        if not space.is_closed:
            return space
        space.closed_at = None
        space.save(update_fields=["closed_at"])
        tell(space, SpaceReopened(), actor=actor)
    return space


def _clean(name: str, about: str, charter: str) -> tuple[str, str, str]:
    name = " ".join(name.split())
    if not name:
        raise Refusal(_("Write a name."), field="name")
    if len(about) > LONGEST_ABOUT:
        raise Refusal(_("This text is too long: at most %(most)s characters.") % {"most": LONGEST_ABOUT}, field="about")
    if len(charter) > LONGEST_CHARTER:
        message = _("This text is too long: at most %(most)s characters.") % {"most": LONGEST_CHARTER}
        raise Refusal(message, field="charter")
    return name, about.replace("\r\n", "\n").strip(), charter.replace("\r\n", "\n").strip()


def _guard_doors(visibility: Visibility, joining: Joining) -> None:
    if visibility == Visibility.INVITATION and joining != Joining.INVITATION:
        raise Refusal(_("What exists only for who is invited is joined by invitation."), field="joining")
