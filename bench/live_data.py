"""A community with a topic and so many members who are signed in: `python -m bench.live_data PEOPLE`.

Prints `{"stream": "topic:1", "sessions": [...]}`.
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta

import django


def main(size: int) -> None:
    django.setup()
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: PLC0415
    from django.contrib.sessions.backends.db import SessionStore  # noqa: PLC0415
    from django.contrib.sessions.models import Session  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415
    from django.utils.crypto import get_random_string  # noqa: PLC0415

    from platform_core.accounts.models import User  # noqa: PLC0415
    from platform_core.accounts.public import ensure_first_code  # noqa: PLC0415
    from platform_core.participation.models import SpaceMember, Visibility  # noqa: PLC0415
    from tests.factories.agora import forum, open_topic  # noqa: PLC0415

    ensure_first_code()  # as after each installation
    space, now = forum(visibility=Visibility.MEMBERS), timezone.now()
    topic = open_topic(space=space)
    people = User.objects.bulk_create(
        User(email=f"lectora{number}@ens.test", name=f"Lectora {number}", has_accepted_code=True)
        for number in range(size)
    )
    SpaceMember.objects.bulk_create(
        SpaceMember(
            space=space, person=person, since=now, charter_accepted_at=now, charter_version=space.charter_version
        )
        for person in people
    )
    store = SessionStore()
    sessions = Session.objects.bulk_create(
        Session(
            session_key=get_random_string(32),
            session_data=store.encode(
                {
                    SESSION_KEY: str(person.pk),
                    BACKEND_SESSION_KEY: "django.contrib.auth.backends.ModelBackend",
                    HASH_SESSION_KEY: person.get_session_auth_hash(),
                }
            ),
            expire_date=now + timedelta(days=1),
        )
        for person in people
    )
    print(json.dumps({"stream": f"topic:{topic.pk}", "sessions": [session.session_key for session in sessions]}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
