"""`manage.py prepare_knowledge_base`: the front page of the questions and who reviews them. Run it after `migrate`."""

from typing import Any

from django.core.management.base import BaseCommand

from knowledge_base.content import prepare


class Command(BaseCommand):
    help = "Creates the front page of the questions, its review and the permissions, where they are missing."

    def handle(self, *args: Any, **options: Any) -> None:
        prepare()
