"""A whole mail put together from its parts."""

from __future__ import annotations

import binascii
import quopri
import re
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

from helpdesk.desk.mailparse import headers
from helpdesk.desk.mailparse.charsets import decode
from helpdesk.desk.mailparse.html import to_lines
from helpdesk.desk.mailparse.kinds import kind_of
from helpdesk.desk.mailparse.lines import from_flowed, from_text, to_text
from helpdesk.desk.mailparse.names import file_name
from helpdesk.desk.mailparse.parsed import Attachment, ParsedMail, Unparseable
from helpdesk.desk.mailparse.phrases import FORWARD_SUBJECTS
from helpdesk.desk.mailparse.reply import separate
from helpdesk.desk.mailparse.structure import Part, take_apart
from platform_core.base.markup import clean_html

if TYPE_CHECKING:
    from helpdesk.desk.mailparse.lines import Line

LONGEST_BODY = 1_000_000
"""Characters of text or HTML that are read as words. A longer part is also kept whole, as a file."""

_KNOWN_FIELDS = {
    *(
        "from",
        "to",
        "cc",
        "subject",
        "date",
        "message-id",
        "in-reply-to",
        "received",
        "return-path",
        "reply-to",
        "sender",
    ),
    *("mime-version", "content-type", "delivered-to", "references"),
}
_CONTENT_ID_USED = re.compile(r"cid:([^\s\"'<>)]{1,500})", re.IGNORECASE)


@dataclass
class _Body:
    """What has been collected on the way through the parts."""

    pieces: list[tuple[list[Line] | None, str | None]] = field(default_factory=list)  # plain text, HTML of one place
    files: list[tuple[Part, bytes]] = field(default_factory=list)


def parse(raw: bytes, *, marker: str = "") -> ParsedMail:
    """Read a mail, whatever state it is in.

    `raw` is the message as a mail server keeps it (RFC 5322); `marker` the id of this installation, by which our own
    mail is known when it comes back. Raises Unparseable, and nothing else, when there is nothing to read: no bytes, or
    nothing that is a header of mail. Takes time in proportion to the length.
    """
    mail = raw.lstrip(b"\r\n\x00 \t\xef\xbb\xbf")
    if not mail:
        raise Unparseable("The message is empty.")
    root = take_apart(mail)
    if not any(name in _KNOWN_FIELDS for name, value in root.fields.items if value):
        raise Unparseable("This is not a mail: it has no header.")
    body = _Body()
    _collect(root, body)
    return _put_together(root, body, marker=marker)


def _put_together(root: Part, body: _Body, *, marker: str) -> ParsedMail:
    fields = root.fields
    subject = headers.words(fields.get("subject"))
    lines, html = _words_of(body)
    separated = separate(lines, forwarded=subject.lower().startswith(FORWARD_SUBJECTS))
    return ParsedMail(
        from_=headers.first_address(fields.get_all("from") or fields.get_all("sender")),
        to=headers.addresses(fields.get_all("to")),
        cc=headers.addresses(fields.get_all("cc")),
        reply_to=headers.addresses(fields.get_all("reply-to")),
        subject=subject,
        date=headers.moment(fields.get("date")),
        message_id=next(iter(headers.message_ids(fields.get_all("message-id"))), ""),
        in_reply_to=next(iter(headers.message_ids(fields.get_all("in-reply-to"))), ""),
        references=headers.message_ids(fields.get_all("references")),
        auto_submitted=kind_of(
            fields, content_type=root.content_type, report_type=root.params.get("report-type", ""), marker=marker
        ),
        text=to_text(lines),
        html=clean_html(html) if html else "",
        reply=separated.reply,
        quoted=separated.quoted,
        attachments=_attachments(body.files, html),
    )


def _collect(part: Part, body: _Body) -> None:
    """Walk through the parts in order: what is read goes to `pieces`, all else to `files`."""
    if part.parts and part.content_type == "multipart/alternative":
        _collect_alternative(part, body)
    elif part.parts:
        for each in part.parts:
            _collect(each, body)
    elif _is_words(part):
        lines, html, content = _read(part)
        body.pieces.append((lines, html))
        if len(content) > LONGEST_BODY:
            body.files.append((part, content))
    else:
        content = _content(part)
        # A part without name and content is what a cut-off mail leaves behind.
        if content.strip() or part.params or "content-disposition" in part.fields:
            body.files.append((part, content))


def _collect_alternative(part: Part, body: _Body) -> None:
    """Of several forms of the same words each kind counts once: the plain text and the HTML belong together."""
    inner = _Body()
    for each in part.parts:
        _collect(each, inner)
    body.files += inner.files
    texts = [lines for lines, _ in inner.pieces if lines is not None]
    htmls = [html for _, html in inner.pieces if html is not None]
    if not inner.pieces:
        return
    # The plain form may be empty, with all the words in the other one.
    text = next((lines for lines in texts if to_text(lines)), None)
    body.pieces.append((text, "\n".join(htmls) if htmls else None))


def _is_words(part: Part) -> bool:
    """Whether this part is read, and not a file: text or HTML without a file's name or disposition."""
    if part.is_text_after_all:
        return True
    if part.content_type not in ("text/plain", "text/html"):
        return False
    disposition, params = headers.parameters(part.fields.get("content-disposition"))
    return disposition.lower() != "attachment" and "filename" not in params and "name" not in part.params


def _read(part: Part) -> tuple[list[Line] | None, str | None, bytes]:
    content = _content(part)
    text = decode(content[: 4 * LONGEST_BODY], part.params.get("charset", ""))[:LONGEST_BODY]
    if part.content_type == "text/html":
        return None, text, content
    if part.params.get("format", "").lower() == "flowed":
        return from_flowed(text, delete_space=part.params.get("delsp", "").lower() == "yes"), None, content
    return from_text(text), None, content


def _words_of(body: _Body) -> tuple[list[Line], str]:
    """The body as lines and as HTML. Text beside HTML parts (Apple Mail cuts a mail around its pictures) joins both."""
    has_html = any(html is not None for _, html in body.pieces)
    lines: list[Line] = []
    htmls: list[str] = []
    for text, html in body.pieces:
        lines += text if text is not None else to_lines(html or "")
        if has_html:
            htmls.append(html if html is not None else f"<p>{escape(to_text(text or [])).replace(chr(10), '<br>')}</p>")
    return lines, "\n".join(htmls)


def _content(part: Part) -> bytes:
    """The content of a part, its transfer encoding taken off."""
    content = part.content
    if part.kept_whole:
        return content
    encoding = part.fields.get("content-transfer-encoding").partition(";")[0].strip().lower()
    if encoding == "base64":
        return headers.from_base64(content)
    if encoding == "quoted-printable":
        return quopri.decodestring(content if b"\n" in content else content.replace(b"\r", b"\n"))
    if encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
        return _from_uu(content)
    return content


def _from_uu(content: bytes) -> bytes:
    decoded = []
    for row in content.split(b"\n"):
        if row.startswith(b"begin ") or not row.strip():
            continue
        if row.startswith(b"end"):
            break
        try:
            decoded.append(binascii.a2b_uu(row))
        except binascii.Error:
            return content
    return b"".join(decoded)


def _attachments(files: list[tuple[Part, bytes]], html: str) -> tuple[Attachment, ...]:
    used = {each.lower() for each in _CONTENT_ID_USED.findall(html[:LONGEST_BODY])}
    return tuple(_attachment(part, content, used, number) for number, (part, content) in enumerate(files, 1))


def _attachment(part: Part, content: bytes, used: set[str], number: int) -> Attachment:
    disposition, params = headers.parameters(part.fields.get("content-disposition"))
    content_id = part.fields.get("content-id").strip().strip("<>").strip()
    is_image = part.main_type == "image"
    inline = content_id.lower() in used if content_id else False
    inline = inline or (is_image and (disposition.lower() == "inline" or (bool(content_id) and not disposition)))
    subject = ""
    if part.content_type == "message/rfc822":
        subject = headers.words(take_apart(content[:20_000]).fields.get("subject"))
    return Attachment(
        name=file_name(
            params.get("filename") or part.params.get("name") or (subject and f"{subject}.eml"),
            content_type=part.content_type,
            number=number,
        ),
        content_type=part.content_type,
        content=content,
        inline=inline,
        content_id=content_id,
    )
