"""Who lives in the demo world. All of it is fictional: names, addresses, municipalities."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from platform_core.accounts.public import Role
from platform_core.organisations import ine
from platform_core.organisations.public import Facts, MembershipRole

PASSWORD = "participa311-demo"  # noqa: S105  public on purpose: it opens fictional accounts only


@dataclass(frozen=True, kw_only=True)
class Person:
    """`seat` is (slug of the organisation, role in it); `what` says what the account is for, in the table."""

    email: str
    name: str
    what: str
    roles: tuple[Role, ...] = ()
    seat: tuple[str, MembershipRole] | None = None
    language: str = "ca"


def _fictional(number: int, name: str, comarca: tuple[str, str], host: str, joined_on: datetime.date) -> Facts:
    code = f"{ine.FICTIONAL_PROVINCE}{number:03}"
    return Facts(
        name=name,
        ine_code=code + ine.check_digit(code),
        comarca_code=comarca[0],
        comarca=comarca[1],
        platform_host=host,
        joined_on=joined_on,
        is_fictional=True,
    )


ENS_1, ENS_2 = "puigcerver-del-valles", "sant-marti-de-la-roureda"
ORGANISATIONS = {
    ENS_1: _fictional(
        1,
        "Puigcerver del Vallès",
        ("41", "Vallès Oriental"),
        "participa311-puigcerver.example",
        datetime.date(2019, 3, 11),
    ),
    ENS_2: _fictional(
        2, "Sant Martí de la Roureda", ("24", "Osona"), "participa311-roureda.example", datetime.date(2023, 10, 2)
    ),
}

REFERENT, TECHNICIAN = MembershipRole.REFERENT, MembershipRole.TECHNICIAN
PEOPLE = (
    Person(email="referent@ens1.test", name="Laia Serra", what="referent", seat=(ENS_1, TECHNICIAN)),
    Person(email="tecnica@ens1.test", name="Núria Ferrer", what="technician", seat=(ENS_1, TECHNICIAN)),
    Person(email="referent@ens2.test", name="Dídac Rovira", what="referent", seat=(ENS_2, REFERENT)),
    Person(email="alumna@ens2.test", name="Marina Bosch", what="trainee", seat=(ENS_2, TECHNICIAN)),
    Person(email="suport@desk.test", name="Oriol Bastida", what="agent, level 1", roles=(Role.AGENT_1,)),
    Person(email="seccio@desk.test", name="Elvira Codina", what="agent, level 2", roles=(Role.AGENT_2,)),
    Person(email="sistemes@desk.test", name="Pau Ribalta", what="agent, level 3", roles=(Role.AGENT_3,)),
    Person(email="editora@desk.test", name="Anna Casadevall", what="editor", roles=(Role.EDITOR,)),
    Person(email="moderadora@desk.test", name="Montse Balaguer", what="moderator", roles=(Role.MODERATOR,)),
    Person(email="coordinacio@desk.test", name="Teresa Vilaró", what="coordinator", roles=(Role.COORDINATOR,)),
    Person(email="admin@desk.test", name="Ramon Escolà", what="administrator", roles=(Role.ADMINISTRATOR,)),
)

#: The referent of the first organisation before the one of today. The account has no password: nobody signs in with it.
PREDECESSOR = Person(email="anterior@ens1.test", name="Bernat Solà", what="former referent", seat=(ENS_1, REFERENT))
