"""The predicates and the querysets say the same."""

import pytest
from django.contrib.auth.models import AnonymousUser

from knowledge_base.public import Audience
from platform_core.accounts.roles import Role
from tests.factories.accounts import UserFactory
from tests.factories.organisations import MembershipFactory, OrganisationFactory, referent
from tests.factories.training import course, enrolled
from training import domain
from training.models import CoursePage, Enrolment, EnrolmentInvitation
from training.permissions import (
    can_handle,
    can_read,
    can_see,
    enrolments_seen_by,
    invitations_handled_by,
    invitations_seen_by,
    visible_to,
)

pytestmark = pytest.mark.django_db


def viewers():
    roles = [Role.MODERATOR, Role.AGENT_1, Role.EDITOR, Role.ADMINISTRATOR]
    return [
        AnonymousUser(),
        UserFactory(),
        UserFactory(is_active=False),
        *(UserFactory(roles=[role]) for role in roles),
    ]


def test_who_may_read_a_course():
    for audience in Audience:
        course(f"Per a {audience.label}", audience=audience, lessons=0)
    course("Retirat", audience=Audience.PUBLIC, lessons=0).unpublish()
    for viewer in viewers():
        found = set(visible_to(viewer).values_list("pk", flat=True))
        for page in CoursePage.objects.all():
            assert can_read(viewer, page) == (page.pk in found), (viewer, page.title)
    assert [visible_to(viewer).count() for viewer in viewers()[:2]] == [1, 2]


def test_who_sees_how_somebody_does():
    page = course()
    one, other = OrganisationFactory(), OrganisationFactory()
    boss, colleague = referent(one).person, MembershipFactory(organisation=one).person
    for person in (boss, colleague, MembershipFactory(organisation=other).person, UserFactory()):
        enrolled(person, page)
    for viewer in [*viewers(), boss, colleague, referent(other).person]:
        found = set(enrolments_seen_by(viewer).values_list("pk", flat=True))
        for enrolment in Enrolment.objects.all():
            assert can_see(viewer, enrolment) == (enrolment.pk in found), viewer
    assert enrolments_seen_by(boss).count() == 2
    assert enrolments_seen_by(colleague).count() == 1


def test_who_handles_an_invitation():
    page, one, other = course(), OrganisationFactory(), OrganisationFactory()
    boss, agent = referent(one).person, UserFactory(roles=[Role.AGENT_2])
    domain.invite_to_course(actor=boss, email="a@ens.test", course=page, organisation=one)
    domain.invite_to_course(actor=agent, email="b@ens.test", course=page)
    busy = UserFactory(roles=[Role.AGENT_1])
    referent(one, person=busy)
    for viewer in [*viewers(), boss, agent, busy, UserFactory(roles=[Role.COORDINATOR]), referent(other).person]:
        found = set(invitations_handled_by(viewer).values_list("pk", flat=True))
        for invitation in EnrolmentInvitation.objects.all():
            assert can_handle(viewer, invitation) == (invitation.pk in found), (viewer, invitation)
        assert found <= set(invitations_seen_by(viewer).values_list("pk", flat=True))
