"""What people, and those who look after them, do to accounts. The only place that changes them.

Where allauth makes the change (sign-up, passwords, second factors, linked accounts), `receivers` records the event.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from platform_core.activity.domain import record
from platform_core.activity.queries import heads
from platform_core.base.errors import Refusal

from .events import CodeAccepted, CodePublished, ProfileChanged, RoleGranted, RoleRevoked
from .first_code import FIRST_CODE
from .models import Acceptance, CodeOfEthics, User
from .queries import current_code, own_stream
from .roles import STAFF_ROLES, Role, is_administrator

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Not `publish_page`: what an editor writes is reviewed before it is read (knowledge_base/content.py).
EDITOR_PAGE_PERMISSIONS = ("add_page", "change_page", "lock_page", "unlock_page")
EDITOR_FILE_PERMISSIONS = (
    "add_image",
    "change_image",
    "choose_image",
    "add_document",
    "change_document",
    "choose_document",
)


def update_profile(*, user: User, name: str, language: str, theme: str, phone: str) -> User:
    """Change what a person tells about themselves. Records nothing when nothing changed."""
    new = {"name": name.strip(), "language": language, "theme": theme, "phone": phone.strip()}
    if not new["name"]:
        raise Refusal(_("Write your name, so that the others know who is speaking."), field="name")
    changed = [field for field, value in new.items() if getattr(user, field) != value]
    if not changed:
        return user
    with transaction.atomic():
        for field in changed:
            setattr(user, field, new[field])
        user.save(update_fields=changed)
        record(ProfileChanged(fields=changed), actor=user, subject=user)
    return user


def see_news(*, user: User, cursor: int) -> None:
    """Note that a person has looked at their notices up to a cursor of their own stream; an older one changes nothing,
    nor does one that does not exist yet. Nothing happens elsewhere, so no event.
    """
    stream = own_stream(user.pk)
    cursor = min(cursor, heads([stream])[stream])
    User.objects.filter(pk=user.pk, news_seen__lt=cursor).update(news_seen=cursor)


def publish_code(*, actor: User | None, text_ca: str, text_es: str, text_en: str) -> CodeOfEthics:
    """Publish the next version of the code of ethics; everyone is asked again from the next request on.

    `actor` is an administrator, or None when a command does it. Raises Refusal when a language is missing or the
    person may not.
    """
    if actor is not None and not is_administrator(actor):
        raise Refusal(_("Only the administration can publish a code of ethics."))
    texts = {"text_ca": text_ca, "text_es": text_es, "text_en": text_en}
    for field, text in texts.items():
        if not text.strip():
            raise Refusal(_("The code of ethics needs its text in the three languages."), field=field)
    with transaction.atomic():
        last = CodeOfEthics.objects.aggregate(last=Max("version"))["last"] or 0
        code = CodeOfEthics.objects.create(version=last + 1, **texts)
        # Every row, not only those that say True: a person who is accepting the old version at this moment holds
        # their row, and this waits for it and has the last word.
        User.objects.update(has_accepted_code=False)
        record(CodePublished(code_version=code.version), actor=actor, subject=code)
    return code


def accept_code(*, user: User, version: int) -> None:
    """Accept the version that the person has read. Accepting twice is accepting once.

    Raises Refusal when a newer version was published meanwhile: the person has not read that one.
    """
    with transaction.atomic():
        User.objects.select_for_update().only("pk").get(pk=user.pk)  # a version published meanwhile waits or is seen
        code = current_code()
        if code is None or code.version != version:
            raise Refusal(_("A newer version has just been published. Read it and accept it, please."))
        _acceptance, is_new = Acceptance.objects.get_or_create(user=user, code=code)
        user.has_accepted_code = True
        user.save(update_fields=["has_accepted_code"])
        if is_new:
            record(CodeAccepted(code_version=code.version), actor=user, subject=user)


def grant_role(*, user: User, role: Role, actor: User | None = None) -> None:
    """Give a person a role. Granting what they have changes nothing. `actor` is None when a command does it."""
    _guard_roles(actor)
    with transaction.atomic():
        group, _created = Group.objects.get_or_create(name=role.value)
        if user.groups.filter(pk=group.pk).exists():
            return
        user.groups.add(group)
        _follow_roles(user)
        record(RoleGranted(role=role.value), actor=actor, subject=user)


def revoke_role(*, user: User, role: Role, actor: User | None = None) -> None:
    """Take a role away. Raises Refusal rather than leave the service without any administrator."""
    _guard_roles(actor)
    with transaction.atomic():
        if not user.groups.filter(name=role.value).exists():
            return
        others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=user.pk)
        if role is Role.ADMINISTRATOR and not others.exists():
            raise Refusal(_("This is the last administrator: name another one first."))
        user.groups.remove(Group.objects.get(name=role.value))
        _follow_roles(user)
        record(RoleRevoked(role=role.value), actor=actor, subject=user)


def set_roles(*, user: User, roles: Iterable[Role], actor: User | None = None) -> None:
    """Make `roles` the roles of a person, with an event for each one granted or revoked."""
    wanted = frozenset(roles)
    with transaction.atomic():
        had = frozenset(Role(name) for name in user.role_names if name in Role.values)
        for role in sorted(wanted - had):
            grant_role(user=user, role=role, actor=actor)
        for role in sorted(had - wanted):
            revoke_role(user=user, role=role, actor=actor)


def _guard_roles(actor: User | None) -> None:
    if actor is not None and not is_administrator(actor):
        raise Refusal(_("Only the administration can change roles."))


def _follow_roles(user: User) -> None:
    """`is_staff` and `is_superuser` say what the roles say."""
    user.__dict__.pop("role_names", None)
    user.is_superuser = Role.ADMINISTRATOR.value in user.role_names
    user.is_staff = not user.role_names.isdisjoint(STAFF_ROLES)
    user.save(update_fields=["is_superuser", "is_staff"])


def ensure_roles() -> None:
    """Create the group of every role, and let editors work in Wagtail. Idempotent; run it after each `migrate`."""
    with transaction.atomic():
        groups = {role: Group.objects.get_or_create(name=role.value)[0] for role in Role}
        editors = groups[Role.EDITOR]
        editors.permissions.add(
            *Permission.objects.filter(content_type__app_label="wagtailadmin", codename="access_admin")
        )
        if root := Page.get_first_root_node():
            for permission in Permission.objects.filter(
                content_type__app_label="wagtailcore", codename__in=EDITOR_PAGE_PERMISSIONS
            ):
                GroupPagePermission.objects.get_or_create(group=editors, page=root, permission=permission)
        if collection := Collection.get_first_root_node():
            for permission in Permission.objects.filter(
                content_type__app_label__in=("wagtailimages", "wagtaildocs"), codename__in=EDITOR_FILE_PERMISSIONS
            ):
                GroupCollectionPermission.objects.get_or_create(
                    group=editors, collection=collection, permission=permission
                )


def ensure_first_code() -> None:
    """Publish the first code of ethics where there is none yet. Idempotent; run it after each `migrate`."""
    if current_code() is None:
        publish_code(actor=None, **FIRST_CODE)
