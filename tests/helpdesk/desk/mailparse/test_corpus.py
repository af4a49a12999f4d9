"""Mail of many clients, modelled on their real structure; people and places are fictional.

Beside each `corpus/<name>.eml` is `<name>.reply.txt`: what a person would say is new in it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from helpdesk.desk.mailparse import parse

CORPUS = Path(__file__).parent / "corpus"
MAILS = sorted(CORPUS.glob("*.eml"))


def read(name: str):
    return parse((CORPUS / f"{name}.eml").read_bytes(), marker="prova")


@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.stem)
def test_the_reply_is_what_the_person_wrote(path):
    expected = path.with_suffix(".reply.txt").read_text().rstrip("\n")

    assert parse(path.read_bytes(), marker="prova").reply == expected


@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.stem)
def test_line_ends_of_any_kind_change_nothing(path):
    unix = path.read_bytes().replace(b"\r\n", b"\n")
    expected = parse(unix)

    for line_end in (b"\r\n", b"\r"):
        other = parse(unix.replace(b"\n", line_end))
        assert (other.reply, other.quoted, other.subject) == (expected.reply, expected.quoted, expected.subject)


@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.stem)
def test_every_word_of_a_mail_is_in_its_text(path):
    mail = parse(path.read_bytes())

    for words in (mail.reply, mail.quoted):
        assert {each.strip(">") for each in words.split()} <= {each.strip(">") for each in mail.text.split()}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("exchange-ndr", "bounce"),
        ("postfix-dsn", "bounce"),
        ("vacation-ca", "auto-reply"),
        ("mailing-list-ca", "list"),
        ("gmail-ca", ""),
        ("outlook365-es", ""),
        ("forward-with-files", ""),
    ],
)
def test_mail_of_machines_is_told_from_that_of_people(name, kind):
    assert read(name).kind == kind


def test_the_header_of_a_reply_is_read():
    mail = read("gmail-ca")

    assert (mail.from_.name, mail.from_.address) == ("Maria Puig i Serra", "maria.puig@vallfosca.test")
    assert mail.to[0].address == "suport@participa.test"
    assert mail.subject == "Re: No podem desar el formulari de la consulta"
    assert mail.in_reply_to == "<TICKET-MESSAGE-ID>"
    assert mail.references == ("<TICKET-MESSAGE-ID>",)
    assert mail.date is not None
    assert mail.date.isoformat() == "2026-11-23T12:04:31+01:00"


def test_the_quote_is_kept_apart():
    assert "Amb quin navegador us passa?" in read("gmail-ca").quoted
    assert "Hola, José:" in read("outlook365-es").quoted


def test_the_html_is_safe_and_keeps_pictures_of_the_same_mail():
    html = read("outlook365-es").html

    assert "cid:6f1d2c3b-0001" in html
    assert "<style" not in html
    assert "Buenas tardes:" in html


def test_a_picture_within_the_text_is_inline():
    (picture,) = read("outlook365-es").attachments

    assert (picture.name, picture.content_id, picture.inline) == ("image.png", "6f1d2c3b-0001", True)
    assert picture.content.startswith(b"\x89PNG")


def test_files_keep_their_names_and_lose_their_paths():
    files = read("forward-with-files").attachments

    assert [(each.name, each.content_type) for each in files] == [
        ("Incidència.eml", "message/rfc822"),
        ("winmail.dat", "application/ms-tnef"),
        ("Acta de la reunió ordinària.pdf", "application/pdf"),
        ("cens.csv", "text/csv"),
        ("attachment-5.jpg", "image/jpeg"),
    ]
    assert files[2].content == b"%PDF-1.4"
    assert files[0].content.startswith(b"From: Entitat")


def test_invitations_and_signatures_of_a_mail_are_files():
    assert [each.content_type for each in read("calendar-invitation").attachments] == ["text/calendar"]
    assert [each.name for each in read("smime-signed").attachments] == ["smime.p7s"]


def test_a_broken_header_is_read_as_far_as_it_goes():
    mail = read("broken-headers")

    assert (mail.from_.name, mail.from_.address) == ("Joan Muñoz", "joan@vallfosca.test")
    assert mail.subject == "Incidència amb la pàgina d’inici avui"
    assert mail.to == ()
    assert mail.date is None
    assert mail.message_id == "<20261123.1@vallfosca.test>"


def test_the_json_has_exactly_the_promised_fields():
    json = read("forward-with-files").as_json()

    assert list(json) == [
        *("from", "to", "cc", "subject", "date", "message_id", "in_reply_to", "references", "auto_submitted"),
        *("text", "html", "reply", "quoted", "attachments"),
    ]
    assert json["cc"] == [{"name": "Puig, Maria", "address": "maria.puig@vallfosca.test"}]
    assert list(json["attachments"][0]) == ["name", "content_type", "size"]
