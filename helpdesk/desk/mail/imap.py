"""Fetching mailboxes: the settings of django-helpdesk's queues, the password from the environment, verified TLS.

A message leaves the folder only once it is kept here: it is moved into the folder `Participa311` beside it. So the
folder that we read is always what is still to be done, whoever else opens the mailbox, and a process that dies in
between fetches the message again, which changes nothing (`intake.receive`).
"""

from __future__ import annotations

import imaplib
import logging
import os
import re
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import DatabaseError

from helpdesk.desk.library import Queue

from . import intake

if TYPE_CHECKING:
    from collections.abc import Iterator

logger = logging.getLogger(__name__)

SILENCE_LIMIT = 30.0
"""Seconds that a mail server may take for any one step."""

PASSWORD_PREFIX = "DESK_IMAP_PASSWORD_"  # noqa: S105  the name of a variable
DONE_FOLDER = "Participa311"
INBOX = "INBOX"
TLS_PORT, STARTTLS_PORT = 993, 143

_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_SEPARATOR = re.compile(rb'\([^)]*\) (?:"((?:[^"\\]|\\.)*)"|NIL)')


class MailboxFailed(Exception):
    """A mailbox could not be read; the others were."""


@dataclass
class Fetched:
    """What came of one mailbox: messages kept now, and what went wrong."""

    queue: str
    kept: int = 0
    errors: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.queue}: {'; '.join(self.errors)}" if self.errors else f"{self.queue}: {self.kept}"


def variable_of(queue: Queue) -> str:
    """The environment variable with a queue's password: `suport-2` → DESK_IMAP_PASSWORD_SUPORT_2."""
    return PASSWORD_PREFIX + str(queue.slug).upper().replace("-", "_")


def mailboxes() -> list[Queue]:
    """The queues that have a mailbox to fetch."""
    wanted = Queue.objects.filter(allow_email_submission=True, email_box_type="imap")
    return list(wanted.exclude(email_box_host=None).exclude(email_box_host="").order_by("slug"))


def fetch_all() -> list[Fetched]:
    """Fetch every mailbox, one after the other; a failure of one is noted in its result and stops no other."""
    return [fetch(queue) for queue in mailboxes()]


def fetch(queue: Queue) -> Fetched:
    """Fetch one mailbox: keep each message, then move it. Never raises for what the mail server or a message does."""
    result = Fetched(str(queue.slug))
    try:
        with _open(queue) as mailbox:
            _empty(mailbox, queue, result)
    except Exception as problem:
        is_ours = not isinstance(problem, (OSError, imaplib.IMAP4.error, MailboxFailed, DatabaseError))
        logger.warning("The mailbox of %s was not read to its end: %s", queue.slug, problem, exc_info=is_ours)
        result.errors.append(f"{type(problem).__name__}: {problem}"[:500])
    return result


def _open(queue: Queue) -> imaplib.IMAP4:
    """A connection that is signed in. TLS always: from the first byte, or by STARTTLS before the password."""
    password = os.environ.get(variable_of(queue), "")
    if not password:
        raise MailboxFailed(f"{variable_of(queue)} is not set")
    context = ssl.create_default_context(cafile=settings.MAIL_CA_FILE or None)
    host = queue.email_box_host
    if queue.email_box_ssl:
        port = queue.email_box_port or TLS_PORT
        mailbox: imaplib.IMAP4 = imaplib.IMAP4_SSL(host, port, ssl_context=context, timeout=SILENCE_LIMIT)
    else:
        mailbox = imaplib.IMAP4(host, queue.email_box_port or STARTTLS_PORT, timeout=SILENCE_LIMIT)
    try:
        if not queue.email_box_ssl:
            mailbox.starttls(ssl_context=context)
        _sign_in(mailbox, queue.email_box_user or "", password)
    except BaseException:
        mailbox.shutdown()
        raise
    return mailbox


def _sign_in(mailbox: imaplib.IMAP4, user: str, password: str) -> None:
    if "AUTH=PLAIN" in mailbox.capabilities:
        # Unlike LOGIN it takes any character (RFC 4616).
        mailbox.authenticate("PLAIN", lambda _challenge: f"\0{user}\0{password}".encode())
    else:
        mailbox.login(user, password)
    # Servers tell most of what they can do only now.
    told = _ask(mailbox.capability(), "ask what the server can do")
    mailbox.capabilities = tuple((told[-1] or b"").decode("ascii", "replace").upper().split())


def _empty(mailbox: imaplib.IMAP4, queue: Queue, result: Fetched) -> None:
    """Keep and move every message of the folder, one at a time in memory."""
    folder = queue.email_box_imap_folder or INBOX
    _ask(mailbox.select(_quoted(folder)), f"open the folder {folder}")
    done = _done_folder(mailbox, folder)
    for uid in list(_uids(mailbox)):
        try:
            _take(mailbox, uid, queue=queue, done=done, result=result)
        except (OSError, DatabaseError, imaplib.IMAP4.abort):
            raise  # the mail server, the disk or the database is away: all that is left waits
        except Exception as problem:
            logger.warning("Message %s of %s stays in its mailbox.", uid, queue.slug, exc_info=True)
            result.errors.append(f"message {uid}: {problem}"[:500])


def _take(mailbox: imaplib.IMAP4, uid: str, *, queue: Queue, done: str, result: Fetched) -> None:
    found = _message(mailbox, uid)
    if found is None:
        return
    size, raw = found
    receipt = intake.receive(raw, queue=queue, size=size)
    logger.info("%s: a mail was %s %s %s", queue.slug, receipt.action, receipt.ticket, receipt.reason)
    result.kept += 1
    _move(mailbox, uid, done)


def _uids(mailbox: imaplib.IMAP4) -> Iterator[str]:
    found = _ask(mailbox.uid("SEARCH", "UNDELETED"), "list the messages")
    yield from (found[0] or b"").decode("ascii").split()


def _message(mailbox: imaplib.IMAP4, uid: str) -> tuple[int, bytes] | None:
    """The size of a message, and the message; only its headers when it is too large to be taken. Marks nothing.

    None when it is gone: somebody else has moved it meanwhile.
    """
    answer = _ask(mailbox.uid("FETCH", uid, "(RFC822.SIZE)"), "ask for its size")
    sizes = [int(match[1]) for part in answer if isinstance(part, bytes) and (match := _SIZE.search(part))]
    if not sizes:
        return None
    too_large = sizes[0] > settings.MAIL_MAX_SIZE
    answer = _ask(mailbox.uid("FETCH", uid, "(BODY.PEEK[HEADER])" if too_large else "(BODY.PEEK[])"), "fetch it")
    bodies = [part[1] for part in answer if isinstance(part, tuple)]
    if not bodies:
        return None
    # A server may tell a size that is not that of what it sends.
    return (sizes[0] if too_large else len(bodies[0])), bodies[0]


def _move(mailbox: imaplib.IMAP4, uid: str, folder: str) -> None:
    """MOVE where the server knows it (RFC 6851), else copy and delete this one message."""
    _ask(mailbox.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen)"), "mark it")
    if "MOVE" in mailbox.capabilities:
        _ask(mailbox.uid("MOVE", uid, _quoted(folder)), "move it")
        return
    _ask(mailbox.uid("COPY", uid, _quoted(folder)), "copy it")
    _ask(mailbox.uid("STORE", uid, "+FLAGS.SILENT", r"(\Deleted)"), "delete it")
    if "UIDPLUS" in mailbox.capabilities:
        _ask(mailbox.uid("EXPUNGE", uid), "delete it")


def _done_folder(mailbox: imaplib.IMAP4, folder: str) -> str:
    """The folder beside the one that is read, made when it is not there."""
    listed = _ask(mailbox.list('""', _quoted(folder)), "list the folders")
    match = _SEPARATOR.match(listed[0]) if listed and isinstance(listed[0], bytes) else None
    separator = match[1].decode() if match and match[1] else "/"
    parent, found, _name = folder.rpartition(separator)
    # Many servers keep every folder inside of INBOX.
    for name in [f"{parent}{separator}{DONE_FOLDER}" if found else DONE_FOLDER, f"{INBOX}{separator}{DONE_FOLDER}"]:
        if _exists(mailbox, name):
            return name
        with suppress(imaplib.IMAP4.error):
            if mailbox.create(_quoted(name))[0] == "OK":
                return name
    raise MailboxFailed(f"the folder {DONE_FOLDER} is not there and cannot be made")


def _exists(mailbox: imaplib.IMAP4, name: str) -> bool:
    return any(mailbox.list('""', _quoted(name))[1])


def _ask(answer: tuple[str, list[Any]], what: str) -> list[Any]:
    kind, data = answer
    if kind != "OK":
        told = b" ".join(part for part in data if isinstance(part, bytes)).decode("utf-8", "replace")
        raise imaplib.IMAP4.error(f"cannot {what}: {told}")
    return data


def _quoted(name: str) -> str:
    """A folder's name as IMAP writes it: modified UTF-7 (RFC 3501, 5.1.3), in quotes."""
    text = re.sub(r"[^\x20-\x7e]+", lambda match: _utf_7(match[0]), name.replace("&", "&-"))
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _utf_7(text: str) -> str:
    return "&" + text.encode("utf-7").decode().removeprefix("+").removesuffix("-").replace("/", ",") + "-"
