"""What is kept of a drawing says exactly what the template would say now, for each reader and each state of a post."""

from __future__ import annotations

import re

import pytest
from django.test import RequestFactory
from django.utils import translation

from agora import domain, drawing, queries
from agora.models import ReactionKind, Reason
from helpdesk.desk.models import Kind
from tests.factories.accounts import UserFactory
from tests.factories.agora import answer, forum, member, moderator, open_topic
from tests.factories.desk import agent, seed_desk

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_is_kept():
    drawing._kept.clear()
    yield
    drawing._kept.clear()


def drawn(viewer, topic):
    """Each post as it is drawn, having compared it with the template; the reader's token is put aside."""
    request = RequestFactory().get("/")
    request.user = viewer
    read = queries.reading(viewer, topic.pk)
    found = []
    for line in queries.page(viewer, read, 1).lines:
        fresh = drawing.draw_anew(read, line, is_signed_in=viewer.is_authenticated)
        kept = str(drawing.draw(request, read, line))
        token = request.META.get("CSRF_COOKIE")
        assert drawing.TOKEN not in kept
        assert len(kept) >= len(fresh) - 20 * fresh.count(drawing.TOKEN), token
        found.append(fresh)
        # Drawn again from what is kept, by another request: the same but for the token.
        again = RequestFactory().get("/")
        again.user = viewer
        assert (
            _without_tokens(str(drawing.draw(again, read, line)))
            == _without_tokens(kept)
            == fresh.replace(drawing.TOKEN, "")
        )
    return found


def _without_tokens(html):
    return re.sub(r'(name="csrfmiddlewaretoken" value=")[^"]*', r"\1", html)


def test_whatever_happens_to_a_post_every_reader_sees_it_as_it_is():
    seed_desk()
    space = forum()
    asker, writer, chief, desk_person = member(space), member(space, name="Autora"), moderator(space), agent()
    topic = open_topic(asker, space=space)
    first, written = topic.posts.get(number=1), answer(topic, writer, text="Una *resposta*.")
    readers = [asker, writer, chief, desk_person, UserFactory()]
    steps = [
        lambda: None,
        lambda: domain.react(actor=asker, post=written, kind=ReactionKind.LIKE, is_on=True),
        lambda: domain.vote_answer(actor=asker, post=written, value=1),
        lambda: domain.bookmark(person=asker, post=written, is_on=True),
        lambda: domain.mark_read(person=asker, topic=topic, number=1),
        lambda: domain.accept_answer(actor=asker, post=written),
        lambda: domain.edit_post(actor=writer, post=written, text="Una altra."),
        lambda: answer(topic, asker, text="Gràcies!", reply_to=written),
        lambda: domain.file_ticket(
            actor=desk_person, post=first, kind=Kind.QUESTION, subject="Fases", text="Fases", organisation=None,
            brings_answer=None,
        ),
        lambda: domain.change_topic(actor=chief, topic=topic, title="Nou", kind="discussion", tags=[]),
        lambda: domain.close(actor=chief, topic=topic),
        lambda: domain.hide(actor=chief, post=written, reason=Reason.SPAM),
        lambda: domain.show(actor=chief, post=written),
        lambda: domain.delete_post(actor=chief, post=written),
        lambda: type(writer).objects.filter(pk=asker.pk).update(name="Un altre nom"),
        lambda: type(space).objects.filter(pk=space.pk).update(slug="una-altra-adreca"),
    ]  # fmt: skip
    for step in steps:
        step()
        for reader in readers:
            for language in ("ca", "en"):
                with translation.override(language):
                    drawn(type(reader).objects.get(pk=reader.pk), topic)


def test_who_sees_a_post_alike_gets_the_same_drawing_and_who_does_not_another():
    space = forum()
    topic = open_topic(member(space), space=space)
    answer(topic)
    for reader in (member(space), member(space)):
        drawn(reader, topic)
    assert len(drawing._kept) == 2
    drawn(moderator(space), topic)
    assert len(drawing._kept) == 4


def test_no_more_than_so_many_are_kept(monkeypatch):
    monkeypatch.setattr(drawing, "MOST_KEPT", 3)
    space = forum()
    topic = open_topic(member(space), space=space)
    for _ in range(5):
        answer(topic)
    drawn(member(space), topic)
    assert len(drawing._kept) == 3


def test_nobody_has_the_token_of_their_readers_put_into_their_own_words(monkeypatch):
    monkeypatch.setattr(drawing, "TOKEN", "endevinat")
    space = forum()
    reader = member(space)
    text = 'endevinat "endevinat" [clic](https://fora.test/?t=endevinat) <input value="endevinat">'
    topic = open_topic(member(space), space=space, text=text)
    request = RequestFactory().get("/")
    request.user = reader
    read = queries.reading(reader, topic.pk)
    (line,) = queries.page(reader, read, 1).lines
    html = str(drawing.draw(request, read, line))
    said = html.partition('class="msg__text')[2].partition("</form>")[0].partition("<form")[0]
    assert said.count("endevinat") == 4
    assert 'name="csrfmiddlewaretoken" value="endevinat"' not in html
