"""Who hears of a post by mail: once, only what they may read, until they stop it."""

from __future__ import annotations

import pytest
from django.core import mail

from agora import domain, letters
from agora.models import Follow, FollowLevel
from agora.tasks import send_letter
from platform_core.background.worker import Worker
from platform_core.base.markup import handle
from platform_core.participation import domain as participation
from platform_core.participation.models import SpaceRole
from tests.factories.accounts import UserFactory
from tests.factories.agora import answer, forum, member, moderator, open_topic
from tests.factories.organisations import deliver_all
from tests.factories.participation import SpaceFactory, member_of

pytestmark = pytest.mark.django_db


def work() -> None:
    deliver_all()
    Worker().drain()


def heard() -> list[str]:
    return sorted(letter.to[0] for letter in mail.outbox)


def test_who_asks_hears_of_each_answer_and_who_answers_of_none_of_their_own():
    topic = open_topic()
    answer(topic, text="Des de **Fases**, prement «Activa».")
    work()
    (letter,) = mail.outbox
    assert letter.to == [topic.author.email]
    assert "Des de Fases, prement «Activa»." in letter.body
    assert topic.url_of(2) in letter.body
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_who_is_named_and_who_is_answered_hear_once_each():
    space = forum()
    named, answered = member(space, name="Nur Fictícia"), member(space)
    topic = open_topic(space=space)
    first = answer(topic, answered)
    work()
    mail.outbox.clear()
    domain.follow(person=named, topic=topic, level=FollowLevel.WATCHING)
    answer(topic, text=f"Què en dius, @{handle(named.name, named.pk)}?", reply_to=first)
    work()
    assert heard() == sorted([named.email, answered.email, topic.author.email])
    subjects = {letter.to[0]: letter.subject for letter in mail.outbox}
    assert "us esmenta" in subjects[named.email]
    assert "us respon" in subjects[answered.email]


def test_told_twice_a_letter_goes_out_once():
    topic = open_topic()
    written = answer(topic)
    work()
    send_letter.enqueue(written.pk, topic.author.pk, letters.WATCHED)
    work()
    assert len(mail.outbox) == 1


def test_who_is_out_by_then_or_has_muted_it_hears_nothing():
    space = SpaceFactory()
    asker, chief, quiet = member_of(space), member_of(space, role=SpaceRole.MODERATOR), member_of(space)
    topic = open_topic(asker, space=space)
    domain.follow(person=quiet, topic=topic, level=FollowLevel.MUTED)
    answer(topic, chief, text=f"@{handle(quiet.name, quiet.pk)}, mira-ho")
    participation.leave(person=asker, space=space)
    work()
    assert not mail.outbox


def test_a_post_that_is_gone_by_then_is_told_to_nobody():
    topic = open_topic()
    written = answer(topic)
    domain.delete_post(actor=moderator(topic.space), post=written)
    work()
    assert not mail.outbox


def test_an_edit_tells_only_who_is_named_anew():
    space = forum()
    named = member(space, name="Nur Fictícia")
    topic = open_topic(space=space)
    written = answer(topic)
    work()
    mail.outbox.clear()
    domain.edit_post(actor=written.author, post=written, text=f"Ho sap @{handle(named.name, named.pk)}")
    work()
    assert heard() == [named.email]


def test_the_link_in_a_letter_stops_the_letters_of_its_topic_without_signing_in(client):
    topic = open_topic()
    path = "/agora/" + letters.stop_link(topic.author, topic).partition("/agora/")[2]
    assert client.get(path).status_code == 200
    assert Follow.objects.get(person=topic.author).level == FollowLevel.WATCHING, "looking changes nothing"
    client.post(path)
    assert Follow.objects.get(person=topic.author).level == FollowLevel.MUTED
    answer(topic)
    work()
    assert not mail.outbox
    assert client.get("/agora/atura/x:y/").status_code == 404
    assert UserFactory().pk
