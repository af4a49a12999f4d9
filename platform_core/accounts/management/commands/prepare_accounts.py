"""`manage.py prepare_accounts`: the roles and the first code of ethics. Run it after every `migrate`."""

from typing import Any

from django.core.management.base import BaseCommand

from platform_core.accounts.domain import ensure_first_code, ensure_roles


class Command(BaseCommand):
    help = "Creates the groups of the roles and publishes the first code of ethics, where they are missing."

    def handle(self, *args: Any, **options: Any) -> None:
        ensure_roles()
        ensure_first_code()
