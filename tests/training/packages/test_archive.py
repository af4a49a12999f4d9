"""Reading a ZIP: every limit, and that nothing which somebody may send does anything else than be refused."""

import contextlib
import io
import random
import stat
import struct
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from platform_core.base.errors import Refusal
from tests.factories import packages as made
from training.packages import archive, contents

MB = 1024 * 1024
NOISE = random.Random(1)  # noqa: S311  nobody is to be kept from guessing it


def read(content: bytes) -> contents.Contents:
    return contents.read(io.BytesIO(content))


def refused(content: bytes) -> str:
    with pytest.raises(Refusal) as caught:
        read(content)
    assert caught.value.field == "file"
    return str(caught.value.message)


def with_entry(name: str = "x.txt", content: bytes = b"x", **facts) -> bytes:
    """Web pages and one entry more, whose facts are set on its `ZipInfo`."""
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w") as file:
        file.writestr("index.html", made.PAGE)
        info = zipfile.ZipInfo("placeholder.txt")
        info.filename = info.orig_filename = name
        for key, value in facts.items():
            setattr(info, key, value)
        file.writestr(info, content)
    return found.getvalue()


def test_web_pages_are_read():
    found = read(made.html(**{"estils/a.css": "a{}", "b.JS": "1"}))
    assert (found.kind, found.launch.path, found.title) == ("html", "index.html", "")
    assert found.archive.paths == ["index.html", "estils/a.css", "b.JS"]
    assert found.unpacked == len(made.PAGE) + 4
    assert b"".join(found.archive.chunks("estils/a.css")) == b"a{}"


def test_the_one_folder_that_all_is_in_is_left_out():
    found = read(made.zipped({"curs/index.html": made.PAGE, "curs/a/b.css": "a{}"}))
    assert found.archive.paths == ["index.html", "a/b.css"]


def test_what_systems_leave_behind_is_left_out():
    found = read(made.html(**{"__MACOSX/._index.html": b"x", "a/.DS_Store": b"x", "Thumbs.db": b"x"}))
    assert found.archive.paths == ["index.html"]


def test_a_comment_at_the_end_does_no_harm():
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w") as file:
        file.writestr("index.html", made.PAGE)
        file.comment = b"0123456789abcdef0123456789abcdef01234567"
    assert read(found.getvalue()).kind == "html"


@pytest.mark.parametrize(
    "content", [b"", b"PK", b"no zip", b"PK\3\4" + b"\0" * 100, b"PK\5\6" + b"\0" * 18, b"%PDF-1.7"]
)
def test_what_is_no_archive_is_refused(content):
    assert refused(content)


def test_an_archive_behind_a_program_is_refused():
    assert "ZIP" in refused(b"MZ\0\0" + made.html())


@pytest.mark.parametrize(
    "name",
    [
        "../x.txt",
        "a/../../x.txt",
        "/etc/x.txt",
        "C:/x.txt",
        "c:x.txt",
        "a\\b.txt",
        "..\\x.txt",
        "a//b.txt",
        "./x.txt",
        "a/./x.txt",
        "x\n.txt",
        "\u202etxt.x.txt",
        "a" * 240 + ".txt",
        "a/" * 12 + "x.txt",
        "",
    ],
)
def test_a_name_that_leads_elsewhere_or_cannot_be_read_is_refused(name):
    refused(with_entry(name))


def test_a_name_with_a_nul_is_refused():
    content = with_entry("x.txtZ.html")
    assert "x.txt?.html" in refused(content.replace(b"x.txtZ.html", b"x.txt\0.html"))


def test_a_link_is_refused():
    assert "enllaç" in refused(with_entry(external_attr=(stat.S_IFLNK | 0o777) << 16, create_system=3))


def test_a_device_is_refused():
    refused(with_entry(external_attr=(stat.S_IFCHR | 0o777) << 16, create_system=3))


def test_what_is_encrypted_is_refused():
    content = bytearray(made.html())
    for mark, place in ((b"PK\1\2", 8), (b"PK\3\4", 6)):
        content[content.index(mark) + place] |= 1
    assert "xifrat" in refused(bytes(content))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_odd_compression_is_refused(method):
    refused(made.zipped({"index.html": made.PAGE}, method=method))


@pytest.mark.parametrize(
    "names", [("a.txt", "A.TXT"), ("é.txt", "e\u0301.txt"), ("a.txt", "a.txt/b.txt"), ("ß.txt", "ss.txt")]
)
def test_names_that_a_disk_would_take_for_the_same_are_refused(names):
    refused(made.html(**dict.fromkeys(names, b"x")))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_the_same_name_twice_is_refused():
    assert "dues vegades" in refused(with_entry("index.html"))


@pytest.mark.parametrize(
    "name", ["a.exe", "a.zip", "a.php", "a.swf", "LICENSE", "a.html.sh", "a.docx", ".htaccess", "__api.js"]
)
def test_a_kind_that_packages_may_not_have_is_refused_by_its_name(name):
    assert name in refused(made.html(**{name: b"x"}))


@pytest.mark.parametrize("start", [b"PK\3\4", b"MZ\x90\0", b"\x7fELF", b"Rar!\x1a\x07", b"\x1f\x8b\x08"])
def test_an_archive_or_program_under_another_name_is_refused(start):
    assert "foto.png" in refused(made.html(**{"foto.png": start + b"\0" * 100}))


def test_too_many_files_are_refused():
    many = {f"{number}.txt": b"" for number in range(archive.MOST_FILES)}
    assert str(archive.MOST_FILES) in refused(made.html(**many))


def test_a_list_of_millions_of_files_is_refused_before_it_is_read():
    content = bytearray(made.html())
    struct.pack_into("<L", content, len(content) - 22 + 12, 90 * MB)
    assert str(archive.MOST_FILES) in refused(bytes(content))


def test_a_bomb_is_refused_while_it_is_unpacked():
    content = made.html(**{"a.txt": b"\0" * (30 * MB)})
    assert len(content) < 100_000
    assert "ZIP" in refused(content)


def test_a_bomb_of_many_small_ones_is_refused():
    assert "ZIP" in refused(made.html(**{f"{number}.txt": b"\0" * MB for number in range(20)}))


def test_a_file_that_says_it_is_small_is_refused():
    content = bytearray(made.zipped({"index.html": made.PAGE, "a.txt": b"\0" * (30 * MB)}))
    for mark, place in ((b"PK\1\2", 24), (b"PK\3\4", 22)):
        at = content.rindex(mark)
        struct.pack_into("<L", content, at + place, 10)
    refused(bytes(content))


def test_files_that_share_their_bytes_are_refused():
    """A “better bomb”: many entries of the list point at one compressed block."""
    noise = NOISE.randbytes(300_000)
    content = made.zipped({"index.html": made.PAGE, "a.txt": noise}, method=zipfile.ZIP_STORED)
    start = content.rindex(b"PK\1\2")
    end = content.rindex(b"PK\5\6")
    entry = content[start:end]
    more = b"".join(entry.replace(b"a.txt", name) for name in (b"b.txt", b"c.txt"))
    tail = struct.pack(
        "<4s4H2LH", b"PK\5\6", 0, 0, 4, 4, end - content.index(b"PK\1\2") + len(more), content.index(b"PK\1\2"), 0
    )
    refused(content[:end] + more + tail)


def test_a_file_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(archive, "MOST_IN_A_FILE", 1000)
    assert "a.txt" in refused(made.html(**{"a.txt": NOISE.randbytes(1001)}))


def test_too_much_in_all_is_refused(monkeypatch):
    monkeypatch.setattr(archive, "MOST_IN_ALL", 1000)
    refused(made.html(**{f"{number}.txt": NOISE.randbytes(600) for number in (1, 2)}))


def test_an_archive_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(archive, "MOST_ZIPPED", 1000)
    refused(made.html(**{"a.txt": NOISE.randbytes(1001)}))


def test_damage_is_refused():
    content = bytearray(made.zipped({"index.html": made.PAGE * 20}))
    content[60] ^= 0xFF
    refused(bytes(content))


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=2000))
def test_whatever_the_bytes_are_they_are_read_or_refused(content):
    _nothing_else(content)
    _nothing_else(b"PK\3\4" + content)


_GOOD = made.scorm12(**{"a/b.css": "a{}", "c.txt": "x" * 300})


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.integers(0, len(_GOOD) - 1), st.binary(min_size=1, max_size=4)), max_size=8),
    st.integers(0, 60),
)
def test_a_package_with_some_bytes_changed_is_read_or_refused(changes, cut):
    content = bytearray(_GOOD)
    for place, wrong in changes:
        content[place : place + len(wrong)] = wrong
    _nothing_else(bytes(content[: len(content) - cut]))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_whatever_a_file_is_called_it_is_read_or_refused(name):
    try:
        content = made.html(**{name: b"x"})
    except (ValueError, LookupError):
        return  # Python writes no such archive
    try:
        found = read(content)
    except Refusal:
        return
    for path in found.archive.paths:
        assert not path.startswith("/")
        assert not {"", ".", ".."} & set(path.split("/"))
        assert "\\" not in path


def _nothing_else(content: bytes) -> None:
    with contextlib.suppress(Refusal):
        found = read(content)
        assert found.launch.path in found.archive.paths
