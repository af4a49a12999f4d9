"""Coming in, the charter, roles, going; and what stays of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.utils import timezone

from platform_core.activity.models import Activity
from platform_core.base.errors import Refusal
from platform_core.participation import domain, permissions, queries
from platform_core.participation.models import (
    Joining,
    JoinRequest,
    SpaceInvitation,
    SpaceMember,
    SpaceRole,
    Visibility,
)
from platform_core.search.public import tokens_of
from tests.factories.accounts import UserFactory
from tests.factories.organisations import OrganisationFactory, deliver_all, referent
from tests.factories.participation import SpaceFactory, member_of

pytestmark = pytest.mark.django_db


def happened() -> list[str]:
    return list(Activity.objects.order_by("pk").values_list("type", flat=True))


def test_an_open_space_is_joined_at_once_and_twice_is_once():
    space, person = SpaceFactory(joining=Joining.OPEN), UserFactory()
    first = domain.join(person=person, space=space)
    assert domain.join(person=person, space=space) == first
    assert permissions.can_take_part(person, space)
    assert happened() == ["participation.joined"]


def test_who_joins_accepts_the_charter_of_today():
    space, person = SpaceFactory(joining=Joining.OPEN, charter="Ens tractem bé.", charter_version=3), UserFactory()
    with pytest.raises(Refusal) as refused:
        domain.join(person=person, space=space)
    assert refused.value.field == "charter"
    with pytest.raises(Refusal):
        domain.join(person=person, space=space, charter_version=2)
    assert not permissions.is_member(person, space)
    domain.join(person=person, space=space, charter_version=3)
    assert permissions.can_take_part(person, space)


def test_a_new_charter_asks_every_member_again_and_a_corrected_one_nobody():
    space = SpaceFactory(charter="Ens tractem be.")
    chief, person = member_of(space, role=SpaceRole.MODERATOR), member_of(space)
    texts = {
        "name": space.name, "summary": "", "about": "", "visibility": Visibility.MEMBERS, "joining": Joining.OPEN,
    }  # fmt: skip
    domain.change_space(actor=chief, space=space, charter="Ens tractem bé.", **texts)
    space.refresh_from_db()
    assert permissions.can_take_part(person, space)
    domain.change_space(actor=chief, space=space, charter="Ens tractem bé. No venem res.", ask_again=True, **texts)
    space.refresh_from_db()
    assert not permissions.can_take_part(person, space)
    assert queries.standing_of(person, space).must_accept(space)
    domain.accept_charter(person=person, space=space, charter_version=space.charter_version)
    assert permissions.can_take_part(person, space)


def test_a_space_by_request_is_entered_when_a_moderator_says_so():
    space, person = SpaceFactory(joining=Joining.REQUEST), UserFactory()
    chief = member_of(space, role=SpaceRole.MODERATOR)
    with pytest.raises(Refusal):
        domain.join(person=person, space=space)
    request = domain.request_to_join(person=person, space=space, message="Hi treballo des de fa poc.")
    assert domain.request_to_join(person=person, space=space, message="Soc la Nur.") == request
    deliver_all()
    assert [letter.to for letter in mail.outbox] == [[chief.email]]
    assert "Soc la Nur." in mail.outbox[0].body
    domain.answer_request(actor=chief, request=request, is_approved=True)
    assert permissions.can_enter(person, space)
    with pytest.raises(Refusal, match="Mentrestant"):
        domain.answer_request(actor=chief, request=request, is_approved=False, reason="No.")
    deliver_all()
    assert mail.outbox[-1].to == [person.email]


def test_who_is_not_let_in_reads_why():
    space, person = SpaceFactory(joining=Joining.REQUEST), UserFactory()
    chief = member_of(space, role=SpaceRole.MODERATOR)
    request = domain.request_to_join(person=person, space=space)
    with pytest.raises(Refusal) as refused:
        domain.answer_request(actor=chief, request=request, is_approved=False)
    assert refused.value.field == "reason"
    domain.answer_request(actor=chief, request=request, is_approved=False, reason="És per a referents.")
    deliver_all()
    assert "És per a referents." in mail.outbox[-1].body
    assert not permissions.can_enter(person, space)
    domain.request_to_join(person=person, space=space)
    assert JoinRequest.objects.filter(answered_at=None).count() == 1, "one may ask again"


def test_only_who_moderates_lets_people_in():
    space, person = SpaceFactory(joining=Joining.REQUEST), UserFactory()
    request = domain.request_to_join(person=person, space=space)
    for somebody in (person, member_of(space), UserFactory()):
        with pytest.raises(Refusal):
            domain.answer_request(actor=somebody, request=request, is_approved=True)


def test_a_request_can_be_taken_back():
    space, person = SpaceFactory(joining=Joining.REQUEST), UserFactory()
    domain.request_to_join(person=person, space=space)
    domain.withdraw_request(person=person, space=space)
    domain.withdraw_request(person=person, space=space)
    assert not JoinRequest.objects.exists()
    assert happened() == ["participation.join_requested", "participation.join_request_withdrawn"]


def test_a_space_by_invitation_exists_for_who_is_invited_from_then_on():
    space, person = SpaceFactory(visibility=Visibility.INVITATION), UserFactory()
    chief = member_of(space, role=SpaceRole.MODERATOR)
    with pytest.raises(Refusal):
        domain.join(person=person, space=space)
    invitation = domain.invite(actor=chief, space=space, email=person.email.upper())
    assert domain.invite(actor=chief, space=space, email=person.email) == invitation, "renewed"
    deliver_all()
    assert {letter.to[0] for letter in mail.outbox} == {person.email}
    domain.join(person=person, space=space)
    assert permissions.can_enter(person, space)
    invitation.refresh_from_db()
    assert invitation.accepted_at
    with pytest.raises(Refusal):
        domain.revoke_invitation(actor=chief, invitation=invitation)


@pytest.mark.parametrize("state", ["revoked", "expired"])
def test_an_invitation_that_is_over_opens_nothing(state):
    space, person = SpaceFactory(visibility=Visibility.INVITATION), UserFactory()
    chief = member_of(space, role=SpaceRole.MODERATOR)
    invitation = domain.invite(actor=chief, space=space, email=person.email)
    if state == "revoked":
        domain.revoke_invitation(actor=chief, invitation=invitation)
    else:
        SpaceInvitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(Refusal):
        domain.join(person=person, space=space)
    assert not permissions.can_view_space(person, space)


def test_nobody_is_invited_by_an_address_that_nobody_has():
    space = SpaceFactory()
    chief = member_of(space, role=SpaceRole.MODERATOR)
    with pytest.raises(Refusal) as refused:
        domain.invite(actor=chief, space=space, email="ningu@enlloc.test")
    assert refused.value.field == "email"


def test_who_goes_or_is_taken_out_may_not_enter_any_more_and_the_history_says_when():
    space = SpaceFactory()
    chief, one, other = member_of(space, role=SpaceRole.MODERATOR), member_of(space), member_of(space)
    domain.leave(person=one, space=space)
    domain.remove_member(actor=chief, space=space, person=other)
    domain.remove_member(actor=chief, space=space, person=other)
    for person in (one, other):
        assert not permissions.can_enter(person, space)
    assert SpaceMember.objects.filter(space=space).exclude(until=None).count() == 2
    assert happened() == ["participation.left", "participation.left"]
    deliver_all()
    assert [letter.to for letter in mail.outbox] == [[other.email]]


def test_the_last_moderator_neither_goes_nor_steps_down():
    space = SpaceFactory()
    chief, person = member_of(space, role=SpaceRole.MODERATOR), member_of(space)
    with pytest.raises(Refusal, match="modera"):
        domain.leave(person=chief, space=space)
    with pytest.raises(Refusal, match="modera"):
        domain.change_role(actor=chief, space=space, person=chief, role=SpaceRole.MEMBER)
    domain.change_role(actor=chief, space=space, person=person, role=SpaceRole.MODERATOR)
    domain.leave(person=chief, space=space)
    assert permissions.can_moderate(person, space)


def test_another_role_is_another_row_and_keeps_what_was_accepted_and_said():
    space = SpaceFactory(charter="Ens tractem bé.")
    chief, person = member_of(space, role=SpaceRole.MODERATOR), member_of(space)
    domain.describe_experience(person=person, space=space, text="Dos pressupostos\nparticipatius")
    domain.change_role(actor=chief, space=space, person=person, role=SpaceRole.MODERATOR)
    past, now = SpaceMember.objects.filter(person=person).order_by("pk")
    assert (past.role, bool(past.until)) == (SpaceRole.MEMBER, True)
    assert (now.role, now.until, now.experience) == (SpaceRole.MODERATOR, None, "Dos pressupostos participatius")
    assert permissions.can_take_part(person, space)


def test_nothing_changes_in_a_closed_space():
    space = SpaceFactory(joining=Joining.OPEN, closed_at=timezone.now())
    with pytest.raises(Refusal, match="tancada"):
        domain.join(person=UserFactory(), space=space)


def test_a_member_may_find_what_is_for_the_space_and_others_may_not():
    space, open_to_all = SpaceFactory(), SpaceFactory(visibility=Visibility.PUBLIC)
    member = member_of(space)
    assert queries.token_of(space.pk) in tokens_of(member)
    assert queries.token_of(space.pk) not in tokens_of(UserFactory())
    assert tokens_of(AnonymousUser()) == {"public"}
    assert queries.token_of(open_to_all.pk) not in tokens_of(member), "everybody finds that already"


def test_the_directory_says_where_people_work_and_what_they_have_run(django_assert_max_num_queries):
    space = SpaceFactory()
    for number in range(60):
        seat = referent(OrganisationFactory())
        member_of(space, person=seat.person)
        if number == 7:
            domain.describe_experience(person=seat.person, space=space, text="Consell d'infància")
            wanted = seat
    with django_assert_max_num_queries(2):
        page = queries.directory(space)
    assert len(page.entries) == queries.PAGE_SIZE
    assert page.entries[0].places[0].organisation.name
    rest = queries.directory(space, after=page.following)
    assert len(rest.entries) == 10
    assert not rest.following
    assert {entry.seat.pk for entry in page.entries}.isdisjoint(entry.seat.pk for entry in rest.entries)
    for text in ("infància", wanted.organisation.name, wanted.person.name):
        assert wanted.person in [entry.seat.person for entry in queries.directory(space, text=text).entries]
    assert not queries.directory(space, text="no hi és\0").entries
    assert len(queries.directory(space, after="~x").entries) == queries.PAGE_SIZE


def test_opening_a_community_is_for_the_coordination_and_asks_for_a_moderator():
    from platform_core.accounts.roles import Role  # noqa: PLC0415

    coordinator, chief = UserFactory(roles=[Role.COORDINATOR]), UserFactory()
    with pytest.raises(Refusal):
        domain.open_space(actor=chief, name="Nova", slug="nova", moderators=[chief])
    with pytest.raises(Refusal) as refused:
        domain.open_space(actor=coordinator, name="Nova", slug="nova")
    assert refused.value.field == "moderators"
    space = domain.open_space(actor=coordinator, name=" Nova  àgora ", slug="nova", moderators=[chief], charter="Bé.")
    assert space.name == "Nova àgora"
    assert permissions.can_moderate(chief, space)
    assert permissions.can_take_part(chief, space)
    with pytest.raises(Refusal) as refused:
        domain.open_space(actor=coordinator, name="Altra", slug="nova", moderators=[chief])
    assert refused.value.field == "slug"
    domain.close_space(actor=coordinator, space=space)
    domain.reopen_space(actor=coordinator, space=space)
    assert permissions.can_take_part(chief, space.__class__.objects.get(pk=space.pk))
