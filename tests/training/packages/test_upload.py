"""Editors upload a package, put it into a lesson, retire it, delete it; a bad one is refused beside its field."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.blocks import StreamBlockValidationError

from platform_core.accounts.roles import Role
from platform_core.activity.models import Activity
from platform_core.base.errors import Refusal
from platform_core.files.public import ScanResult, Verdict, private_storage
from tests.factories import packages as made
from tests.factories.accounts import UserFactory
from tests.factories.training import course, lesson
from training.domain import packages as domain
from training.models import LessonPage, ModulePage, Package, PackageFile, PackageState
from training.packages import contents
from training.packages.placing import packages_in

pytestmark = pytest.mark.django_db
ADD = "/gestio/packages/new/"


@pytest.fixture
def editor(client):
    person = made.editor()
    client.force_login(person)
    return person


def send(client, content: bytes, *, title="Seguretat", name="curs.zip"):
    return client.post(ADD, {"title": title, "file": made.upload(content, name)})


@pytest.mark.parametrize(
    ("content", "kind"), [(made.html(), "html"), (made.scorm12(), "scorm12"), (made.scorm2004(), "scorm2004")]
)
def test_an_editor_uploads_a_package(client, editor, content, kind):
    answer = send(client, content, name="../Curs nou.zip")
    assert answer.status_code == 302
    package = Package.objects.get()
    assert (package.title, package.kind, package.original_name) == ("Seguretat", kind, "Curs nou.zip")
    assert (package.uploaded_by, package.zipped_size) == (editor, len(content))
    assert set(package.files.values_list("path", flat=True)) >= {"index.html"}
    row = package.files.get(path="index.html")
    assert "index" not in row.file
    assert private_storage().open(row.file).read() == made.PAGE.encode()
    assert row.size == len(made.PAGE)
    assert Activity.objects.filter(type="training.package_added", actor=editor).count() == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (made.html(**{"zeros.txt": b"\0" * 30_000_000}), "bombes ZIP"),
        (made.html(**{"../fora.html": "x"}), "mena a una altra banda"),
        (made.zipped({"imsmanifest.xml": made.manifest12("altra.html"), "index.html": made.PAGE}), "comença"),
        (made.zipped({"lectura.html": made.PAGE}), "index.html"),
        (made.html(**{"tincan.xml": "<a/>"}), "xAPI"),
        (made.html(**{"virus.exe": "x"}), "virus.exe"),
        (b"no es cap zip", "no és un ZIP"),
    ],
)
def test_a_bad_package_is_refused_beside_its_field_and_nothing_is_kept(client, editor, content, sentence):
    answer = send(client, content, title="El meu títol")
    assert answer.status_code == 200
    form = answer.context["form"]
    assert sentence in form.errors["file"][0]
    assert list(form.errors) == ["file"]
    assert sentence in answer.text
    assert 'value="El meu títol"' in answer.text
    assert not Package.objects.exists()
    assert not PackageFile.objects.exists()


def test_a_form_without_a_file_or_a_title_says_so(client, editor):
    assert list(client.post(ADD, {"title": "x"}).context["form"].errors) == ["file"]
    assert list(send(client, made.html(), title="").context["form"].errors) == ["title"]
    assert not Package.objects.exists()


@pytest.mark.parametrize("verdict", [Verdict.INFECTED, Verdict.UNAVAILABLE])
def test_what_the_scanner_does_not_let_through_is_refused(client, editor, monkeypatch, verdict):
    monkeypatch.setattr(domain, "scan", lambda _file: ScanResult(verdict=verdict, found="Eicar"))
    answer = send(client, made.html())
    assert answer.context["form"].errors["file"]
    assert not Package.objects.exists()
    is_told = Activity.objects.filter(type="training.package_infected", actor=editor).exists()
    assert is_told is (verdict == Verdict.INFECTED)


def test_when_the_disk_is_full_nothing_is_left_of_it(editor, monkeypatch):
    found = domain.read_package(actor=editor, file=made.upload(made.html(**{"a.txt": "x", "b.txt": "x"})))
    storage = private_storage()
    real, names = storage.save, []

    def save(name, content):
        if len(names) == 2:
            raise OSError(28, "No space left on device")
        names.append(real(name, content))
        return names[-1]

    monkeypatch.setattr(storage, "save", save)
    with pytest.raises(OSError, match="space"):
        domain.add_package(actor=editor, title="x", name="x.zip", found=found)
    assert not Package.objects.exists()
    assert len(names) == 2
    assert not any(storage.exists(name) for name in names)


@pytest.mark.parametrize("roles", [[], [Role.AGENT_1], [Role.MODERATOR]])
def test_nobody_else_uploads(client, roles):
    made.editor()
    person = UserFactory(roles=roles)
    client.force_login(person)
    assert send(client, made.html()).status_code in (302, 403)
    assert not Package.objects.exists()
    with pytest.raises(Refusal):
        domain.add_package(actor=person, title="x", name="x", found=contents.read(made.upload(made.html())))


def test_a_package_is_renamed_and_retired_and_its_file_stays(client, editor):
    package = made.package(by=editor)
    answer = client.get(f"/gestio/packages/edit/{package.pk}/")
    assert 'type="file"' not in answer.text
    client.post(f"/gestio/packages/edit/{package.pk}/", {"title": "Un altre", "state": "retired"})
    changed = Package.objects.get()
    assert (changed.title, changed.state, changed.sha256) == ("Un altre", PackageState.RETIRED, package.sha256)
    assert Activity.objects.filter(type="training.package_changed").count() == 1


def test_what_is_retired_is_offered_to_no_lesson(client, editor):
    made.package(title="Vigent", by=editor)
    old = made.package(title="Retirat", by=editor)
    domain.change_package(actor=editor, package=old, title=old.title, state=PackageState.RETIRED)
    offered = client.get("/gestio/package_chooser/").json()["html"]
    assert "Vigent" in offered
    assert "Retirat" not in offered


def test_what_a_lesson_uses_is_not_deleted(client, editor):
    package = made.package(by=editor)
    module = ModulePage.objects.descendant_of(course(lessons=1)).get()
    lesson(module, "Amb paquet", body=[made.block_of(package)])
    client.post(f"/gestio/packages/delete/{package.pk}/")
    assert Package.objects.exists()
    with pytest.raises(Refusal):
        domain.delete_package(actor=editor, package=package)


@pytest.mark.parametrize("later", [None, timedelta(days=1)])
def test_what_only_a_draft_uses_is_not_deleted(client, editor, later):
    package = made.package(by=editor)
    module = ModulePage.objects.descendant_of(course(lessons=1)).get()
    page = lesson(module, "Sense paquet")
    page.body = [made.block_of(package)]
    draft = page.save_revision(approved_go_live_at=later and timezone.now() + later)
    if later:  # what was saved after it no longer has the package
        page.body = []
        page.save_revision()
    client.post(f"/gestio/packages/delete/{package.pk}/")
    assert Package.objects.exists()
    draft.publish()
    assert packages_in(LessonPage.objects.get(pk=page.pk)) == [package.pk]


def test_what_nothing_uses_is_deleted_with_its_files(client, editor, django_capture_on_commit_callbacks):
    package = made.package(by=editor)
    names = list(package.files.values_list("file", flat=True))
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/gestio/packages/delete/{package.pk}/")
    assert not Package.objects.exists()
    assert not any(private_storage().exists(name) for name in names)


def test_the_list_and_what_a_package_is(client, editor):
    package = made.package(made.scorm2004(), by=editor)
    assert "Un paquet" in client.get("/gestio/packages/").text
    page = client.get(f"/gestio/packages/inspect/{package.pk}/").text
    assert "SCORM 2004" in page
    assert "2 fitxers" in page
    assert "/formacio/paquet/e~" in page


def test_a_lesson_takes_one_package(editor):
    package = made.package(by=editor)
    block = LessonPage._meta.get_field("body").stream_block
    value = block.to_python([made.block_of(package), {**made.block_of(package), "id": "p2"}])
    with pytest.raises(StreamBlockValidationError) as caught:
        block.clean(value)
    assert caught.value.non_block_errors
    block.clean(block.to_python([made.block_of(package)]))


def test_a_draft_is_previewed_with_its_package(client, editor):
    package = made.package(by=editor)
    module = ModulePage.objects.descendant_of(course(lessons=1)).get()
    page = lesson(module, "Amb paquet", body=[made.block_of(package)])
    page.body = json.dumps([{"type": "text", "value": "<p>Canvi.</p>"}, made.block_of(package)])
    page.save_revision()
    answer = client.get(f"/gestio/pages/{page.pk}/view_draft/")
    assert answer.status_code == 200
    assert "<iframe" in answer.text
    policy = answer["Content-Security-Policy"]
    assert "frame-src http://testserver/formacio/paquet/e~" in policy or "frame-src http://localhost" in policy
    assert "frame-ancestors 'self'" in policy


def test_a_package_is_found_by_its_title_and_not_by_what_is_in_it(editor):
    package = made.package(title="Protecció de dades", by=editor)
    module = ModulePage.objects.descendant_of(course(lessons=1)).get()
    page = lesson(module, "Amb paquet", body=[made.block_of(package)])
    assert "Protecció de dades" in page.plain_body()
    assert "Dins del paquet" not in page.plain_body()
