"""The pages of communities and topics, as each kind of reader gets them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from agora.models import Draft, Post, ReadMark, Topic, TopicKind
from platform_core.accounts.roles import Role
from platform_core.participation import domain as participation
from platform_core.participation.models import Joining, JoinRequest, SpaceDocument, SpaceMember, SpaceRole, Visibility
from tests.factories.accounts import UserFactory
from tests.factories.agora import answer, forum, member, moderator, open_topic, topic_of
from tests.factories.participation import SpaceFactory, member_of

pytestmark = pytest.mark.django_db

OF_COMMUNITY = ["topics", "members", "meetings", "documents"]
OF_TOPIC = ["topic", "news", "top"]


def pages(space, topic):
    of_space = [reverse(f"agora:{name}", args=[space.slug]) for name in OF_COMMUNITY]
    of_topic = [reverse(f"agora:{name}", args=[space.slug, topic.pk]) for name in OF_TOPIC]
    return [*of_space, *of_topic, reverse("agora:history", args=[space.slug, topic.pk, 1])]


def test_a_public_community_is_read_by_everybody_without_the_names_of_its_members(client):
    space = forum()
    person = member(space, name="Nur Fictícia")
    topic = open_topic(person, space=space)
    for address in pages(space, topic):
        assert client.get(address).status_code == 200, address
    assert "Nur Fictícia" not in client.get(reverse("agora:members", args=[space.slug])).text
    assert "Nur Fictícia" in client.get(topic.get_absolute_url()).text, "who writes in public is read in public"


def test_nobody_reads_an_address_where_a_name_is_missing(client):
    space = forum()
    person = member(space, name="", email="privat@ens.test")
    topic = open_topic(person, space=space)
    client.force_login(member(space))
    for address in [*pages(space, topic), reverse("agora:about", args=[space.slug])]:
        assert "privat@ens.test" not in client.get(address).text, address


@pytest.mark.parametrize("visibility", [Visibility.MEMBERS, Visibility.INVITATION])
def test_what_is_for_members_is_there_for_members_alone(client, visibility):
    space = forum(visibility=visibility)
    topic = open_topic(member(space), space=space, title="Un secret ben guardat")
    outsiders = [None, UserFactory(), UserFactory(roles=[Role.EDITOR])]
    for person in outsiders:
        if person:
            client.force_login(person)
        for address in pages(space, topic):
            answered = client.get(address)
            assert answered.status_code in {302, 404}, address
            assert "Un secret" not in answered.text
        sees_name = person is not None and visibility == Visibility.MEMBERS
        assert client.get(reverse("agora:about", args=[space.slug])).status_code == (200 if sees_name else 404)
        assert (space.name in client.get("/agora/").text) is sees_name
    for person in (member(space), UserFactory(roles=[Role.COORDINATOR])):
        client.force_login(person)
        for address in pages(space, topic):
            assert client.get(address).status_code == 200, address


def test_who_sees_only_what_a_community_is_for_is_led_there(client):
    space = forum(visibility=Visibility.MEMBERS)
    client.force_login(UserFactory())
    assert client.get(space.get_absolute_url()).url == reverse("agora:about", args=[space.slug])


def test_the_list_costs_the_same_whatever_the_number_of_topics(client, django_assert_max_num_queries):
    space = forum()
    person = member(space)
    client.force_login(person)
    for count in (1, 30):
        while Topic.objects.count() < count:
            open_topic(space=space, tags=["fases", "vots"])
        with django_assert_max_num_queries(14):
            assert client.get(space.get_absolute_url()).status_code == 200


def test_a_topic_costs_the_same_whatever_the_number_of_posts(client, django_assert_max_num_queries):
    topic = topic_of(3)
    client.force_login(member(topic.space))
    client.get(topic.get_absolute_url())
    with django_assert_max_num_queries(12):
        assert client.get(topic.get_absolute_url() + "?n=1").status_code == 200
    posts = [Post(topic=topic, number=number, text="x", html="<p>x</p>") for number in range(4, 10_001)]
    Post.objects.bulk_create(posts, batch_size=2000)
    Topic.objects.filter(pk=topic.pk).update(last_number=10_000, post_count=10_000)
    with django_assert_max_num_queries(12):
        page = client.get(topic.get_absolute_url() + "?n=5000")
    assert page.text.count('class="msg post') == 20
    assert 'id="post-5000"' in page.text


def test_a_topic_opens_at_the_first_post_that_one_has_not_read(client):
    topic = topic_of(45)
    person = member(topic.space)
    client.force_login(person)
    ReadMark.objects.create(person=person, topic=topic, number=30)
    assert client.get(topic.get_absolute_url()).url == topic.url_of(31)
    page = client.get(topic.url_of(31).partition("#")[0])
    assert 'id="post-31"' in page.text
    assert page.text.count("msg--new") == 10, "31 to 40, on the page of 21 to 40"


def test_a_topic_is_opened_and_answered_once_however_often_the_form_is_sent(client):
    space = forum()
    client.force_login(member(space))
    form = client.get(reverse("agora:new", args=[space.slug])).context["form"]
    sent = {
        "kind": "question", "title": "Com es tanca una fase?", "text": "No ho **veiem**.", "tags": "fases, procés",
        "submission": str(form["submission"].value()),
    }  # fmt: skip
    answers = [client.post(reverse("agora:new", args=[space.slug]), sent) for _ in range(2)]
    topic = Topic.objects.get()
    assert {one.url for one in answers} == {topic.get_absolute_url()}
    page = client.get(topic.get_absolute_url())
    assert "<strong>veiem</strong>" in page.text
    sent = {"text": "Des de Fases.", "submission": str(page.context["form"]["submission"].value())}
    for _ in range(2):
        assert client.post(topic.get_absolute_url(), sent).url == topic.url_of(2)
    assert Post.objects.count() == 2


def test_what_will_not_do_is_said_beside_its_field_and_what_was_typed_stays(client):
    space = forum()
    client.force_login(member(space))
    page = client.post(
        reverse("agora:new", args=[space.slug]), {"kind": "poll", "title": " ", "text": "Hola <b>", "options": "una"}
    )
    assert page.status_code == 422
    assert page.context["form"].errors.keys() >= {"title"}
    assert "Hola &lt;b&gt;" in page.text
    page = client.post(
        reverse("agora:new", args=[space.slug]), {"kind": "poll", "title": "Quan?", "text": "Trieu", "options": "una"}
    )
    assert page.context["form"].errors.keys() == {"options"}
    topic = open_topic(space=space)
    assert client.post(topic.get_absolute_url(), {"text": " "}).status_code == 422


def test_a_poll_is_voted_and_its_counts_are_read(client):
    space = forum()
    person = member(space)
    topic = open_topic(person, space=space, kind=TopicKind.POLL, options=["Dilluns", "Dimarts"])
    client.force_login(person)
    option = topic.poll.options.first()
    assert (
        client.post(reverse("agora:act", args=[space.slug, topic.pk]), {"fes": "vota", "opcio": option.pk}).status_code
        == 302
    )
    page = client.get(topic.get_absolute_url())
    assert [choice.percent for choice in page.context["choices"]] == [100, 0]


@pytest.mark.parametrize("fes", ["like+", "thanks+", "vota+1", "desa+", "accepta+"])
def test_what_one_does_with_a_post_is_drawn_as_a_fragment_and_works_without_javascript(client, fes):
    topic = topic_of(2)
    client.force_login(topic.author)
    address = reverse("agora:post", args=[topic.space.slug, topic.pk, 2])
    fragment = client.post(address, {"fes": fes}, headers={"X-Fragment": "1"})
    assert fragment.status_code == 200
    assert fragment.text.count('id="post-2"') == 1
    assert "<html" not in fragment.text
    assert client.post(address, {"fes": fes}).url == topic.url_of(2)
    assert client.post(address, {"fes": "res"}, headers={"X-Fragment": "1"}).status_code == 404


@pytest.mark.parametrize("fes", ["jo-tambe+", "segueix", "tanca", "reobre"])
def test_what_one_does_with_a_topic_answers_with_its_head(client, fes):
    topic = open_topic()
    client.force_login(moderator(topic.space))
    address = reverse("agora:act", args=[topic.space.slug, topic.pk])
    head = client.post(address, {"fes": fes, "nivell": "watching"}, headers={"X-Fragment": "1"})
    assert head.status_code == 200
    assert 'id="topic-state"' in head.text
    assert client.post(address, {"fes": "res"}).status_code == 404


def test_an_open_page_is_given_the_posts_after_the_last_that_it_has(client):
    topic = topic_of(4)
    news = client.get(reverse("agora:news", args=[topic.space.slug, topic.pk]), {"des": "2"})
    assert [f'id="post-{number}"' in news.text for number in (1, 2, 3, 4)] == [False, False, True, True]


def test_a_deleted_post_keeps_its_place_and_not_its_words(client):
    topic = open_topic()
    written = answer(topic, text="Paraules que es penedeix")
    client.force_login(written.author)
    address = reverse("agora:post", args=[topic.space.slug, topic.pk, 2])
    client.post(address, {"fes": "esborra"})
    assert "Paraules que es penedeix" not in client.get(topic.get_absolute_url()).text
    assert 'id="post-2"' in client.get(topic.get_absolute_url()).text
    client.post(address, {"fes": "recupera"})
    assert "Paraules que es penedeix" in client.get(topic.get_absolute_url()).text


def test_an_edit_shows_what_somebody_else_wrote_meanwhile_and_keeps_what_was_typed(client):
    topic = open_topic()
    client.force_login(topic.author)
    address = reverse("agora:edit", args=[topic.space.slug, topic.pk, 1])
    form = client.get(address).context["form"]
    client.post(address, {"text": "Segona versió", "version": form["version"].value()})
    page = client.post(address, {"text": "La meva", "version": form["version"].value()})
    assert page.status_code == 422
    assert "Segona versió" in page.text
    assert "La meva" in page.text
    again = page.context["form"]["version"].value()
    assert client.post(address, {"text": "La meva", "version": again}).status_code == 302
    history = client.get(reverse("agora:history", args=[topic.space.slug, topic.pk, 1]))
    assert len(history.context["versions"]) == 3


@pytest.mark.parametrize("name", ["change", "pin", "split", "move", "merge"])
def test_who_does_not_moderate_finds_no_page_to_change_a_topic_of_others(client, name):
    topic = topic_of(2)
    address = reverse(f"agora:{name}", args=[topic.space.slug, topic.pk])
    client.force_login(member(topic.space))
    assert client.get(address).status_code == 404
    client.force_login(moderator(topic.space))
    assert client.get(address).status_code == 200


def test_a_moderator_splits_moves_and_merges(client):
    topic, other = topic_of(3), forum()
    chief = moderator(topic.space)
    member_of(other, role=SpaceRole.MODERATOR, person=chief)
    client.force_login(chief)
    slug = topic.space.slug
    client.post(reverse("agora:split", args=[slug, topic.pk]), {"title": "A part", "numbers": "2-3"})
    apart = Topic.objects.exclude(pk=topic.pk).get()
    assert apart.post_count == 2
    client.post(reverse("agora:move", args=[slug, apart.pk]), {"space": other.pk})
    apart.refresh_from_db()
    assert apart.space == other
    page = client.post(reverse("agora:merge", args=[other.slug, apart.pk]), {"into": f"T-{topic.pk}"})
    assert page.status_code == 302
    assert client.get(reverse("agora:topic", args=[other.slug, apart.pk])).url.startswith(topic.get_absolute_url())
    page = client.post(reverse("agora:merge", args=[slug, topic.pk]), {"into": "S-1"})
    assert page.context["form"].errors.keys() == {"into"}


def test_a_draft_is_kept_and_put_back_and_gone_with_the_answer(client):
    topic = open_topic()
    person = member(topic.space)
    client.force_login(person)
    address = reverse("agora:draft", args=[topic.space.slug])
    kept = client.post(address, {"topic": topic.pk, "text": "A mig escr", "version": 0}).json()
    assert "A mig escr" in client.get(topic.get_absolute_url()).text
    late = client.post(address, {"topic": topic.pk, "text": "D'una altra pestanya", "version": 0})
    assert late.status_code == 409
    assert late.json()["newer"]["text"] == "A mig escr"
    assert kept["version"] == 1
    client.post(topic.get_absolute_url(), {"text": "A mig escrit, i ja."})
    assert not Draft.objects.exists()


def test_a_picture_of_a_draft_is_its_writers_until_it_is_posted(client):
    topic = open_topic(space=forum(visibility=Visibility.MEMBERS))
    writer, reader = member(topic.space), member(topic.space)
    client.force_login(writer)
    png = b"\x89PNG\r\n\x1a\n" + b"\0" * 32
    told = client.post(
        reverse("agora:upload", args=[topic.space.slug]), {"files": SimpleUploadedFile("captura.png", png, "image/png")}
    ).json()
    (file,) = told["files"]
    path = file["markdown"].partition("(")[2].rstrip(")")
    assert client.get(path).status_code == 200
    client.force_login(reader)
    assert client.get(path).status_code == 404
    client.force_login(writer)
    client.post(topic.get_absolute_url(), {"text": file["markdown"]})
    client.force_login(reader)
    assert client.get(path).status_code == 200
    client.force_login(UserFactory())
    assert client.get(path).status_code == 404


def test_how_far_one_has_read_only_grows(client):
    topic = topic_of(5)
    client.force_login(member(topic.space))
    address = reverse("agora:read", args=[topic.space.slug, topic.pk])
    assert client.post(address, {"fins": "4"}).json() == {"mark": 4}
    assert client.post(address, {"fins": "2"}).json() == {"mark": 4}
    assert client.post(address, {"fins": "no"}).json() == {"mark": 4}


# ---- communities ----


def test_somebody_joins_an_open_community_by_accepting_its_charter(client):
    space = forum(joining=Joining.OPEN, charter="Ens **tractem** bé.")
    client.force_login(person := UserFactory())
    address = reverse("agora:about", args=[space.slug])
    page = client.get(address)
    assert "<strong>tractem</strong>" in page.text
    refused = client.post(address, {"fes": "entra", "charter": space.charter_version})
    assert refused.status_code == 422
    assert refused.context["form"].errors.keys() == {"accepts"}
    client.post(address, {"fes": "entra", "charter": space.charter_version, "accepts": "on"})
    assert SpaceMember.objects.current().filter(person=person).exists()
    client.post(address, {"fes": "surt"})
    assert not SpaceMember.objects.current().filter(person=person).exists()


def test_a_request_is_asked_answered_and_its_message_read_by_who_moderates_alone(client):
    space = SpaceFactory(joining=Joining.REQUEST)
    person = UserFactory()
    client.force_login(person)
    client.post(reverse("agora:about", args=[space.slug]), {"fes": "demana", "message": "Soc nova al lloc"})
    members_page = reverse("agora:members", args=[space.slug])
    client.force_login(member_of(space))
    assert "Soc nova al lloc" not in client.get(members_page).text
    request = JoinRequest.objects.get()
    manage = reverse("agora:manage", args=[space.slug])
    assert client.post(manage, {"fes": "aprova", "request": request.pk}).status_code == 404
    client.force_login(member_of(space, role=SpaceRole.MODERATOR))
    assert "Soc nova al lloc" in client.get(members_page).text
    client.post(manage, {"fes": "denega", "request": request.pk})
    request.refresh_from_db()
    assert request.answered_at is None, "a reason is missing"
    client.post(manage, {"fes": "aprova", "request": request.pk})
    assert SpaceMember.objects.current().filter(person=person).exists()


def test_who_moderates_changes_the_texts_and_nobody_else_finds_the_page(client):
    space = SpaceFactory(charter="Vella.")
    address = reverse("agora:settings", args=[space.slug])
    client.force_login(member_of(space))
    assert client.get(address).status_code == 404
    client.force_login(member_of(space, role=SpaceRole.MODERATOR))
    sent = {
        "name": "Nom nou", "summary": "", "about": "Per a **tothom**", "charter": "Nova.", "ask_again": "on",
        "visibility": "invitation", "joining": "open",
    }  # fmt: skip
    page = client.post(address, sent)
    assert page.context["form"].errors.keys() == {"joining"}
    client.post(address, {**sent, "joining": "invitation"})
    space.refresh_from_db()
    assert (space.name, space.visibility, space.charter_version) == ("Nom nou", Visibility.INVITATION, 2)


def test_documents_are_kept_by_who_moderates_and_read_by_who_enters(client):
    space = SpaceFactory()
    chief = member_of(space, role=SpaceRole.MODERATOR)
    address = reverse("agora:documents", args=[space.slug])
    client.force_login(chief)
    file = SimpleUploadedFile("guia.pdf", b"%PDF-1.4 guia", "application/pdf")
    client.post(address, {"title": "Guia", "documents": file})
    document = SpaceDocument.objects.get()
    download = reverse("agora:document", args=[space.slug, document.pk])
    assert client.get(download).status_code == 200
    client.force_login(UserFactory())
    assert client.get(download).status_code == 404
    client.force_login(member_of(space))
    assert client.get(download).status_code == 200
    assert client.post(address, {"documents": file}).status_code == 404
    client.force_login(chief)
    client.post(reverse("agora:remove_document", args=[space.slug]), {"document": document.pk})
    assert client.get(download).status_code == 404


def test_a_meeting_is_planned_attended_and_taken_to_a_calendar(client):
    space = SpaceFactory()
    chief, person = member_of(space, role=SpaceRole.MODERATOR), member_of(space)
    client.force_login(chief)
    starts = timezone.localtime() + timedelta(days=2)
    sent = {
        "title": "Trobada", "starts_at": f"{starts:%Y-%m-%dT%H:%M}", "place": "Sala fictícia", "places": "1",
        "ends_at": f"{starts + timedelta(hours=1):%Y-%m-%dT%H:%M}", "link": "https://sala.example.org/x",
    }  # fmt: skip
    wrong = client.post(reverse("agora:plan_meeting", args=[space.slug]), {**sent, "ends_at": sent["starts_at"]})
    assert wrong.context["form"].errors.keys() == {"ends_at"}
    address = client.post(reverse("agora:plan_meeting", args=[space.slug]), sent).url
    client.force_login(person)
    client.post(f"{address}vinc/", {"fes": "vinc"})
    assert client.get(address).context["places"].mine
    assert b"BEGIN:VEVENT" in client.get(f"{address}trobada.ics").content
    client.post(reverse("agora:new_calendar_key", args=[space.slug]))
    calendar = client.get(reverse("agora:meetings", args=[space.slug])).context["calendar"]
    client.logout()
    assert "Trobada" in client.get(calendar).text
    assert client.get(reverse("agora:calendar", args=["x" * 43])).status_code == 404
    assert client.get(address).status_code == 404
    participation.leave(person=person, space=space)
    assert "Trobada" not in client.get(calendar).text, "who is out sees it no more"


def test_where_to_join_on_line_is_for_who_takes_part(client):
    space = forum()
    person, starts = member(space), timezone.now() + timedelta(days=1)
    meeting = participation.plan_meeting(
        actor=None, space=space, title="Trobada", starts_at=starts, ends_at=starts + timedelta(hours=1),
        link="https://sala.example.org/secreta",
    )  # fmt: skip
    pages = [meeting.get_absolute_url(), f"{meeting.get_absolute_url()}trobada.ics"]
    for address in pages:
        assert "secreta" not in client.get(address).text, address
    client.force_login(person)
    for address in pages:
        assert "secreta" in client.get(address).text, address


def test_the_list_of_communities_costs_the_same_whatever_their_number(client, django_assert_max_num_queries):
    person = UserFactory()
    client.force_login(person)
    for count in (1, 12):
        for _ in range(count):
            member_of(space := forum(), person=person)
            open_topic(space=space)
        with django_assert_max_num_queries(11):
            assert client.get("/agora/").status_code == 200


def test_nonsense_in_an_address_is_no_error(client):
    space = forum()
    topic = open_topic(space=space)
    assert AnonymousUser().pk is None
    for address in (
        f"{space.get_absolute_url()}?estat=x&tipus=x&despres=x~y&q=%00&etiqueta=%00",
        f"{space.get_absolute_url()}membres/?despres=%00~99999999999999999999&q=%00",
        f"{topic.get_absolute_url()}?n=-4",
        f"{topic.get_absolute_url()}?n=99999999999999999999",
        f"{topic.get_absolute_url()}novetats/?des=x",
    ):
        assert client.get(address).status_code == 200, address


def test_the_coordination_opens_a_community_and_nobody_else_finds_the_page(client):
    chief = UserFactory()
    client.force_login(chief)
    assert client.get("/agora/obre/").status_code == 404
    client.force_login(UserFactory(roles=[Role.COORDINATOR]))
    assert "/agora/obre/" in client.get("/agora/").text
    sent = {
        "name": "Àgora nova", "slug": "obre", "organ_kind": "agora", "visibility": "members", "joining": "request",
        "moderators": f"{chief.email}\nningu@enlloc.test",
    }  # fmt: skip
    page = client.post("/agora/obre/", sent)
    assert page.context["form"].errors.keys() == {"moderators"}
    page = client.post("/agora/obre/", {**sent, "moderators": chief.email})
    assert page.context["form"].errors.keys() == {"slug"}, "another page has this address"
    assert client.post("/agora/obre/", {**sent, "moderators": chief.email, "slug": "agora-nova"}).status_code == 302
    client.force_login(chief)
    assert client.get("/agora/agora-nova/configura/").status_code == 200
