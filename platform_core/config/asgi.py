"""The ASGI entry: HTTP to Django, `/ws/` to the one consumer of realtime."""

import os

from django.core.asgi import get_asgi_application

from platform_core.config.at_once import AtOnce

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "platform_core.config.settings.production")

pages = AtOnce(get_asgi_application())

# After the pages: its models need the apps.
from channels.routing import ProtocolTypeRouter  # noqa: E402

from platform_core.realtime.consumer import application as sockets  # noqa: E402

application = ProtocolTypeRouter({"http": pages, "websocket": sockets})
