"""Check that the activity log is as it was recorded."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from platform_core.activity import sealing
from platform_core.activity.models import Seal, SealedActivity


class Command(BaseCommand):
    help = "Read the chain of seals over the activity log; exit with 1 and name what was altered."

    def handle(self, *_args: Any, **_options: Any) -> None:
        found = 0
        for problem in sealing.problems():
            self.stderr.write(problem)
            found += 1
        if found:
            raise CommandError(f"The activity log was altered: {found} differences.")
        last = Seal.objects.order_by("-pk").first()
        head = f", head {last.digest}" if last else ""
        self.stdout.write(f"Intact: {SealedActivity.objects.count()} activities in {Seal.objects.count()} seals{head}.")
