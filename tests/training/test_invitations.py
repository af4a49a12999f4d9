"""Asking whom nobody knows yet: an invitation of the service, or one to the organisation of a referent."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from knowledge_base.public import Audience
from platform_core.accounts.models import User
from platform_core.accounts.roles import Role
from platform_core.background.worker import Worker
from platform_core.base.errors import Refusal
from platform_core.organisations import domain as organisations
from platform_core.organisations.models import Invitation, MembershipRole
from tests.factories.accounts import UserFactory
from tests.factories.organisations import MembershipFactory, OrganisationFactory, deliver_all, referent
from tests.factories.training import course, enrolled
from training import domain
from training.models import Cohort, Enrolment, EnrolmentInvitation, Via
from training.tasks import forget_old_invitations

pytestmark = pytest.mark.django_db
BOARD, ENROL = "/formacio/equip/", "/formacio/equip/inscriu/"
NOBODY = "ningu.encara@ens.test"


@pytest.fixture
def page():
    return course()


@pytest.fixture
def agent():
    return UserFactory(name="Oriol Bastida", roles=[Role.AGENT_1])


@pytest.fixture
def ens():
    return OrganisationFactory(name="Vila de Prova", index_name="Vila de Prova")


@pytest.fixture
def boss(ens):
    return referent(ens).person


def deliver():
    deliver_all()
    Worker().drain()


def ask(client, actor, page, *addresses, **more):
    client.force_login(actor)
    sent = {"course": str(page.translation_key), "people": "\n".join(addresses), **more}
    return client.post(ENROL, sent, follow=True)


def test_an_address_of_nobody_gets_a_letter_of_the_service_and_is_enrolled_on_signing_up(client, agent, page):
    answer = ask(client, agent, page, NOBODY.upper(), group="Tardor")
    assert "1 invitació enviada" in answer.text
    assert NOBODY in answer.text
    assert "0 persones" not in answer.text
    deliver()
    (letter,) = mail.outbox
    assert letter.to == [NOBODY]
    assert "Oriol Bastida us convida" in letter.body
    client.logout()
    link = re.search(r"https?://[^/]+(/\S+invitacio\S+)", letter.body)[1]
    shown = client.get(link)
    signup = re.search(r'href="(/compte/signup/\?next=[^"]+)"', shown.text)[1]
    words = "tres paraules soltes"
    client.post(signup, {"email": NOBODY, "name": "Nova", "password1": words, "password2": words})
    deliver()
    enrolment = Enrolment.objects.get()
    assert (enrolment.person.email, enrolment.via, enrolment.cohort.name) == (NOBODY, Via.AGENT, "Tardor")
    assert EnrolmentInvitation.objects.get().state == "accepted"
    assert NOBODY not in client_board(client, agent, page)
    client.force_login(enrolment.person)
    User.objects.update(has_accepted_code=True)
    assert "Esteu inscrits" in client.get(link).text


def client_board(client, viewer, page):
    client.force_login(viewer)
    return client.get(BOARD, {"curs": str(page.translation_key)}).text


def test_an_address_that_is_not_proved_yet_enrols_nobody(client, agent, page):
    ask(client, agent, page, NOBODY)
    person = UserFactory(email=NOBODY)
    EmailAddress.objects.update(verified=False)
    domain.accept_for(person=person, at=timezone.now())
    assert not Enrolment.objects.exists()
    EmailAddress.objects.update(verified=True)
    for _time in range(2):
        domain.accept_for(person=person, at=timezone.now())
    assert Enrolment.objects.get().person == person


def test_whoever_signed_up_meanwhile_accepts_by_the_link(client, agent, page):
    ask(client, agent, page, NOBODY)
    deliver()
    link = re.search(r"https?://[^/]+(/\S+invitacio\S+)", mail.outbox[0].body)[1]
    stranger = UserFactory()
    client.force_login(stranger)
    assert "Tanqueu la sessió" in client.get(link).text or "adreça" in client.get(link).text
    client.post(link)
    assert not Enrolment.objects.exists(), "it is not theirs"
    person = UserFactory(email=NOBODY)
    client.force_login(person)
    assert client.post(link).url == page.get_absolute_url()
    assert Enrolment.objects.get().person == person
    assert client.get("/formacio/invitacio/inventada/").status_code == 404


def test_a_proved_second_address_is_the_person_and_no_invitation(client, agent, page):
    person = UserFactory()
    EmailAddress.objects.create(user=person, email=NOBODY, verified=True)
    ask(client, agent, page, NOBODY)
    assert Enrolment.objects.get().person == person
    assert not EnrolmentInvitation.objects.exists()


def test_a_referent_invites_to_their_organisation_and_who_accepts_is_enrolled_once(client, boss, ens, page):
    ask(client, boss, page, NOBODY)
    invitation = Invitation.objects.get(organisation=ens, email=NOBODY)
    deliver()
    (letter,) = mail.outbox
    assert "Vila de Prova" in letter.subject
    person = UserFactory(email=NOBODY)
    assert not Enrolment.objects.exists()
    organisations.accept_invitation(person=person, invitation=invitation)
    deliver()
    enrolment = Enrolment.objects.get()
    assert (enrolment.person, enrolment.organisation, enrolment.via) == (person, ens, Via.REFERENT)
    domain.accept_for(person=person, at=timezone.now(), organisation_id=ens.pk)
    assert Enrolment.objects.count() == 1


def test_who_signs_up_without_joining_the_organisation_is_not_enrolled_by_its_referent(client, boss, page):
    ask(client, boss, page, NOBODY)
    domain.accept_for(person=UserFactory(email=NOBODY), at=timezone.now())
    assert not Enrolment.objects.exists()


def test_a_referent_is_told_the_same_with_an_account_and_without(client, boss, page):
    stranger = UserFactory(email="te.compte@lluny.test", name="Nom Secret")
    UserFactory(email="tancat@lluny.test", is_active=False)

    def said(address):
        answer = ask(client, boss, page, address)
        text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"|nonce="[^"]+"', "", answer.text)
        row = re.search(r'id="h-invited">.*?</table>', text, re.DOTALL)[0]
        EnrolmentInvitation.objects.all().delete()
        return re.sub(r"invitacio/\d+/", "", row.replace(address, "…")), "1 invitació enviada" in text

    known, unknown, closed = said(stranger.email), said(NOBODY), said("tancat@lluny.test")
    assert known == unknown == closed
    assert known[1]
    assert "Nom Secret" not in known[0]
    assert not Enrolment.objects.exists(), "nobody is enrolled, nor gets a seat, without a word of theirs"
    assert not stranger.memberships.exists()


def test_who_has_an_account_elsewhere_is_enrolled_when_they_accept(client, boss, ens, page):
    stranger = UserFactory(email="te.compte@lluny.test")
    ask(client, boss, page, stranger.email)
    organisations.accept_invitation(person=stranger, invitation=Invitation.objects.get())
    deliver()
    assert Enrolment.objects.get().person == stranger


def test_a_referent_of_two_says_to_which(client, boss, ens, page):
    second = OrganisationFactory(name="Segona")
    referent(second, person=boss)
    client.force_login(boss)
    assert "Segona" in client.get(ENROL).text
    assert ask(client, boss, page, NOBODY).status_code == 422
    third = OrganisationFactory()
    assert ask(client, boss, page, NOBODY, organisation=str(third.pk)).status_code == 422
    ask(client, boss, page, NOBODY, organisation=str(second.pk))
    assert Invitation.objects.get().organisation == second


def test_a_list_with_known_and_unknown_enrols_and_invites_or_does_nothing(client, boss, ens, page, monkeypatch):
    colleague = MembershipFactory(organisation=ens).person
    answer = ask(client, boss, page, colleague.email, NOBODY)
    assert "1 persona inscrita. 1 invitació enviada" in answer.text
    EnrolmentInvitation.objects.all().delete()
    Enrolment.objects.all().delete()
    Invitation.objects.all().delete()
    monkeypatch.setattr(organisations, "MOST_PENDING_INVITATIONS", 1)
    answer = ask(client, boss, page, colleague.email, NOBODY, "un.altre@ens.test")
    assert answer.status_code == 422
    assert "Hi ha massa invitacions" in answer.text
    assert NOBODY in answer.text, "what was typed is kept"
    assert not Enrolment.objects.exists()
    assert not EnrolmentInvitation.objects.exists()
    assert not Invitation.objects.exists()


def test_asking_again_renews_the_one_that_is_open(client, agent, page):
    ask(client, agent, page, NOBODY)
    EnrolmentInvitation.objects.update(expires_at=timezone.now() - timedelta(days=1))
    deliver()
    mail.outbox.clear()
    assert "Caducada" in client_board(client, agent, page)
    row = EnrolmentInvitation.objects.get()
    client.post(f"{BOARD}invitacio/{row.pk}/torna-hi/")
    deliver()
    assert EnrolmentInvitation.objects.get().is_pending
    assert [letter.to for letter in mail.outbox] == [[NOBODY]]


def test_what_has_expired_enrols_nobody(client, agent, page):
    ask(client, agent, page, NOBODY)
    EnrolmentInvitation.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    person = UserFactory(email=NOBODY)
    domain.accept_for(person=person, at=timezone.now())
    assert not Enrolment.objects.exists()
    domain.accept_for(person=person, at=timezone.now() - timedelta(minutes=2))
    assert Enrolment.objects.exists(), "the worker may come late"


def test_what_is_withdrawn_enrols_nobody_and_takes_the_invitation_that_it_brought(client, boss, ens, page):
    ask(client, boss, page, NOBODY)
    row = EnrolmentInvitation.objects.get()
    client.post(f"{BOARD}invitacio/{row.pk}/retira/")
    assert EnrolmentInvitation.objects.get().state == "withdrawn"
    assert Invitation.objects.get().revoked_at
    deliver()
    assert mail.outbox == []
    again = client.post(f"{BOARD}invitacio/{row.pk}/retira/", follow=True)
    assert "ja no val" in again.text


def test_an_invitation_that_was_there_before_stays(client, boss, ens, page):
    organisations.add_member(actor=boss, organisation=ens, email=NOBODY, role=MembershipRole.REFERENT)
    ask(client, boss, page, NOBODY)
    assert Invitation.objects.get().role == "referent"
    client.post(f"{BOARD}invitacio/{EnrolmentInvitation.objects.get().pk}/retira/")
    assert Invitation.objects.get().revoked_at is None


def test_cancelling_the_invitation_to_the_organisation_withdraws_the_course(client, boss, ens, page):
    ask(client, boss, page, NOBODY)
    organisations.revoke_invitation(actor=boss, invitation=Invitation.objects.get())
    deliver()
    assert EnrolmentInvitation.objects.get().state == "withdrawn"


def test_others_neither_see_nor_touch_the_invitations_of_a_referent(client, boss, agent, page):
    ask(client, boss, page, NOBODY)
    row = EnrolmentInvitation.objects.get()
    other = referent(OrganisationFactory()).person
    assert NOBODY not in client_board(client, other, page)
    for act in ("torna-hi", "retira"):
        assert client.post(f"{BOARD}invitacio/{row.pk}/{act}/").status_code == 404
        assert client.get(f"{BOARD}invitacio/{row.pk}/{act}/").status_code == 405
    shown = client_board(client, agent, page)
    assert NOBODY in shown
    assert f"invitacio/{row.pk}/retira/" not in shown, "an agent sees it; it is the referent's and the coordination's"
    refused = client.post(f"{BOARD}invitacio/{row.pk}/retira/", follow=True)
    assert "No ho podeu fer" in refused.text
    assert EnrolmentInvitation.objects.get().is_pending


def test_a_course_of_the_service_invites_nobody_from_outside(agent, page):
    inside = course("Intern", audience=Audience.STAFF)
    with pytest.raises(Refusal):
        domain.invite_to_course(actor=agent, email=NOBODY, course=inside)
    with pytest.raises(Refusal):
        domain.invite_to_course(actor=UserFactory(), email=NOBODY, course=page)


def test_the_database_keeps_one_open_invitation(agent, page):
    domain.invite_to_course(actor=agent, email=NOBODY, course=page)
    twin = EnrolmentInvitation.objects.get()
    twin.pk, twin.email = None, NOBODY.upper()
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()


def test_the_log_has_no_address(client, agent, boss, page):
    from platform_core.activity.models import Activity  # noqa: PLC0415

    ask(client, agent, page, NOBODY)
    ask(client, boss, page, NOBODY)
    for told in Activity.objects.all():
        assert "ningu" not in str(told.data)


def test_addresses_of_who_never_came_are_forgotten(agent, page):
    for days, email in ((100, "antic@ens.test"), (10, "recent@ens.test")):
        row = domain.invite_to_course(actor=agent, email=email, course=page)
        EnrolmentInvitation.objects.filter(pk=row.pk).update(expires_at=timezone.now() - timedelta(days=days))
    forget_old_invitations()
    assert [row.email for row in EnrolmentInvitation.objects.all()] == ["recent@ens.test"]


def test_the_board_costs_as_much_with_thirty_invitations_as_with_one(client, agent, page):
    enrolled(UserFactory(), page)

    def costs():
        with CaptureQueriesContext(connection) as queries:
            client.get(BOARD)
        return len(queries)

    ask(client, agent, page, NOBODY)
    client.get(BOARD)
    one = costs()
    for number in range(60):
        domain.invite_to_course(actor=agent, email=f"p{number}@ens.test", course=page)
    assert costs() == one
    assert "p0@ens.test" in client.get(BOARD, {"inv": "2"}).text
    for wrong in ("x", "-1", "0", "9" * 30):
        assert client.get(BOARD, {"inv": wrong}).status_code == 200


def test_a_group_is_kept_for_who_comes_later(client, agent, page):
    ask(client, agent, page, NOBODY, group="Tardor")
    domain.accept_for(person=UserFactory(email=NOBODY), at=timezone.now())
    assert Enrolment.objects.get().cohort == Cohort.objects.get(name="Tardor")
