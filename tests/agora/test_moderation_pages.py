"""The pages of moderation: for readers who flag, for who moderates, and for the person concerned."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from agora import domain
from agora.models import Appeal, Flag, Hiding, Reason
from platform_core.accounts.roles import Role
from platform_core.participation import domain as participation
from platform_core.participation.models import Sanction, Visibility
from tests.factories.accounts import UserFactory
from tests.factories.agora import answer, forum, member, moderator, open_topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def space():
    return forum(visibility=Visibility.MEMBERS)


@pytest.fixture
def chief(space):
    return moderator(space)


@pytest.fixture
def post(space):
    return answer(open_topic(member(space), space=space), text="Compreu les meves rodes.")


def of_post(name, post):
    return reverse(f"agora:{name}", args=[post.topic.space.slug, post.topic_id, post.number])


def test_a_reader_flags_a_post_and_it_is_not_hidden_for_that(client, space, post):
    client.force_login(member(space))
    assert of_post("flag", post) in client.get(post.topic.get_absolute_url()).text
    assert post.text in client.get(of_post("flag", post)).text
    response = client.post(of_post("flag", post), {"reason": "spam", "note": ""}, follow=True)
    assert post.text in response.text
    assert Flag.objects.get().post == post


def test_a_flag_without_a_reason_keeps_what_was_typed_and_says_what_is_missing(client, space, post):
    client.force_login(member(space))
    response = client.post(of_post("flag", post), {"note": "Ven rodes i prou"})
    assert response.status_code == 422
    assert "Ven rodes i prou" in response.text
    assert "Trieu el motiu." in response.text
    response = client.post(of_post("flag", post), {"reason": "other", "note": ""})
    assert response.status_code == 422
    assert not Flag.objects.exists()


def test_the_pages_of_moderation_do_not_exist_for_others(client, space, post):
    hiding = domain.hide(actor=moderator(space), post=answer(post.topic), reason=Reason.SPAM)
    made = domain.appeal(person=hiding.post.author, decision=hiding, text="No.")
    warned = participation.warn(actor=moderator(space), space=space, person=member(space), reason="Prou.")
    addresses = [
        reverse("agora:all_moderation"),
        reverse("agora:moderation", args=[space.slug]),
        reverse("agora:moderation_register", args=[space.slug]),
        reverse("agora:moderate_person", args=[space.slug, post.author_id]),
        reverse("agora:lift_sanction", args=[space.slug, warned.pk]),
        reverse("agora:appeal", args=[space.slug, made.pk]),
        reverse("agora:decision", args=["missatge", hiding.pk]),
        reverse("agora:decision", args=["mesura", warned.pk]),
        reverse("agora:decision", args=["altres", 1]),
        of_post("hide", post),
    ]
    for person in (member(space), UserFactory(), UserFactory(roles=[Role.EDITOR])):
        client.force_login(person)
        for address in addresses:
            assert client.get(address).status_code == 404, address
    client.logout()
    for address in addresses:
        assert client.get(address).status_code == 302, address


def test_who_moderates_hides_from_the_queue_and_comes_back_to_it(client, space, chief, post):
    domain.flag(actor=member(space, name="Lectora Fictícia"), post=post, reason=Reason.SPAM, note="Ven rodes")
    client.force_login(chief)
    queue = reverse("agora:moderation", args=[space.slug])
    for address in (queue, reverse("agora:all_moderation")):
        page = client.get(address).text
        assert post.text in page
        assert "Lectora Fictícia" in page
    response = client.post(f"{of_post('hide', post)}?cua={space.slug}", {"reason": "spam", "note": ""}, follow=True)
    assert response.redirect_chain[-1][0] == queue
    assert post.text not in response.text
    assert client.post(f"{of_post('hide', post)}?cua=tot", {"reason": "spam"})["Location"] == "/agora/moderacio/"
    assert Hiding.objects.get().by == chief


def test_nothing_is_wrong_in_one_step(client, space, chief, post):
    domain.flag(actor=member(space), post=post, reason=Reason.SPAM)
    client.force_login(chief)
    address = reverse("agora:answer_flags", args=[space.slug])
    client.post(address, {"post": post.pk, "fes": "res"})
    assert Flag.objects.get().is_upheld is False
    elsewhere = answer(open_topic())
    for sent in ({"post": elsewhere.pk, "fes": "res"}, {"post": post.pk, "fes": "x"}, {"post": "x", "fes": "res"}):
        assert client.post(address, sent).status_code == 404


def test_somebody_is_warned_and_suspended_from_their_page_and_it_is_taken_back(client, space, chief, post):
    client.force_login(chief)
    page = reverse("agora:moderate_person", args=[space.slug, post.author_id])
    until = (timezone.localtime() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    assert client.post(page, {"fes": "suspen", "suspensio-reason": "", "suspensio-until": until}).status_code == 422
    wrong = client.post(page, {"fes": "suspen", "suspensio-reason": "Prou.", "suspensio-until": "2020-01-01T10:00"})
    assert wrong.status_code == 422
    assert "Prou." in wrong.text
    client.post(page, {"fes": "avisa", "avis-reason": "Avís primer."})
    client.post(page, {"fes": "suspen", "suspensio-reason": "Prou.", "suspensio-until": until})
    assert Sanction.objects.count() == 2
    shown = client.get(page).text
    assert "Avís primer." in shown
    sanction = Sanction.objects.in_force().get()
    client.post(reverse("agora:lift_sanction", args=[space.slug, sanction.pk]), {"reason": "Un malentès."})
    assert not Sanction.objects.in_force().exists()
    assert "Un malentès." in client.get(page).text


def test_the_person_reads_why_and_says_what_they_think_and_another_moderator_answers(client, space, chief, post):
    hiding = domain.hide(actor=chief, post=post, reason=Reason.SPAM, note="Aquí no es ven res.")
    client.force_login(post.author)
    decision = reverse("agora:decision", args=["missatge", hiding.pk])
    assert decision in client.get(f"{post.topic.get_absolute_url()}?n=2").text
    page = client.get(decision).text
    assert "Aquí no es ven res." in page
    assert post.text in page, "their own words"
    assert client.post(decision, {"text": " "}).status_code == 422
    client.post(decision, {"text": "Les regalo, no les venc."})
    assert "Les regalo" in client.get(decision).text
    made = Appeal.objects.get()
    address = reverse("agora:appeal", args=[space.slug, made.pk])
    client.force_login(chief)
    assert 'name="answer"' not in client.get(address).text
    assert client.post(address, {"is_upheld": "0", "answer": "No."}).status_code == 422
    client.force_login(moderator(space))
    assert client.post(address, {"answer": "Teniu raó."}).status_code == 422
    client.post(address, {"is_upheld": "1", "answer": "Teniu raó."})
    post.refresh_from_db()
    assert post.is_readable
    client.force_login(post.author)
    assert "Teniu raó." in client.get(decision).text


def test_who_is_suspended_or_warned_is_told_above_the_community_and_where_they_would_write(client, space, chief, post):
    until = timezone.now() + timedelta(days=1)
    warning = participation.warn(actor=chief, space=space, person=post.author, reason="Avís primer.")
    participation.suspend(actor=chief, space=space, person=post.author, reason="Prou d'insults.", until=until)
    client.force_login(post.author)
    for address in (space.get_absolute_url(), post.topic.get_absolute_url()):
        assert "Prou d&#x27;insults." in client.get(address).text
    response = client.get(reverse("agora:new", args=[space.slug]))
    assert response.status_code == 403
    assert "Prou d&#x27;insults." in response.text
    assert "Avís primer." in client.get(space.get_absolute_url()).text
    client.post(reverse("agora:decision", args=["mesura", warning.pk]), {"fes": "entes"})
    assert "Avís primer." not in client.get(space.get_absolute_url()).text


def test_the_register_is_read_by_who_moderates(client, space, chief, post):
    domain.hide(actor=chief, post=post, reason=Reason.SPAM, note="Aquí no es ven res.")
    client.force_login(chief)
    page = client.get(reverse("agora:moderation_register", args=[space.slug]))
    assert "Aquí no es ven res." in page.text
    assert client.get(reverse("agora:moderation_register", args=[space.slug]) + "?abans=1").status_code == 200
    assert client.get(reverse("agora:moderation_register", args=[space.slug]) + "?abans=x").status_code == 200


def test_who_may_no_longer_enter_does_not_read_the_decision(client, space, chief, post):
    hiding = domain.hide(actor=chief, post=post, reason=Reason.SPAM)
    participation.remove_member(actor=chief, space=space, person=post.author)
    client.force_login(post.author)
    assert client.get(reverse("agora:decision", args=["missatge", hiding.pk])).status_code == 404
