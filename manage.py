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
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as problem:
        # A wrong value in the environment is the operator's to mend: the sentence says it, a traceback hides it.
        sys.exit(f"Refused to start: {problem}")


if __name__ == "__main__":
    main()
