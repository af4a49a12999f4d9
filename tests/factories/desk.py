"""Tickets, made as people make them: through the domain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpdesk.desk import domain
from helpdesk.desk.domain.policies import seed_policies
from helpdesk.desk.models import Channel, Kind, Policy
from platform_core.accounts.roles import Role
from platform_core.officehours.public import seed_calendars
from tests.factories.accounts import UserFactory
from tests.factories.organisations import OrganisationFactory, referent

if TYPE_CHECKING:
    from helpdesk.desk.models import Case
    from platform_core.accounts.models import User
    from platform_core.organisations.models import Organisation


def seed_desk() -> None:
    """The calendars and service levels of an installation."""
    if not Policy.objects.exists():
        seed_calendars()
        seed_policies()


def agent(level: int = 1, **fields: Any) -> User:
    role = {1: Role.AGENT_1, 2: Role.AGENT_2, 3: Role.AGENT_3}[level]
    made: User = UserFactory(roles=[role], **fields)
    return made


def referent_of(organisation: Organisation | None = None, **fields: Any) -> User:
    """A person who is the referent of an organisation; of a new one without one."""
    person: User = UserFactory(**fields)
    referent(organisation or OrganisationFactory(), person=person)
    return person


def open_case(requester: User | None = None, **facts: Any) -> Case:
    """A ticket of a referent; each fact may be given (see domain.open_ticket), the ens is that of the first seat."""
    seed_desk()
    if requester is None and "requester_email" not in facts:
        requester = referent_of()
    if "organisation" not in facts:
        seat = requester.memberships.current().first() if requester else None
        facts["organisation"] = seat.organisation if seat else None
    facts = {
        "actor": requester,
        "kind": Kind.QUESTION,
        "subject": "No trobem el botó de publicar",
        "text": "Hem creat el procés i no sabem on es publica.",
        "channel": Channel.WEB,
        **facts,
    }
    return domain.open_ticket(requester=requester, **facts)
