"""Certificates: who holds one, until when, and how somebody else verifies it."""

import re
import zlib
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.utils import timezone

from knowledge_base.public import has_pdf
from platform_core.background.worker import Worker
from tests.factories.accounts import UserFactory
from tests.factories.training import course, do, enrolled, lessons_of
from training import tasks
from training.domain.completing import holds, months_after, new_code
from training.models import Certificate

pytestmark = pytest.mark.django_db


@pytest.fixture
def certificate():
    page = course(lessons=1, valid_for=24)
    person = UserFactory(name="Marina Bosch")
    enrolled(person, page)
    do(person, *lessons_of(page))
    return Certificate.objects.get()


def expire(certificate, *, ago=timedelta(days=1)):
    certificate.expires_at = timezone.now() - ago
    certificate.save()


def test_anybody_verifies_a_certificate_by_its_code(client, certificate):
    page = client.get(f"/formacio/certificat/{certificate.code}/")
    assert "Marina Bosch" in page.text
    assert "és vigent" in page.text
    assert page["X-Robots-Tag"] == "noindex"
    typed = certificate.code.replace("-", "").lower()
    assert (
        client.get(f"/formacio/certificat/{typed}/", follow=True).redirect_chain[-1][0].endswith(f"{certificate.code}/")
    )
    assert client.get("/formacio/certificat/", {"codi": typed}, follow=True).status_code == 200


@pytest.mark.parametrize("code", ["AAAA-BBBB-CCCC", "x", "-", "A" * 40])
def test_a_code_that_we_did_not_issue_is_told_so(client, code):
    page = client.get(f"/formacio/certificat/{code}/")
    assert page.status_code == 404
    assert "Cap certificat té aquest codi" in page.text


@pytest.mark.parametrize("typed", ["", "%00", "ç", "A" * 41, "<b>"])
def test_what_is_no_code_is_asked_for_again(client, typed):
    answer = client.get("/formacio/certificat/", {"codi": typed}, follow=True)
    assert answer.status_code in (200, 404)


def test_an_expired_one_says_so_and_is_renewed(client, certificate):
    enrolment = certificate.enrolment
    page = enrolment.person
    expire(certificate)
    assert "ha caducat" in client.get(certificate.get_absolute_url()).text
    client.force_login(page)
    assert "renovacio/" in client.get("/formacio/formacio-inicial/").text
    client.post(f"/formacio/curs/{enrolment.course_key}/renovacio/")
    enrolment.refresh_from_db()
    assert enrolment.completed_at is None


def test_a_certificate_holds_until_it_expires(certificate):
    person, page = certificate.enrolment.person, course("Un altre")
    assert certificate.expires_at > timezone.now() + timedelta(days=729)
    assert not holds(person=person, course=page)
    page.translation_key = certificate.enrolment.course_key
    assert holds(person=person, course=page)
    expire(certificate)
    assert not holds(person=person, course=page)


def test_months_are_of_the_calendar():
    madrid = ZoneInfo("Europe/Madrid")
    assert months_after(datetime(2026, 1, 31, 12, tzinfo=madrid), 1).date().isoformat() == "2026-02-28"
    assert months_after(datetime(2026, 11, 30, 12, tzinfo=madrid), 24).date().isoformat() == "2028-11-30"


def test_codes_are_said_aloud_without_mistake():
    codes = {new_code() for _time in range(50)}
    assert len(codes) == 50
    assert all(re.fullmatch(r"([2-9A-HJKMNP-Z]{4}-){2}[2-9A-HJKMNP-Z]{4}", code) for code in codes)


@pytest.mark.skipif(not has_pdf(), reason="Pango is not on this machine")
def test_the_pdf_has_its_style_and_says_that_it_is_accessible(client, certificate, caplog):
    answer = client.get(f"/formacio/certificat/{certificate.code}/pdf/")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    inside = b"".join(_inflated(answer.content))
    assert b"/StructTreeRoot" in inside
    assert b"pdfuaid" in inside
    assert not [line for line in caplog.messages if "Failed" in line or "Unsupported" in line]


def _inflated(content):
    for part in re.findall(rb"stream\r?\n(.*?)endstream", content, re.DOTALL):
        try:
            yield zlib.decompress(part)
        except zlib.error:
            yield part


def test_the_badge_is_a_credential_without_an_address_in_it(client, certificate):
    badge = client.get(f"/formacio/certificat/{certificate.code}/insignia.json")
    found = badge.json()
    assert found["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert found["id"].endswith(certificate.get_absolute_url())
    assert found["validUntil"] == certificate.expires_at.isoformat()
    assert certificate.enrolment.person.email not in badge.text
    assert client.get("/formacio/certificat/AAAA-BBBB-CCCC/insignia.json").status_code == 404


def test_the_holder_is_told_once_that_it_expires_soon(certificate):
    expire(certificate, ago=timedelta(days=-20))
    for _time in range(2):
        tasks.look_for_expiring()
        Worker().drain()
    assert [letter.to for letter in mail.outbox] == [[certificate.enrolment.person.email]]
    assert "caduca" in mail.outbox[0].subject
    assert certificate.get_absolute_url() in mail.outbox[0].body
