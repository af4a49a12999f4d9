"""Two app configs: ours, and the library's with its folder pinned."""

from pathlib import Path

import helpdesk.apps as library
from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "helpdesk.desk"
    label = "desk"


class UpstreamHelpdeskConfig(library.HelpdeskConfig):
    """The library, whose package has two folders here: Django must be told which one is the app's."""

    path = str(Path(library.__file__).resolve().parent)
