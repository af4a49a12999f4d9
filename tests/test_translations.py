"""Catalan and Spanish are complete; the source strings are English."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).resolve().parents[1]
LANGUAGES = ("ca", "es")
SOURCES = ("agora", "helpdesk", "knowledge_base", "locale", "platform_core", "templates", "training", "manage.py")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")


def catalogue(language: str, root: Path = ROOT) -> polib.POFile:
    return polib.pofile(str(root / "locale" / language / "LC_MESSAGES" / "django.po"))


def keys(entries: polib.POFile) -> set[tuple[str | None, str]]:
    return {(entry.msgctxt, entry.msgid) for entry in entries if not entry.obsolete}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_string_is_untranslated_or_fuzzy(language: str):
    entries = [entry for entry in catalogue(language) if not entry.obsolete]
    assert [entry.msgid for entry in entries if not entry.translated() or entry.fuzzy] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_translation_has_the_placeholders_of_its_source(language: str):
    wrong = []
    for entry in catalogue(language):
        sources = {frozenset(PLACEHOLDER.findall(text)) for text in (entry.msgid, entry.msgid_plural) if text}
        translations = [entry.msgstr] if not entry.msgid_plural else list(entry.msgstr_plural.values())
        wrong += [entry.msgid for text in translations if frozenset(PLACEHOLDER.findall(text)) not in sources]
    assert wrong == []


@pytest.mark.translations
def test_the_catalogues_have_every_string_of_the_sources(tmp_path: Path):
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "static", "*.mo"))
        else:
            shutil.copy(source, tmp_path / name)
    words = ["-l", "ca", "--no-location", "--no-obsolete", "--no-wrap"]
    subprocess.run([sys.executable, "manage.py", "makemessages", *words], cwd=tmp_path, check=True, capture_output=True)
    assert keys(catalogue("ca", tmp_path)) == keys(catalogue("ca")) == keys(catalogue("es"))
