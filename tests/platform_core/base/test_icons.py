import hashlib
import json
import re
from pathlib import Path

import pytest
from django.template import Context, Template

from platform_core.base import icons

ROOT = Path(__file__).resolve().parents[3]


def used() -> set[str]:
    found: set[str] = set()
    for template in (ROOT / "templates").rglob("*.html"):
        found |= set(re.findall(r'{% icon "([^"]+)"', template.read_text(encoding="utf-8")))
    return found


def test_every_icon_that_a_template_names_exists():
    assert used() <= set(icons.names())


def test_an_unknown_icon_says_how_to_add_it():
    with pytest.raises(icons.UnknownIcon, match="vendor_icons"):
        Template('{% load ui %}{% icon "no-such" %}').render(Context())


def test_a_name_cannot_leave_the_folder():
    with pytest.raises(icons.UnknownIcon):
        icons.shapes("../../../etc/passwd")


def test_an_icon_is_hidden_from_those_who_listen_and_carries_no_style():
    html = Template('{% load ui %}{% icon "flag" "icon--l" %}').render(Context())
    assert 'aria-hidden="true"' in html
    assert 'class="icon icon--l"' in html
    assert "style=" not in html


def test_the_files_are_the_ones_that_the_record_names():
    record = json.loads((icons.FOLDER / "VENDORED.json").read_text(encoding="utf-8"))
    for name, digest in record["sha256"].items():
        assert hashlib.sha256((icons.FOLDER / name).read_bytes()).hexdigest() == digest, name
    assert {f"{name}.svg" for name in icons.names()} <= set(record["sha256"])
