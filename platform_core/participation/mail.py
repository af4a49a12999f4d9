"""The letters of this app, in the reader's language: each to a person once."""

from __future__ import annotations

from smtplib import SMTPException
from typing import TYPE_CHECKING, Any

from platform_core.background.public import once
from platform_core.base.mail import titled_message

if TYPE_CHECKING:
    from collections.abc import Iterable

    from platform_core.accounts.models import User
    from platform_core.activity.models import Activity


def send(activity: Activity, *, letter: str, to: User, context: dict[str, Any], calendar: str = "") -> None:
    """Send `participation/mail/<letter>.txt`, whose first line is the subject, with a calendar file when there is one;
    once of an activity to a person, and nothing to who has no account any more.

    Raises what the mailer raises: then it counts as not sent.
    """
    if not to.is_active:
        return
    with once(f"participation.{letter}:{activity.pk}:{to.pk}") as first:
        if not first:
            return
        message = titled_message(
            to=to.email, template=f"participation/mail/{letter}", context={**context, "person": to},
            language=to.language,
        )  # fmt: skip
        if calendar:
            message.attach("trobada.ics", calendar, "text/calendar; charset=utf-8; method=PUBLISH")
        message.send()


def send_each(
    activity: Activity, *, letter: str, to: Iterable[User], context: dict[str, Any], calendar: str = ""
) -> None:
    """The same to several people. Who cannot be written to does not keep the letter from the others; raises the first
    problem when all have been tried."""
    problems: list[Exception] = []
    for person in to:
        try:
            send(activity, letter=letter, to=person, context=context, calendar=calendar)
        except (SMTPException, OSError) as problem:
            problems.append(problem)
    if problems:
        raise problems[0]
