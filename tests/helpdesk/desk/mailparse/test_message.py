"""One peculiarity of mail each."""

from __future__ import annotations

import base64

import pytest

from helpdesk.desk.mailparse import Unparseable, parse

HEAD = b"From: Ona <ona@x.test>\nSubject: Hola\n"


def body(charset: str, content: bytes) -> str:
    return parse(HEAD + f"Content-Type: text/plain; charset={charset}\n\n".encode() + content).text


@pytest.mark.parametrize(
    ("label", "content", "text"),
    [
        ("utf-8", "Acció".encode(), "Acció"),
        ("iso-8859-1", "Acció".encode(), "Acció"),
        ("us-ascii", "Acció".encode("cp1252"), "Acció"),
        ("utf-8", "Acció “nova”".encode("cp1252"), "Acció “nova”"),
        ("iso-8859-1", "5 € i l’acció".encode("cp1252"), "5 € i l’acció"),
        ("iso-8859-15", "5 €".encode("iso-8859-15"), "5 €"),
        ("x-no-such-charset", "Acció".encode(), "Acció"),
        ("base64", "Acció".encode(), "Acció"),
        ("punycode", "Acció".encode(), "Acció"),
        ("gb2312", "您好".encode("gb2312"), "您好"),
        ("iso-2022-jp", "質問".encode("iso2022_jp"), "質問"),
        ("us-ascii", "質問".encode("iso2022_jp"), "質問"),
        ("utf-7", "Acció".encode("utf-7"), "Acció"),
        ("utf-16", "Acció".encode("utf-16"), "Acció"),
        ("koi8-r", "Привет".encode("koi8-r"), "Привет"),
        ("utf-8", "Acció i més acció, però tallad\u00e0".encode()[:-1], "Acció i més acció, però tallad\ufffd"),
        ("utf-7", b"+2AA- x", "\ufffd x"),
    ],
)
def test_text_is_read_whatever_its_label_says(label, content, text):
    assert body(label, content) == text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("=?utf-8?q?Acci=C3=B3?=", "Acció"),
        ("=?utf-8?b?QWNj?= =?utf-8?b?acOz?=", "Acció"),
        ("=?utf-8?q?Acci=C3?=\n =?utf-8?q?=B3_nova?=", "Acció nova"),
        ("Re: =?iso-8859-1*ca?Q?acci=F3?= i =?x-none?Q?m=E9s?=", "Re: acció i més"),
        ("=?utf-8?q?amb espais dins?=", "amb espais dins"),
        ("=?utf-8?b?QWNjacOz", "=?utf-8?b?QWNjacOz"),
        ("=?utf-8?b?***?=", ""),
        ("a\n\tb", "a b"),
    ],
)
def test_encoded_words_are_decoded(raw, text):
    assert parse(f"From: a@b.test\nSubject: {raw}\n\nx".encode()).subject == text


@pytest.mark.parametrize(
    ("field", "name", "address"),
    [
        ('"Puig, Ona" <ona@x.test>', "Puig, Ona", "ona@x.test"),
        ("=?utf-8?q?Puig=2C_Ona?= <ona@x.test>", "Puig, Ona", "ona@x.test"),
        ('"=?utf-8?q?Jos=C3=A9?=" <jose@x.test>', "José", "jose@x.test"),
        ("ona@x.test (Ona Pi)", "Ona Pi", "ona@x.test"),
        ("<ona@x.test>", "", "ona@x.test"),
        ("Ona Pi [ona@x.test]", "", "ona@x.test"),
        ("Ona Pi", "Ona Pi", ""),
    ],
)
def test_a_sender_is_read(field, name, address):
    sender = parse(f"From: {field}\nSubject: x\n\nx".encode()).from_

    assert (sender.name, sender.address) == (name, address)


@pytest.mark.parametrize(
    "date", ["", "ahir", "Mon, 45 Foo 2026", "Mon, 23 Nov 99999 10:00:00 +0100", "31 Dec 9999 23:00:00 -0900"]
)
def test_an_impossible_date_is_none(date):
    assert parse(f"From: a@b.test\nDate: {date}\n\nx".encode()).date is None


def test_a_date_without_offset_is_utc():
    date = parse(b"From: a@b.test\nDate: Mon, 23 Nov 2026 10:00:00 -0000\n\nx").date

    assert date is not None
    assert date.isoformat() == "2026-11-23T10:00:00+00:00"


def test_references_are_listed_once_each_in_order():
    mail = parse(b"From: a@b.test\nReferences: <1@x> <2@x>\n <1@x>\nIn-Reply-To: your mail of today <2@x>\n\nx")

    assert mail.references == ("<1@x>", "<2@x>")
    assert mail.in_reply_to == "<2@x>"


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('attachment; filename="acta.pdf"', "acta.pdf"),
        ("attachment; filename*=UTF-8''reuni%C3%B3.pdf", "reunió.pdf"),
        ("attachment; filename*0*=iso-8859-1''reuni%F3; filename*1=-2.pdf", "reunió-2.pdf"),
        ('attachment; filename="=?utf-8?q?reuni=C3=B3.pdf?="', "reunió.pdf"),
        ('attachment; filename="../../etc/passwd"', "passwd"),
        (r'attachment; filename="C:\\fitxers\\acta.pdf"', "acta.pdf"),
        ('attachment; filename=".htaccess"', "htaccess"),
        ('attachment; filename="foto\u202egpj.exe"', "fotogpj.exe"),
        ('attachment; filename=".."', "attachment-1.pdf"),
        ("attachment", "attachment-1.pdf"),
        ('attachment; filename="' + "a" * 300 + '.pdf"', "a" * 146 + ".pdf"),
        ("attachment; filename*99999999999999999999999=x", "x"),
    ],
)
def test_a_file_has_a_harmless_name(disposition, name):
    mail = parse(HEAD + f"Content-Type: application/pdf\nContent-Disposition: {disposition}\n\n%PDF".encode())

    assert [each.name for each in mail.attachments] == [name]


def test_text_with_a_name_is_a_file():
    mail = parse(HEAD + b'Content-Type: text/plain; name="registre.txt"\n\nlog')

    assert (mail.text, mail.attachments[0].content) == ("", b"log")


def test_a_picture_that_the_html_shows_is_inline_whatever_its_disposition():
    raw = HEAD + (
        b"Content-Type: multipart/related; boundary=x\n\n"
        b"--x\nContent-Type: text/html\n\n<p>Mira<img src='cid:A@b'></p>\n"
        b"--x\nContent-Type: image/png\nContent-ID: <a@B>\n"
        b"Content-Disposition: attachment; filename=p.png\n\nPNG\n"
        b"--x\nContent-Type: image/png\nContent-Disposition: attachment; filename=q.png\n\nPNG\n--x--\n"
    )

    assert [(each.name, each.inline) for each in parse(raw).attachments] == [("p.png", True), ("q.png", False)]


def test_an_empty_plain_form_gives_way_to_the_html():
    raw = HEAD + (
        b"Content-Type: multipart/alternative; boundary=x\n\n"
        b"--x\n\n \n--x\nContent-Type: text/html\n\n<p>Hola</p>\n--x--"
    )

    assert parse(raw).reply == "Hola"


def test_script_in_the_html_is_gone():
    mail = parse(
        HEAD + b"Content-Type: text/html\n\n<p onclick=x()>Hola<script>x()</script><img src=https://spy.test/p></p>"
    )

    assert (mail.html, mail.text) == ("<p>Hola<img></p>", "Hola")


def test_a_forgotten_blank_line_loses_no_words():
    assert parse(b"From: a@b.test\nSubject: x\nHola, bon dia\n\nadeu").text == "Hola, bon dia\n\nadeu"


def test_a_multipart_without_its_parts_is_text():
    assert parse(HEAD + b"Content-Type: multipart/mixed; boundary=x\n\nHola").text == "Hola"


def test_a_multipart_that_does_not_say_its_boundary_is_taken_apart():
    assert parse(HEAD + b"Content-Type: multipart/mixed\n\n--abc\n\nHola\n--abc--").text == "Hola"


def test_a_mail_cut_off_in_the_middle_is_read_to_there():
    content = base64.encodebytes(b"PDF" * 100)
    raw = HEAD + b"Content-Type: multipart/mixed; boundary=x\n\n--x\n\nHola\n--x\nContent-Type: application/pdf\n"
    mail = parse(raw + b"Content-Transfer-Encoding: base64\n\n" + content[:101])

    assert mail.text == "Hola"
    assert mail.attachments[0].content.startswith(b"PDFPDF")


def test_an_encrypted_mail_is_kept_as_files():
    raw = HEAD + (
        b'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=x\n\n'
        b"--x\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n"
        b'--x\nContent-Type: application/octet-stream; name="encrypted.asc"\n\n-----BEGIN PGP MESSAGE-----\n--x--'
    )

    assert [each.name for each in parse(raw).attachments] == ["attachment-1.asc", "encrypted.asc"]


@pytest.mark.parametrize("raw", [b"", b"\r\n\r\n", b"\0\0\0", b"hola", b"\x89PNG\r\n\x1a\n\0\0", b"X-Foo: a\n\nb"])
def test_what_is_no_mail_is_refused(raw):
    with pytest.raises(Unparseable):
        parse(raw)


def nested(levels: int) -> bytes:
    each = (b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (level, level) for level in range(levels))
    return HEAD + b"".join(each) + b"\nal fons"


def test_what_is_too_deep_is_kept_as_a_file():
    (file,) = parse(nested(10_000)).attachments

    assert file.content.endswith(b"al fons")
    assert parse(nested(40)).text == "al fons"


def test_what_has_too_many_parts_is_kept_as_a_file():
    mail = parse(HEAD + b"Content-Type: multipart/mixed; boundary=x\n\n" + b"--x\n\nhola\n" * 5_000)

    assert [each.content.count(b"hola") for each in mail.attachments] == [5_000]


def test_a_text_too_long_to_be_read_is_also_a_file():
    mail = parse(HEAD + b"\n" + b"a" * 2_000_000)

    assert len(mail.text) == 1_000_000
    assert [(each.name, each.size) for each in mail.attachments] == [("attachment-1.txt", 2_000_000)]
