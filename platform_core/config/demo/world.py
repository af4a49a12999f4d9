"""Building the demo world, with the same verbs that people use. Everything asks first whether it is already there."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone

from helpdesk.desk.domain.policies import seed_policies
from knowledge_base.content import load_answers
from knowledge_base.news.content import load_examples
from platform_core import organisations
from platform_core.accounts.models import User
from platform_core.accounts.public import accept_code, current_code, ensure_first_code, ensure_roles, grant_role
from platform_core.officehours.domain import seed_calendars
from platform_core.organisations.importing import import_municipalities
from platform_core.organisations.public import (
    Kind,
    Membership,
    Organisation,
    add_member,
    create_organisation,
    facts_of,
    hand_over,
    update_organisation,
)

from .communities import build_communities
from .learning import build_learning
from .people import ENS_1, ENS_2, ORGANISATIONS, PASSWORD, PEOPLE, PREDECESSOR, REFERENT, TECHNICIAN, Person
from .tickets import build_tickets

MUNICIPALITIES = Path(organisations.__file__).parent / "data" / "municipis.csv"

#: How many municipalities took part in January 2026. The service does not publish which: ours are drawn by lot.
JOINED = 128
FIRST_JOINED, LAST_JOINED = date(2018, 5, 2), date(2026, 1, 15)


def build() -> None:
    """Make the demo world, or what is missing of it. All or nothing."""
    with transaction.atomic():
        ensure_roles()
        ensure_first_code()
        seed_calendars()
        seed_policies()
        import_municipalities(MUNICIPALITIES)
        _mark_joined()
        for slug, facts in ORGANISATIONS.items():
            if not Organisation.objects.filter(slug=slug).exists():
                create_organisation(actor=None, facts=facts)
        known = User.objects.in_bulk([person.email for person in (*PEOPLE, PREDECESSOR)], field_name="email")
        for person in (*PEOPLE, PREDECESSOR):
            if person.email not in known:
                known[person.email] = _sign_up(person)
        _seat_people(known)
        load_answers()
        load_examples()
        build_learning(known)
        build_tickets(known)
        build_communities()


def _sign_up(person: Person) -> User:
    password = None if person is PREDECESSOR else PASSWORD
    user = User.objects.create_user(person.email, password, name=person.name, language=person.language)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    for role in person.roles:
        grant_role(user=user, role=role)
    if code := current_code():
        accept_code(user=user, version=code.version)
    return user


def _mark_joined() -> None:
    """The same draw every time, and only where nobody has said yet who takes part."""
    real = Organisation.objects.filter(kind=Kind.MUNICIPALITY, is_fictional=False)
    if real.filter(joined_on__isnull=False).exists():
        return
    lot = random.Random(311)  # noqa: S311  a draw that is the same on every machine, not a secret
    span = (LAST_JOINED - FIRST_JOINED).days
    for organisation in lot.sample(list(real.order_by("ine_code")), JOINED):
        day = FIRST_JOINED + timedelta(days=lot.randrange(span))
        update_organisation(actor=None, organisation=organisation, facts=facts_of(organisation, joined_on=day))


def _seat_people(people: dict[str, User]) -> None:
    """A little history: a referent who left and handed over, a role that changed, an invitation that waits."""
    if Membership.objects.filter(person__in=people.values()).exists():
        return
    found = Organisation.objects.in_bulk([ENS_1, ENS_2], field_name="slug")
    seats: dict[str, Membership] = {}
    for weeks, person in enumerate((PREDECESSOR, *PEOPLE)):
        if person.seat is None:
            continue
        slug, role = person.seat
        since = timezone.localdate() - timedelta(weeks=60 - 9 * weeks)
        added = add_member(actor=None, organisation=found[slug], email=person.email, role=role, since=since)
        assert isinstance(added, Membership)  # noqa: S101  their accounts have just been made
        seats[person.email] = added
    add_member(
        actor=people[PREDECESSOR.email], organisation=found[ENS_1], email="nova.companya@ens1.test", role=TECHNICIAN
    )
    hand_over(
        actor=people[PREDECESSOR.email],
        membership=seats[PREDECESSOR.email],
        successor=seats["referent@ens1.test"],
    )
    add_member(
        actor=people["referent@ens2.test"], organisation=found[ENS_2], email="segona.referent@ens2.test", role=REFERENT
    )
