"""A referent writes to a mailbox, the desk answers, and the referent's answer opens the ticket again: all by mail,
through real IMAP and SMTP servers.
"""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid

import pytest

from helpdesk.desk import domain
from helpdesk.desk.mail import imap
from helpdesk.desk.models import Case, State
from platform_core.background.worker import Worker
from tests.factories.desk import agent, referent_of, seed_desk
from tests.factories.files import PNG
from tests.factories.mail import mail
from tests.factories.organisations import deliver_all
from tests.mail_servers import imap_server, queue_of, smtp_server  # noqa: F401  fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.imap]


def answer_to(letter: EmailMessage, words: str) -> bytes:
    """What a mail program makes of the button "Reply"."""
    answer = EmailMessage(policy=SMTP)
    answer["From"], answer["To"] = letter["To"], letter["Reply-To"]
    answer["Subject"] = f"Re: {letter['Subject']}"
    answer["Date"], answer["Message-ID"] = formatdate(), make_msgid(domain="ens.test")
    answer["In-Reply-To"] = letter["Message-ID"]
    answer["References"] = f"{letter.get('References', '')} {letter['Message-ID']}".strip()
    quoted = letter.get_body(("plain",)).get_content()
    answer.set_content(
        f"{words}\n\nEl dia 24/11/2026 a les 10:00, Suport va escriure:\n> " + quoted.replace("\n", "\n> ")
    )
    return answer.as_bytes()


def work() -> None:
    """What the worker does."""
    deliver_all()
    Worker().drain()


def test_a_conversation_by_mail(queue_of, smtp_server):  # noqa: F811  fixtures
    seed_desk()
    person, someone = referent_of(name="Neus Referent"), agent(name="Anna del Suport")
    queue, mailbox = queue_of("suport", email_address="suport@desk.test")

    mailbox.put(
        mail(sender=f"Neus <{person.email}>", subject="No podem entrar", files=[("error.png", PNG, "image/png")])
    )
    imap.fetch(queue)
    case = Case.objects.get()
    assert (case.requester, case.channel, case.state) == (person, "mail", State.NEW)

    work()
    received = smtp_server.next()
    assert (received["To"], received["Reply-To"]) == (person.email, "suport@desk.test")
    assert case.reference in received["Subject"]

    domain.reply(actor=someone, case=case, text="Proveu-ho ara.", then=State.RESOLVED)
    work()
    answer = smtp_server.next()
    assert "Proveu-ho ara." in answer.get_body(("plain",)).get_content()
    assert received["Message-ID"] in answer["References"]

    mailbox.put(answer_to(answer, "Encara no va."))
    imap.fetch(queue)
    case.refresh_from_db()
    assert case.state == State.OPEN
    entry = case.entries.filter(kind="message").select_related("followup").latest("followup")
    assert (entry.followup.comment, entry.followup.user) == ("Encara no va.", person)

    work()
    # The agent has the ticket, and may answer from their own mailbox.
    told = smtp_server.next()
    assert told["To"] == someone.email
    mailbox.put(answer_to(told, "Ara ho miro jo."))
    imap.fetch(queue)
    work()
    last = smtp_server.next()
    assert last["To"] == person.email
    assert "Ara ho miro jo." in last.get_body(("plain",)).get_content()
    assert "Encara no va." not in last.get_body(("plain",)).get_content()
    assert Case.objects.count() == 1
    assert smtp_server.is_quiet()
