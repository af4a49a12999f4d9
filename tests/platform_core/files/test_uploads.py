"""A file on its way in: looked at, scanned, kept; and scanned later when the scanner was away."""

from __future__ import annotations

import pytest
from django.core.files.storage import storages
from django.db import transaction

from platform_core.activity.models import Activity
from platform_core.files.domain import accept, kept, scan_pending
from platform_core.files.inspection import BadFiles
from platform_core.files.models import FileScan
from platform_core.files.public import held, private_storage
from platform_core.files.storage import PrivateStorage
from tests.factories.accounts import UserFactory
from tests.factories.files import EICAR, PNG, Scanner, running_scanner, upload

pytestmark = pytest.mark.django_db


def keep(*uploads) -> list[str]:
    with transaction.atomic(), kept(accept(uploads)) as stored:
        return [file.storage_name for file in stored]


def test_a_file_is_kept_whole_under_a_name_that_tells_nothing():
    with transaction.atomic(), kept(accept([upload("captura.png", PNG)])) as stored:
        (file,) = stored
    assert (file.name, file.content_type, file.size) == ("captura.png", "image/png", len(PNG))
    assert "captura" not in file.storage_name
    assert private_storage().open(file.storage_name).read() == PNG
    assert not held([file.storage_name])


def test_what_was_kept_goes_when_the_verb_fails():
    names = []
    with pytest.raises(RuntimeError), transaction.atomic(), kept(accept([upload("a.txt", b"a")] * 2)) as stored:  # noqa: PT012
        names += [file.storage_name for file in stored]
        raise RuntimeError
    assert len(names) == 2
    assert not any(private_storage().exists(name) for name in names)


def test_an_infected_file_is_refused_and_recorded_with_who_sent_it(scanner: Scanner):
    person = UserFactory()
    with pytest.raises(BadFiles, match=r"b\.txt.*Eicar") as refusal:
        accept([upload("a.txt", b"a"), upload("b.txt", EICAR)], actor=person)
    assert len(refusal.value.messages) == 1
    activity = Activity.objects.get(type="files.infected_refused")
    assert activity.actor == person
    assert activity.data["found"] == "Eicar-Test-Signature"
    assert "b.txt" not in str(activity.data)


def test_a_clean_file_leaves_no_row(scanner: Scanner):
    keep(upload("a.txt", b"a"))
    assert not FileScan.objects.exists()


def test_a_file_that_could_not_be_scanned_waits_and_is_let_go_when_it_is_clean(settings, scanner_away):
    (name,) = keep(upload("a.txt", b"a"))
    assert held([name, "other"]) == {name: FileScan.State.PENDING}
    scan_pending()
    assert held([name])
    with running_scanner() as scanner:
        settings.CLAMD_ADDRESS = scanner.address
        scan_pending()
    assert not held([name])


def test_a_file_that_turns_out_to_be_infected_is_removed_and_recorded(
    settings, scanner_away, django_capture_on_commit_callbacks
):
    (name,) = keep(upload("a.txt", EICAR))
    with running_scanner() as scanner, django_capture_on_commit_callbacks(execute=True):
        settings.CLAMD_ADDRESS = scanner.address
        scan_pending()
    assert held([name]) == {name: FileScan.State.INFECTED}
    assert not private_storage().exists(name)
    assert Activity.objects.get(type="files.infected_removed").data["storage_name"] == name


def test_a_file_that_is_gone_is_forgotten(scanner_away, settings):
    first, second = keep(upload("a.txt", b"a"), upload("b.txt", b"b"))
    private_storage().delete(first)
    with running_scanner() as scanner:
        settings.CLAMD_ADDRESS = scanner.address
        scan_pending()
    assert not FileScan.objects.exists()
    assert private_storage().exists(second)


def test_a_file_that_the_scanner_cannot_read_does_not_hold_up_the_others(scanner_away, settings):
    large, small = keep(upload("a.txt", b"a" * 2000), upload("b.txt", b"b"))
    with running_scanner(most=1000) as scanner:
        settings.CLAMD_ADDRESS = scanner.address
        scan_pending()
        scan_pending()
    assert held([large, small]) == {large: FileScan.State.PENDING}


def test_which_files_are_held_is_one_query(django_assert_num_queries):
    for number in (1, 30):
        with django_assert_num_queries(1):
            held([f"name-{place}" for place in range(number)])


def test_a_private_file_has_no_address_and_no_other_reader(tmp_path, settings):
    storage = PrivateStorage(location=str(tmp_path / "private"))
    settings.STORAGES = {
        **settings.STORAGES,
        "private": {
            "BACKEND": "platform_core.files.storage.PrivateStorage",
            "OPTIONS": {"location": str(tmp_path / "private")},
        },
    }
    assert isinstance(storages["private"], PrivateStorage)
    (name,) = keep(upload("a.txt", b"secret"))
    path = tmp_path / "private" / name
    assert path.read_bytes() == b"secret"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    with pytest.raises(ValueError, match="no address"):
        storage.url(name)
