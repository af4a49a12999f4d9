"""What `deploy/` promises, read from its files: no container engine is needed to know it."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from helpdesk.desk.mail.imap import PASSWORD_PREFIX

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
PRODUCT = {"pages", "sockets", "worker", "scheduler", "migrate"}
OPERATORS = (ROOT / "docs" / "operators.md").read_text()

OF_COMPOSE = {"POSTGRES_PASSWORD", "AGORA_VERSION", "HTTP_PORT", "HTTPS_PORT", "TLS_DIR"}
"""Variables that compose itself reads from deploy/.env."""

OF_THE_PROGRAMS = {"DJANGO_SETTINGS_MODULE", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "PATH"}
"""Variables that Python and Django read."""


OF_MAILBOXES = {f"{PASSWORD_PREFIX}SUPORT"}
"""The variable of one queue, as an example for those of all."""


def read_by_settings() -> set[str]:
    """The names that the production settings look for in the environment."""
    folder = ROOT / "platform_core" / "config" / "settings"
    text = "".join((folder / name).read_text() for name in ("base.py", "accounts.py", "production.py"))
    found = re.findall(r'(?:env\.\w+|os\.environ\.get|_required|_parsed)\(\s*"([A-Z_]+)"', text)
    return set(found) | set(re.findall(r'os\.environ\["([A-Z_]+)"\]', text))


def in_the_example() -> set[str]:
    text = (ROOT / "deploy" / "production.env.example").read_text()
    return set(re.findall(r"^#?([A-Z_]+)=", text, re.MULTILINE))


def in_the_table() -> set[str]:
    """The variables that docs/operators.md describes: the first cells of its tables."""
    return set(re.findall(r"^\| `([A-Z_]+)` \|", OPERATORS, re.MULTILINE))


def names(environment: dict[str, str] | list[str]) -> set[str]:
    return {entry.partition("=")[0] for entry in environment}


def test_every_service_is_described_for_operators():
    assert SERVICES.keys() > PRODUCT
    for name in SERVICES:
        assert re.search(rf"^\| `{name}` \|", OPERATORS, re.MULTILINE), name


def test_the_table_the_example_and_the_settings_name_the_same_variables():
    settings = read_by_settings() - {"DEBUG"}  # read only to be refused
    assert {"SECRET_KEY", "DATABASE_URL", "DECIDIM_HOSTS"} < settings
    assert in_the_example() == settings | OF_COMPOSE | OF_MAILBOXES
    assert in_the_table() - {"DEBUG"} == settings | OF_COMPOSE | OF_MAILBOXES


def test_compose_asks_for_no_variable_that_nobody_knows():
    text = (ROOT / "deploy" / "compose.yaml").read_text()
    assert set(re.findall(r"\$\{([A-Z_]+)", text)) == OF_COMPOSE
    for name in PRODUCT:
        assert names(SERVICES[name]["environment"]) <= read_by_settings() | OF_THE_PROGRAMS


def test_the_image_and_the_units_set_only_what_is_known():
    known = read_by_settings() | OF_THE_PROGRAMS
    dockerfile = (ROOT / "deploy" / "Dockerfile").read_text().rpartition("\nFROM ")[2]
    block = re.search(r"^ENV ((?:.*\\\n)*.*)$", dockerfile, re.MULTILINE)
    assert block
    assert names(block[1].replace("\\\n", " ").split()) <= known
    for unit in (ROOT / "deploy" / "systemd").glob("*.service"):
        for line in re.findall(r"^Environment=(.+)$", unit.read_text(), re.MULTILINE):
            assert names(line.split()) <= known, unit.name


def test_no_secret_is_written_down():
    for path in (ROOT / "deploy").rglob("*"):
        if path.is_file() and path.name != ".env" and path.parent.name != "tls":
            for value in re.findall(
                r"^(?:SECRET_KEY|\w*PASSWORD|EMAIL_URL) ?[=:][ \t]*(\S.*)$", path.read_text(), re.M
            ):
                assert value.startswith("${"), path
    text = (ROOT / "deploy" / "compose.yaml").read_text()
    assert set(re.findall(r"PASSWORD: +(\S+)", text)) == {"${POSTGRES_PASSWORD:?set"}


@pytest.mark.parametrize("name", SERVICES)
def test_nobody_runs_as_root_or_can_become_it(name: str):
    service = SERVICES[name]
    assert service["user"].partition(":")[0] not in ("", "0", "root")
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not service.get("privileged")
    assert service["read_only"] or name == "elasticsearch"


@pytest.mark.parametrize("name", ["nginx", "pages", "sockets", "database", "redis", "elasticsearch"])
def test_whoever_listens_is_asked_how_it_is(name: str):
    assert SERVICES[name]["healthcheck"]["test"][0] == "CMD"


def test_only_nginx_is_reachable_and_what_holds_data_is_inside():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["nginx"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    for name in ("database", "redis", "elasticsearch"):
        assert SERVICES[name]["networks"] == ["inside"]


def test_elasticsearch_waits_for_its_profile_and_nobody_waits_for_it():
    assert SERVICES["elasticsearch"]["profiles"] == ["search"]
    assert not any("elasticsearch" in service.get("depends_on", {}) for service in SERVICES.values())


def test_every_volume_is_declared_and_every_file_is_there():
    for name, service in SERVICES.items():
        for volume in service.get("volumes", []):
            source = volume.rsplit(":", 1)[0] if volume.endswith(":ro") else volume
            source = source.rpartition(":")[0]
            if source.startswith("./"):
                assert (ROOT / "deploy" / source).exists(), name
            elif not source.startswith("${"):
                assert source in COMPOSE["volumes"], name


def test_pages_run_the_same_server_in_the_image_in_compose_and_under_systemd():
    dockerfile = (ROOT / "deploy" / "Dockerfile").read_text()
    image = shlex.split(re.search(r"^CMD \[(.+)\]$", dockerfile, re.MULTILINE)[1].replace(",", " "))
    unit = (ROOT / "deploy" / "systemd" / "agora-pages.service").read_text().replace("\\\n", " ")
    words = shlex.split(re.search(r"^ExecStart=(.+)$", unit, re.MULTILINE)[1])

    def plain(command: list[str]) -> list[str]:
        return [word for part in command for word in part.split("=") if not word[0].isdigit() or word.isdigit()]

    assert plain(image) == plain(SERVICES["pages"]["command"])
    assert plain(image)[1:] == plain(words)[1:]
    assert image[0] == words[0].rpartition("/")[2]


def test_the_door_writes_down_no_address_that_lets_somebody_in():
    text = (ROOT / "deploy" / "nginx.conf").read_text()
    assert "$logged_uri" in re.search(r"log_format line '([^']+)'", text)[1]
    assert " $uri" not in re.search(r"log_format line '([^']+)'", text)[1]
    pattern, written = re.search(r'"~(\^/formacio/paquet/[^"]+)" (\S+);', text).groups()
    found = re.match(pattern.replace("(?<", "(?P<"), "/formacio/paquet/t~1~2~3~k~9.abc/dins/a.html")
    assert written.replace("$inside", found["inside"]) == "/formacio/paquet/-/dins/a.html"


def test_the_door_lets_ten_files_of_fifteen_megabytes_in_and_upgrades_sockets():
    text = (ROOT / "deploy" / "nginx.conf").read_text()
    assert int(re.search(r"client_max_body_size (\d+)m;", text)[1]) >= 10 * 15
    sockets = text.partition("location /ws/ {")[2].partition("\n        }")[0]
    for header in ("Host", "X-Forwarded-Proto", "X-Forwarded-For", "Upgrade", "Connection"):
        assert f"proxy_set_header {header} " in sockets
    for kind in ("compose", "systemd"):
        upstreams = (ROOT / "deploy" / f"nginx-upstreams.{kind}.conf").read_text()
        assert upstreams.count("least_conn;") == 2
        assert "keepalive 32;" in upstreams
