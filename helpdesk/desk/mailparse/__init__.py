"""Reading mail: bytes as a mail server hands them over, to what a person wrote. No database, no settings, no network.

    mail = parse(raw, marker="the id of this installation")
    mail.reply        # the new words alone
    mail.kind         # "" for a person's mail, else "loop", "bounce", "auto-reply" or "list"

In the order of reading: `structure` cuts the bytes into parts, `headers` and `charsets` make text of them, `html` makes
text of HTML, `reply` tells the new words from the quoted ones (its words are in `phrases`), `kinds` recognises mail
that no person wrote, and `message` puts a `ParsedMail` together. Why this is ours: docs/decisions/0013-reading-mail.md

Every step takes time in proportion to the size of the mail, whatever is in it.
"""

from helpdesk.desk.mailparse.message import parse
from helpdesk.desk.mailparse.parsed import Address, Attachment, ParsedMail, Unparseable

__all__ = ["Address", "Attachment", "ParsedMail", "Unparseable", "parse"]
