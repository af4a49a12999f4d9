"""What else can be made of the pages: PDF, feed, sitemap, and data for search engines. Each for its audience."""

import json
import re
import zlib
from contextlib import suppress
from xml.etree import ElementTree

import pytest
from django.conf import settings as all_settings

from knowledge_base import pdf
from knowledge_base.models import Audience
from platform_core.accounts.roles import Role
from tests.factories.accounts import UserFactory
from tests.factories.questions import question, topic

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture
def subject():
    return topic("Logotip", slug="logotip")


@pytest.fixture
def pages(subject):
    texts = {Audience.PUBLIC: "Pública?", Audience.SIGNED_IN: "Amb sessió?", Audience.STAFF: "De la casa?"}
    return {audience: question(title, of=subject, audience=audience) for audience, title in texts.items()}


def data(client, url):
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', client.get(url).text, re.DOTALL)
    return json.loads(found[1]) if found else None


def read(answer):
    return ElementTree.fromstring(answer.content)  # noqa: S314  the product wrote it


def inside(content):
    """What a PDF says, its packed parts too."""
    found = [content]
    for packed in re.findall(rb"stream\n(.*?)\nendstream", content, re.DOTALL):
        with suppress(zlib.error):
            found.append(zlib.decompress(packed))
    return b"".join(found)


def test_the_feed_has_what_everybody_may_read_the_newest_first(client, pages, subject, settings):
    question("Més nova?", of=subject)
    question("Esborrany?", of=subject, live=False)
    client.force_login(UserFactory(roles=[Role.AGENT_1]))
    feed = read(client.get("/faq/atom/"))
    assert [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")] == ["Més nova?", "Pública?"]
    begins = "https://agora.exemple.test"
    settings.WAGTAILADMIN_BASE_URL = begins
    links = [entry.find(f"{ATOM}link").get("href") for entry in read(client.get("/faq/atom/")).iter(f"{ATOM}entry")]
    assert all(link.startswith(f"{begins}/faq/") for link in links), links
    assert 'type="application/atom+xml"' in client.get("/faq/").text
    assert "A la configuració" in client.get("/es/faq/atom/").text


def test_the_sitemap_has_public_pages_with_their_day(client, pages):
    question("Encara més?", of=topic("Només de la casa", slug="casa"), audience=Audience.STAFF)
    client.force_login(UserFactory(roles=[Role.AGENT_1]))
    answer = client.get("/sitemap.xml")
    urls = {url.findtext(f"{MAP}loc"): url.findtext(f"{MAP}lastmod") for url in read(answer)}
    begins = "http://testserver"
    public = begins + pages[Audience.PUBLIC].get_absolute_url()
    assert urls[public]
    assert begins + "/faq/logotip/" in urls
    assert begins + "/en/faq/" in urls
    for audience in (Audience.SIGNED_IN, Audience.STAFF):
        assert begins + pages[audience].get_absolute_url() not in urls
    assert begins + "/faq/casa/" not in urls
    assert client.get("/sitemap.xml?p=10000").status_code == 404


def test_search_engines_read_public_answers_alone(client, pages):
    page = data(client, pages[Audience.PUBLIC].get_absolute_url())
    assert page["@type"] == "FAQPage"
    assert page["mainEntity"][0]["name"] == "Pública?"
    client.force_login(UserFactory(roles=[Role.AGENT_1]))
    assert [entity["name"] for entity in data(client, "/faq/logotip/")["mainEntity"]] == ["Pública?"]
    assert data(client, pages[Audience.STAFF].get_absolute_url()) is None


def test_what_an_answer_says_never_ends_the_data(client, subject):
    page = question("</script><script>alert(1)</script>", of=subject, text="&lt;/script&gt; <!-- ")
    text = client.get(page.get_absolute_url()).text
    assert "</script><script>alert" not in text
    assert data(client, page.get_absolute_url())["mainEntity"][0]["name"] == page.title


def test_no_script_may_run_inline(client, pages):
    policy = client.get(pages[Audience.PUBLIC].get_absolute_url())["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe-inline" not in policy


@pytest.mark.skipif(not pdf.is_available(), reason="Pango is not on this machine")
def test_the_pdf_of_a_topic_is_tagged_and_has_what_its_reader_may_read(client, pages, subject, monkeypatch, caplog):
    drawn = []
    monkeypatch.setattr(pdf, "made", lambda html, made=pdf.made, **how: drawn.append(html) or made(html, **how))
    answer = client.get(f"/faq/pdf/{subject.pk}/")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'inline; filename="logotip.pdf"'
    assert answer.content.startswith(b"%PDF-")
    assert b"pdfuaid" in inside(answer.content), "says that it is accessible (ISO 14289)"
    assert b"/StructTreeRoot" in inside(answer.content)
    wrong = [line for line in caplog.messages if "Failed" in line or "Unsupported" in line]
    assert not wrong, "its style and font are there"
    client.force_login(UserFactory(roles=[Role.AGENT_1]))
    client.get(f"/faq/pdf/{subject.pk}/")
    client.get(f"/faq/pdf/{subject.pk}/")
    seen = [[title for title in ("Pública?", "Amb sessió?", "De la casa?") if title in html] for html in drawn]
    assert seen == [["Pública?"], ["Pública?", "Amb sessió?", "De la casa?"]], "each audience once"
    pages[Audience.PUBLIC].title = "Canviada?"
    pages[Audience.PUBLIC].save_revision().publish()
    client.get(f"/faq/pdf/{subject.pk}/")
    assert "Canviada?" in drawn[-1]
    assert f'href="/faq/pdf/{subject.pk}/"' in client.get("/faq/logotip/").text


@pytest.mark.parametrize("number", ["0", "999999", "999999999999999999999999"])
def test_there_is_no_pdf_of_what_is_not_there(client, subject, number):
    assert client.get(f"/faq/pdf/{number}/").status_code == 404


def test_there_is_no_pdf_for_who_may_read_nothing_of_it(client, subject):
    question("De la casa?", of=subject, audience=Audience.STAFF)
    assert client.get(f"/faq/pdf/{subject.pk}/").status_code == 404


@pytest.mark.parametrize(
    "url",
    [
        *("http://127.0.0.1/x.png", "https://example.org/", "file:///etc/passwd", "data:,x"),
        *("https://ours.invalid/etc/passwd", "https://ours.invalid/media/../../etc/x.png"),
        *("https://ours.invalid/media/secret.pdf", "https://host/css/topic-pdf.css"),
    ],
)
def test_a_pdf_fetches_nothing_of_others(url):
    with pytest.raises(Exception):  # noqa: B017, PT011  whatever it is, nothing comes back
        pdf._file(url)
    assert all_settings.MEDIA_URL == "/media/"
