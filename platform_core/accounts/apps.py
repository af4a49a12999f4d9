from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from wagtail.users.apps import WagtailUsersAppConfig


class AccountsConfig(AppConfig):
    name = "platform_core.accounts"
    verbose_name = _("People")

    def ready(self) -> None:
        from . import receivers  # noqa: F401, PLC0415  the signals are connected by importing it


class WagtailUsersConfig(WagtailUsersAppConfig):
    """Wagtail's list of users, for a user model without first and last names."""

    user_viewset = "platform_core.accounts.wagtail_users.UserViewSet"
