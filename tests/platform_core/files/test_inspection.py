"""What may be uploaded, and as what it is kept."""

from __future__ import annotations

import io
from contextlib import suppress

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from platform_core.base.errors import Refusal
from platform_core.files import kinds
from platform_core.files.inspection import MAX_SIZE, BadFiles, inspect, inspect_all
from tests.factories import files
from tests.factories.files import upload

OOXML = "application/vnd.openxmlformats-officedocument"


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("captura.png", files.PNG, "image/png"),
        ("foto.JPG", files.JPEG, "image/jpeg"),
        ("dibuix.gif", files.GIF, "image/gif"),
        ("foto.webp", files.WEBP, "image/webp"),
        ("de telèfon.jpg", files.WEBP, "image/webp"),
        ("acta.pdf", files.PDF, "application/pdf"),
        ("escanejat.pdf", b"\n\n" + files.PDF, "application/pdf"),
        ("vídeo.mp4", files.MP4, "video/mp4"),
        ("carta.docx", files.DOCX, f"{OOXML}.wordprocessingml.document"),
        ("full.xlsx", files.XLSX, f"{OOXML}.spreadsheetml.sheet"),
        ("amb contrasenya.xlsx", files.OLE, f"{OOXML}.spreadsheetml.sheet"),
        ("carta.odt", files.ODT, "application/vnd.oasis.opendocument.text"),
        ("vell.doc", files.OLE, "application/msword"),
        ("tot.zip", files.ZIP, "application/zip"),
        ("padró.csv", "nom;edat\nAda;36\n".encode("latin-1"), "text/csv"),
        ("notes.txt", "\ufeffhola è".encode("utf-16"), "text/plain"),
        ("correu.eml", b"From: a@x.test\r\nSubject: hola\r\n\r\nhola", "message/rfc822"),
        ("sense-extensio", files.PNG, "image/png"),
        ("qualsevol.xyz", b"\x01\x02\x03\x04", "application/octet-stream"),
        ("MZ.csv", b"MZ;AB\n1;2\n", "text/csv"),
    ],
)
def test_a_file_is_what_its_content_says(name: str, content: bytes, content_type: str):
    found = inspect(io.BytesIO(content), name)
    assert (found.name, found.content_type, found.size) == (name, content_type, len(content))
    assert found.previewable == (content_type in kinds.PREVIEWABLE)


@pytest.mark.parametrize(
    ("name", "content"),
    [("p.html", files.HTML), ("p.svg", files.SVG), ("p.svg", b"<svg onload=x>"), ("p.xml", b"<?xml ?>")],
)
def test_what_a_browser_would_run_is_kept_as_bytes(name: str, content: bytes):
    assert inspect(io.BytesIO(content), name).content_type == "application/octet-stream"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("buit.txt", b""),
        ("gran.txt", b"a" * (MAX_SIZE + 1)),
        ("programa.exe", files.EXE),
        ("programa.txt", files.ELF),
        ("foto.png", files.EXE),
        ("foto\u202egnp.exe", files.PNG),
        ("foto.png.scr", files.PNG),
        ("ordres.bat", b"echo hola"),
        ("eina", b"#!/bin/sh\nrm -rf ~"),
        ("paquet.jar", files.ZIP),
        ("foto.png", files.HTML),
        ("foto.jpg", files.SVG),
        ("acta.pdf", files.HTML),
        ("acta.pdf", b"hola"),
        ("acta.pdf", files.ZIP),
        ("carta.docx", files.ZIP),
        ("carta.docx", files.HTML),
        ("tot.zip", files.PNG),
        ("video.mp4", files.PDF),
    ],
)
def test_what_is_refused_is_named(name: str, content: bytes):
    with pytest.raises(Refusal) as refusal:
        inspect(io.BytesIO(content), name)
    assert refusal.value.field == "files"
    assert name.replace("\u202e", "") in str(refusal.value.message)


def test_a_file_of_just_the_limit_is_taken():
    assert inspect(io.BytesIO(b"a" * MAX_SIZE), "just.txt").size == MAX_SIZE


def test_every_bad_file_of_several_is_named_in_the_language_of_who_reads():
    several = [
        upload("a.png", files.PNG),
        upload("b.png", files.HTML),
        upload("c.txt", b""),
        upload("d.exe", files.EXE),
    ]
    with translation.override("ca"), pytest.raises(BadFiles) as refusal:
        inspect_all(several)
    assert [name in text for name, text in zip("bcd", refusal.value.messages, strict=True)] == [True] * 3
    assert "és buit" in refusal.value.messages[1]


def test_eleven_files_are_one_too_many():
    assert len(inspect_all([upload("a.txt", b"a")] * 10)) == 10
    with pytest.raises(BadFiles):
        inspect_all([upload("a.txt", b"a")] * 11)


def test_a_file_is_left_at_its_start_and_its_archive_closed():
    file = io.BytesIO(files.DOCX)
    inspect(file, "carta.docx")
    assert file.tell() == 0


@given(st.binary(max_size=200), st.text(max_size=20))
def test_any_content_under_any_name_is_taken_as_a_known_type_or_refused(content: bytes, name: str):
    with suppress(Refusal):
        assert inspect(io.BytesIO(content), name).content_type in kinds.TYPES
