"""Taking a course: enrolment, the version begun, and progress that nothing loses."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from platform_core.accounts.roles import Role
from platform_core.base.errors import Refusal
from platform_core.organisations.public import MembershipRole, add_member, hand_over
from tests.factories.accounts import UserFactory
from tests.factories.organisations import MembershipFactory, OrganisationFactory, deliver_all, referent
from tests.factories.training import course, do, enrolled, lesson, lessons_of, publish
from training import domain
from training.domain import Mark
from training.models import Certificate, CoursePrerequisite, CourseVersion, Enrolment, LessonVersion, ModulePage, Via
from training.queries import learning_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return UserFactory()


def test_a_person_enrols_and_does_a_course_to_its_end(client, person):
    page = course()
    client.force_login(person)
    begun = client.post(f"/formacio/curs/{page.translation_key}/inscripcio/")
    assert begun.url == "/formacio/formacio-inicial/modul-1/llico-11/"
    assert "Text de Lliçó 1.1." in client.get(begun.url).text
    addresses = []
    for one in lessons_of(page):
        answer = client.post(f"/formacio/curs/{page.translation_key}/fet/", {"lesson": one.translation_key})
        addresses.append(answer.url.removeprefix("/formacio/formacio-inicial/"))
    assert addresses == ["modul-1/llico-12/", "modul-1/llico-13/", ""]
    assert Certificate.objects.get().enrolment.person == person
    assert "3 de 3" in client.get("/formacio/formacio-inicial/").text


def test_who_enrols_twice_takes_it_once(person):
    page = course()
    first = enrolled(person, page)
    do(person, lessons_of(page)[0])
    assert enrolled(person, page) == first
    assert Enrolment.objects.count() == 1
    assert first.progress.count() == 1


def test_who_leaves_and_comes_back_goes_on_where_they_were(person):
    page = course()
    enrolment = enrolled(person, page)
    do(person, lessons_of(page)[0])
    domain.leave(actor=person, enrolment=enrolment)
    assert learning_in(page, viewer=person) is None
    enrolled(person, page)
    assert learning_in(page, viewer=person).done_count == 1


def test_a_trainee_keeps_the_version_that_they_began(client, person):
    page = course()
    client.force_login(person)
    enrolled(person, page)
    first = lessons_of(page)[0]
    first.body = json.dumps([{"type": "text", "value": "<p>Un text nou.</p>"}])
    first.save_revision().publish()
    address = "/formacio/formacio-inicial/modul-1/llico-11/"
    assert "Text de Lliçó 1.1." in client.get(address).text
    assert "ha canviat" in client.get("/formacio/formacio-inicial/").text
    client.post(f"/formacio/curs/{page.translation_key}/versio/")
    assert "Un text nou." in client.get(address).text
    assert "ha canviat" not in client.get("/formacio/formacio-inicial/").text


def test_a_lesson_that_is_deleted_meanwhile_is_still_theirs(client, person):
    page = course()
    client.force_login(person)
    enrolled(person, page)
    first, second, third = lessons_of(page)
    do(person, first)
    first.delete()
    second.delete()
    for address in ("llico-11", "llico-12", "llico-13"):
        assert client.get(f"/formacio/formacio-inicial/modul-1/{address}/").status_code == 200
    do(person, third)
    domain.mark(person=person, course_key=page.translation_key, marks=[Mark(second.translation_key, is_done=True)])
    assert learning_in(page, viewer=person).is_complete


def test_what_was_done_counts_in_a_newer_version_wherever_the_lesson_is(person):
    page = course(modules=2)
    enrolment = enrolled(person, page)
    moved, kept = lessons_of(page)[0], lessons_of(page)[1]
    do(person, moved, kept)
    moved.move(ModulePage.objects.get(slug="modul-2"), pos="first-child")
    moved.refresh_from_db()
    moved.title = "Un altre nom"
    moved.save_revision().publish()
    domain.take_newest(actor=person, enrolment=enrolment, course=page)
    learning = learning_in(page, viewer=person)
    assert learning.done_count == 2
    assert learning.outline.get(str(moved.translation_key)).path == "modul-2/llico-11"


def test_the_old_address_of_a_lesson_leads_to_where_it_is_in_ones_version(client, person):
    page = course()
    client.force_login(person)
    enrolled(person, page)
    first = lessons_of(page)[0]
    first.slug = "un-altre-nom"
    first.save_revision().publish()
    answer = client.get("/formacio/formacio-inicial/modul-1/un-altre-nom/")
    assert answer.url == "/formacio/formacio-inicial/modul-1/llico-11/"


def test_a_lesson_that_is_newer_than_ones_version_says_so(client, person):
    page = course()
    client.force_login(person)
    enrolled(person, page)
    lesson(ModulePage.objects.get(), "Nova")
    answer = client.get("/formacio/formacio-inicial/modul-1/nova/")
    assert "Text de Nova." in answer.text
    assert "data-done" not in answer.text


def test_a_version_is_made_once_and_shares_what_did_not_change(person):
    page = course()
    enrolled(person, page)
    enrolled(UserFactory(), page)
    assert CourseVersion.objects.count() == 1
    one = lessons_of(page)[0]
    one.objective = "Una altra cosa"
    one.save_revision().publish()
    enrolled(UserFactory(), page)
    assert [version.number for version in CourseVersion.objects.order_by("number")] == [1, 2]
    assert LessonVersion.objects.count() == 4


def test_marks_may_come_twice_late_and_in_any_order(client, person):
    page = course()
    client.force_login(person)
    enrolment = enrolled(person, page)
    began = timezone.now() - timedelta(days=2)
    Enrolment.objects.update(created_at=began)
    first, second, third = [str(one.translation_key) for one in lessons_of(page)]
    yesterday, tomorrow = timezone.now() - timedelta(days=1), timezone.now() + timedelta(days=1)
    sent = {
        "course": str(page.translation_key),
        "marks": [
            {"key": second, "done": True, "at": yesterday.isoformat()},
            {"key": first, "done": False, "at": "2001-01-01T00:00:00Z"},
            {"key": third, "done": True, "at": tomorrow.isoformat()},
        ],
    }
    for _time in range(2):
        answer = client.post("/formacio/progres/", sent, content_type="application/json")
        assert answer.json() == {"done": 2, "of": 3, "completed": False}
    rows = {str(row.key): row for row in enrolment.progress.all()}
    assert rows[second].done_at == yesterday
    assert rows[first].seen_at == began
    assert rows[first].done_at is None
    assert rows[third].done_at <= timezone.now()


@pytest.mark.parametrize(
    "change",
    [
        {"course": "x"},
        {"course": str(uuid4())},
        {"marks": []},
        {"marks": [{"key": "x", "done": True}]},
        {"marks": [{"key": str(uuid4()), "done": True}]},
        {"marks": [{"key": None}]},
        {"marks": "x"},
        {"marks": [{"key": "{first}", "done": True, "at": "ahir"}]},
        {"marks": [{"key": "{first}", "done": True, "at": "2026-01-01T00:00:00"}]},
        {"marks": [{"key": "{first}", "done": True, "at": 7}]},
    ],
)
def test_what_the_page_does_not_send_is_refused_and_nothing_of_it_kept(client, person, change):
    page = course()
    client.force_login(person)
    enrolment = enrolled(person, page)
    first = str(lessons_of(page)[0].translation_key)
    good = {"key": str(lessons_of(page)[1].translation_key), "done": True}
    sent = {"course": str(page.translation_key), "marks": [good], **change}
    if isinstance(sent["marks"], list) and sent["marks"] and "marks" in change:
        sent["marks"] = [good, *sent["marks"]]
    body = json.dumps(sent).replace("{first}", first)
    answer = client.post("/formacio/progres/", body, content_type="application/json")
    assert answer.status_code == 422
    assert answer.json()["error"]
    assert enrolment.progress.count() == 0


def test_marks_of_who_is_signed_out_wait_for_them(client):
    assert client.post("/formacio/progres/", {}, content_type="application/json").status_code == 401


def test_nobody_marks_what_they_do_not_take(person):
    page = course()
    with pytest.raises(Refusal):
        do(person, lessons_of(page)[0])


def test_a_new_referent_is_enrolled_by_itself(person):
    page = course(is_initial=True)
    course("Un altre")
    organisation = OrganisationFactory()
    add_member(actor=None, organisation=organisation, email=person.email, role=MembershipRole.REFERENT)
    deliver_all()
    enrolment = Enrolment.objects.get()
    assert (enrolment.person, enrolment.course_key, enrolment.organisation) == (
        person,
        page.translation_key,
        organisation,
    )
    assert enrolment.via == Via.RULE
    domain.leave(actor=person, enrolment=enrolment)
    other = OrganisationFactory()
    add_member(actor=None, organisation=other, email=person.email, role=MembershipRole.REFERENT)
    deliver_all()
    enrolment.refresh_from_db()
    assert not enrolment.is_current, "who left it is not called back"


def test_who_takes_over_is_enrolled_and_who_has_left_is_not():
    page = course(is_initial=True)
    organisation = OrganisationFactory()
    before, after = UserFactory(), UserFactory()
    seat = add_member(actor=None, organisation=organisation, email=before.email, role=MembershipRole.REFERENT)
    successor = add_member(actor=None, organisation=organisation, email=after.email, role=MembershipRole.TECHNICIAN)
    hand_over(actor=None, membership=seat, successor=successor)
    deliver_all()
    assert [each.person for each in Enrolment.objects.filter(course_key=page.translation_key)] == [after]


def test_agents_enrol_anybody_and_referents_their_people(person):
    page = course()
    organisation = OrganisationFactory()
    boss = referent(organisation).person
    colleague = MembershipFactory(organisation=organisation).person
    agent = UserFactory(roles=[Role.AGENT_1])
    assert domain.enrol(actor=agent, person=person, course=page).via == Via.AGENT
    assert domain.enrol(actor=boss, person=colleague, course=page).via == Via.REFERENT
    with pytest.raises(Refusal):
        domain.enrol(actor=boss, person=UserFactory(), course=page)
    with pytest.raises(Refusal):
        domain.enrol(actor=person, person=colleague, course=page)


def test_what_is_asked_for_before_a_course_is_asked_of_who_enrols_alone(client, person):
    before = course("Abans", lessons=1)
    page = course("Després")
    CoursePrerequisite.objects.create(page=page, course=before)
    client.force_login(person)
    refused = client.post(f"/formacio/curs/{page.translation_key}/inscripcio/")
    assert refused.status_code == 422
    assert "«Abans»" in refused.text
    assert not Enrolment.objects.exists()
    enrolled(person, before)
    do(person, lessons_of(before)[0])
    assert client.post(f"/formacio/curs/{page.translation_key}/inscripcio/").status_code == 302


def test_an_empty_course_is_taken_by_nobody(client, person):
    page = course(lessons=0)
    publish(page, ModulePage(title="Buit"))
    client.force_login(person)
    assert client.post(f"/formacio/curs/{page.translation_key}/inscripcio/").status_code == 422


def test_one_goes_on_where_one_was(person):
    page = course(modules=2)
    enrolment = enrolled(person, page)
    one, two, _three, *_rest = lessons_of(page)
    assert learning_in(page, viewer=person).resume.title == "Lliçó 1.1"
    do(person, two)
    assert learning_in(page, viewer=person).resume.title == "Lliçó 1.3"
    domain.see(enrolment=enrolment, key=str(one.translation_key))
    domain.see(enrolment=enrolment, key=str(one.translation_key))
    assert learning_in(page, viewer=person).resume.title == "Lliçó 1.1"
    do(person, one, *lessons_of(page)[2:5])
    assert learning_in(page, viewer=person).resume.title == "Lliçó 2.3"
