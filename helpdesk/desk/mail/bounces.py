"""Letters that did not arrive: marked, and told to the desk by a note in their ticket, once each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from helpdesk.desk import domain
from helpdesk.desk.models import Channel, Letter

from .identity import ids_of_letters

if TYPE_CHECKING:
    from helpdesk.desk.mailparse import ParsedMail

MOST_LETTERS = 20
"""Letters that one bounce may be about."""

LONGEST_REASON = 300

_ITS_OWN_ID = re.compile(rb"^message-id:[ \t]*(?:\r?\n[ \t]+)?(<[^<>\s]{1,200}>)", re.IGNORECASE | re.MULTILINE)
_ACTION = re.compile(rb"^action:[ \t]*([a-z]+)", re.IGNORECASE | re.MULTILINE)
_DIAGNOSTIC = re.compile(
    rb"^diagnostic-code:[ \t]*(?:[a-z0-9-]+[ \t]*;)?([^\r\n]{1,500}(?:\r?\n[ \t][^\r\n]{1,500}){0,10})",
    re.IGNORECASE | re.MULTILINE,
)


def note_bounce(raw: bytes, mail: ParsedMail) -> str:
    """A mail server says that letters of ours did not arrive: the desk reads it in their tickets. Returns which ones.

    A server that only says that a letter is late (RFC 3464, "Action: delayed") has not given it up, and nor do we.
    """
    actions = {found.lower() for found in _ACTION.findall(raw)}
    if actions and b"failed" not in actions:
        return ""
    reason = _reason(raw, mail)
    found = Letter.objects.filter(message_id__in=_ids(raw)[:MOST_LETTERS], case__isnull=False)
    with transaction.atomic():
        letters = list(found.select_for_update(of=("self",)).select_related("case"))
        for letter in letters:
            is_news = letter.given_up_at is None
            Letter.objects.filter(pk=letter.pk).update(given_up_at=timezone.now(), last_error=f"bounced: {reason}")
            if is_news:
                tell_desk(letter, reason)
    return ", ".join(f"{letter.message_id} to {letter.to}" for letter in letters)


def tell_desk(letter: Letter, reason: str) -> None:
    """Write into the ticket of a letter that it did not arrive; nothing for a letter without a ticket."""
    if letter.case is None:
        return
    with translation.override(settings.LANGUAGE_CODE):
        text = _("The mail to %(address)s came back: %(reason)s") % {"address": letter.to, "reason": reason}
    domain.add_note(actor=None, case=letter.case, text=text, channel=Channel.MAIL)


def _ids(raw: bytes) -> list[str]:
    """The letters that came back. The copy that a bounce encloses also names earlier ones, which did arrive."""
    named = ids_of_letters(raw)
    own = {found.decode("ascii", "replace") for found in _ITS_OWN_ID.findall(raw)}
    return [each for each in named if each in own] or named


def _reason(raw: bytes, mail: ParsedMail) -> str:
    """What the mail server said, in one line; what it wrote to people where it does not say it to programs."""
    diagnostic = _DIAGNOSTIC.search(raw)
    words = diagnostic[1].decode("utf-8", "replace") if diagnostic else mail.text
    return " ".join(words.replace("\0", "").split())[:LONGEST_REASON]
