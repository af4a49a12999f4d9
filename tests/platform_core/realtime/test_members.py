"""Whoever leaves an organisation stops hearing of it at once."""

from __future__ import annotations

import pytest
from django.db import transaction

from platform_core.activity.domain import record
from platform_core.organisations.domain import end_membership
from tests.factories.activity import Happened
from tests.factories.organisations import MembershipFactory, OrganisationFactory, referent

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_member_whose_seat_ends_hears_its_end_and_nothing_more(browse):
    organisation = OrganisationFactory()
    manager, leaving = referent(organisation), MembershipFactory(organisation=organisation)
    stream = f"org:{organisation.pk}"
    stays, leaves = browse(manager.person), browse(leaving.person)
    for browser in (stays, leaves):
        browser.follow(stream)

    end_membership(actor=manager.person, membership=leaving)
    with transaction.atomic():
        record(Happened(number=1), actor=None, subject=organisation, streams=[stream])

    assert stays.hear()["type"] == "organisations.membership_ended"
    assert stays.hear()["type"] == "tests.happened"
    heard = [leaves.hear(), leaves.hear()]
    assert {"op": "revoked", "stream": stream} in heard
    assert "tests.happened" not in {frame.get("type") for frame in heard}
    assert leaves.hears_nothing()


def test_a_stranger_may_not_follow_an_organisation(browse):
    stranger = browse(MembershipFactory().person)
    stranger.tell(op="subscribe", stream=f"org:{OrganisationFactory().pk}")
    assert stranger.hear()["code"] == "not_allowed"
