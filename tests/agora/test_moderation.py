"""Flags, hiding, limits, appeals, the audit trail and retention."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from agora import audit, domain, permissions, queue
from agora.domain import limits
from agora.domain.limits import LIMITS, Trust, trust_of
from agora.domain.retention import empty_removed_posts, forget_flags
from agora.models import Appeal, Flag, Hiding, Post, PostRevision, Reason, Topic
from agora.streams import present
from platform_core.accounts.roles import Role
from platform_core.activity.models import Activity, StreamEntry
from platform_core.background.worker import Worker
from platform_core.base.errors import Refusal
from platform_core.participation import domain as participation
from platform_core.participation.models import Visibility
from platform_core.realtime.streams import find
from platform_core.search.models import SearchEntry
from tests.factories.accounts import UserFactory
from tests.factories.agora import answer, forum, member, moderator, open_topic
from tests.factories.organisations import deliver_all

pytestmark = pytest.mark.django_db


def known_member(space, **fields):
    """Somebody who has written here before: no longer new."""
    person = member(space, **fields)
    topic = open_topic(member(space), space=space, text=f"Tema de {person.pk}")
    long_ago = timezone.now() - timedelta(days=3)
    for number in range(3):
        domain.post(actor=None, author=person, topic=topic, text=f"Aportació {number}", at=long_ago)
    return person


@pytest.fixture
def space():
    return forum(visibility=Visibility.MEMBERS)


@pytest.fixture
def chief(space):
    return moderator(space, name="Moderadora Fictícia")


@pytest.fixture
def post(space):
    topic = open_topic(member(space), space=space)
    return answer(topic, member(space, name="Autor Fictici"), text="Compreu les meves rodes de bicicleta.")


def work() -> None:
    deliver_all()
    Worker().drain()


def may_subscribe(person, stream):
    kind, key = find(stream)
    return kind.may_subscribe(person, key)


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


# ---- limits ----


def test_a_new_member_writes_a_little_at_once_and_more_when_they_are_known(space):
    topic, person = open_topic(member(space), space=space), member(space)
    most = LIMITS[Trust.NEW].posts_in_a_while
    for number in range(most):
        answer(topic, person, text=f"Missatge {number}")
    with pytest.raises(Refusal):
        answer(topic, person, text="Un de més")
    known = known_member(space)
    assert trust_of(known) == Trust.KNOWN
    for number in range(most + 1):
        answer(topic, known, text=f"Missatge {number}")


def test_after_a_while_one_writes_again(space):
    topic, person = open_topic(member(space), space=space), member(space)
    for number in range(LIMITS[Trust.NEW].posts_in_a_while):
        answer(topic, person, text=f"Missatge {number}")
    Post.objects.filter(author=person).update(created_at=timezone.now() - limits.A_WHILE)
    answer(topic, person, text="Ara sí")


def test_who_moderates_and_commands_have_no_limits(space, chief):
    topic = open_topic(member(space), space=space)
    for number in range(LIMITS[Trust.TRUSTED].posts_in_a_while + 1):
        answer(topic, chief, text=f"Missatge {number}")
        domain.post(actor=None, author=topic.author, topic=topic, text="El mateix un cop i un altre, quaranta lletres.")


def test_the_same_words_twice_are_refused_and_short_thanks_are_not(space):
    topic, person = open_topic(member(space), space=space), member(space)
    words = "Compreu les meves rodes de bicicleta, que són molt bones."
    answer(topic, person, text=words)
    with pytest.raises(Refusal) as refused:
        answer(open_topic(member(space), space=space), person, text=words)
    assert refused.value.field == "text"
    answer(topic, person, text="Gràcies!")
    answer(topic, person, text="Gràcies!")


def test_a_new_member_puts_few_links_also_when_editing_and_ours_do_not_count(space, settings):
    settings.WAGTAILADMIN_BASE_URL = "https://agora.test"
    topic, person = open_topic(member(space), space=space), member(space)
    links = " ".join(f"https://exemple{number}.test/" for number in range(LIMITS[Trust.NEW].links + 1))
    with pytest.raises(Refusal) as refused:
        answer(topic, person, text=links)
    assert refused.value.field == "text"
    written = answer(topic, person, text="Un text net")
    with pytest.raises(Refusal):
        domain.edit_post(actor=person, post=written, text=links)
    answer(topic, person, text=" ".join(f"https://agora.test/faq/{number}/" for number in range(9)))
    answer(topic, known_member(space), text=links)


def test_few_topics_a_day_for_who_is_new(space):
    person = member(space)
    for number in range(LIMITS[Trust.NEW].topics_a_day):
        open_topic(person, space=space, text=f"Tema {number}")
    with pytest.raises(Refusal):
        open_topic(person, space=space, text="Un tema de més")
    answer(open_topic(member(space), space=space), person, text="Respondre sí")


def test_who_had_to_be_told_is_as_new_again_until_it_is_forgotten(space, chief):
    person = known_member(space)
    given = participation.warn(actor=chief, space=space, person=person, reason="Prou.")
    assert trust_of(person) == Trust.NEW
    participation.lift(actor=chief, sanction=given, because="Era un malentès.")
    assert trust_of(person) == Trust.KNOWN
    flagged = Post.objects.filter(author=person).first()
    domain.flag(actor=member(space), post=flagged, reason=Reason.SPAM)
    domain.answer_flags(actor=chief, post=flagged, is_upheld=True)
    assert trust_of(person) == Trust.NEW
    Flag.objects.update(handled_at=timezone.now() - limits.REMEMBERED - timedelta(days=1))
    assert trust_of(person) == Trust.KNOWN


def test_who_is_suspended_does_not_write(space, chief, post):
    participation.suspend(
        actor=chief, space=space, person=post.author, reason="Prou.", until=timezone.now() + timedelta(days=1)
    )
    with pytest.raises(Refusal):
        answer(post.topic, post.author, text="Però jo…")
    with pytest.raises(Refusal):
        domain.edit_post(actor=post.author, post=post, text="Una altra cosa")
    with pytest.raises(Refusal):
        open_topic(post.author, space=space)


# ---- the audit trail ----


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
        with django_assert_max_num_queries(20):
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
