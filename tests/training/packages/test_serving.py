"""The files of a package: for who takes its lesson, and under headers that take it out of our origin."""

import json
import re

import pytest
from django.core.signing import Signer
from django.db import connection
from django.test.utils import CaptureQueriesContext

from platform_core.accounts.roles import Role
from tests.factories import packages as made
from tests.factories.accounts import UserFactory
from tests.factories.training import lessons_of
from training import domain
from training.models import Package, PackageFile
from training.packages import access, serving
from training.permissions import can_preview_package, packages_previewed_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def base(client, world):
    """The address of the package for who takes the lesson; the browser that asks has no cookies."""
    client.force_login(world.person)
    found = world.frame(client).removesuffix("index.html")
    client.logout()
    return found


def policy(answer) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in answer["Content-Security-Policy"].split(";"))
    return {name: value for name, _space, value in parts}


def body(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_the_page_of_the_lesson_shows_it_in_a_sandbox_and_lets_nothing_else_into_a_frame(client, world):
    client.force_login(world.person)
    answer = client.get("/formacio/formacio-inicial/modul-1/amb-paquet/")
    frame = re.search(r"<iframe[^>]*>", answer.text)[0]
    assert 'sandbox="allow-scripts allow-forms allow-popups"' in frame
    assert 'title="Paquet: Un paquet"' in frame
    base = re.search(r'src="([^"]+)index.html"', frame)[1]
    assert policy(answer)["frame-src"] == base
    assert "Obriu-lo a part" in answer.text
    assert "Salteu el paquet" in answer.text
    other = client.get(f"/formacio/formacio-inicial/modul-1/{lessons_of(world.course)[0].slug}/")
    assert "frame-src" not in policy(other)
    assert "package.js" not in other.text


def test_a_page_runs_in_an_origin_of_nobodys_and_reaches_its_own_files_only(client, base):
    answer = client.get(f"{base}index.html")
    assert answer.status_code == 200
    rules = policy(answer)
    assert rules["sandbox"] == "allow-scripts allow-forms allow-popups"
    assert rules["default-src"] == "'none'"
    assert rules["connect-src"].split()[0] == f"http://testserver{base}"
    for name, value in rules.items():
        assert "'self'" not in value, name
        assert not re.search(r"https?:(?!//testserver/formacio/paquet/)", value) or name == "frame-ancestors"
    assert rules["frame-ancestors"] == "http://testserver"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Access-Control-Allow-Origin"] == "null"
    assert "Access-Control-Allow-Credentials" not in answer
    assert "X-Frame-Options" not in answer
    assert answer["Cross-Origin-Opener-Policy"] == "unsafe-none"


def test_no_cookie_is_set_whoever_asks(client, world, base):
    assert not client.get(f"{base}index.html").cookies
    client.force_login(world.person)
    assert not client.get(f"{base}index.html").cookies


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("index.html", "text/html; charset=utf-8"),
        ("a/b.css", "text/css"),
        ("foto.png", "image/png"),
        ("imsmanifest.xml", "application/xml"),
        ("__api.js", "text/javascript"),
    ],
)
def test_each_file_has_the_type_of_our_list(client, base, path, kind):
    answer = client.get(f"{base}{path}")
    assert answer.status_code == 200
    assert answer["Content-Type"] == kind
    assert "sandbox" in policy(answer)


@pytest.mark.parametrize(
    "path",
    [
        *("", "no-hi-es.html", "a/", "a", "/index.html", "INDEX.html", "index.html%00", "a\\b.css", "__api.js/"),
        *("../index.html", "%2e%2e/index.html", "a/../index.html", "..%2f..%2fmanage.py", "x" * 500),
    ],
)
def test_what_is_not_a_file_of_it_is_not_found(client, base, path):
    assert client.get(f"{base}{path}").status_code == 404


def test_a_file_of_another_package_is_not_found(client, base):
    made.package(made.html(**{"secret.txt": "x"}))
    assert client.get(f"{base}secret.txt").status_code == 404


@pytest.mark.parametrize("token", ["x", "t~1~1~1~x~99999999999", "t~1~1~1~x~99999999999.AAAA", "~~~~~.x", "a.b.c"])
def test_a_token_that_is_not_ours_is_not_found(client, world, token):
    assert client.get(f"/formacio/paquet/{token}/index.html").status_code == 404


def test_a_token_signed_for_something_else_is_not_found(client, base):
    token = base.split("/")[3]
    foreign = Signer(salt="another", sep=".").sign(token.rpartition(".")[0])
    assert client.get(f"/formacio/paquet/{foreign}/index.html").status_code == 404


def test_a_token_holds_for_some_hours(client, base, monkeypatch):
    now = access.time.time()
    monkeypatch.setattr(access.time, "time", lambda: now + 11.9 * 3600)
    assert client.get(f"{base}index.html").status_code == 200
    monkeypatch.setattr(access.time, "time", lambda: now + 13.1 * 3600)
    assert client.get(f"{base}index.html").status_code == 404


def test_who_has_left_the_course_opens_it_no_more(client, world, base):
    domain.leave(actor=world.person, enrolment=world.enrolment)
    assert client.get(f"{base}index.html").status_code == 404
    assert client.get(f"{base}__api.js").status_code == 404


def test_who_may_not_sign_in_opens_it_no_more(client, world, base):
    world.person.is_active = False
    world.person.save()
    assert client.get(f"{base}index.html").status_code == 404


def test_who_takes_a_version_without_it_opens_it_no_more(client, world, base):
    world.lesson.body = json.dumps([{"type": "text", "value": "<p>Sense.</p>"}])
    world.lesson.save_revision().publish()
    assert client.get(f"{base}index.html").status_code == 200  # they began the version that has it
    domain.take_newest(actor=world.person, enrolment=world.enrolment, course=world.course)
    assert client.get(f"{base}index.html").status_code == 404


def test_a_package_that_the_editors_replace_stays_for_who_began_it(client, world):
    other = made.package(made.html(), title="El nou")
    world.lesson.body = json.dumps([made.block_of(other)])
    world.lesson.save_revision().publish()
    client.force_login(world.person)
    assert "Paquet: Un paquet" in client.get("/formacio/formacio-inicial/modul-1/amb-paquet/").text


def test_who_does_not_take_the_course_is_told_so_and_gets_no_address(client, world):
    client.force_login(UserFactory())
    answer = client.get("/formacio/formacio-inicial/modul-1/amb-paquet/")
    assert "Feu el curs per obrir" in answer.text
    assert "<iframe" not in answer.text
    assert "frame-src" not in policy(answer)


def test_an_editor_looks_at_it_without_taking_the_course_and_nothing_is_kept(client, world):
    editor = made.editor()
    client.force_login(editor)
    answer = client.get("/formacio/formacio-inicial/modul-1/amb-paquet/").text
    assert "sense fer el curs" in answer
    assert "data-url" not in answer
    address = world.frame(client)
    client.logout()
    assert client.get(address).status_code == 200
    editor.groups.clear()
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("roles", [[], [Role.EDITOR], [Role.COORDINATOR], [Role.AGENT_1], [Role.ADMINISTRATOR]])
@pytest.mark.parametrize("is_active", [True, False])
def test_who_may_look_at_packages_is_the_same_of_one_and_of_all(roles, is_active):
    there = made.package()
    viewer = UserFactory(roles=roles, is_active=is_active)
    assert can_preview_package(viewer, there) == packages_previewed_by(viewer).filter(pk=there.pk).exists()
    expected = is_active and bool(set(roles) & {Role.EDITOR, Role.COORDINATOR, Role.ADMINISTRATOR})
    assert can_preview_package(viewer, there) == expected


@pytest.mark.parametrize("files", [1, 30])
def test_a_file_costs_the_same_however_large_the_package_is(client, world, base, files):
    package = Package.objects.get(pk=world.package.pk)
    rows = [
        PackageFile(package=package, path=f"{n}.txt", file="x", content_type="text/plain", size=1) for n in range(files)
    ]
    PackageFile.objects.bulk_create(rows)
    client.get(f"{base}a/b.css")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(f"{base}a/b.css")
    assert len(queries) == 4


@pytest.mark.parametrize(
    ("asked", "content", "told"),
    [
        ("bytes=0-1", b"a{", "bytes 0-1/3"),
        ("bytes=1-", b"{}", "bytes 1-2/3"),
        ("bytes=-1", b"}", "bytes 2-2/3"),
        ("bytes=1-99", b"{}", "bytes 1-2/3"),
    ],
)
def test_a_player_may_ask_for_a_part(client, base, asked, content, told):
    answer = client.get(f"{base}a/b.css", headers={"Range": asked})
    assert (answer.status_code, body(answer), answer["Content-Range"]) == (206, content, told)


@pytest.mark.parametrize("asked", ["bytes=7-9", "bytes=2-1", "bytes=-", "bytes=0-1,2-2", "words=1-2", "bytes=٣-"])
def test_who_asks_for_a_part_that_is_not_there_gets_it_whole(client, base, asked):
    answer = client.get(f"{base}a/b.css", headers={"Range": asked})
    assert (answer.status_code, body(answer)) == (200, b"a{}")


def test_every_page_of_it_has_our_script_first(client, base):
    for path in ("index.html", "dins/p.html"):
        content = client.get(f"{base}{path}").content
        assert content.count(f'<script src="{base}__api.js"></script>'.encode()) == 1
    assert b"__api.js" not in body(client.get(f"{base}a/b.css"))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"<!doctype html><html><head>|<title>x</title>", None),
        (b"<HTML LANG='a>b'>\n<!-- <head> -->\n<HEAD class=\"x>y\">|<script>1</script>", None),
        (b"\xef\xbb\xbf<html><head>|x", None),
        (b"<?xml version='1.0'?><!DOCTYPE html PUBLIC 'x'>\n<html><head>|", None),
        (b"|<body>sense cap", None),
        (b"|<header>no es un cap</header>", None),
        (b"<html>|<header>x", None),
        (b"|hola", None),
        (b"|", None),
        (b"<!doctype html>|<!-- que no acaba <html><head>", None),
        (b"|<script>document.write('<head>')</script>", None),
        (b"<html><head>|\xe9\xff\xfe", None),
    ],
)
def test_the_script_stands_before_anything_that_runs_and_changes_no_other_byte(before, after):
    page = before.replace(b"|", b"")
    made_of = serving.with_script(page, "/p/__api.js")
    assert made_of == before.replace(b"|", b'<script src="/p/__api.js"></script>')


@pytest.mark.parametrize(("mark", "encoding"), [(b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")])
def test_the_script_is_written_as_the_page_is(mark, encoding):
    page = mark + "<html><!-- 😀 --><head><title>è</title>".encode(encoding)
    found = serving.with_script(page, "/p/__api.js")
    assert found.startswith(mark)
    expected = '<html><!-- 😀 --><head><script src="/p/__api.js"></script><title>è</title>'
    assert found[2:].decode(encoding) == expected


@pytest.mark.parametrize(
    ("page", "kind"),
    [
        (b"<p>accents: \xc3\xa0", "text/html; charset=utf-8"),
        (b"<p>accents: \xe0", "text/html"),
        (b"<meta charset='iso-8859-1'><p>\xc3\xa0", "text/html"),
        (b"<?xml version='1.0' encoding='iso-8859-1'?><p>", "text/html"),
        ("<p>accents: à".encode("utf-16"), "text/html"),
    ],
)
def test_a_page_that_does_not_say_how_it_is_written_is_said_to_be_utf_8_when_it_is(client, page, kind):
    package = made.package(made.zipped({"index.html": page}))
    token = access.for_editor(person=made.editor(), package=package)
    assert client.get(f"/formacio/paquet/{token}/index.html")["Content-Type"] == kind


def test_the_script_begins_with_what_is_known_and_is_safe_wherever_it_stands(client, world, base):
    script = client.get(f"{base}__api.js").text
    assert "Marina \\u003cBosch\\u003e" in script
    assert "<Bosch" not in script
    assert "'unsafe" not in script
    assert world.person.email not in script
    assert "csrf" not in script.lower()


# ---- a host of their own ----


@pytest.fixture
def own_host(settings):
    settings.PACKAGES_ORIGIN = "https://paquets.test"
    settings.ALLOWED_HOSTS = ["testserver", "paquets.test"]
    settings.WAGTAILADMIN_BASE_URL = "http://testserver"


def test_with_a_host_of_their_own_packages_are_served_there_alone(client, world, own_host):
    client.force_login(world.person)
    answer = client.get("/formacio/formacio-inicial/modul-1/amb-paquet/")
    address = re.search(r'<iframe[^>]* src="https://paquets.test([^"]+)"', answer.text)[1]
    base = address.removesuffix("index.html")
    assert policy(answer)["frame-src"] == f"https://paquets.test{base}"
    client.logout()
    assert client.get(address).status_code == 404
    there = client.get(address, headers={"Host": "paquets.test"}, secure=True)
    assert there.status_code == 200
    assert policy(there)["script-src"].startswith(f"https://paquets.test{base}")
    assert policy(there)["frame-ancestors"] == "http://testserver"


@pytest.mark.parametrize(
    "path", ["/", "/formacio/", "/gestio/", "/admin/", "/compte/login/", "/static/x", "/formacio/paquet/x/"]
)
def test_their_host_has_nothing_else(client, world, own_host, path):
    client.force_login(world.person)
    answer = client.get(path, headers={"Host": "paquets.test"}, secure=True)
    assert answer.status_code == 404
    assert not answer.cookies
