"""`deploy/receive-mail`, which a mail server pipes into: a mail is taken, or stays where it was."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MAIL = b"From: ningu@fora.test\nSubject: Hola\nMessage-ID: <a@fora.test>\n\nBon dia.\n"


def pipe(environment: Path) -> subprocess.CompletedProcess[bytes]:
    env = {**os.environ, "AGORA_ENVIRONMENT": str(environment), "AGORA_PYTHON": sys.executable}
    env.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.run([ROOT / "deploy" / "receive-mail"], input=MAIL, env=env, capture_output=True, check=False)


def test_without_its_variables_the_mail_stays_with_the_mail_server(tmp_path: Path):
    assert pipe(tmp_path / "no-hi-es").returncode == 75
    empty = tmp_path / "empty"
    empty.write_text("# res\n")
    result = pipe(empty)
    assert (result.returncode, result.stdout) == (75, b"")
    assert b"SECRET_KEY" in result.stderr


def test_the_variables_of_the_file_are_read_with_and_without_quotes(tmp_path: Path):
    environment = tmp_path / "environment"
    environment.write_text(
        "# a comment\nDJANGO_SETTINGS_MODULE='platform_core.config.settings.embedded'\n"
        f'DATA="{tmp_path / "my data"}"\nEMAIL_URL=a&b;c\n'
    )
    (tmp_path / "my data").mkdir()
    command = [sys.executable, "-W", "ignore", "manage.py", "migrate", "-v", "0"]
    env = {
        **os.environ,
        "DATA": str(tmp_path / "my data"),
        "DJANGO_SETTINGS_MODULE": "platform_core.config.settings.embedded",
    }
    subprocess.run(command, cwd=ROOT, env=env, check=True)
    result = pipe(environment)
    assert result.returncode == 0, result.stderr.decode()
    assert json.loads(result.stdout)["action"] == "created"
