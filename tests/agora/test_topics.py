"""What people do with topics and posts, by the verbs that the pages use."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from agora import domain, events
from agora.models import Draft, Follow, FollowLevel, MeToo, Post, ReactionKind, ReadMark, Topic, TopicKind
from platform_core.accounts.roles import Role
from platform_core.activity.models import Activity, StreamEntry
from platform_core.base.errors import Refusal
from platform_core.base.markup import handle
from tests.factories.accounts import UserFactory
from tests.factories.agora import answer, forum, member, moderator, open_topic, topic_of

pytestmark = pytest.mark.django_db


def last_event() -> object:
    return Activity.objects.latest("pk").event


# ---- opening and answering ----


def test_a_topic_is_opened_with_its_first_post():
    topic = open_topic(tags=["Fases", " #fases ", "Participació ciutadana"])
    post = topic.posts.get()
    assert (post.number, post.author, post.topic) == (1, topic.author, topic)
    assert post.html == "<p>Ahir acabava la fase i avui encara s'hi podien fer propostes.</p>\n"
    assert (topic.post_count, topic.last_number, topic.last_author) == (1, 1, topic.author)
    assert sorted(tag.name for tag in topic.tags.all()) == ["fases", "participació ciutadana"]
    assert Follow.objects.get(topic=topic).level == FollowLevel.WATCHING
    assert isinstance(last_event(), events.TopicOpened)


def test_posts_are_numbered_one_after_the_other():
    topic = topic_of(4)
    assert list(topic.posts.order_by("number").values_list("number", flat=True)) == [1, 2, 3, 4]
    assert (topic.post_count, topic.last_number, topic.reply_count) == (4, 4, 3)


def test_readers_of_the_topic_and_of_its_community_hear_of_a_post():
    topic = open_topic()
    answer(topic)
    heard = StreamEntry.objects.filter(activity__type="agora.posted").values_list("stream_id", flat=True)
    assert set(heard) == {f"topic:{topic.pk}", f"space:{topic.space_id}"}


def test_the_same_form_sent_twice_gives_one_post_and_one_topic():
    space, number = forum(), uuid4()
    person = member(space)
    first = open_topic(person, space=space, submission=number)
    assert open_topic(person, space=space, submission=number) == first
    other = uuid4()
    posts = {answer(first, person, submission=other).pk for _twice in range(2)}
    assert len(posts) == 1
    first.refresh_from_db()
    assert first.post_count == 2


def test_whose_number_it_is_not_does_not_get_the_post_of_another():
    topic, number = open_topic(), uuid4()
    answer(topic, submission=number)
    with pytest.raises(Exception):  # noqa: B017, PT011  the number is taken; nothing is given away
        answer(topic, submission=number)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"text": "\n \x00"}, "text"),
        ({"text": "x" * 30_001}, "text"),
        ({"tags": ["a", "b", "c", "d", "e", "f"]}, "tags"),
        ({"tags": ["x" * 41]}, "tags"),
        ({"kind": TopicKind.POLL, "options": ["sí", "sí", ""]}, "options"),
        ({"kind": TopicKind.POLL, "options": [str(n) for n in range(11)]}, "options"),
        ({"kind": TopicKind.POLL, "options": ["sí", "x" * 121]}, "options"),
        ({"kind": TopicKind.POLL, "options": ["sí", "no"], "closes_at": timezone.now()}, "closes_at"),
    ],
)
def test_what_cannot_be_opened_says_beside_which_field(facts: dict, field: str):
    with pytest.raises(Refusal) as refused:
        open_topic(**facts)
    assert refused.value.field == field
    assert not Topic.objects.exists()


def test_only_who_takes_part_writes():
    topic = open_topic()
    for stranger in (UserFactory(), UserFactory(roles=[Role.EDITOR])):
        with pytest.raises(Refusal):
            answer(topic, stranger)
        with pytest.raises(Refusal):
            open_topic(stranger, space=topic.space)


def test_announcements_are_for_who_moderates():
    space = forum()
    with pytest.raises(Refusal):
        open_topic(member(space), space=space, kind=TopicKind.ANNOUNCEMENT)
    assert open_topic(moderator(space), space=space, kind=TopicKind.ANNOUNCEMENT).pk


def test_a_title_disturbs_nobody():
    topic = open_topic(title="factura \u202egpj.exe Z" + "\u0335" * 40 + "\n u")
    assert topic.title == "factura gpj.exe Z" + "\u0335" * 4 + " u"


# ---- people who are named ----


def test_who_is_named_and_may_read_it_is_told():
    space = forum(visibility="members")
    named, outsider, writer = member(space, name="Núria Ferrer"), UserFactory(), member(space)
    text = " ".join(f"@{handle(person.name, person.pk)}" for person in (named, outsider, writer))
    topic = open_topic(writer, space=space, text=text)
    assert last_event().mentioned == [named.pk]
    post = answer(topic, writer, text="res")
    domain.edit_post(actor=writer, post=post, text=f"@x-{named.pk}")
    assert last_event().mentioned == [named.pk]
    domain.edit_post(actor=writer, post=post, text=f"Ep @x-{named.pk}")
    assert last_event().mentioned == []
    assert StreamEntry.objects.filter(stream_id=f"user:{named.pk}").count() == 2
    assert not StreamEntry.objects.filter(stream_id=f"user:{outsider.pk}").exists()


# ---- editing ----


def test_what_a_post_said_before_stays_in_its_history():
    post = answer(open_topic(), text="Primer")
    domain.edit_post(actor=post.author, post=post, text="Segon", reason="falta")
    domain.edit_post(actor=post.author, post=post, text="Tercer")
    post.refresh_from_db()
    assert (post.text, post.html, post.version) == ("Tercer", "<p>Tercer</p>\n", 3)
    assert post.edited_at is not None
    assert [(one.version, one.text, one.reason) for one in post.revisions.order_by("version")] == [
        (1, "Primer", "falta"),
        (2, "Segon", ""),
    ]


def test_two_people_who_edit_at_once_do_not_overwrite_each_other():
    space = forum()
    post = answer(open_topic(space=space), text="Primer")
    domain.edit_post(actor=moderator(space), post=post, text="De la moderació", expected_version=1)
    with pytest.raises(domain.Changed) as refused:
        domain.edit_post(actor=post.author, post=post, text="Meu", expected_version=1)
    assert refused.value.post.text == "De la moderació"
    assert domain.edit_post(actor=post.author, post=post, text="Meu", expected_version=2).version == 3


def test_others_do_not_edit_or_delete():
    post = answer(open_topic())
    other = member(post.topic.space)
    with pytest.raises(Refusal):
        domain.edit_post(actor=other, post=post, text="x")
    with pytest.raises(Refusal):
        domain.delete_post(actor=other, post=post)


def test_saving_the_same_words_changes_nothing():
    post = answer(open_topic(), text="Igual")
    assert domain.edit_post(actor=post.author, post=post, text=" Igual\r\n").version == 1
    assert not post.revisions.exists()


# ---- deleting ----


def test_a_deleted_post_keeps_its_number_and_can_be_put_back():
    topic = topic_of(3)
    post = topic.posts.get(number=2)
    domain.delete_post(actor=post.author, post=post)
    topic.refresh_from_db()
    assert (topic.post_count, topic.last_number) == (2, 3)
    assert answer(topic).number == 4
    domain.restore_post(actor=post.author, post=post)
    topic.refresh_from_db()
    assert topic.post_count == 4


def test_the_last_word_is_that_of_the_last_post_that_can_be_read():
    topic = topic_of(3)
    last = topic.posts.get(number=3)
    domain.delete_post(actor=last.author, post=last)
    topic.refresh_from_db()
    assert topic.last_author == topic.posts.get(number=2).author


def test_an_answered_topic_is_not_deleted_by_its_author():
    topic = topic_of(2)
    with pytest.raises(Refusal):
        domain.delete_post(actor=topic.author, post=topic.posts.get(number=1))


def test_an_unanswered_one_goes_and_comes_back_whole():
    topic = open_topic()
    post = topic.posts.get()
    domain.delete_post(actor=topic.author, post=post)
    topic.refresh_from_db()
    assert topic.hidden_at is not None
    domain.restore_post(actor=moderator(topic.space), post=post)
    topic.refresh_from_db()
    assert topic.hidden_at is None


def test_what_who_moderates_deleted_its_author_does_not_put_back():
    post = answer(open_topic())
    domain.delete_post(actor=moderator(post.topic.space), post=post)
    with pytest.raises(Refusal):
        domain.restore_post(actor=post.author, post=post)


# ---- accepted answers, reactions, votes ----


def test_who_asked_says_which_answer_is_the_good_one():
    topic = topic_of(3)
    second, third = topic.posts.filter(number__gt=1).order_by("number")
    domain.accept_answer(actor=topic.author, post=second)
    domain.accept_answer(actor=topic.author, post=third)
    topic.refresh_from_db()
    assert (topic.accepted, topic.accepted_by) == (third, topic.author)
    domain.delete_post(actor=third.author, post=third)
    topic.refresh_from_db()
    assert topic.accepted is None


@pytest.mark.parametrize("who", ["answerer", "stranger"])
def test_nobody_else_does(who: str):
    post = answer(open_topic())
    with pytest.raises(Refusal):
        domain.accept_answer(actor=post.author if who == "answerer" else UserFactory(), post=post)


def test_a_question_is_no_answer_and_a_discussion_has_none():
    topic = open_topic()
    with pytest.raises(Refusal):
        domain.accept_answer(actor=topic.author, post=topic.posts.get())
    talk = open_topic(kind=TopicKind.DISCUSSION)
    with pytest.raises(Refusal):
        domain.accept_answer(actor=talk.author, post=answer(talk))


def test_reactions_are_counted_once_a_person_and_kind():
    post = answer(open_topic())
    one, two = member(post.topic.space), member(post.topic.space)
    for _twice in range(2):
        domain.react(actor=one, post=post, kind=ReactionKind.LIKE, is_on=True)
    assert domain.react(actor=two, post=post, kind=ReactionKind.LIKE, is_on=True) == 2
    assert last_event().count == 2
    assert domain.react(actor=one, post=post, kind=ReactionKind.LIKE, is_on=False) == 1
    assert Activity.objects.filter(type="agora.reacted").count() == 3


def test_me_too_is_of_others():
    topic = open_topic()
    other = member(topic.space)
    assert domain.say_me_too(actor=other, topic=topic, is_on=True) == 1
    assert domain.say_me_too(actor=other, topic=topic, is_on=True) == 1
    with pytest.raises(Refusal):
        domain.say_me_too(actor=topic.author, topic=topic, is_on=True)
    assert domain.say_me_too(actor=other, topic=topic, is_on=False) == 0
    assert not MeToo.objects.exists()


def test_answers_are_voted_up_and_down_and_never_by_their_author():
    post = answer(open_topic())
    voters = [member(post.topic.space) for _ in range(3)]
    scores = [domain.vote_answer(actor=voter, post=post, value=1) for voter in voters]
    assert scores == [1, 2, 3]
    assert domain.vote_answer(actor=voters[0], post=post, value=-1) == 1
    assert domain.vote_answer(actor=voters[0], post=post, value=0) == 2
    with pytest.raises(Refusal):
        domain.vote_answer(actor=post.author, post=post, value=1)


# ---- polls ----


def poll(**facts: object) -> Topic:
    return open_topic(kind=TopicKind.POLL, options=["Dilluns", "Dimarts", "Dimecres"], **facts)


def test_one_votes_in_a_poll_and_changes_their_mind():
    topic = poll()
    person, other = member(topic.space), member(topic.space)
    first, second, _third = topic.poll.options.order_by("position")
    domain.vote_in_poll(actor=person, topic=topic, options=[first.pk])
    domain.vote_in_poll(actor=other, topic=topic, options=[first.pk])
    result = domain.vote_in_poll(actor=person, topic=topic, options=[second.pk])
    assert result.voters == 2
    assert list(topic.poll.options.order_by("position").values_list("votes", flat=True)) == [1, 1, 0]
    assert domain.vote_in_poll(actor=person, topic=topic, options=[]).voters == 1


def test_several_options_only_where_the_poll_takes_them():
    single, several = poll(), poll(is_multiple=True)
    for topic, fails in ((single, True), (several, False)):
        chosen = list(topic.poll.options.values_list("pk", flat=True))[:2]
        person = member(topic.space)
        if fails:
            with pytest.raises(Refusal):
                domain.vote_in_poll(actor=person, topic=topic, options=chosen)
        else:
            assert domain.vote_in_poll(actor=person, topic=topic, options=chosen).voters == 1


def test_a_poll_that_is_over_takes_no_votes_and_options_of_another_are_none():
    topic, other = poll(closes_at=timezone.now() + timedelta(days=1)), poll()
    person = member(topic.space)
    with pytest.raises(Refusal):
        domain.vote_in_poll(actor=person, topic=topic, options=[other.poll.options.first().pk])
    type(topic.poll).objects.update(closes_at=timezone.now() - timedelta(minutes=1))
    with pytest.raises(Refusal):
        domain.vote_in_poll(actor=person, topic=topic, options=[topic.poll.options.first().pk])


# ---- closing, pinning, changing ----


def test_in_a_closed_topic_only_who_moderates_writes():
    topic = open_topic()
    chief = moderator(topic.space)
    with pytest.raises(Refusal):
        domain.close(actor=topic.author, topic=topic)
    domain.close(actor=chief, topic=topic)
    with pytest.raises(Refusal):
        answer(topic)
    assert answer(topic, chief).pk
    domain.reopen(actor=chief, topic=topic)
    assert answer(topic).pk


def test_a_topic_is_pinned_until_a_moment():
    topic = open_topic()
    until = timezone.now() + timedelta(days=2)
    pinned = domain.pin(actor=moderator(topic.space), topic=topic, until=until)
    assert pinned.is_pinned_at(timezone.now())
    assert not pinned.is_pinned_at(until)
    with pytest.raises(Refusal):
        domain.pin(actor=moderator(topic.space), topic=topic, until=timezone.now())


def test_a_changed_head_tells_what_changed_and_refuses_who_read_an_older_one():
    topic = open_topic(tags=["a"])
    domain.change_topic(
        actor=topic.author, topic=topic, title="Un altre", kind=TopicKind.DISCUSSION, tags=["b"], expected_version=1
    )
    assert last_event().fields == ["kind", "tags", "title"]
    with pytest.raises(Refusal):
        domain.change_topic(
            actor=topic.author, topic=topic, title="X", kind=TopicKind.QUESTION, tags=[], expected_version=1
        )


# ---- splitting, moving, merging ----


def test_posts_are_split_off_and_lines_that_lead_there_stay_in_their_place():
    topic = topic_of(5)
    made = domain.split(actor=moderator(topic.space), topic=topic, numbers=[3, 5], title="Un altre assumpte")
    assert list(made.posts.order_by("number").values_list("number", "text")) == [
        (1, "Resposta **3**"),
        (2, "Resposta **5**"),
    ]
    topic.refresh_from_db()
    assert (topic.post_count, topic.last_number) == (3, 5)
    assert list(topic.posts.order_by("number").values_list("number", "was_moved")) == [
        (1, False), (2, False), (3, True), (4, False), (5, True),
    ]  # fmt: skip
    assert topic.posts.get(number=3).moved_to == made.posts.get(number=1)
    assert answer(topic).number == 6
    made.refresh_from_db()
    assert (made.post_count, made.last_number) == (2, 2)


@pytest.mark.parametrize("numbers", [[], [1], [2, 99]])
def test_what_cannot_be_split_off_is_refused(numbers: list[int]):
    topic = topic_of(3)
    with pytest.raises(Refusal):
        domain.split(actor=moderator(topic.space), topic=topic, numbers=numbers, title="x")


def test_a_merged_topic_leads_to_where_its_posts_are():
    space = forum()
    first, second, chief = topic_of(2, space=space), topic_of(3, space=space), moderator(space)
    follower = member(space)
    domain.follow(person=follower, topic=second, level=FollowLevel.WATCHING)
    into = domain.merge(actor=chief, topic=second, into=first)
    assert list(into.posts.order_by("number").values_list("number", flat=True)) == [1, 2, 3, 4, 5]
    second.refresh_from_db()
    into.refresh_from_db()
    assert (second.merged_into, second.merged_offset, second.post_count) == (first, 2, 0)
    assert (into.post_count, into.last_number) == (5, 5)
    assert Follow.objects.filter(topic=into, person=follower).exists()
    with pytest.raises(Refusal):
        answer(second)
    with pytest.raises(Refusal):
        domain.merge(actor=chief, topic=second, into=first)


def test_a_topic_is_moved_only_between_communities_that_one_moderates():
    topic, other = open_topic(), forum()
    with pytest.raises(Refusal):
        domain.move(actor=moderator(topic.space), topic=topic, space=other)
    both = UserFactory(roles=[Role.COORDINATOR])
    from tests.factories.participation import member_of  # noqa: PLC0415

    member_of(other, person=both)
    assert domain.move(actor=both, topic=topic, space=other).space == other


# ---- one's own ----


def test_a_reading_position_only_grows_and_never_beyond_the_end():
    topic, person = topic_of(3), UserFactory()
    assert domain.mark_read(person=person, topic=topic, number=2) == 2
    assert domain.mark_read(person=person, topic=topic, number=1) == 2
    assert domain.mark_read(person=person, topic=topic, number=99) == 3
    assert domain.mark_read(person=person, topic=topic, number=-1) == 3
    assert ReadMark.objects.get().number == 3


def test_a_draft_is_kept_with_a_version_and_a_second_device_is_told():
    person = UserFactory()
    first = domain.save_draft(person=person, key="topic:1", text="Hola")
    second = domain.save_draft(person=person, key="topic:1", text="Hola a tothom", version=first.version)
    assert second.version == 2
    with pytest.raises(domain.NewerDraft) as refused:
        domain.save_draft(person=person, key="topic:1", text="Una altra cosa", version=first.version)
    assert refused.value.draft.text == "Hola a tothom"
    assert domain.save_draft(person=person, key="topic:1", text="  ", version=2) is None
    assert not Draft.objects.exists()


def test_what_was_sent_is_no_draft_any_more():
    topic = open_topic()
    person = member(topic.space)
    domain.save_draft(person=person, key=f"topic:{topic.pk}", text="Hola")
    answer(topic, person)
    assert not Draft.objects.exists()


def test_posts_are_rendered_again_from_their_words():
    post = answer(open_topic(), text="**a**")
    Post.objects.update(html="<p>vell</p>")
    post.refresh_from_db()
    assert domain.render_again(post)
    post.refresh_from_db()
    assert post.html == "<p><strong>a</strong></p>\n"
    assert not domain.render_again(post)
