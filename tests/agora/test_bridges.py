"""From a topic to the desk and the knowledge base, and from a ticket to a community."""

from __future__ import annotations

import pytest
from django.core import mail
from django.urls import reverse

from agora import domain, permissions, solved
from agora.models import CommunityQuestion, Post, PostTicket, Reason, Topic, TopicAnswer
from agora.projectors import ANSWERED
from helpdesk.desk import domain as desk
from helpdesk.desk.models import Case, Channel, Clock, Clocked, Entry, EntryKind, Kind, State
from knowledge_base.models import QuestionPage
from knowledge_base.models.deflections import Deflection
from knowledge_base.public import suggest
from platform_core.accounts.roles import Role
from platform_core.activity.models import StreamEntry
from platform_core.background.worker import Worker
from platform_core.base.errors import Refusal
from platform_core.organisations.models import MembershipRole
from platform_core.participation import domain as participation
from platform_core.participation.models import Visibility
from tests.factories import questions
from tests.factories.accounts import UserFactory
from tests.factories.agora import answer, forum, member, moderator, open_topic
from tests.factories.desk import agent, open_case, referent_of, seed_desk
from tests.factories.organisations import MembershipFactory, OrganisationFactory, deliver_all
from tests.factories.participation import member_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def desk_is_there():
    seed_desk()


def work() -> None:
    deliver_all()
    Worker().drain()


def file_ticket(post, actor=None, **facts):
    facts = {
        "kind": Kind.QUESTION, "subject": "Les fases no canvien soles", "text": post.text, "organisation": None,
        "brings_answer": True, **facts,
    }  # fmt: skip
    return domain.file_ticket(actor=actor or post.author, post=post, **facts)


@pytest.fixture
def post():
    return open_topic().posts.get(number=1)


# ---- a post becomes a ticket ----


def test_a_post_becomes_one_ticket_of_its_author_with_a_promise(post):
    case = file_ticket(post)
    assert (case.requester, case.channel, case.state) == (post.author, Channel.FORUM, State.NEW)
    assert Clock.objects.filter(case=case).exists()
    assert file_ticket(post) == case
    assert file_ticket(post, agent()) == case
    assert Case.objects.count() == 1


def test_only_the_author_and_the_desk_make_a_ticket_of_it(post):
    for person in (member(post.topic.space), moderator(post.topic.space), UserFactory(roles=[Role.EDITOR])):
        assert not permissions.can_file(person, post)
        with pytest.raises(Refusal):
            file_ticket(post, person)
    hidden = forum(visibility=Visibility.INVITATION)
    secret = open_topic(member(hidden), space=hidden).posts.get(number=1)
    with pytest.raises(Refusal):
        file_ticket(secret, agent())


def test_in_the_topic_nobody_else_sees_that_there_is_a_ticket(client, post):
    case = file_ticket(post)
    topic, space = post.topic, post.topic.space
    for person in (None, member(space), moderator(space)):
        if person:
            client.force_login(person)
        else:
            client.logout()
        assert case.reference not in client.get(topic.get_absolute_url()).text
    for person in (post.author, agent()):
        client.force_login(person)
        assert case.reference in client.get(topic.get_absolute_url()).text
    streams = StreamEntry.objects.filter(activity__type="agora.post_filed").values_list("stream", flat=True)
    assert list(streams) == [f"user:{post.author_id}"]


def test_the_answer_comes_back_once_without_personal_data_when_the_author_agreed(post):
    case = file_ticket(post)
    someone = agent(name="Quim Fictici")
    desk.reply(actor=someone, case=case, text="Escriviu a ana@ajuntament.test o truqueu al 612 345 678.")
    work()
    assert post.topic.posts.count() == 1, "not solved yet"
    desk.reply(actor=someone, case=case, text=f"Hola,\n\nActiveu la fase a mà ({case.reference}).", then=State.RESOLVED)
    work()
    work()
    brought = post.topic.posts.get(number=2)
    assert (brought.author, brought.reply_to) == (someone, post)
    assert "Activeu la fase a mà" in brought.text
    assert case.reference not in brought.text
    assert PostTicket.objects.get().answer == brought
    assert domain.bring_answer(case_id=case.pk) is None
    assert post.topic.posts.count() == 2


def test_what_the_desk_files_brings_its_answer_only_after_the_author_says_so(client, post):
    case = file_ticket(post, agent())
    bridge = PostTicket.objects.get()
    assert bridge.brings_answer is None
    desk.reply(actor=agent(), case=case, text="Activeu la fase a mà.", then=State.RESOLVED)
    work()
    assert post.topic.posts.count() == 1
    address = reverse("agora:agree_to_answer", args=[bridge.pk])
    client.force_login(member(post.topic.space))
    assert client.post(address, {"fes": "si"}).status_code == 404
    client.force_login(post.author)
    assert address in client.get(post.topic.get_absolute_url()).text
    client.post(address, {"fes": "si"})
    assert post.topic.posts.get(number=2).text.endswith("Activeu la fase a mà.")


def test_the_names_of_all_who_wrote_in_the_ticket_are_taken_out_of_the_answer(post):
    organisation = OrganisationFactory()
    MembershipFactory(person=post.author, organisation=organisation, role=MembershipRole.TECHNICIAN)
    case = file_ticket(post, organisation=organisation)
    desk.reply(actor=referent_of(organisation, name="Mercè Fictícia"), case=case, text="A mi també em passa.")
    desk.reply(actor=agent(), case=case, text="Com ha vist la Mercè Fictícia, s'activa a mà.", then=State.RESOLVED)
    work()
    brought = post.topic.posts.get(number=2).text
    assert "s'activa a mà" in brought
    assert "Mercè" not in brought


def test_without_agreement_or_with_the_post_gone_nothing_comes_back(post):
    case = file_ticket(post, brings_answer=False)
    other = answer(post.topic)
    gone = file_ticket(other)
    domain.hide(actor=moderator(post.topic.space), post=other, reason=Reason.SPAM)
    for one in (case, gone):
        desk.reply(actor=agent(), case=one, text="Ja està.", then=State.RESOLVED)
    work()
    assert post.topic.posts.count() == 2


def test_an_internal_note_never_comes_back(post):
    case = file_ticket(post)
    desk.reply(actor=agent(), case=case, text="Activeu la fase a mà.", then=State.RESOLVED)
    desk.add_note(actor=agent(), case=case, text="Sempre pregunta el mateix.")
    work()
    assert "Sempre pregunta" not in post.topic.posts.get(number=2).text


def test_the_form_files_in_the_name_of_an_organisation_of_the_author(client, post):
    organisation = OrganisationFactory()
    MembershipFactory(person=post.author, organisation=organisation, role=MembershipRole.TECHNICIAN)
    address = reverse("agora:post_ticket", args=[post.topic.space.slug, post.topic_id, 1])
    client.force_login(post.author)
    assert post.text.replace("'", "&#x27;") in client.get(address).text
    sent = {"kind": "question", "subject": "", "text": "El detall", "organisation": str(organisation.pk)}
    wrong = client.post(address, sent)
    assert wrong.status_code == 422
    assert "El detall" in wrong.text
    response = client.post(address, {**sent, "subject": "Les fases", "brings_answer": "on"})
    case = Case.objects.get()
    assert response["Location"] == case.get_absolute_url()
    assert case.organisation == organisation
    assert client.get(address)["Location"] == case.get_absolute_url()
    client.force_login(member(post.topic.space))
    assert client.get(address).status_code == 404


# ---- the desk asks a community ----


@pytest.fixture
def case():
    return open_case(referent_of(name="Núria Fictícia"), subject="Com ho feu amb els menors?", text="Qui pot votar?")


@pytest.fixture
def space(case):
    made = forum(visibility=Visibility.MEMBERS)
    member_of(made, person=case.requester)
    return made


def ask(case, space, actor=None, **facts):
    facts = {"title": "Com ho feu amb els menors?", "text": "Qui pot votar a partir de 14 anys?", **facts}
    return domain.ask_community(actor=actor or agent(name="Quim Fictici"), case=case, space=space, **facts)


def test_a_community_is_asked_when_who_asked_agrees_and_the_promise_goes_on(case, space):
    before = Case.objects.get(pk=case.pk)
    question = ask(case, space)
    assert not Topic.objects.exists()
    work()
    letter = next(one for one in mail.outbox if case.requester.email in one.to and "14 anys" in one.body)
    assert space.name in letter.body
    after = Case.objects.get(pk=case.pk)
    assert after.state != State.WAITING
    resolution = Clock.objects.get(case=case, what=Clocked.RESOLUTION)
    assert resolution.due_at is not None, before
    answered = domain.answer_question(person=case.requester, question=question, agrees=True)
    topic = Topic.objects.get()
    assert answered.topic == topic
    assert (topic.author, topic.title) == (question.asked_by, question.title)
    assert "Fictícia" not in topic.posts.get().text
    domain.answer_question(person=case.requester, question=question, agrees=False)
    assert Topic.objects.count() == 1


def test_who_does_not_agree_is_not_asked_again_and_nothing_is_published(case, space):
    question = ask(case, space)
    domain.answer_question(person=case.requester, question=question, agrees=False)
    assert not Topic.objects.exists()
    with pytest.raises(Refusal):
        ask(case, space)


def test_only_the_desk_asks_and_only_who_asked_agrees(case, space):
    with pytest.raises(Refusal):
        ask(case, space, actor=case.requester)
    question = ask(case, space)
    for person in (agent(), member(space), UserFactory(), UserFactory(roles=[Role.COORDINATOR])):
        with pytest.raises(Refusal):
            domain.answer_question(person=person, question=question, agrees=True)
    referent = referent_of(case.organisation)
    domain.answer_question(person=referent, question=question, agrees=True)
    assert Topic.objects.count() == 1


def test_a_community_that_who_asked_cannot_read_is_not_asked(case):
    with pytest.raises(Refusal) as refused:
        ask(case, forum(visibility=Visibility.INVITATION))
    assert refused.value.field == "space"


def test_identity_numbers_are_covered_whatever_the_form_let_through(case, space):
    question = ask(case, space, text="La persona 12345678Z no pot votar.")
    assert "12345678Z" not in question.text


def test_the_answer_of_the_community_is_a_note_for_the_desk_once(case, space):
    question = ask(case, space)
    topic = domain.answer_question(person=case.requester, question=question, agrees=True).topic
    written = answer(topic, text="Nosaltres demanem el padró.")
    domain.accept_answer(actor=moderator(space), post=written)
    work()
    work()
    notes = Entry.objects.filter(case=case, kind=EntryKind.NOTE, followup__comment__contains="el padró")
    assert notes.count() == 1
    assert not notes.get().followup.public


def test_the_pages_of_the_desk_and_of_who_asked(client, case, space):
    address = reverse("agora:ask", args=[case.reference])
    client.force_login(case.requester)
    assert client.get(address).status_code == 404
    client.force_login(agent())
    assert address in client.get(reverse("desk:bench_beside", args=[case.reference])).text
    wrong = client.post(address, {"title": "Un títol", "text": "El detall"})
    assert wrong.status_code == 422
    assert "El detall" in wrong.text
    client.post(address, {"space": space.pk, "title": "Un títol", "text": "El detall"})
    question = CommunityQuestion.objects.get()
    said = reverse("agora:agree_to_question", args=[question.pk])
    client.force_login(UserFactory())
    assert client.post(said, {"fes": "si"}).status_code == 404
    client.force_login(case.requester)
    assert said in client.get(case.get_absolute_url()).text
    client.post(said, {"fes": "si"})
    topic = Topic.objects.get()
    assert topic.get_absolute_url() in client.get(case.get_absolute_url()).text


def test_who_asked_and_may_no_longer_enter_is_not_led_to_the_topic(client, case, space):
    question = ask(case, space)
    topic = domain.answer_question(person=case.requester, question=question, agrees=True).topic
    participation.leave(person=case.requester, space=space)
    client.force_login(case.requester)
    assert topic.get_absolute_url() not in client.get(case.get_absolute_url()).text


# ---- an answer for everybody ----


def solved_topic(**facts):
    topic = open_topic(**facts)
    written = answer(topic, member(topic.space, name="Sílvia Fictícia"), text="Activeu-la a mà. Sílvia Fictícia")
    domain.accept_answer(actor=topic.author, post=written)
    topic.refresh_from_db()
    return topic


def test_an_accepted_answer_becomes_one_draft_without_the_names_of_who_wrote_it(client):
    topic, faq_topic = solved_topic(), questions.topic()
    client.force_login(moderator(topic.space))
    address = reverse("agora:make_answer", args=[topic.space.slug, topic.pk])
    assert address in client.get(topic.get_absolute_url()).text
    parts = solved.parts_of(topic)
    assert "Sílvia" not in parts["answer"].text
    assert "Activeu-la a mà." in client.get(address).text
    sent = {"title": "Per què no canvien?", "topic": faq_topic.slug, "question": "", "answer": "Activeu-la a mà."}
    assert client.post(address, {**sent, "title": ""}).status_code == 422
    client.post(address, sent)
    client.post(address, sent)
    draft = QuestionPage.objects.get(title="Per què no canvien?")
    assert not draft.live
    assert TopicAnswer.objects.get().question == draft
    assert draft.title in client.get(topic.get_absolute_url()).text
    client.force_login(member(topic.space))
    assert draft.title not in client.get(topic.get_absolute_url()).text
    assert client.get(address).status_code == 404


def test_only_of_a_solved_topic_and_only_by_an_editor_or_who_moderates():
    topic = solved_topic()
    waiting = open_topic(space=topic.space)
    editor, person = UserFactory(roles=[Role.EDITOR]), member(topic.space)
    assert permissions.can_make_answer(editor, topic)
    for who, what in ((person, topic), (editor, waiting)):
        assert not permissions.can_make_answer(who, what)
        with pytest.raises(Refusal):
            domain.make_answer(actor=who, topic=what, faq_topic="x", title="Què?", question="", answer="Això.")


def test_solved_topics_are_offered_beside_a_new_ticket_to_who_may_read_them():
    secret = forum(visibility=Visibility.MEMBERS)
    topic = solved_topic(space=secret, author=member(secret), title="Les fases participatives no canvien soles")
    work()
    found = suggest("les fases participatives no canvien", viewer=topic.author, language="ca")
    assert [(hit.kind, hit.object_id) for hit in found] == [(ANSWERED, str(topic.pk))]
    assert found[0].url.endswith("?n=1#post-1")
    assert suggest("les fases participatives no canvien", viewer=UserFactory(), language="ca") == []


def test_a_solved_topic_that_keeps_being_found_is_offered_to_editors(client, django_assert_max_num_queries):
    topic, other = solved_topic(title="Es troba molt"), solved_topic(title="No es troba")
    Deflection.objects.create(kind=ANSWERED, object_id=str(topic.pk), language="ca", day="2026-11-02", opened=2)
    Deflection.objects.create(kind=ANSWERED, object_id=str(topic.pk), language="ca", day="2026-11-03", solved=1)
    Deflection.objects.create(kind=ANSWERED, object_id=str(other.pk), language="ca", day="2026-11-03", opened=2)
    editor = UserFactory(roles=[Role.EDITOR])
    with django_assert_max_num_queries(4):
        (row,) = solved.found_again(editor)
    assert (row.topic, row.helped) == (topic, 3)
    client.force_login(editor)
    page = client.get(reverse("agora:found_again")).text
    assert "Es troba molt" in page
    assert "No es troba" not in page
    questions.topic("Fases")
    domain.make_answer(
        actor=editor, topic=topic, faq_topic="fases", title="Per què no canvien?", question="", answer="Activeu-la."
    )
    assert solved.found_again(editor) == []
    client.force_login(moderator(topic.space))
    assert client.get(reverse("agora:found_again")).status_code == 404


def test_the_words_of_a_post_that_was_hidden_make_no_answer():
    topic = solved_topic()
    domain.hide(actor=moderator(topic.space), post=topic.posts.get(number=1), reason=Reason.SPAM)
    assert solved.parts_of(Topic.objects.get(pk=topic.pk))["question"].text == ""
    assert Post.objects.count() == 2
