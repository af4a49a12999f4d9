"""README and docs name what is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from platform_core.config.demo.people import PASSWORD, PEOPLE

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")
NAMED = re.compile(r"`((?:docs|deploy|tests|bench|platform_core|templates|requirements)/[\w./-]+\.\w+)`")


def test_the_readme_lists_the_demo_accounts():
    rows = re.findall(r"^\| `(\S+@\S+)` \| ([^,]+),", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert rows == [(person.email, person.name) for person in PEOPLE]
    assert PASSWORD in (ROOT / "README.md").read_text()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_and_every_file_that_a_page_names_is_there(page: Path):
    text = page.read_text()
    missing = [name for name in LINK.findall(text) if not (page.parent / name).exists()]
    missing += [name for name in NAMED.findall(text) if not (ROOT / name).exists()]
    assert not missing


def test_the_licence_is_the_whole_agpl():
    lines = (ROOT / "LICENSE").read_text().splitlines()
    assert lines[0].strip() == "GNU AFFERO GENERAL PUBLIC LICENSE"
    assert len(lines) == 661
    assert "How to Apply These Terms to Your New Programs" in "\n".join(lines)
