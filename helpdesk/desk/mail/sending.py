"""Letters on their way to the mail server: tried until it takes them, and parked when it says that it never will.

A try is claimed by one update of the row, which also says when the next one would be: two workers do not send the same
letter at once, and one that dies leaves it to the next. Nothing is locked while we talk to the server. Who gets a
letter twice, because we died right after the server took it, sees it once: it has the same Message-ID.
"""

from __future__ import annotations

import logging
import smtplib
from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.mail import get_connection
from django.core.mail.message import BadHeaderError
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from helpdesk.desk.models import Letter
from platform_core.background.public import Retry, task

from . import bounces
from .composing import compose

if TYPE_CHECKING:
    from django.db.models import QuerySet

logger = logging.getLogger(__name__)

PAUSES = Retry(first=timedelta(minutes=1), longest=timedelta(hours=1))
"""How long after each try the next one is due."""

GIVE_UP_AFTER = timedelta(days=5)
"""RFC 5321, 4.5.4.1: a sender that gives up waits four to five days at least."""

AT_ONCE = 200
_REFUSED_FOR_EVER = 500
"""SMTP's replies from here on are final (RFC 5321, 4.2.1)."""

NOT_A_READER = "no longer a reader of this ticket"


class _Never(Exception):
    """This letter cannot be sent, today or tomorrow."""


@task()
def send_letter(letter_id: int) -> None:
    """A first try at once. It never fails: when the mail server does not take the letter, its row says when next."""
    send(letter_id)


def send(letter_id: int) -> bool:
    """Try to send a letter if a try is due; whether it went out now."""
    letter = _claim(letter_id)
    if letter is None:
        return False
    try:
        _hand_over(letter)
    except _Never as problem:
        _give_up(letter, str(problem))
    except Exception as problem:
        logger.warning("The letter %s could not be sent: %s", letter_id, problem, exc_info=_is_ours(problem))
        if letter.written_at < timezone.now() - GIVE_UP_AFTER:
            _give_up(letter, _told(problem))
        else:
            Letter.objects.filter(pk=letter_id).update(last_error=_told(problem))
    else:
        Letter.objects.filter(pk=letter_id).update(sent_at=timezone.now(), last_error="")
        return True
    return False


def send_due() -> int:
    """Try the letters whose time has come, the longest waiting first. Returns how many went out."""
    due = _unsent().filter(next_try_at__lte=timezone.now()).order_by("next_try_at")
    return sum(send(pk) for pk in list(due.values_list("pk", flat=True)[:AT_ONCE]))


def send_again(letter_id: int) -> None:
    """Somebody of the desk thinks that a letter that was given up, or is late, will go out now."""
    now = timezone.now()
    parked = Letter.objects.filter(Q(given_up_at__isnull=False) | Q(sent_at=None), pk=letter_id)
    # A letter that came back counts as sent until now.
    if parked.update(given_up_at=None, sent_at=None, tries=0, next_try_at=now, written_at=now):
        send_letter.enqueue(letter_id)


def _unsent() -> QuerySet[Letter]:
    return Letter.objects.filter(sent_at=None, given_up_at=None)


def _claim(letter_id: int) -> Letter | None:
    now = timezone.now()
    due = _unsent().filter(Q(tries=0) | Q(next_try_at__lte=now), pk=letter_id)
    tries = due.values_list("tries", flat=True).first()
    if tries is None:
        return None
    later = now + PAUSES.pause(tries + 1)
    if not due.filter(tries=tries).update(tries=F("tries") + 1, next_try_at=later):
        return None
    related = ("case__ticket__queue", "case__requester", "case__assignee", "entry__followup__user", "person")
    return Letter.objects.select_related(*related).get(pk=letter_id)


def _hand_over(letter: Letter) -> None:
    message = compose(letter)
    if message is None:
        raise _Never(NOT_A_READER)
    message.connection = get_connection()
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as refused:
        code, words = next(iter(refused.recipients.values()))
        if code >= _REFUSED_FOR_EVER:
            raise _Never(f"{code} {_decoded(words)}") from refused
        raise
    except smtplib.SMTPDataError as refused:
        if refused.smtp_code >= _REFUSED_FOR_EVER:
            raise _Never(f"{refused.smtp_code} {_decoded(refused.smtp_error)}") from refused
        raise
    except (BadHeaderError, UnicodeError) as problem:
        raise _Never(f"this address cannot be written to: {problem}") from problem


def _give_up(letter: Letter, why: str) -> None:
    with transaction.atomic():
        Letter.objects.filter(pk=letter.pk).update(given_up_at=timezone.now(), last_error=why)
        if why != NOT_A_READER:
            bounces.tell_desk(letter, why)


def _told(problem: Exception) -> str:
    return f"{type(problem).__name__}: {problem}"[:2000]


def _decoded(words: bytes | str) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else words


def _is_ours(problem: Exception) -> bool:
    """Whether the fault may be in the program, so that the log needs to say where."""
    return not isinstance(problem, OSError)
