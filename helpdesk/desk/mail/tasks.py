"""Each minute: what was left behind on its way in or out, and the mailboxes."""

from __future__ import annotations

from datetime import timedelta

from platform_core.background.public import scheduled

from . import imap, intake, sending

A_MINUTE = timedelta(minutes=1)


@scheduled("desk_send_letters", every=A_MINUTE)
def send_letters() -> None:
    """The letters whose next try is due."""
    sending.send_due()


@scheduled("desk_read_mail", every=A_MINUTE)
def read_mail() -> None:
    """Mail that was kept and never read, because a process died or the database went away."""
    intake.read_waiting()


@scheduled("desk_fetch_mail", every=A_MINUTE)
def fetch_mail() -> None:
    """Every mailbox. Raises when one failed, after all had their turn: the admin's page of scheduled jobs shows it."""
    if failed := [str(result) for result in imap.fetch_all() if result.errors]:
        raise imap.MailboxFailed("; ".join(failed))
