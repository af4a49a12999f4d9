"""What a ticket was last heard of: its last public line, whatever the desk does among itself."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.utils import timezone

from helpdesk.desk import domain
from helpdesk.desk.models import Case, Change, Entry, Kind, Level, Rating, Side, State
from tests.factories.desk import agent, open_case

pytestmark = pytest.mark.django_db


def last_public(case):
    entry = Entry.objects.filter(case=case, is_public=True).select_related("followup").latest("followup__date", "pk")
    return entry.change or entry.side, entry.followup.date


def test_every_act_that_is_public_and_no_other_is_what_a_ticket_was_last_heard_of():
    case, biel = open_case(), agent()
    laia = case.requester
    acts = {
        Side.DESK: lambda: domain.reply(actor=biel, case=case, text="Ho mirem."),
        Change.COPIED: lambda: domain.add_copy(actor=laia, case=case, email="algu@ens.test"),
        Change.WAITING: lambda: domain.change_state(actor=biel, case=case, to=State.WAITING),
        Side.REQUESTER: lambda: domain.reply(actor=laia, case=case, text="Gràcies."),
        Change.RESOLVED: lambda: domain.change_state(actor=biel, case=case, to=State.RESOLVED),
        Change.RATED: lambda: domain.rate(actor=laia, case=case, rating=Rating.GOOD),
    }
    for told, act in acts.items():
        act()
        case.refresh_from_db()
        assert (case.heard, case.heard_at) == last_public(case)
        assert case.heard == told
        domain.add_note(actor=biel, case=case, text="Entre nosaltres")
        domain.assign(actor=biel, case=case, assignee=None if Case.objects.get(pk=case.pk).assignee else biel)
        level = Level.SECTION if Case.objects.get(pk=case.pk).level == Level.USER_SUPPORT else Level.USER_SUPPORT
        domain.escalate(actor=biel, case=case, level=level, reason="Entre nosaltres")
        domain.reclassify(actor=biel, case=case, kind=Kind.INCIDENT, topic=told)
        assert (Case.objects.get(pk=case.pk).heard, Case.objects.get(pk=case.pk).heard_at) == (
            case.heard,
            case.heard_at,
        )


def test_tickets_from_before_are_told_by_their_last_public_line():
    biel, now = agent(), timezone.now()
    asked, answered, resolved = (open_case(at=now - timedelta(hours=3)) for _each in range(3))
    domain.reply(actor=biel, case=answered, text="Ho mirem.", at=now - timedelta(hours=2))
    domain.change_state(actor=biel, case=resolved, to=State.RESOLVED, at=now - timedelta(hours=1))
    domain.add_note(actor=biel, case=answered, text="Entre nosaltres")
    Case.objects.update(heard="", heard_at=now)
    import_module("helpdesk.desk.migrations.0002_heard").hear(apps, None)
    for case in (asked, answered, resolved):
        case.refresh_from_db()
        assert (case.heard, case.heard_at) == last_public(case)
