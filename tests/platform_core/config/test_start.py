"""`make run` says in one line what is wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


def start(folder: Path | str, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "DATA": str(folder), "LANG": "ca_ES.UTF-8"}
    return subprocess.run(
        [sys.executable, "manage.py", "start", *words],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_a_data_folder_that_is_a_file_is_refused_in_one_line(tmp_path: Path, place: str):
    (tmp_path / "file").write_text("")
    result = start(tmp_path / place)
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert "DATA=" in result.stderr


def test_a_port_that_is_none_is_refused_before_anything_is_prepared(tmp_path: Path):
    result = start(tmp_path / "data", "--port", "vuit-mil")
    assert result.returncode == 1
    assert "vuit-mil" in result.stderr
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "data" / "agora.sqlite3").exists()
