"""Flags, hiding, letters and appeals."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from agora import domain, permissions, queue
from agora.models import Appeal, Flag, Hiding, Reason, Topic
from platform_core.accounts.roles import Role
from platform_core.activity.models import StreamEntry
from platform_core.background.worker import Worker
from platform_core.base.errors import Refusal
from platform_core.participation import domain as participation
from platform_core.search.models import SearchEntry
from tests.factories.accounts import UserFactory
from tests.factories.agora import answer, known_member, member, moderator, open_topic
from tests.factories.organisations import deliver_all

pytestmark = pytest.mark.django_db


def work() -> None:
    deliver_all()
    Worker().drain()


# ---- flags ----


def test_who_reads_a_post_flags_it_once_and_only_who_moderates_hears_of_it(space, chief, post):
    reader = member(space)
    first = domain.flag(actor=reader, post=post, reason=Reason.SPAM)
    assert domain.flag(actor=reader, post=post, reason=Reason.OFFENSIVE) == first
    streams = StreamEntry.objects.filter(activity__type="agora.flagged").values_list("stream", flat=True)
    assert list(streams) == [f"moderation:{space.pk}"]
    assert [case.post for case in queue.waiting_for(chief).cases] == [post]
    post.refresh_from_db()
    assert post.is_readable


def test_nobody_flags_what_they_wrote_or_do_not_read(space, post):
    for person in (post.author, UserFactory()):
        assert not permissions.can_flag(person, post)
        with pytest.raises(Refusal):
            domain.flag(actor=person, post=post, reason=Reason.SPAM)


def test_something_else_has_to_be_said_in_words(space, post):
    with pytest.raises(Refusal) as refused:
        domain.flag(actor=member(space), post=post, reason=Reason.OTHER, note="  ")
    assert refused.value.field == "note"


def test_flags_are_limited_a_day(space, post, monkeypatch):
    monkeypatch.setattr("agora.domain.moderation.MOST_FLAGS_A_DAY", 1)
    reader = member(space)
    domain.flag(actor=reader, post=post, reason=Reason.SPAM)
    with pytest.raises(Refusal):
        domain.flag(actor=reader, post=answer(post.topic), reason=Reason.SPAM)


def test_three_members_who_are_no_longer_new_hide_a_post_until_somebody_looks(space, chief, post):
    for _ in range(2):
        domain.flag(actor=known_member(space), post=post, reason=Reason.SPAM)
    domain.flag(actor=member(space), post=post, reason=Reason.SPAM)
    post.refresh_from_db()
    assert post.is_readable, "one of the three is new here"
    domain.flag(actor=known_member(space), post=post, reason=Reason.OFFENSIVE)
    post.refresh_from_db()
    assert not post.is_readable
    hiding = Hiding.objects.get()
    assert (hiding.is_automatic, hiding.by, hiding.reason) == (True, None, Reason.SPAM)
    (case,) = queue.waiting_for(chief, space).cases
    assert case.hidden_by_itself
    domain.answer_flags(actor=chief, post=post, is_upheld=False)
    post.refresh_from_db()
    assert post.is_readable
    assert queue.count_waiting(chief) == 0


def test_a_post_hidden_by_itself_stays_hidden_by_the_word_of_who_moderates(space, chief, post):
    for _ in range(3):
        domain.flag(actor=known_member(space), post=post, reason=Reason.SPAM)
    domain.answer_flags(actor=chief, post=post, is_upheld=True)
    assert Hiding.objects.get().by == chief
    assert queue.count_waiting(chief) == 0
    assert set(Flag.objects.values_list("is_upheld", flat=True)) == {True}


def test_what_who_moderates_wrote_is_not_hidden_by_itself(space, chief):
    topic = open_topic(chief, space=space)
    first = topic.posts.get(number=1)
    for _ in range(3):
        domain.flag(actor=known_member(space), post=first, reason=Reason.SPAM)
    first.refresh_from_db()
    assert first.is_readable


# ---- hiding ----


def test_a_hidden_post_is_there_only_for_who_moderates_and_can_stand_again(space, chief, post):
    reader = member(space)
    domain.flag(actor=reader, post=post, reason=Reason.SPAM)
    before = Topic.objects.get(pk=post.topic_id).post_count
    domain.hide(actor=chief, post=post, reason=Reason.SPAM, note="És publicitat.")
    post.refresh_from_db()
    assert not permissions.can_read_post(reader, post)
    assert permissions.can_read_post(chief, post)
    assert Topic.objects.get(pk=post.topic_id).post_count == before - 1
    assert Flag.objects.get().is_upheld
    domain.show(actor=chief, post=post)
    post.refresh_from_db()
    assert permissions.can_read_post(reader, post)
    assert Hiding.objects.get().ended_by == chief


def test_a_topic_goes_with_its_first_post_when_so_wanted_and_comes_back_with_it(space, chief):
    topic = open_topic(member(space), space=space)
    answer(topic)
    first, reader = topic.posts.get(number=1), member(space)
    domain.hide(actor=chief, post=first, reason=Reason.ILLEGAL, takes_topic=True)
    topic.refresh_from_db()
    assert not permissions.can_read(reader, topic)
    assert permissions.can_read(chief, topic)
    domain.show(actor=chief, post=first)
    topic.refresh_from_db()
    assert permissions.can_read(reader, topic)


def test_a_hidden_accepted_answer_is_no_longer_the_answer(space, chief, post):
    domain.accept_answer(actor=post.topic.author, post=post)
    domain.hide(actor=chief, post=post, reason=Reason.SPAM)
    assert Topic.objects.get(pk=post.topic_id).accepted is None


def test_only_who_moderates_hides_and_answers(space, post):
    for person in (member(space), post.author, UserFactory(roles=[Role.EDITOR])):
        for verb in (
            lambda: domain.hide(actor=person, post=post, reason=Reason.SPAM),  # noqa: B023  called at once
            lambda: domain.show(actor=person, post=post),  # noqa: B023
            lambda: domain.answer_flags(actor=person, post=post, is_upheld=False),  # noqa: B023
        ):
            with pytest.raises(Refusal):
                verb()


def test_what_is_hidden_is_not_found_any_more(space, chief, post):
    work()
    words = SearchEntry.objects.get(kind="agora.topic", object_id=str(post.topic_id)).body
    assert "bicicleta" in words
    domain.hide(actor=chief, post=post, reason=Reason.SPAM)
    work()
    assert "bicicleta" not in SearchEntry.objects.get(kind="agora.topic", object_id=str(post.topic_id)).body


# ---- letters ----


def test_each_is_told_once_with_the_reason(space, chief, post):
    work()
    mail.outbox.clear()
    domain.flag(actor=member(space), post=post, reason=Reason.SPAM, note="Ven rodes.")
    domain.flag(actor=member(space), post=post, reason=Reason.SPAM)
    work()
    (letter,) = mail.outbox
    assert letter.to == [chief.email]
    assert "Ven rodes." in letter.body
    domain.hide(actor=chief, post=post, reason=Reason.SPAM, note="Aquí no es ven res.")
    work()
    assert mail.outbox[1].to == [post.author.email]
    assert "Aquí no es ven res." in mail.outbox[1].body
    participation.warn(actor=chief, space=space, person=post.author, reason="Segon avís.")
    work()
    assert mail.outbox[2].to == [post.author.email]
    assert "Segon avís." in mail.outbox[2].body
    assert len(mail.outbox) == 3


# ---- appeals ----


def test_what_is_said_against_a_decision_is_answered_by_somebody_else_and_takes_it_back(space, chief, post):
    hiding = domain.hide(actor=chief, post=post, reason=Reason.SPAM)
    made = domain.appeal(person=post.author, decision=hiding, text="No venc res: les regalo.")
    with pytest.raises(Refusal):
        domain.answer_appeal(actor=chief, appeal=made, is_upheld=True, answer="Jo mateixa.")
    with pytest.raises(Refusal):
        domain.answer_appeal(actor=member(space), appeal=made, is_upheld=True, answer="Un membre.")
    other = moderator(space)
    assert [plea.may_answer for plea in queue.waiting_for(chief).pleas] == [False]
    assert [plea.may_answer for plea in queue.waiting_for(other).pleas] == [True]
    domain.answer_appeal(actor=other, appeal=made, is_upheld=True, answer="Teniu raó.")
    post.refresh_from_db()
    assert post.is_readable
    with pytest.raises(Refusal):
        domain.answer_appeal(actor=other, appeal=made, is_upheld=False, answer="Un altre cop.")
    work()
    assert "Teniu raó." in [letter.body for letter in mail.outbox if letter.to == [post.author.email]][-1]


def test_a_suspension_is_lifted_by_an_appeal_and_stands_when_it_is_not_right(space, chief, post):
    until = timezone.now() + timedelta(days=7)
    for is_upheld in (False, True):
        sanction = participation.suspend(actor=chief, space=space, person=post.author, reason="Prou.", until=until)
        made = domain.appeal(person=post.author, decision=sanction, text="No hi estic d'acord.")
        coordinator = UserFactory(roles=[Role.COORDINATOR])
        domain.answer_appeal(actor=coordinator, appeal=made, is_upheld=is_upheld, answer="Ho hem mirat.")
        sanction.refresh_from_db()
        assert sanction.is_in_force is not is_upheld


def test_one_appeals_once_in_time_and_about_oneself(space, chief, post):
    hiding = domain.hide(actor=chief, post=post, reason=Reason.SPAM)
    with pytest.raises(Refusal):
        domain.appeal(person=member(space), decision=hiding, text="No és meu.")
    domain.appeal(person=post.author, decision=hiding, text="Un cop.")
    with pytest.raises(Refusal):
        domain.appeal(person=post.author, decision=hiding, text="Dos cops.")
    late = domain.hide(actor=chief, post=answer(post.topic, post.author), reason=Reason.SPAM)
    Hiding.objects.filter(pk=late.pk).update(at=timezone.now() - timedelta(days=31))
    late.refresh_from_db()
    with pytest.raises(Refusal):
        domain.appeal(person=post.author, decision=late, text="Massa tard.")
    assert Appeal.objects.count() == 1
