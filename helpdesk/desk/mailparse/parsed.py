"""What a mail says, once read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime


class Unparseable(Exception):
    """These bytes are no mail: nothing in them can be used as a header or a body. The message says why, in English."""


@dataclass(frozen=True)
class Address:
    """One correspondent. Either may be empty; `address` is as written, neither checked nor folded to lower case."""

    name: str
    address: str

    def as_json(self) -> dict[str, str]:
        return {"name": self.name, "address": self.address}


@dataclass(frozen=True)
class Attachment:
    """One file of a mail.

    `name` has no path and no control characters, and is never empty; it says nothing true about the content, and
    neither does `content_type`, which is what the sender claims. `content_id` (without angle brackets) is what `cid:`
    addresses in the HTML point at; `inline` says that the file is shown within the text.
    """

    name: str
    content_type: str
    content: bytes = field(repr=False)
    inline: bool = False
    content_id: str = ""

    @property
    def size(self) -> int:
        """Bytes, decoded."""
        return len(self.content)

    def as_json(self) -> dict[str, Any]:
        return {"name": self.name, "content_type": self.content_type, "size": self.size}


@dataclass(frozen=True)
class ParsedMail:
    """A mail, read. Texts have "\\n" line ends, no NUL and no lone surrogates: any database takes them.

    * `date`: aware, with the offset that the sender wrote; None when missing or impossible.
    * `message_id`, `in_reply_to`, `references`: with angle brackets; "" or an empty tuple when missing.
    * `auto_submitted`: "" for a person's mail, else "<kind>: <the sign it was known by>" (see `kinds`).
    * `text`: the whole body as plain text; made from the HTML where the mail has no plain text.
    * `html`: the whole body as sanitised HTML; "" where the mail has none.
    * `reply`: the words that are new in this mail, without signature. Where that cannot be told, all of `text`.
    * `quoted`: what was quoted from earlier mail, as plain text.
    """

    from_: Address
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    reply_to: tuple[Address, ...]
    subject: str
    date: datetime | None
    message_id: str
    in_reply_to: str
    references: tuple[str, ...]
    auto_submitted: str
    text: str
    html: str
    reply: str
    quoted: str
    attachments: tuple[Attachment, ...]

    @property
    def kind(self) -> str:
        """ "" for a person's mail, else "loop", "bounce", "auto-reply" or "list"."""
        return self.auto_submitted.partition(":")[0]

    def as_json(self) -> dict[str, Any]:
        """For `parse_mail --json`: plain types, files without their content, the moment in ISO 8601 with its offset."""
        return {
            "from": self.from_.as_json(),
            "to": [each.as_json() for each in self.to],
            "cc": [each.as_json() for each in self.cc],
            "subject": self.subject,
            "date": self.date.isoformat() if self.date else None,
            "message_id": self.message_id,
            "in_reply_to": self.in_reply_to,
            "references": list(self.references),
            "auto_submitted": self.auto_submitted,
            "text": self.text,
            "html": self.html,
            "reply": self.reply,
            "quoted": self.quoted,
            "attachments": [each.as_json() for each in self.attachments],
        }
