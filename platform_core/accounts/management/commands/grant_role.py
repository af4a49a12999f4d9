"""`manage.py grant_role ana@exemple.test coordinator`, and `--revoke` to take it away."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from platform_core.accounts.domain import grant_role, revoke_role
from platform_core.accounts.models import User
from platform_core.accounts.roles import Role
from platform_core.base.errors import Refusal


class Command(BaseCommand):
    help = "Gives a role to a person, or takes it away."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("role", choices=Role.values)
        parser.add_argument("--revoke", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email__iexact=options["email"]).first()
        if user is None:
            raise CommandError(f"Nobody has the e-mail {options['email']}.")
        change = revoke_role if options["revoke"] else grant_role
        try:
            change(user=user, role=Role(options["role"]))
        except Refusal as refusal:
            raise CommandError(str(refusal.message)) from refusal
        self.stdout.write(f"{user.email}: {', '.join(sorted(user.role_names)) or '-'}")
