"""A file on its way out: saved, or shown when it is a picture or a PDF; never run."""

from __future__ import annotations

import tracemalloc

import pytest
from asgiref.sync import async_to_sync
from django.core.files.base import ContentFile
from django.http import Http404
from django.utils import timezone

from platform_core.files.models import FileScan
from platform_core.files.public import new_name, private_storage, serve
from tests.factories import files

pytestmark = pytest.mark.django_db


def stored(content: bytes) -> str:
    return private_storage().save(new_name(), ContentFile(content))


def test_a_file_is_saved_under_its_name_and_nothing_else_is_made_of_it():
    response = serve(stored(files.PNG), name="acta de l'Ú.png", content_type="image/png")
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''acta%20de%20l%27%C3%9A.png"
    assert response["Content-Type"] == "image/png"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"].endswith("; sandbox")
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Length"] == str(len(files.PNG))
    assert b"".join(response) == files.PNG


@pytest.mark.parametrize(("content", "content_type"), [(files.PNG, "image/png"), (files.PDF, "application/pdf")])
def test_a_picture_or_a_pdf_may_be_shown(content: bytes, content_type: str):
    response = serve(stored(content), name="a", content_type=content_type, inline=True)
    assert response["Content-Disposition"].startswith("inline")
    assert response["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        *((files.HTML, "text/html"), (files.HTML, "image/png"), (files.SVG, "image/svg+xml")),
        *((files.ZIP, "application/zip"), (b"hola", "text/plain"), (files.EXE, "application/pdf")),
    ],
)
def test_everything_else_is_saved_even_if_a_row_says_that_it_is_a_picture(content: bytes, content_type: str):
    response = serve(stored(content), name="a", content_type=content_type, inline=True)
    assert response["Content-Disposition"].startswith("attachment")
    assert "html" not in response["Content-Type"]
    assert "svg" not in response["Content-Type"]


def test_a_name_cannot_break_out_of_its_header():
    response = serve(stored(b"a"), name='a"; filename=b.exe\r\nX: y', content_type="text/plain")
    assert "\r" not in response["Content-Disposition"]
    assert not response.has_header("X")


def test_a_file_that_is_not_there_is_not_found():
    with pytest.raises(Http404):
        serve(new_name(), name="a", content_type="text/plain")


@pytest.mark.parametrize(("state", "status"), [("pending", 503), ("infected", 410)])
def test_a_file_that_waits_for_the_scanner_or_failed_it_is_not_given_out(state: str, status: int):
    name = stored(b"secret")
    FileScan.objects.create(storage_name=name, state=state, checked_at=timezone.now())
    response = serve(name, name="<b>acta</b>.txt", content_type="text/plain")
    assert response.status_code == status
    assert b"secret" not in response.content
    assert b"&lt;b&gt;acta" in response.content


def test_an_asgi_server_gets_it_in_blocks(tmp_path, settings):
    settings.STORAGES = {
        **settings.STORAGES,
        "private": {"BACKEND": "platform_core.files.storage.PrivateStorage", "OPTIONS": {"location": str(tmp_path)}},
    }
    content = b"0123456789abcdef" * 500_000  # 8 MB
    response = serve(stored(content), name="a", content_type="application/octet-stream")

    async def largest_and_total() -> tuple[int, int]:
        sizes = [len(block) async for block in response]
        return max(sizes), sum(sizes)

    del content
    tracemalloc.start()
    largest, total = async_to_sync(largest_and_total)()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (largest, total) == (64 * 1024, 8_000_000)
    assert peak < 2_000_000
