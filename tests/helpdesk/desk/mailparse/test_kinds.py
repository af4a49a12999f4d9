"""Who wrote a mail: a person, or a machine."""

from __future__ import annotations

import pytest

from helpdesk.desk.mailparse import parse


def kind(headers: str, *, marker: str = "") -> str:
    return parse(f"From: Ona <ona@x.test>\nSubject: Hola\n{headers}\n\nText".encode(), marker=marker).kind


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ("Auto-Submitted: auto-generated", "auto-reply"),
        ("Auto-Submitted: auto-replied (vacation); owner=x", "auto-reply"),
        ("auto-submitted: NO", ""),
        ("X-Auto-Response-Suppress: OOF, AutoReply", "auto-reply"),
        ("X-Auto-Response-Suppress: DR, RN", ""),
        ("Precedence: bulk", "auto-reply"),
        ("Precedence: junk", "auto-reply"),
        ("Precedence: auto_reply", "auto-reply"),
        ("Precedence: list", "list"),
        ("Precedence: bulk\nList-Id: <x.test>", "list"),
        ("X-Autoreply: yes", "auto-reply"),
        ("X-Autoreply: no", ""),
        ("List-Unsubscribe: <mailto:x@x.test>", "list"),
        ("Return-Path: <>", "bounce"),
        ("Return-Path: <ona@x.test>", ""),
        ("X-Failed-Recipients: x@x.test", "bounce"),
        ("Content-Type: multipart/report; report-type=delivery-status; boundary=x", "bounce"),
        ("Content-Type: multipart/report; report-type=disposition-notification; boundary=x", "auto-reply"),
    ],
)
def test_a_sign_in_the_header_tells(headers, expected):
    assert kind(headers) == expected


@pytest.mark.parametrize(
    "subject",
    [
        "Resposta automàtica: Re: tiquet",
        "Fora de l'oficina",
        "Respuesta automática: consulta",
        "Out of Office: Re: ticket",
        "Réponse automatique : demande",
        "Automatische Antwort: Anfrage",
    ],
)
def test_a_subject_tells_only_together_with_another_sign(subject):
    alone = f"From: ona@x.test\nSubject: {subject}\n\nText".encode()
    together = f"From: ona@x.test\nReturn-Path: <>\nSubject: {subject}\n\nText".encode()

    assert parse(alone).kind == ""
    assert parse(together).kind == "auto-reply"


@pytest.mark.parametrize("sender", ["MAILER-DAEMON@mx.test", "Mail Delivery System <mailer-daemon@mx.test>"])
def test_the_daemon_bounces(sender):
    assert parse(f"From: {sender}\nSubject: x\n\nText".encode()).kind == "bounce"


def test_a_postmaster_may_also_be_a_person():
    assert parse(b"From: postmaster@ens.test\nSubject: Dubte\n\nText").kind == ""
    assert parse(b"From: postmaster@ens.test\nSubject: Undeliverable: Re\n\nText").kind == "bounce"


def test_our_own_mail_is_known_by_the_id_of_this_installation_only():
    ours = "X-Participa311: a1b2\nAuto-Submitted: auto-generated"

    assert kind(ours, marker="a1b2") == "loop"
    assert kind(ours, marker="c3d4") == "auto-reply"
    assert kind("X-Participa311:", marker="") == ""
