"""How much one may write at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from agora import domain
from agora.domain import limits
from agora.domain.limits import LIMITS, Trust, trust_of
from agora.models import Flag, Post, Reason
from platform_core.base.errors import Refusal
from platform_core.participation import domain as participation
from tests.factories.agora import answer, known_member, member, open_topic

pytestmark = pytest.mark.django_db


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
