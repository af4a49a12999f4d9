"""An application whose only page meets the test before it answers, and settings that serve it."""

from __future__ import annotations

import os

from asgiref.sync import sync_to_async

if "postgres" in os.environ.get("DATABASE_URL", ""):
    from platform_core.config.settings.test import *  # noqa: F403  the settings are one namespace by Django's design
else:
    from platform_core.config.settings.embedded import *  # noqa: F403

ASGI_APPLICATION = "tests.factories.slow_page.application"


async def application(scope, receive, send) -> None:
    from tests.factories.background import meet  # noqa: PLC0415  settings are read before there are models

    await sync_to_async(meet)(os.environ["MEETING"])
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"answered"})
