"""The WSGI entry of the pages in production; sockets are served by the ASGI entry."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "platform_core.config.settings.production")

application = get_wsgi_application()
