"""The letters of the training, in the reader's language."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from platform_core.base.mail import message

from .models import Certificate

if TYPE_CHECKING:
    from platform_core.accounts.models import User

NOTICE = timedelta(days=30)
"""Before a certificate expires its holder is told, once."""


def tell_of_expiring(certificate_id: int) -> None:
    """Tell the holder, once; nothing for one that has been renewed meanwhile."""
    with transaction.atomic():
        rows = Certificate.objects.select_for_update(of=("self",)).select_related("enrolment__person")
        certificate = rows.filter(pk=certificate_id, reminded_at=None).first()
        if certificate is None or not certificate.enrolment.person.is_active:
            return
        newer = certificate.enrolment.certificates.filter(issued_at__gt=certificate.issued_at)
        certificate.reminded_at = timezone.now()
        certificate.save(update_fields=["reminded_at"])
        if not newer.exists():
            _post(certificate.enrolment.person, certificate)


def expiring() -> list[int]:
    """The certificates that expire soon and whose holders have not been told."""
    soon = Certificate.objects.filter(reminded_at=None, expires_at__gt=timezone.now())
    return list(soon.filter(expires_at__lte=timezone.now() + NOTICE).order_by("pk").values_list("pk", flat=True))


def _post(person: User, certificate: Certificate) -> None:
    with translation.override(person.language):
        context = {
            "person": person,
            "title": certificate.title,
            "day": timezone.localdate(certificate.expires_at),
            "url": f"{settings.WAGTAILADMIN_BASE_URL}{certificate.get_absolute_url()}",
        }
    message(
        to=person.email,
        subject=_("Your certificate expires soon"),
        template="training/mail/expiring",
        context=context,
        language=person.language,
    ).send()
