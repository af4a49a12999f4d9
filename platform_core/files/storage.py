"""Where uploads are: a folder that no server publishes, under names that tell nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn
from uuid import uuid4

from django.core.files.storage import FileSystemStorage, storages
from django.utils import timezone

if TYPE_CHECKING:
    from django.core.files.storage import Storage

ALIAS = "private"
"""Its key in the setting STORAGES."""


class PrivateStorage(FileSystemStorage):
    """A folder without addresses, readable by the product's user only."""

    def __init__(self, location: str) -> None:
        super().__init__(location=location, file_permissions_mode=0o600, directory_permissions_mode=0o700)

    def url(self, name: str | None) -> NoReturn:
        raise ValueError("A private file has no address: answer with platform_core.files.public.serve().")


def private_storage() -> Storage:
    """The storage of uploads; also what `FileField(storage=private_storage)` takes."""
    return storages[ALIAS]


def new_name(*_field: object) -> str:
    """An unused name: year, month and chance. Also what `FileField(upload_to=new_name)` takes."""
    return f"{timezone.now():%Y/%m}/{uuid4().hex}"
