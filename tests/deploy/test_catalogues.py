"""A fresh machine has no gettext: Babel compiles the catalogues, and silently skips one that is marked as fuzzy."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("language", ["ca", "es"])
def test_babel_compiles_the_catalogue(language: str, tmp_path: Path):
    source, target = ROOT / "locale" / language / "LC_MESSAGES" / "django.po", tmp_path / "django.mo"
    command = [sys.executable, "-m", "babel.messages.frontend", "compile", "-i", str(source), "-o", str(target)]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    assert target.exists(), result.stderr
    assert target.stat().st_size > source.stat().st_size / 2
