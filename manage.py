#!/usr/bin/env python
"""Run a management command; the embedded settings are the default."""

import os
import sys
from pathlib import Path


def main() -> None:
    # The root goes first so that `helpdesk` is our overlay from whatever folder this is called.
    root = str(Path(__file__).resolve().parent)
    if sys.path[0] != root:
        sys.path.insert(0, root)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "platform_core.config.settings.embedded")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
