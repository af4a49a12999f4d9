"""Whatever arrives is read, or refused in one way."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.desk.mailparse import ParsedMail, Unparseable, parse

CORPUS = [path.read_bytes() for path in sorted((Path(__file__).parent / "corpus").glob("*.eml"))]
HEADERS = st.sampled_from(
    [
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "References",
        "Content-Type",
        "Content-Disposition",
        "Auto-Submitted",
    ]
)
PIECES = st.one_of(
    st.binary(max_size=30),
    st.sampled_from(
        [
            *(
                b"=?utf-8?b?",
                b"?=",
                b"multipart/mixed; boundary=x",
                b"\n--x\n",
                b"\n\n",
                b"text/html",
                b"; charset=utf-7",
            ),
            *(
                b"name*0*=utf-8''%C3",
                b"<div class=gmail_quote>",
                b"<blockquote type=cite>",
                b"> ",
                b"-- \n",
                b"\0",
                b"\r",
            ),
            *(b"On 3 Nov 2026 10:02, x wrote:\n", b"De: a@b\nEnviat: 3\nPer a: c\n", b"message/rfc822", b"(((", b'"'),
            *(b"@", b"\xff"),
        ]
    ),
)


def assert_sound(mail: ParsedMail) -> None:
    """What is promised of every mail: plain types, no NUL, no surrogates, aware moments, harmless names."""
    text = json.dumps(mail.as_json(), ensure_ascii=False)
    text.encode()
    assert "\\u0000" not in text
    assert mail.date is None or mail.date.utcoffset() is not None
    assert all(file.name and not set(file.name) & set("/\\\0") for file in mail.attachments)
    assert mail.reply or not mail.text


@given(st.binary(max_size=2000))
def test_any_bytes_are_a_mail_or_refused(raw):
    for each in (raw, b"From: a@b.test\n" + raw):
        with contextlib.suppress(Unparseable):
            assert_sound(parse(each))


@given(st.lists(st.tuples(HEADERS, st.lists(PIECES, max_size=6)), max_size=6), st.lists(PIECES, max_size=20))
def test_any_pieces_of_mail_are_a_mail_or_refused(headers, body):
    head = b"".join(name.encode() + b": " + b"".join(value) + b"\n" for name, value in headers)
    with contextlib.suppress(Unparseable):
        assert_sound(parse(head + b"\n" + b"".join(body)))


@settings(max_examples=200)
@given(
    st.sampled_from(CORPUS),
    st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 40), PIECES), min_size=1, max_size=6),
)
def test_a_mail_damaged_anywhere_is_a_mail_or_refused(raw, damages):
    for at, length, piece in damages:
        at %= len(raw) + 1  # noqa: PLW2901  the place is within what is left
        raw = raw[:at] + piece + raw[at + length :]
    with contextlib.suppress(Unparseable):
        assert_sound(parse(raw))
