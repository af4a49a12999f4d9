"""The ASGI entry: HTTP to Django, `/ws/` to the one consumer of realtime."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "platform_core.config.settings.production")

application = get_asgi_application()
