"""Rights that ask for a certificate, and a lesson that the desk prescribes from a ticket."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from helpdesk.desk import domain
from helpdesk.desk.models import Change, Entry, Prescription, State
from platform_core.base.errors import Refusal
from tests.factories.desk import agent, open_case, referent_of
from tests.factories.questions import deliver, topic
from tests.factories.training import course, do, enrolled, lessons_of
from training.domain import leave
from training.models import Certificate, Enrolment
from training.public import Standing, required_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def subject():
    return topic("Administració de la plataforma", slug="administracio-plataforma")


@pytest.fixture
def page(subject):
    return course(needed_for=subject.slug, valid_for=24)


@pytest.fixture
def laia():
    return referent_of(name="Laia Puig", email="laia@ens.test")


@pytest.fixture
def biel():
    return agent(name="Biel Roca")


def prescribe(biel, case, page, lesson=None, **more):
    key = lesson.translation_key if lesson else None
    return domain.prescribe(actor=biel, case=case, course_key=page.translation_key, lesson_key=key, **more)


def now_of(case):
    case.refresh_from_db()
    return case


def learned(case):
    return Entry.objects.filter(case=case, change=Change.LEARNED)


# ---- rights by certificate ----


def standing(person):
    return [each.standing for each in required_for(person, language="ca")["administracio-plataforma"]]


def test_where_somebody_stands_follows_from_their_certificate(laia, page):
    assert standing(laia) == [Standing.MISSING]
    enrolled(laia, page)
    assert standing(laia) == [Standing.TAKING]
    do(laia, *lessons_of(page))
    assert standing(laia) == [Standing.PASSED]
    for days, expected in ((30, Standing.EXPIRING), (-1, Standing.EXPIRED)):
        Certificate.objects.update(expires_at=timezone.now() + timedelta(days=days))
        assert standing(laia) == [expected]
    assert standing(None) == [Standing.MISSING], "who wrote without an account"


def test_a_ticket_that_asks_for_rights_shows_it_to_the_desk_and_to_who_asks(client, laia, biel, page):
    enrolled(laia, page)
    do(laia, *lessons_of(page))
    certificate = Certificate.objects.get()
    case = open_case(laia, topic="administracio-plataforma")
    client.force_login(biel)
    beside = client.get(f"/suport/taula/{case.reference}/costat/").text
    client.force_login(laia)
    own = client.get(case.get_absolute_url()).text
    for shown in (beside, own):
        assert certificate.get_absolute_url() in shown
        assert "Superat" in shown
    Certificate.objects.update(expires_at=timezone.now() - timedelta(days=1))
    assert "Caducat" in client.get(case.get_absolute_url()).text


def test_a_ticket_about_something_else_says_nothing_of_courses(client, laia, page):
    case = open_case(laia)
    client.force_login(laia)
    assert page.title not in client.get(case.get_absolute_url()).text


def test_the_form_of_a_new_ticket_says_what_the_topic_asks_for(client, laia, page):
    client.force_login(laia)
    shown = client.get("/suport/nova/").text
    assert 'data-for-topic="administracio-plataforma"' in shown
    assert page.get_absolute_url() in shown
    page.unpublish()
    assert "data-for-topic" not in client.get("/suport/nova/").text


# ---- a lesson prescribed from a ticket ----


def test_a_prescribed_lesson_enrols_and_makes_the_ticket_wait_until_it_is_done(laia, biel, page):
    case, lesson = open_case(laia), lessons_of(page)[1]
    prescribe(biel, case, page, lesson, text="Això ho explica molt bé.")
    assert Enrolment.objects.get(person=laia).enrolled_by == biel
    assert now_of(case).state == State.WAITING
    assert case.due_at is None, "the clock stands still"
    said = case.entries.filter(kind="message").latest("followup").followup.comment
    assert said.startswith("Això ho explica molt bé.")
    assert f"[{lesson.title}](http" in said
    deliver()
    assert any(lesson.title in letter.body for letter in mail.outbox if letter.to == ["laia@ens.test"])
    do(laia, lesson)
    deliver()
    assert now_of(case).state == State.OPEN
    assert case.due_at is not None
    assert learned(case).get().followup.user == laia


def test_the_thread_says_what_was_learned_to_both_sides(client, laia, biel, page):
    case, lesson = open_case(laia), lessons_of(page)[0]
    prescribe(biel, case, page, lesson)
    do(laia, lesson)
    deliver()
    for viewer, address in ((laia, case.get_absolute_url()), (biel, case.get_bench_url())):
        client.force_login(viewer)
        assert f"Laia Puig ha completat «{lesson.title}»" in client.get(address).text


def test_told_twice_it_is_written_once(laia, biel, page):
    case, lesson = open_case(laia), lessons_of(page)[0]
    prescribe(biel, case, page, lesson)
    do(laia, lesson)
    deliver()
    facts = {"person_id": laia.pk, "course_key": page.translation_key, "lesson_key": lesson.translation_key}
    domain.learned(**facts, at=timezone.now())
    assert learned(case).count() == 1


def test_it_comes_back_when_the_last_of_several_is_done(laia, biel, page):
    case, (one, other, _third) = open_case(laia), lessons_of(page)
    prescribe(biel, case, page, one)
    prescribe(biel, case, page, other)
    do(laia, other)
    deliver()
    assert now_of(case).state == State.WAITING
    do(laia, one)
    deliver()
    assert now_of(case).state == State.OPEN
    assert learned(case).count() == 2


def test_what_is_not_waiting_any_more_only_hears_of_it(laia, biel, page):
    case, lesson = open_case(laia), lessons_of(page)[0]
    prescribe(biel, case, page, lesson)
    domain.change_state(actor=biel, case=case, to=State.RESOLVED)
    do(laia, lesson)
    deliver()
    assert now_of(case).state == State.RESOLVED
    assert learned(case).exists()


def test_a_whole_course_is_done_with_its_certificate(laia, biel, page):
    case = open_case(laia)
    prescribe(biel, case, page)
    do(laia, *lessons_of(page)[:2])
    deliver()
    assert now_of(case).state == State.WAITING
    do(laia, lessons_of(page)[2])
    deliver()
    assert now_of(case).state == State.OPEN


def test_an_expired_course_is_begun_anew(laia, biel, page):
    enrolled(laia, page)
    do(laia, *lessons_of(page))
    Certificate.objects.update(expires_at=timezone.now() - timedelta(days=1))
    prescribe(biel, open_case(laia), page)
    assert Enrolment.objects.get().completed_at is None


def test_who_had_left_comes_back(laia, biel, page):
    leave(actor=laia, enrolment=enrolled(laia, page))
    prescribe(biel, open_case(laia), page, lessons_of(page)[0])
    assert Enrolment.objects.get().is_current


@pytest.mark.parametrize("why", ["done", "held", "twice", "no account", "not the desk", "their own"])
def test_what_cannot_be_prescribed_is_refused_and_changes_nothing(laia, biel, page, why):
    case, lesson = open_case(laia), lessons_of(page)[0]
    actor, what = biel, lesson
    if why == "done":
        enrolled(laia, page)
        do(laia, lesson)
    elif why == "held":
        enrolled(laia, page)
        do(laia, *lessons_of(page))
        what = None
    elif why == "twice":
        prescribe(biel, case, page, lesson)
    elif why == "no account":
        case = open_case(None, requester_email="algu@ens.test", organisation=None, actor=biel)
    elif why == "not the desk":
        actor = laia
    else:
        case = open_case(biel, organisation=None)
    before = (Prescription.objects.count(), Enrolment.objects.count(), now_of(case).version)
    with pytest.raises(Refusal):
        prescribe(actor, case, page, what)
    assert (Prescription.objects.count(), Enrolment.objects.count(), now_of(case).version) == before


def test_an_agent_prescribes_from_the_page(client, laia, biel, page):
    case, lesson = open_case(laia), lessons_of(page)[0]
    client.force_login(biel)
    address = f"/suport/taula/{case.reference}/formacio/"
    assert lesson.title in client.get(address).text
    sent = {"task": f"{page.translation_key}:{lesson.translation_key}", "text": "", "version": case.version}
    assert client.post(address, sent).url == case.get_bench_url()
    assert client.post(address, sent).status_code == 409, "read before the first one"
    assert Prescription.objects.count() == 1


@pytest.mark.parametrize("task", ["", "x", ":", "00000000-0000-0000-0000-000000000000:", "' OR 1=1"])
def test_what_is_no_lesson_is_said_beside_the_field_and_the_words_are_kept(client, laia, biel, page, task):
    case = open_case(laia)
    client.force_login(biel)
    sent = {"task": task, "text": "Les meves paraules", "version": case.version}
    answer = client.post(f"/suport/taula/{case.reference}/formacio/", sent)
    assert answer.status_code == 422
    assert "Les meves paraules" in answer.text
    assert answer.context["form"].errors["task"]


def test_only_the_desk_finds_the_page(client, laia, page):
    case = open_case(laia)
    client.force_login(laia)
    assert client.get(f"/suport/taula/{case.reference}/formacio/").status_code == 404
