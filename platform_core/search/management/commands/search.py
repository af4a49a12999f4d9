"""`manage.py search "text" --as EMAIL`: what somebody finds, for looking into what they say they do not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.management.base import BaseCommand, CommandError, CommandParser

from platform_core.accounts.models import User
from platform_core.search.queries import find

if TYPE_CHECKING:
    from platform_core.accounts.roles import Someone

MOST = 100


class Command(BaseCommand):
    help = "Searches as a person would, and prints what they find, best first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("text")
        parser.add_argument("--as", dest="email", default="", help="the e-mail of who searches; nobody without it")
        parser.add_argument("--lang", default="ca", choices=[code for code, _name in settings.LANGUAGES])
        parser.add_argument("--limit", type=int, default=10, help=f"at most {MOST}")
        parser.add_argument("--json", action="store_true", dest="as_json", help="one JSON list")

    def handle(self, *, text: str, email: str, lang: str, limit: int, as_json: bool, **_options: Any) -> None:
        if not 1 <= limit <= MOST:
            raise CommandError(f"--limit is from 1 to {MOST}.")
        hits = find(text, viewer=_viewer(email), language=lang, limit=limit)
        rows = [
            {"kind": hit.kind, "id": hit.object_id, "title": hit.title, "url": hit.url, "score": round(hit.score, 4)}
            for hit in hits
        ]
        if as_json:
            self.stdout.write(json.dumps(rows, ensure_ascii=False))
            return
        for row in rows:
            self.stdout.write(f"{row['score']:>9}  {row['kind']:<14} {row['title']}  {row['url']}")


def _viewer(email: str) -> Someone:
    if not email:
        return AnonymousUser()
    try:
        person: User = User.objects.get_by_natural_key(email)
    except User.DoesNotExist:
        raise CommandError(f"Nobody has the e-mail {email}.") from None
    return person
