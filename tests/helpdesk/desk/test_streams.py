"""What the desk's streams tell, and to whom."""

from __future__ import annotations

import json

import pytest

from helpdesk.desk import domain
from platform_core.activity.models import StreamEntry
from platform_core.realtime import streams
from platform_core.realtime.reading import frame_of
from tests.factories.accounts import UserFactory
from tests.factories.desk import agent, open_case, referent_of

pytestmark = pytest.mark.django_db


def may(person, stream):
    kind, key = streams.find(stream)
    return kind.may_subscribe(person, key)


def test_only_the_desk_follows_the_desk():
    assert may(agent(), "desk")
    assert not may(referent_of(), "desk")
    assert not may(None, "desk")
    assert not may(agent(), "desk:1")


def test_who_may_see_a_ticket_follows_it_and_nobody_else():
    case = open_case()
    assert may(case.requester, f"ticket:{case.pk}")
    assert may(agent(), f"ticket:{case.pk}")
    for stranger in (UserFactory(), referent_of(), None):
        assert not may(stranger, f"ticket:{case.pk}")
    for nonsense in ("", "0", "x", "-1", "9" * 19, "²"):
        assert not may(agent(), f"ticket:{nonsense}")


def test_a_frame_says_which_ticket_and_none_of_its_words():
    case = open_case(subject="Un tema molt secret")
    domain.add_note(actor=agent(), case=case, text="Una nota secreta")
    for entry in StreamEntry.objects.filter(stream__in=["desk", f"ticket:{case.pk}"]):
        frame = frame_of(entry)
        assert "secret" not in frame
        assert json.loads(frame)["data"]["reference"] == case.reference
