"""The mail that a letter is: its words in the reader's language, and the headers that keep a conversation together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from helpdesk.desk.library import FollowUpAttachment
from helpdesk.desk.mailparse.kinds import LOOP_HEADER
from helpdesk.desk.models import EntryKind, LetterKind, Side
from helpdesk.desk.queries import promise_of, reopen_until
from platform_core.base import mail
from platform_core.files.public import held, private_storage
from platform_core.officehours.promise import State as PromiseState
from platform_core.officehours.promise import pledge, state

from . import stopping
from .identity import domain, service_address
from .readers import reader_of

if TYPE_CHECKING:
    from django.core.mail import EmailMultiAlternatives

    from helpdesk.desk.models import Case, Entry, Letter
    from platform_core.officehours.promise import Pledge

    from .readers import Reader

MOST_ATTACHED = 10 * 1024 * 1024
"""Bytes of files in one letter; only who has no account gets files, the others find them in their ticket."""

AUTO_SUBMITTED = {
    LetterKind.RECEIVED: "auto-replied",
    LetterKind.TOO_LARGE: "auto-replied",
    LetterKind.STATE: "auto-generated",
    LetterKind.COPY: "auto-generated",
}
"""RFC 3834. A letter with somebody's words in it was written by a person."""


def compose(letter: Letter) -> EmailMultiAlternatives | None:
    """The letter, ready to send; None when its reader is not to hear of the ticket any more."""
    reader = reader_of(letter)
    if reader is None:
        return None
    files = _files(letter.entry) if letter.entry else []
    with translation.override(letter.language):
        context = _context(letter, reader, files)
        message = mail.message(
            to=letter.to,
            subject=letter.subject,
            template=f"desk/mail/{letter.name}",
            context=context,
            language=letter.language,
        )
    message.reply_to = [service_address(letter.case)]
    message.extra_headers = _headers(letter, context["stop_url"])
    if context["attached"]:
        for file in files:
            with private_storage().open(file.file.name) as content:
                message.attach(file.filename, content.read(), file.mime_type)
    return message


def _headers(letter: Letter, stop_url: str) -> dict[str, str]:
    headers = {
        "Message-ID": letter.message_id,
        LOOP_HEADER: domain(),
        # Exchange and Outlook: no out-of-office answers to a desk.
        "X-Auto-Response-Suppress": "OOF, AutoReply",
    }
    if kind := AUTO_SUBMITTED.get(LetterKind(letter.name)):
        headers["Auto-Submitted"] = kind
    if letter.in_reply_to:
        headers |= {"In-Reply-To": letter.in_reply_to, "References": letter.references}
    if stop_url:
        headers |= {"List-Unsubscribe": f"<{stop_url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return headers


def _context(letter: Letter, reader: Reader, files: list[FollowUpAttachment]) -> dict[str, Any]:
    context: dict[str, Any] = {"letter": letter, "reader": reader, "stop_url": "", "attached": False}
    case = letter.case
    if case is None:
        return {**context, "limit_mb": settings.MAIL_MAX_SIZE // (1024 * 1024)}
    is_assignee = reader.person is not None and reader.person.pk == case.assignee_id and reader.copy is None
    entry = letter.entry or (_first(case) if letter.name == LetterKind.COPY else None)
    return {
        **context,
        "case": case,
        "title": case.ticket.title,
        "entry": entry,
        "author": _author(entry) if entry else "",
        "words": (entry.followup.comment or "") if entry else "",
        "files": files,
        "attached": bool(files) and _may_attach(reader, files),
        "state": letter.state,
        "pledge": _pledge(case) if letter.name in (LetterKind.RECEIVED, LetterKind.COPY) else None,
        "reopen_until": reopen_until(case),
        # Without an account there is nothing to open.
        "url": _url(case, for_desk=is_assignee) if reader.person else "",
        "stop_url": stopping.link_of(reader),
    }


def _url(case: Case, *, for_desk: bool) -> str:
    return f"{settings.WAGTAILADMIN_BASE_URL}{case.get_bench_url() if for_desk else case.get_absolute_url()}"


def _pledge(case: Case) -> Pledge | None:
    """Nothing once it has been kept, or was not: the letter is late, and says only that we have the question."""
    promise, now = promise_of(case, card=True), timezone.now()
    is_open = promise is not None and state(promise, now=now) in (PromiseState.ON, PromiseState.RISK)
    return pledge(promise, now=now) if promise and is_open else None


def _first(case: Case) -> Entry | None:
    messages = case.entries.filter(kind=EntryKind.MESSAGE, is_public=True)
    return messages.select_related("followup__user").order_by("followup").first()


def _author(entry: Entry) -> str:
    if entry.followup.user:
        return str(entry.followup.user)
    return entry.author_name or (_("the support team") if entry.side == Side.DESK else _("who asked"))


def _files(entry: Entry) -> list[FollowUpAttachment]:
    """The files of a message that may be had now."""
    files = list(FollowUpAttachment.objects.filter(followup_id=entry.pk).order_by("pk"))
    withheld = held(file.file.name for file in files)
    return [file for file in files if file.file.name not in withheld]


def _may_attach(reader: Reader, files: list[FollowUpAttachment]) -> bool:
    return reader.person is None and sum(file.size or 0 for file in files) <= MOST_ATTACHED
