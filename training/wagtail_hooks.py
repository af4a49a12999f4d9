"""What the training adds to Wagtail's administration."""

from typing import Any

from wagtail import hooks

from .package_admin import packages
from .package_chooser import package_chooser


@hooks.register("register_admin_viewset")
def package_rooms() -> list[Any]:
    return [packages, package_chooser]
