"""What a person reads: unread counts to the post, pages by number, and names that only some may know."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser

from agora import domain, listing, queries
from agora.models import FollowLevel, Post, ReactionKind, TopicKind
from platform_core.accounts.models import User
from platform_core.base.markup import handle
from tests.factories.accounts import UserFactory
from tests.factories.agora import answer, forum, member, moderator, open_topic, topic_of
from tests.factories.desk import open_case, referent_of

pytestmark = pytest.mark.django_db


def unread(person: User, topic: object) -> int:
    return queries.unread_counts(person.pk, [topic.pk]).get(topic.pk, 0)


# ---- unread, exactly ----


def test_unread_are_the_posts_of_others_after_the_mark_that_can_be_read():
    topic = topic_of(3)
    reader = member(topic.space)
    assert unread(reader, topic) == 0, "who has never been here has no count: it is new for them"
    domain.mark_read(person=reader, topic=topic, number=1)
    assert unread(reader, topic) == 2
    answer(topic, reader)
    assert unread(reader, topic) == 2, "one's own are not unread"
    gone = topic.posts.get(number=2)
    domain.delete_post(actor=gone.author, post=gone)
    assert unread(reader, topic) == 1
    domain.restore_post(actor=gone.author, post=gone)
    domain.split(actor=moderator(topic.space), topic=topic, numbers=[3], title="Un altre")
    assert unread(reader, topic) == 1
    topic.refresh_from_db()
    domain.mark_read(person=reader, topic=topic, number=4)
    assert unread(reader, topic) == 0


def test_two_devices_of_one_person_agree():
    topic = topic_of(9)
    person = member(topic.space)
    for device in ([1, 4, 9], [2, 3, 8]):
        for number in device:
            domain.mark_read(person=User.objects.get(pk=person.pk), topic=topic, number=number)
    assert unread(person, topic) == 0


def test_a_topic_opens_at_the_first_post_that_was_not_read():
    topic = topic_of(45)
    reader = member(topic.space)
    assert queries.first_unread(queries.reading(reader, topic.pk)) == 1
    domain.mark_read(person=reader, topic=topic, number=22)
    gone = topic.posts.get(number=23)
    domain.delete_post(actor=gone.author, post=gone)
    read = queries.reading(reader, topic.pk)
    assert queries.first_unread(read) == 24
    found = queries.page(reader, read, 24)
    assert (found.first, found.last, found.number, found.count) == (21, 40, 2, 3)
    assert (found.previous, found.next) == (1, 41)
    assert [line.is_new for line in found.lines] == [False, False, *[True] * 18]


@pytest.mark.parametrize(("asked", "first"), [(-5, 1), (0, 1), (1, 1), (20, 1), (21, 21), (45, 41), (10**9, 41)])
def test_any_number_leads_to_a_page(asked: int, first: int):
    topic = topic_of(45)
    assert queries.page(AnonymousUser(), queries.reading(AnonymousUser(), topic.pk), asked).first == first


def test_the_accepted_answer_stands_on_the_first_page_wherever_it_is():
    topic = topic_of(25)
    domain.accept_answer(actor=topic.author, post=topic.posts.get(number=25))
    read = queries.reading(topic.author, topic.pk)
    assert queries.page(topic.author, read, 1).answer.post.number == 25
    assert queries.page(topic.author, read, 25).answer is None


# ---- the number of questions to the database ----


def cost(viewer: object, topic: object, number: int, count: object) -> int:
    with count() as asked:
        read = queries.reading(viewer, topic.pk)
        queries.page(viewer, read, number)
    return len(asked)


def test_a_page_costs_the_same_with_one_post_and_with_thirty(django_assert_max_num_queries):
    space = forum()
    reader = member(space)
    case = open_case()
    full = open_topic(space=space, title="molts", tags=["a", "b"])
    for number in range(2, 31):
        post = answer(full, text=f"#S-{case.pk} #T-{full.pk} @x-{reader.pk} {number}")
        domain.react(actor=reader, post=post, kind=ReactionKind.LIKE, is_on=True)
    single = open_topic(space=space, text=f"#S-{case.pk} #T-{full.pk} @x-{reader.pk}")
    costs = []
    for topic in (single, full):
        viewer = User.objects.get(pk=reader.pk)
        with django_assert_max_num_queries(9) as asked:
            queries.page(viewer, queries.reading(viewer, topic.pk), 1)
        costs.append(len(asked))
    assert costs[0] == costs[1]


def test_a_list_costs_the_same_with_one_topic_and_with_thirty(django_assert_max_num_queries):
    few, many = forum(), forum()
    reader = member(few)
    costs = []
    for space, topics in ((few, 1), (many, 30)):
        for number in range(topics):
            open_topic(space=space, tags=[f"a{number}", "b"])
        viewer = User.objects.get(pk=reader.pk)
        with django_assert_max_num_queries(7) as asked:
            listing.page(viewer, space, listing.Asked())
        costs.append(len(asked))
    assert costs[0] == costs[1]


# ---- names in a text ----


def html_of(viewer: object, topic: object) -> str:
    return "".join(line.html for line in queries.page(viewer, queries.reading(viewer, topic.pk), 1).lines)


def test_a_ticket_is_a_card_only_for_who_may_see_it():
    space = forum()
    owner = referent_of()
    case = open_case(owner, subject="Secret: pressupost <b>2027</b>")
    writer = member(space)
    topic = open_topic(writer, space=space, text=f"Com a #S-{case.pk}")
    assert "Secret" not in Post.objects.get(topic=topic).html
    assert "Secret: pressupost &lt;b&gt;2027&lt;/b&gt;" in html_of(owner, topic)
    for other in (writer, UserFactory(), AnonymousUser()):
        assert "Secret" not in html_of(other, topic)
        assert f"<p>Com a #S-{case.pk}</p>" in html_of(other, topic)


def test_a_topic_of_a_closed_community_is_a_card_only_for_its_members():
    closed, opened = forum(visibility="invitation"), forum()
    inside = member(closed)
    hidden = open_topic(inside, space=closed, title="De portes endins")
    topic = open_topic(space=opened, text=f"Mireu #T-{hidden.pk}/1")
    assert "De portes endins" in html_of(inside, topic)
    assert "?n=1#post-1" in html_of(inside, topic)
    assert "De portes endins" not in html_of(UserFactory(), topic)


def test_only_members_are_shown_by_name():
    space = forum()
    known, stranger = member(space, name="Núria <i>Ferrer</i>"), UserFactory(name="Algú de Fora")
    topic = open_topic(space=space, text=f"@{handle(known.name, known.pk)} i @x-{stranger.pk}")
    html = html_of(UserFactory(), topic)
    assert '<span class="mention">@Núria &lt;i&gt;Ferrer&lt;/i&gt;</span>' in html
    assert "Algú de Fora" not in html


def test_all_names_of_a_page_cost_one_question(django_assert_num_queries):
    from agora.references import shown_to  # noqa: PLC0415

    space = forum()
    case, topic, person = open_case(), open_topic(space=space), member(space)
    viewer = User.objects.get(pk=person.pk)
    assert viewer.role_names is not None
    html = [domain.render(f"#S-{case.pk} #T-{topic.pk} @x-{person.pk}") for _ in range(30)]
    with django_assert_num_queries(1):
        shown_to(viewer, space, html)
    with django_assert_num_queries(0):
        shown_to(viewer, space, [domain.render("res")])


# ---- the list ----


def listed(viewer: object, space: object, **asked: object) -> list[str]:
    return [row.topic.title for row in listing.page(viewer, space, listing.Asked(**asked)).rows]


def test_the_list_has_what_moved_last_first_and_pages_by_key():
    space = forum()
    topics = [open_topic(space=space, title=str(number)) for number in range(60)]
    answer(topics[3])
    seen, asked = [], listing.Asked()
    while True:
        found = listing.page(AnonymousUser(), space, asked)
        seen += [row.topic.title for row in found.rows]
        if not found.next_address:
            break
        from django.http import QueryDict  # noqa: PLC0415

        asked = listing.Asked.of(QueryDict(found.next_address[1:]))
    assert seen == ["3", *(str(number) for number in range(59, -1, -1) if number != 3)]


def test_pinned_topics_stand_above():
    space = forum()
    first, _second = open_topic(space=space, title="fixat"), open_topic(space=space, title="altre")
    domain.pin(actor=moderator(space), topic=first)
    found = listing.page(AnonymousUser(), space, listing.Asked())
    assert [row.topic.title for row in found.pinned] == ["fixat"]
    assert [row.topic.title for row in found.rows] == ["altre"]
    assert listed(AnonymousUser(), space, kind="question") == ["altre", "fixat"]


def test_each_filter_shows_what_it_says():
    space = forum()
    me = member(space)
    solved = open_topic(space=space, title="resolt")
    domain.accept_answer(actor=solved.author, post=answer(solved))
    mine = open_topic(me, space=space, title="meu", tags=["Fases"], kind=TopicKind.DISCUSSION)
    kept = open_topic(space=space, title="desat")
    domain.bookmark(person=me, post=kept.posts.get(), is_on=True)
    domain.mark_read(person=me, topic=kept, number=1)
    muted = open_topic(space=space, title="silenciat")
    domain.follow(person=me, topic=muted, level=FollowLevel.MUTED)
    assert listed(me, space, state="resolts") == ["resolt"]
    assert listed(me, space, state="sense-resposta") == ["silenciat", "desat"]
    assert listed(me, space, state="meus") == ["meu"]
    assert listed(me, space, state="seguits") == ["meu"]
    assert listed(me, space, state="desats") == ["desat"]
    assert listed(me, space, state="no-llegits") == ["resolt"]
    assert listed(me, space, tag="fases") == ["meu"]
    assert listed(me, space, text="SILEN") == ["silenciat"]
    assert listed(AnonymousUser(), space, state="meus") == []
    assert mine.pk
