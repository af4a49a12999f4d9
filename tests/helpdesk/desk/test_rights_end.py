"""Whoever may no longer see a ticket hears no more of it, on a page that they have open."""

from __future__ import annotations

import pytest

from helpdesk.desk import domain
from tests.factories.desk import agent, open_case, referent_of
from tests.factories.organisations import OrganisationFactory
from tests.platform_core.realtime.conftest import browse, live_server_process, port  # noqa: F401  fixtures

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_ticket_that_was_of_another_organisation_goes_quiet_for_the_former_one(browse):  # noqa: F811
    case, someone = open_case(), agent()
    colleague = referent_of(case.organisation)
    stream = f"ticket:{case.pk}"
    pages = [browse(person) for person in (colleague, case.requester)]
    desk = browse(someone)
    for each in (*pages, desk):
        each.follow(stream)

    domain.reclassify(actor=someone, case=case, organisation=OrganisationFactory())
    domain.reply(actor=someone, case=case, text="Això ja no és vostre.")

    assert [desk.hear()["type"] for _each in range(2)] == ["desk.reclassified", "desk.replied"]
    for each in pages:
        heard = [each.hear(), each.hear()]
        assert {"op": "revoked", "stream": stream} in heard
        assert "desk.replied" not in {frame.get("type") for frame in heard}
        assert each.hears_nothing()


def test_who_is_taken_out_of_copy_hears_no_more(browse):  # noqa: F811
    case, colleague = open_case(), referent_of()
    copy = domain.add_copy(actor=case.requester, case=case, email=colleague.email)
    stream = f"ticket:{case.pk}"
    page = browse(colleague)
    page.follow(stream)

    domain.remove_copy(actor=case.requester, case=case, copy=copy)
    domain.reply(actor=agent(), case=case, text="Entre nosaltres.")

    heard = [page.hear(), page.hear()]
    assert {"op": "revoked", "stream": stream} in heard
    assert "desk.replied" not in {frame.get("type") for frame in heard}
    assert page.hears_nothing()
