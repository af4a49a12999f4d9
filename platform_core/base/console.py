"""The language of the person at a terminal."""

from __future__ import annotations

import os

from django.conf import settings

FALLBACK = "en"


def console_language() -> str:
    """The language of the first of LC_ALL, LC_MESSAGES and LANG that is set, if the product has it; else English.

    For commands: `with translation.override(console_language()): ...`.
    """
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(variable):
            language = value[:2].lower()
            return language if language in dict(settings.LANGUAGES) else FALLBACK
    return FALLBACK
