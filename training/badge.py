"""A certificate as an Open Badge, version 3.0 of 1EdTech: a JSON credential that its holder may keep elsewhere.

It carries no cryptographic proof: who receives it verifies it at the address that is its `id`.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from .models import Certificate

CONTEXT = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]


def credential(certificate: Certificate, *, site: str) -> dict[str, Any]:
    """The credential. `site` is how our addresses begin. The holder's address is in it as a salted hash only."""
    address = f"{site}{certificate.get_absolute_url()}"
    email = certificate.enrolment.person.email
    found: dict[str, Any] = {
        "@context": CONTEXT,
        "id": address,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": certificate.title,
        "issuer": {
            "id": f"{site}/",
            "type": ["Profile"],
            "name": settings.WAGTAIL_SITE_NAME,
            "url": f"{site}/",
            "email": settings.SERVICE_EMAIL,
        },
        "validFrom": certificate.issued_at.isoformat(),
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "identityType": "emailAddress",
                    "hashed": True,
                    "salt": certificate.code,
                    "identityHash": "sha256$" + hashlib.sha256((email + certificate.code).encode()).hexdigest(),
                }
            ],
            "achievement": {
                "id": f"urn:uuid:{certificate.enrolment.course_key}",
                "type": ["Achievement"],
                "achievementType": "Certificate",
                "name": certificate.title,
                "description": certificate.title,
                "criteria": {"narrative": _("All the lessons of the course done, and its quizzes passed.")},
            },
        },
    }
    if certificate.expires_at:
        found["validUntil"] = certificate.expires_at.isoformat()
    return found
