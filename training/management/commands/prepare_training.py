"""`manage.py prepare_training`: the front page of the courses and who reviews them. Run it after `migrate`."""

from typing import Any

from django.core.management.base import BaseCommand

from training.content import prepare


class Command(BaseCommand):
    help = "Creates the front page of the courses, its review and the permissions, where they are missing."

    def handle(self, *args: Any, **options: Any) -> None:
        prepare()
