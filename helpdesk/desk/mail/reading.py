"""What goes into a ticket of a mail that was read: its words and its files. What we do not take is named in the words.

Nothing is lost by that: the original mail is kept whole, and the desk can download it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.utils import translation
from django.utils.translation import gettext as _

from helpdesk.desk.domain.writing import LONGEST_SUBJECT, LONGEST_TEXT
from platform_core.files.public import MAX_FILES, BadFiles, accept

if TYPE_CHECKING:
    from helpdesk.desk.mailparse import Attachment, ParsedMail
    from platform_core.files.public import Upload

    from .senders import Sender

ROOM_FOR_LINES = 2_000
"""Characters of a message that are kept free for what we have to say about its files."""


@dataclass(frozen=True, kw_only=True)
class Content:
    """`quoted` is what the mail repeats of earlier ones."""

    subject: str
    text: str
    quoted: str
    files: list[Upload]


def content_of(mail: ParsedMail, sender: Sender) -> Content:
    """Inspects and scans the files, which may take a while: never call it inside a transaction."""
    with translation.override(sender.language):
        words, quoted = _words(mail)
        attachments = sorted(mail.attachments, key=lambda each: each.inline)  # pictures of signatures go last
        files, lines = [], []
        if len(words) > LONGEST_TEXT - ROOM_FOR_LINES:
            whole = ContentFile(words.encode(), name=_("message.txt"))
            words = words[: LONGEST_TEXT - ROOM_FOR_LINES].rstrip() + "…"
            files += accept([whole])
            lines.append(_("The message is too long to be shown whole: all of it is in the file message.txt."))
        for attachment in attachments:
            if len(files) == MAX_FILES:
                names = ", ".join(each.name for each in attachments[attachments.index(attachment) :])
                lines.append(
                    _("We take at most %(limit)d files at once, and these are missing: %(names)s")
                    % {"limit": MAX_FILES, "names": names[:1000]}
                )
                break
            upload, refusal = _taken(attachment, sender)
            files += [upload] if upload else []
            lines += [refusal] if refusal else []
        told = "\n".join(f"- {line}" for line in lines)[: ROOM_FOR_LINES - 200]
        if told:
            words = f"{words}\n\n{_('About the files of this message:')}\n\n{told}"
        subject = " ".join(mail.subject.split())[:LONGEST_SUBJECT] or _("(no subject)")
        return Content(subject=subject, text=words.strip() or _no_words(files), quoted=quoted, files=files)


def _words(mail: ParsedMail) -> tuple[str, str]:
    """What is new, and what is quoted. Somebody who only forwards a mail says what is in it."""
    if mail.reply.strip():
        return mail.reply.strip(), mail.quoted
    return mail.text.strip(), ""


def _no_words(files: list[Upload]) -> str:
    return _("(only files)") if files else _("(an empty message)")


def _taken(attachment: Attachment, sender: Sender) -> tuple[Upload | None, str]:
    """The file, or why not."""
    file = ContentFile(attachment.content, name=attachment.name)
    try:
        return accept([file], actor=sender.person)[0], ""
    except BadFiles as refusal:
        return None, " ".join(refusal.messages)
