"""What the conversation tells: the clock with the words that moved it, and a mail's words as they were written."""

from __future__ import annotations

import pytest
from django.test import Client

from helpdesk.desk import domain, queries
from helpdesk.desk.mail import intake
from helpdesk.desk.models import Case, Channel, State
from platform_core.background.worker import Worker
from tests.factories.desk import agent, open_case, referent_of, seed_desk
from tests.factories.mail import mail
from tests.factories.organisations import deliver_all

pytestmark = pytest.mark.django_db


def told(case: Case) -> list[str]:
    """The kinds of the lines, in their order; of a change, what it did."""
    return [line.entry.change or line.entry.side for line in queries.conversation(case, internal=False)]


@pytest.mark.parametrize("to", [State.WAITING, State.RESOLVED, State.CLOSED])
def test_words_that_stop_the_clock_tell_so_as_stopping_it_alone_does(to):
    biel, alone, with_words = agent(), open_case(), open_case()
    domain.change_state(actor=biel, case=alone, to=to)
    domain.reply(actor=biel, case=with_words, text="Ho deixem així.", then=to)
    assert told(alone) == ["requester", to.value]
    assert told(with_words) == ["requester", "desk", to.value]
    lines = [queries.conversation(case, internal=False)[-1] for case in (alone, with_words)]
    assert lines[0].changes == lines[1].changes == {"state": ("new", to.value)}
    assert [line.author for line in lines] == [biel, biel]


def test_words_that_start_it_again_tell_so_before_they_are_read():
    case, biel = open_case(), agent()
    domain.reply(actor=biel, case=case, text="Quin procés és?", then=State.WAITING)
    domain.reply(actor=case.requester, case=case, text="El del pressupost.")
    domain.reply(actor=biel, case=case, text="Arreglat.", then=State.RESOLVED)
    domain.reply(actor=case.requester, case=case, text="Encara no.")
    assert told(case) == [
        *("requester", "desk", "waiting", "resumed", "requester", "desk", "resolved", "reopened", "requester")
    ]


def test_an_answer_that_leaves_the_clock_running_tells_nothing_of_it():
    case, biel = open_case(), agent()
    domain.reply(actor=biel, case=case, text="Ho mirem.", then=State.OPEN)
    domain.reply(actor=case.requester, case=case, text="Gràcies.")
    assert told(case) == ["requester", "desk", "requester"]


WORDS = "# No és un títol\n* ni una llista\n7. ni un número\n\nVegeu https://ens.test/a_b_c\ni **res** més."
SHOWN = (
    "<p># No és un títol<br>\n* ni una llista<br>\n7. ni un número</p>\n"
    '<p>Vegeu <a href="https://ens.test/a_b_c" rel="nofollow noopener noreferrer">https://ens.test/a_b_c</a><br>\n'
    "i **res** més.</p>"
)


def test_a_mail_is_shown_as_it_was_written_and_what_is_written_here_as_markdown(client: Client, mailoutbox):
    seed_desk()
    laia, biel = referent_of(), agent()
    intake.receive(mail(sender=laia.email, text=WORDS))
    case = Case.objects.get()
    assert case.channel == Channel.MAIL
    domain.assign(actor=biel, case=case, assignee=biel)
    domain.reply(actor=biel, case=case, text="I **això** sí.")
    intake.receive(mail(sender=laia.email, subject=f"Re: [{case.reference}]", text=WORDS))
    for person, address in ((laia, case.get_absolute_url()), (biel, case.get_bench_url())):
        client.force_login(person)
        page = client.get(address).text
        assert page.count(SHOWN) == 2
        assert "<p>I <strong>això</strong> sí.</p>" in page
    deliver_all()
    Worker().drain()
    [news] = [letter for letter in mailoutbox if letter.to == [biel.email]]
    assert SHOWN in news.alternatives[0][0]
    assert WORDS in news.body


def test_a_note_that_an_agent_sends_by_mail_is_plain_too(client: Client):
    case, biel = open_case(), agent()
    intake.receive(mail(sender=biel.email, subject=f"[{case.reference}]", text=WORDS))
    client.force_login(biel)
    assert SHOWN in client.get(case.get_bench_url()).text
