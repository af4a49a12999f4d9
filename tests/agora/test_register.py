"""What is kept of moderation, who reads it, and what goes for ever."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from agora import audit, domain, queue
from agora.domain.retention import empty_removed_posts, forget_flags
from agora.models import Flag, PostRevision, Reason
from agora.streams import present
from platform_core.accounts.roles import Role
from platform_core.activity.models import Activity
from platform_core.base.errors import Refusal
from platform_core.participation import domain as participation
from platform_core.participation.models import Visibility
from platform_core.realtime.streams import find
from tests.factories.accounts import UserFactory
from tests.factories.agora import answer, forum, member, moderator, open_topic

pytestmark = pytest.mark.django_db


def may_subscribe(person, stream):
    kind, key = find(stream)
    return kind.may_subscribe(person, key)


def test_every_act_of_who_moderates_is_in_the_register_with_its_reason(space, chief, post):
    other = moderator(space)
    domain.flag(actor=member(space), post=post, reason=Reason.SPAM, note="Ven rodes.")
    hiding = domain.hide(actor=chief, post=post, reason=Reason.SPAM, note="Aquí no es ven res.")
    sanction = participation.warn(actor=chief, space=space, person=post.author, reason="Segon avís.")
    participation.lift(actor=chief, sanction=sanction, because="Era el primer.")
    made = domain.appeal(person=post.author, decision=hiding, text="No venc res.")
    domain.answer_appeal(actor=other, appeal=made, is_upheld=True, answer="Teniu raó.")
    domain.edit_post(actor=chief, post=post, text="Retocat")
    domain.close(actor=chief, topic=post.topic)
    domain.reopen(actor=chief, topic=post.topic)
    domain.pin(actor=chief, topic=post.topic)
    domain.delete_post(actor=chief, post=post)
    domain.restore_post(actor=chief, post=post)
    participation.remove_member(actor=chief, space=space, person=post.author)
    acts = audit.page(space).acts
    assert len(acts) == 14, [act.text for act in acts]
    said = " ".join(f"{act.who} {act.text} {act.detail}" for act in acts)
    for words in ("Ven rodes.", "Aquí no es ven res.", "Segon avís.", "Era el primer.", "Teniu raó.", "Autor Fictici"):
        assert words in said
    assert "No venc res." not in said, "what somebody says for themself is read by who answers it"


def test_what_people_do_with_their_own_words_is_not_in_the_register(space, post):
    domain.edit_post(actor=post.author, post=post, text="Una altra cosa")
    domain.delete_post(actor=post.author, post=post)
    assert audit.page(space).acts == []


def test_the_register_costs_the_same_whatever_its_length(space, chief, post, django_assert_max_num_queries):
    for _ in range(2):
        for _again in range(6):
            domain.close(actor=chief, topic=post.topic)
            domain.reopen(actor=chief, topic=post.topic)
            participation.warn(actor=chief, space=space, person=member(space), reason="Prou.")
        with django_assert_max_num_queries(9):
            audit.page(space)


def test_the_register_goes_on_by_page(space, chief, post, monkeypatch):
    monkeypatch.setattr(audit, "PAGE_SIZE", 2)
    for _ in range(2):
        domain.close(actor=chief, topic=post.topic)
        domain.reopen(actor=chief, topic=post.topic)
    first = audit.page(space)
    second = audit.page(space, before=first.following)
    assert (len(first.acts), len(second.acts), second.following) == (2, 2, None)


def test_the_queue_costs_the_same_whatever_its_length(chief, space, django_assert_max_num_queries):
    boss = UserFactory(roles=[Role.COORDINATOR])
    for count in (1, 6):
        for _ in range(count):
            topic = open_topic(member(other := forum()), space=other)
            written = answer(topic)
            domain.flag(actor=member(other), post=written, reason=Reason.SPAM)
            hiding = domain.hide(actor=boss, post=answer(topic), reason=Reason.SPAM)
            domain.appeal(person=hiding.post.author, decision=hiding, text="No.")
        with django_assert_max_num_queries(10):
            found = queue.waiting_for(boss)
    assert len(found.cases) == len(found.pleas) == 7


@pytest.mark.parametrize("visibility", Visibility)
def test_the_stream_of_moderation_is_for_who_moderates(visibility):
    space = forum(visibility=visibility)
    stream = f"moderation:{space.pk}"
    assert may_subscribe(moderator(space), stream)
    assert may_subscribe(UserFactory(roles=[Role.COORDINATOR]), stream)
    for person in (None, member(space), UserFactory(), UserFactory(roles=[Role.EDITOR])):
        assert not may_subscribe(person, stream)


def test_a_stream_tells_no_reason_and_no_name(space, chief, post):
    domain.flag(actor=member(space), post=post, reason=Reason.PERSONAL, note="Hi ha un DNI.")
    for activity in Activity.objects.filter(type="agora.flagged"):
        assert "personal" not in str(present(activity))
        assert "DNI" not in str(present(activity))


# ---- retention ----


def test_what_was_taken_away_goes_for_ever_when_its_time_is_over(space, chief, post):
    domain.edit_post(actor=post.author, post=post, text="Una altra cosa")
    domain.delete_post(actor=post.author, post=post)
    hidden, standing = answer(post.topic, text="S'amagarà"), answer(post.topic, text="Es queda")
    domain.hide(actor=chief, post=hidden, reason=Reason.SPAM)
    now = timezone.now()
    assert empty_removed_posts(before=now - timedelta(days=1)) == 0
    assert empty_removed_posts(before=now + timedelta(minutes=1)) == 2
    assert empty_removed_posts(before=now + timedelta(minutes=1)) == 0
    for gone in (post, hidden):
        gone.refresh_from_db()
        assert (gone.text, gone.html) == ("", "")
    assert not PostRevision.objects.exists()
    standing.refresh_from_db()
    assert standing.text == "Es queda"
    with pytest.raises(Refusal):
        domain.restore_post(actor=post.author, post=post)
    with pytest.raises(Refusal):
        domain.show(actor=chief, post=hidden)


def test_words_that_somebody_still_stands_up_for_wait_for_the_answer(space, chief, post):
    hiding = domain.hide(actor=chief, post=post, reason=Reason.SPAM)
    domain.appeal(person=post.author, decision=hiding, text="No.")
    assert empty_removed_posts(before=timezone.now() + timedelta(minutes=1)) == 0


def test_who_flagged_is_forgotten_and_that_it_was_flagged_is_not(space, chief, post):
    domain.flag(actor=member(space), post=post, reason=Reason.SPAM, note="Ven rodes.")
    assert forget_flags(before=timezone.now() + timedelta(minutes=1)) == 0, "it waits"
    domain.answer_flags(actor=chief, post=post, is_upheld=True)
    assert forget_flags(before=timezone.now() + timedelta(minutes=1)) == 1
    found = Flag.objects.get()
    assert (found.person, found.note, found.reason) == (None, "", Reason.SPAM)
