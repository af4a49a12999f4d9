"""One name, two folders: the library first, ours after (docs/decisions/0002-helpdesk-overlay.md)."""

from __future__ import annotations

import subprocess
import sys
from importlib import metadata
from pathlib import Path

import helpdesk
import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
OURS = ROOT / "helpdesk"


def library_folder() -> Path:
    return Path(str(metadata.distribution("django-helpdesk").locate_file("helpdesk")))


def test_the_library_comes_first_and_our_folder_after_it():
    assert [Path(entry) for entry in helpdesk.__path__] == [library_folder(), OURS]


def test_our_folder_holds_the_overlay_and_the_desk_and_shadows_nothing():
    ours = {path.name for path in OURS.iterdir() if path.name != "__pycache__"}
    theirs = {path.name for path in library_folder().iterdir()}
    assert ours == {"__init__.py", "desk"}
    assert not (ours - {"__init__.py"}) & theirs


def test_the_library_s_own_init_is_empty_still():
    text = (library_folder() / "__init__.py").read_text()
    assert not [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def test_each_app_lives_in_its_own_folder():
    assert Path(apps.get_app_config("helpdesk").path) == library_folder()
    assert Path(apps.get_app_config("desk").path) == OURS / "desk"


@pytest.mark.parametrize("first", ["helpdesk.models, helpdesk.desk", "helpdesk.desk, helpdesk.models"])
@pytest.mark.parametrize("root_last", [False, True])
def test_both_import_orders_find_both_folders_wherever_the_root_stands_on_the_path(first: str, root_last: bool):
    move = "sys.path.append(sys.path.pop(0)); " if root_last else ""
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); {move}"
        "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'platform_core.config.settings.embedded';"
        "import django; import platform_core; django.setup();"
        f"import {first}; print(helpdesk.models.__file__, helpdesk.desk.__file__)"
    )
    result = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True, cwd="/")
    assert result.stdout.split() == [str(library_folder() / "models.py"), str(OURS / "desk" / "__init__.py")]


def test_migrations_are_never_written_into_an_installed_package(tmp_path: Path):
    result = subprocess.run(
        [sys.executable, "manage.py", "makemigrations", "helpdesk", "--empty"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert "installed package" in result.stderr
    assert "Traceback" not in result.stderr
