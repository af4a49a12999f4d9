"""People whom the demo world lacks, for the pages that only they see. `python -m tests.browser.guests` makes them.

It runs beside the product that the browser tests have started, on the same DATA, and prints one JSON object:
`places` fills the {names} in the paths of `tests.browser.pages`, `sessions` has a signed-in session for each of them.
"""

from __future__ import annotations

import json
import time

EMAIL_DOMAIN = "ens1.test"
INVITED = "nova.companya@ens1.test"  # the demo world has invited that address
NEWCOMER = f"sense.codi@{EMAIL_DOMAIN}"
WITH_APP = f"mobil@{EMAIL_DOMAIN}"
WITH_KEY = f"clau@{EMAIL_DOMAIN}"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
KEY = {"clientExtensionResults": {"credProps": {"rk": True}}}  # enough to be listed, not to sign in


def main() -> None:
    import django  # noqa: PLC0415  the settings come first

    django.setup()
    from django.db import transaction  # noqa: PLC0415

    with transaction.atomic():
        print(json.dumps(_invite_guests()))


def _invite_guests() -> dict[str, dict[str, str]]:
    from allauth.account.forms import default_token_generator  # noqa: PLC0415
    from allauth.account.utils import user_pk_to_url_str  # noqa: PLC0415
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes  # noqa: PLC0415
    from allauth.mfa.totp.internal.auth import TOTP  # noqa: PLC0415
    from allauth.mfa.webauthn.internal.auth import WebAuthn  # noqa: PLC0415

    from platform_core.organisations.models import Invitation, Membership  # noqa: PLC0415
    from platform_core.organisations.queries import invitation_token  # noqa: PLC0415
    from tests.browser.learners import places as learning  # noqa: PLC0415

    with_app, with_key = _person(WITH_APP, "Joan Mòbil"), _person(WITH_KEY, "Clara Clau")
    for person in (with_app, with_key):
        RecoveryCodes.activate(person)
    TOTP.activate(with_app, TOTP_SECRET)
    key = WebAuthn.add(with_key, "Portàtil de la feina", KEY).instance
    people = [with_app, with_key, _person(INVITED, "Nova Companya"), _person(NEWCOMER, "Sense Codi", accepts=False)]
    learners, places = learning(_person)
    people += learners
    invitation = Invitation.objects.pending().get(email=INVITED)
    seats = Membership.objects.current().filter(organisation=invitation.organisation)
    return {
        "places": {
            **places,
            "failed": _failed_search(),
            "invitation": invitation_token(invitation),
            "seat": str(seats.get(person__email="tecnica@ens1.test").pk),
            "key": str(key.pk),
            "person": user_pk_to_url_str(with_app),
            "reset": f"{user_pk_to_url_str(with_app)}-{default_token_generator.make_token(with_app)}",
        },
        "sessions": {person.email: _session(person) for person in people},
    }


def _failed_search() -> str:
    from knowledge_base.models import FailedSearch  # noqa: PLC0415
    from knowledge_base.public import note_failed  # noqa: PLC0415

    note_failed(text="pantalla en blanc", language="ca")
    return str(FailedSearch.objects.get(text="pantalla en blanc").pk)


def _person(email: str, name: str, *, accepts: bool = True):
    from allauth.account.models import EmailAddress  # noqa: PLC0415

    from platform_core.accounts.models import User  # noqa: PLC0415
    from platform_core.accounts.public import accept_code, current_code  # noqa: PLC0415

    person = User.objects.create_user(email, "participa311-demo", name=name)
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    if accepts and (code := current_code()):
        accept_code(user=person, version=code.version)
    return person


def _session(person) -> str:
    """The key of a session that has just proved who it is."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: PLC0415
    from django.contrib.sessions.backends.db import SessionStore  # noqa: PLC0415

    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session["account_authentication_methods_user"] = str(person.pk)
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session.create()
    return str(session.session_key)


if __name__ == "__main__":
    main()
