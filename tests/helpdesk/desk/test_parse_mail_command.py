"""`manage.py parse_mail`: what we read in a mail, printed."""

from __future__ import annotations

import io
import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

CORPUS = Path(__file__).parent / "mailparse" / "corpus"


@pytest.fixture
def run(monkeypatch, capsys):
    def _run(raw: bytes, *arguments: str) -> str:
        monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(raw)))
        call_command("parse_mail", *arguments)
        return capsys.readouterr().out

    return _run


def test_json_is_one_object(run):
    read = json.loads(run((CORPUS / "gmail-ca.eml").read_bytes(), "--json"))

    assert read["from"] == {"name": "Maria Puig i Serra", "address": "maria.puig@vallfosca.test"}
    assert read["date"] == "2026-11-23T12:04:31+01:00"
    assert read["auto_submitted"] == ""


def test_a_summary_shows_the_reply_and_the_files(run):
    shown = run((CORPUS / "outlook365-es.eml").read_bytes())

    assert "José Ibáñez Roca <jose.ibanez@montclar.test>" in shown
    assert "Adjunto la captura." in shown
    assert "image.png (image/png, 70 B)" in shown


@pytest.mark.parametrize("raw", [b"", b"no mail at all"])
def test_what_is_no_mail_exits_with_65(run, raw):
    with pytest.raises(CommandError) as refused:
        run(raw, "--json")

    assert refused.value.returncode == 65
