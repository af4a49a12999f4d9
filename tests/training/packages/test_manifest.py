"""What a SCORM package says of itself, and what is refused with a sentence."""

import contextlib
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from platform_core.base.errors import Refusal
from tests.factories import packages as made
from training.packages import contents, manifest

PATHS = ["imsmanifest.xml", "index.html", "a/b.html", "amb espai.html", "foto.png"]
MANIFEST2004 = made.MANIFEST2004.format(href="index.html")


def read(text: str | bytes, paths: list[str] | None = None) -> manifest.Manifest:
    return manifest.read(text.encode() if isinstance(text, str) else text, paths=paths or PATHS)


def refused(text: str | bytes) -> str:
    with pytest.raises(Refusal) as caught:
        read(text)
    return str(caught.value.message)


def test_scorm_12_is_told_from_2004():
    assert read(made.manifest12()).kind == "scorm12"
    assert read(MANIFEST2004).kind == "scorm2004"
    assert read(MANIFEST2004.replace("2004 4th Edition", "CAM 1.3")).kind == "scorm2004"
    assert read(made.manifest12()).title == "Curs petit"


def test_without_a_version_the_namespace_tells():
    without = made.manifest12().replace("<schemaversion>1.2</schemaversion>", "")
    assert read(without).kind == "scorm12"
    assert read(MANIFEST2004.replace("<schemaversion>2004 4th Edition</schemaversion>", "")).kind == "scorm2004"


@pytest.mark.parametrize("version", ["1.1", "1.0", "IMS CC 1.3", "2003"])
def test_another_standard_is_refused(version):
    text = made.manifest12().replace(">1.2<", f">{version}<")
    assert "SCORM 1.2" in refused(text)


@pytest.mark.parametrize(
    ("href", "facts", "path", "query"),
    [
        ("index.html", {}, "index.html", ""),
        ("b.html", {"base": ' xml:base="a/"'}, "a/b.html", ""),
        ("./index.html", {}, "index.html", ""),
        ("amb%20espai.html", {}, "amb espai.html", ""),
        ("index.html?llengua=ca#2", {}, "index.html", "?llengua=ca#2"),
        ("index.html", {"item": ' parameters="?a=1&amp;b=2"'}, "index.html", "?a=1&b=2"),
        ("index.html?x=1", {"item": ' parameters="&amp;a=1"'}, "index.html", "?x=1&a=1"),
        ("index.html", {"item": ' parameters="#fi"'}, "index.html", "#fi"),
    ],
)
def test_where_it_begins(href, facts, path, query):
    assert read(made.manifest12(href, **facts)).launch == manifest.Launch(path, query)


def test_what_the_item_gives_its_part_is_kept():
    data = "<adlcp:datafromlms> nivell=2 </adlcp:datafromlms>"
    assert read(made.manifest12(inside=data)).launch_data == "nivell=2"


@pytest.mark.parametrize(
    "href",
    [
        *("", "no-hi-es.html", "foto.png", "../index.html", "/index.html", "javascript:alert(1)"),
        *("https://exemple.test/index.html", "//exemple.test/index.html", "http://[x/index.html"),
        "index.html?" + "a" * 3000,
    ],
)
def test_without_a_page_to_begin_with_it_is_refused(href):
    assert "comença" in refused(made.manifest12(href))


@pytest.mark.parametrize(
    "text",
    [
        made.manifest12().replace('identifierref="r"', ""),
        made.manifest12().replace('identifierref="r"', 'identifierref="altre"'),
        made.manifest12().replace("<organization ", "<other ").replace("</organization>", "</other>"),
        made.manifest12().replace("organizations", "others"),
        made.manifest12().replace(' href="index.html"', ""),
    ],
)
def test_a_manifest_without_a_launch_file_is_refused(text):
    assert "comença" in refused(text)


def test_several_parts_are_refused_and_the_sentence_says_what_to_do():
    more = '<item identifier="j" identifierref="q"><title>Una altra</title></item>'
    text = made.manifest12().replace("</organization>", f"{more}</organization>")
    assert "diverses parts" in refused(text)


def test_the_default_organization_counts():
    other = '<organization identifier="p"><item identifier="k" identifierref="no"/></organization>'
    text = made.manifest12().replace('<organization identifier="o">', f'{other}<organization identifier="o">')
    assert read(text).launch.path == "index.html"


@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE manifest [<!ENTITY a "aaaa">]>',
        '<!DOCTYPE manifest SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE manifest [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        "<!DOCTYPE manifest>",
    ],
)
def test_a_doctype_is_refused_and_no_entity_is_ever_read(declared):
    assert "DOCTYPE" in refused(made.manifest12().replace("<manifest", f"{declared}<manifest", 1))


@pytest.mark.parametrize(
    "text", ["", "<manifest>", "no xml", "<a/>", b"\xff\xfe", '<?xml version="1.0" encoding="x"?><manifest/>']
)
def test_what_is_no_manifest_is_refused(text):
    assert refused(text)


def test_a_manifest_too_deep_or_too_long_is_refused():
    refused("<manifest>" + "<a>" * 100 + "</a>" * 100 + "</manifest>")
    refused("<manifest>" + "<a/>" * 20_001 + "</manifest>")


def test_other_encodings_are_read():
    text = made.manifest12().replace('"UTF-8"', '"UTF-16"').replace("Curs petit", "Curs d'això")
    assert read(text.encode("utf-16")).title == "Curs d'això"


@pytest.mark.parametrize(("name", "standard"), [("tincan.xml", "xAPI"), ("cmi5.xml", "cmi5")])
def test_packages_of_other_standards_are_refused_by_their_names(name, standard):
    with pytest.raises(Refusal) as caught:
        contents.read(io.BytesIO(made.html(**{name: "<a/>"})))
    assert standard in str(caught.value.message)


def test_without_a_manifest_and_a_first_page_it_is_refused():
    with pytest.raises(Refusal) as caught:
        contents.read(io.BytesIO(made.zipped({"a/b.html": made.PAGE, "c.html": made.PAGE})))
    assert "index.html" in str(caught.value.message)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode)))
def test_whatever_a_manifest_is_it_is_read_or_refused(content):
    for text in (content, b"<manifest>" + content + b"</manifest>"):
        with contextlib.suppress(Refusal):
            assert manifest.read(text, paths=PATHS).launch.path in PATHS
