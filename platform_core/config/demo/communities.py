"""The communities of the demo world, with conversations that could have been. People and places are fictional."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from django.utils import timezone
from django.utils.text import slugify

import agora
from agora import domain
from agora.models import Post, Reason, TopicKind
from platform_core.accounts.models import User
from platform_core.organisations.public import Facts, Kind, Membership, MembershipRole, Organisation, add_member
from platform_core.organisations.public import create_organisation as create
from platform_core.participation import public as participation
from platform_core.participation.public import Joining, OrganKind, Space, Visibility

from .people import PEOPLE

if TYPE_CHECKING:
    from collections.abc import Iterable

CONVERSATIONS = Path(agora.__file__).parent / "data" / "agora_ca.json"
TEAM = "Diputació de Barcelona"
MODERATOR = "moderadora@desk.test"
FLAGS = "alumna@ens2.test"
VISITORS = (FLAGS, "referent@ens2.test", "suport@desk.test", "editora@desk.test")
CHARTER = """Aquesta comunitat és de qui fa participació als municipis. Per això:

- **Preguntem sense por.** Tothom ha començat un dia.
- **Expliquem què ens ha funcionat**, i també què no.
- **No hi posem dades personals** de la ciutadania ni contrasenyes.
- **No hi venem res.**
- Si alguna cosa no va bé, ho diem a qui modera."""


@dataclass(frozen=True)
class Doors:
    visibility: Visibility
    joining: Joining


DOORS = {
    "agora-plataforma-participa311": Doors(Visibility.MEMBERS, Joining.OPEN),
    "agora-pressupostos-participatius": Doors(Visibility.PUBLIC, Joining.OPEN),
    "grup-tallers-ciutadania": Doors(Visibility.MEMBERS, Joining.REQUEST),
}


def build_communities() -> None:
    """Make what is missing of them."""
    if Space.objects.filter(slug__in=DOORS).exists():
        return
    for facts in json.loads(CONVERSATIONS.read_text()):
        _build(facts)


def _build(facts: dict[str, Any]) -> None:
    posts = [post for topic in facts["topics"] for post in topic["posts"]]
    authors = _authors(posts)
    doors = DOORS[facts["slug"]]
    office = next((authors[post["author"]] for post in posts if post["role"] == "dinamització"), None)
    moderators = [User.objects.get(email=MODERATOR), *([office] if office else [])]
    space = participation.open_space(
        actor=None, name=facts["name"], slug=facts["slug"], summary=facts["description"], about=facts["description"],
        charter=CHARTER, visibility=doors.visibility, joining=doors.joining, moderators=moderators,
        organ_kind=OrganKind.WORKING_GROUP if facts["kind"] == "grup de treball" else OrganKind.AGORA,
    )  # fmt: skip
    for person in [*authors.values(), *User.objects.filter(email__in=VISITORS)]:
        participation.seat(space=space, person=person)
    for topic in facts["topics"]:
        _talk(space, topic, authors)
    _moderate(space)
    starts = timezone.localtime().replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=12)
    participation.plan_meeting(
        actor=None, space=space, title="Trobada de la comunitat", starts_at=starts, places=25,
        ends_at=starts + timedelta(hours=2), place="Sala fictícia del recinte", link="https://sala.example.org/trobada",
        agenda="1. Presentacions\n2. Què ens ha funcionat\n3. Dubtes oberts",
    )  # fmt: skip


def _talk(space: Space, facts: dict[str, Any], authors: dict[str, User]) -> None:
    first, *answers = facts["posts"]
    kind = TopicKind.QUESTION if facts["title"].endswith("?") else TopicKind.DISCUSSION
    topic = domain.open_topic(
        actor=None, author=authors[first["author"]], space=space, kind=kind, title=facts["title"], text=first["body"],
        tags=[facts["tag"]], at=_moment(first),
    )  # fmt: skip
    accepted = None
    for said in answers:
        written = domain.post(
            actor=None, author=authors[said["author"]], topic=topic, text=said["body"], at=_moment(said)
        )
        if accepted is None and said["role"] in {"suport", "dinamització"}:
            accepted = written
    if kind == TopicKind.QUESTION and accepted is not None and topic.author_id != accepted.author_id:
        domain.accept_answer(actor=cast("User", topic.author), post=accepted)


def _moderate(space: Space) -> None:
    """One flag that was answered and one that waits: what who moderates sees on their first day."""
    reader = User.objects.filter(email=FLAGS, space_memberships__space=space, space_memberships__until=None).first()
    posts = Post.objects.filter(topic__space=space, number__gt=1).exclude(author__email__in=[FLAGS, MODERATOR])
    if reader is None or posts.count() < 2:  # noqa: PLR2004  two flags
        return
    answered, waiting = posts.order_by("pk")[:2]
    domain.flag(actor=reader, post=answered, reason=Reason.PERSONAL, note="Hi surt el nom d'una persona.")
    domain.answer_flags(actor=User.objects.get(email=MODERATOR), post=answered, is_upheld=False)
    domain.flag(actor=reader, post=waiting, reason=Reason.MISPLACED, note="Em sembla que va en un altre tema.")


def _moment(said: dict[str, Any]) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(said["posted_at"]))


def _authors(posts: Iterable[dict[str, Any]]) -> dict[str, User]:
    """Who speaks, by their name: those with an account of the demo world, and others without a password."""
    emails = {person.name: person.email for person in PEOPLE}
    found: dict[str, User] = {}
    for said in posts:
        name = said["author"]
        if name in found:
            continue
        email = emails.get(name) or f"{slugify(name)}@agora.test"
        known = User.objects.filter(email=email).first()
        found[name] = known or User.objects.create_user(email, None, name=name, language="ca")
        if known is None and said["ens"] != TEAM:
            _seat(found[name], said["ens"])
    return found


def _seat(person: User, name: str) -> None:
    short = name.removeprefix("Ajuntament de ").removeprefix("Ajuntament d'")
    organisation = Organisation.objects.filter(name__in=[name, short]).first()
    if organisation is None:
        organisation = create(actor=None, facts=Facts(name=name, kind=Kind.OTHER, is_fictional=True))
    if not Membership.objects.current().filter(person=person, organisation=organisation).exists():
        add_member(actor=None, organisation=organisation, email=person.email, role=MembershipRole.TECHNICIAN)
