"""Taking mail in, in two steps: keep it whole and commit; then read it and change tickets, in one transaction.

Whatever happens after the first step, the mail is there: it waits, and `read_waiting` reads it again. The second step
locks the row of the mail and writes what became of it together with the ticket, so that it happens once.
"""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.db.models import F
from django.utils import timezone

from helpdesk.desk import domain, permissions
from helpdesk.desk.mailparse import Unparseable, parse
from helpdesk.desk.models import Arrival, Channel, Kind, Outcome, Reason
from platform_core.base.errors import Refusal

from . import bounces, letters
from .copying import Copied, copy_others, others_of
from .identity import digest_of_id, own_addresses
from .identity import domain as our_domain
from .reading import content_of
from .senders import is_ignored, sender_of
from .threads import answers_letter_to, thread_of
from .warnings import Warned

if TYPE_CHECKING:
    from helpdesk.desk.library import Queue
    from helpdesk.desk.mailparse import ParsedMail
    from helpdesk.desk.models import Case
    from platform_core.organisations.models import Organisation

    from .reading import Content
    from .senders import Sender

logger = logging.getLogger(__name__)

MOST_TRIES = 5
"""A mail at whose reading the process has died so often is set aside: it may be what kills it."""

LEFT_BEHIND = timedelta(minutes=1)
"""A mail that still waits after this time was left behind by a process that died, or by a database that went away."""

AT_ONCE = 100
_HEADERS_END = (b"\r\n\r\n", b"\n\n")


@dataclass(frozen=True)
class Receipt:
    """What became of a mail: one of `Outcome`, except that a mail that still waits counts as quarantined; the reference
    of the ticket, or ""; and why, in English, for who reads logs.
    """

    action: str
    ticket: str = ""
    reason: str = ""

    def as_json(self) -> dict[str, str]:
        return {"action": self.action, "ticket": self.ticket, "reason": self.reason}


@dataclass(frozen=True, kw_only=True)
class _Become:
    outcome: Outcome
    reason: Reason | str = ""
    detail: str = ""
    case: Case | None = None
    copied: Copied = field(default_factory=Copied)


def receive(raw: bytes, *, queue: Queue | None = None, size: int | None = None) -> Receipt:
    """Keep a mail, and do with it what it asks for. The same Message-ID twice changes nothing.

    `size` is that of the whole mail when `raw` is only its beginning, because it is too large. Raises OSError or a
    database error when it could not be kept; never once it is kept.
    """
    size = size or len(raw)
    too_large = size > settings.MAIL_MAX_SIZE
    arrival, is_new = _keep(_headers_of(raw) if too_large else raw, size=size, queue=queue)
    if arrival.outcome != Outcome.WAITING:
        return _receipt(arrival)
    return _read(arrival) if is_new else read(arrival.pk)


def read(arrival_id: int, *, insist: bool = False) -> Receipt:
    """Read a mail that waits. With `insist` somebody of the desk has looked at it: it is a person's mail, whatever its
    sender or its headers say. Never raises.
    """
    try:
        arrival = _begin(arrival_id)
        if arrival is None:
            return _receipt(Arrival.objects.select_related("case").get(pk=arrival_id))
    except (OperationalError, InterfaceError) as away:
        return _left(arrival_id, away)
    return _read(arrival, insist=insist)


def read_waiting() -> int:
    """Read what was kept and not read, the oldest first. Returns how many."""
    left = Arrival.objects.filter(outcome=Outcome.WAITING, arrived_at__lt=timezone.now() - LEFT_BEHIND)
    pks = list(left.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    for pk in pks:
        read(pk)
    return len(pks)


def read_again(arrival: Arrival) -> Receipt:
    """What somebody of the desk asks for on the page of the quarantine. A mail that has its ticket stays as it is."""
    again = Arrival.objects.filter(
        pk=arrival.pk, case=None, outcome__in=[Outcome.QUARANTINED, Outcome.IGNORED, Outcome.WAITING]
    ).exclude(reason=Reason.TOO_LARGE)
    again.update(outcome=Outcome.WAITING, reason="", detail="", tries=0)
    return read(arrival.pk, insist=True)


# ---- the first step: keep it ----


def _keep(raw: bytes, *, size: int, queue: Queue | None) -> tuple[Arrival, bool]:
    """The row of a mail, and whether it is new: not when the mail is here already. The file is written before the row
    that names it. With a new row its first reading is begun, as by `_begin`.

    Of a mail that is too large `raw` is its headers, and there is nothing to read later.
    """
    facts = _facts(raw)
    digest = digest_of_id(facts["message_id"]) if facts["message_id"] else hashlib.sha256(raw).hexdigest()
    known = Arrival.objects.select_related("case").filter(digest=digest)
    if arrival := known.first():
        return arrival, False
    arrival = Arrival(digest=digest, size=size, queue=queue, tries=1, **facts)
    limit = settings.MAIL_MAX_SIZE
    if size > limit:
        arrival.outcome, arrival.reason = Outcome.IGNORED, Reason.TOO_LARGE
        arrival.detail = f"{size} bytes; at most {limit} are taken"
    arrival.raw.save("mail", ContentFile(raw), save=False)
    try:
        with transaction.atomic():
            arrival.save()
            if size > limit:
                _tell_too_large(raw)
    except IntegrityError:
        arrival.raw.delete(save=False)
        return known.get(), False
    except BaseException:
        arrival.raw.delete(save=False)
        raise
    return arrival, True


def _facts(raw: bytes) -> dict[str, Any]:
    """What the row of a mail says before it is read: for lists, limits and recognising it."""
    try:
        headers = parse(_headers_of(raw))
    except Exception:  # noqa: BLE001  whatever is in them: the mail is kept, and its reading says what is wrong
        return {"message_id": "", "sender": "", "subject": ""}
    return {
        "message_id": headers.message_id[:998],
        "sender": headers.from_.address.casefold()[:320],
        "subject": " ".join(headers.subject.split())[:300],
    }


def _headers_of(raw: bytes) -> bytes:
    raw = raw[: settings.MAIL_MAX_SIZE].lstrip(b"\r\n")
    ends = [place + len(end) for end in _HEADERS_END if (place := raw.find(end)) >= 0]
    return raw[: min(ends, default=len(raw))]


def _storable(text: str) -> str:
    """Without what a database refuses: NUL and lone surrogates."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _tell_too_large(headers: bytes) -> None:
    """Ask the sender for a smaller one, unless it was no person."""
    try:
        mail = parse(headers, marker=our_domain())
    except Exception as problem:  # noqa: BLE001  it is kept, and nobody can be told
        logger.warning("Nobody could be told that a mail was too large: %s", problem)
        return
    sender = sender_of(mail.from_.address, mail.from_.name)
    if sender and not mail.kind and sender.address not in own_addresses():
        letters.write_too_large(sender, mail)


# ---- the second step: read it ----


def _begin(arrival_id: int) -> Arrival | None:
    """Count a try, and commit it: a reading that kills the process is not begun for ever."""
    waiting = Arrival.objects.filter(pk=arrival_id, outcome=Outcome.WAITING)
    waiting.update(tries=F("tries") + 1)
    return waiting.first()


def _read(arrival: Arrival, *, insist: bool = False) -> Receipt:
    """Read a mail whose try is counted. Never raises."""
    try:
        if become := _become_of(arrival, insist=insist):
            _settle(arrival, become)
        return _receipt(arrival)
    except (OperationalError, InterfaceError) as away:
        return _left(arrival.pk, away)


def _left(arrival_id: int, away: Exception) -> Receipt:
    logger.error("The mail %s is kept; it is read when the database answers.", arrival_id, exc_info=away)
    return Receipt(Outcome.QUARANTINED, reason=f"waiting: {away}"[:200])


def _become_of(arrival: Arrival, *, insist: bool) -> _Become | None:
    """What the mail becomes; None when that is written already, together with the ticket."""
    if arrival.tries > MOST_TRIES:
        return _Become(outcome=Outcome.QUARANTINED, reason=Reason.FAILED, detail="its reading never ended")
    try:
        with arrival.raw.open() as file:
            raw = file.read()
        mail = parse(raw, marker=our_domain())
        sender = sender_of(mail.from_.address, mail.from_.name)
        if become := _set_aside(arrival, mail, sender, raw, insist=insist):
            return become
        assert sender is not None  # noqa: S101  else it was set aside
        content = content_of(mail, sender)
        with transaction.atomic():
            locked = Arrival.objects.select_for_update().filter(pk=arrival.pk, outcome=Outcome.WAITING)
            if locked.first() is not None:
                _settle(arrival, _write(arrival, mail, sender, content))
            else:  # another process was first
                arrival.refresh_from_db()
    except (OperationalError, InterfaceError):
        raise
    except Unparseable as problem:
        return _Become(outcome=Outcome.QUARANTINED, reason=Reason.UNPARSEABLE, detail=str(problem))
    except Refusal as refusal:
        return _Become(outcome=Outcome.QUARANTINED, reason=Reason.REFUSED, detail=str(refusal.message))
    except Exception as problem:
        logger.exception("The mail %s could not be read.", arrival.pk)
        return _Become(outcome=Outcome.QUARANTINED, reason=Reason.FAILED, detail=f"{type(problem).__name__}: {problem}")
    return None


def _set_aside(
    arrival: Arrival, mail: ParsedMail, sender: Sender | None, raw: bytes, *, insist: bool
) -> _Become | None:
    """What opens nothing: mail that no person wrote, or that nobody can answer."""
    if not insist:
        if mail.kind:
            detail = mail.auto_submitted.partition(": ")[2]
            if mail.kind == Reason.BOUNCE:
                names = bounces.note_bounce(raw, mail)
                detail = f"{detail}; {names}" if names else detail
            return _Become(outcome=Outcome.IGNORED, reason=Reason(mail.kind), detail=detail)
        if sender and sender.person is None and sender.address in own_addresses():
            return _Become(outcome=Outcome.IGNORED, reason=Reason.LOOP, detail="From is an address of ours")
        if sender and is_ignored(sender.address, arrival.queue):
            return _Become(outcome=Outcome.IGNORED, reason=Reason.IGNORED_SENDER)
    if sender is None:
        return _Become(outcome=Outcome.QUARANTINED, reason=Reason.NO_SENDER, detail=mail.from_.address)
    if not insist and _writes_too_much(arrival):
        limit = f"more than {settings.MAIL_MOST_PER_HOUR} in an hour"
        return _Become(outcome=Outcome.QUARANTINED, reason=Reason.TOO_MANY, detail=limit)
    return None


def _writes_too_much(arrival: Arrival) -> bool:
    hour = Arrival.objects.filter(sender=arrival.sender, arrived_at__gt=arrival.arrived_at - timedelta(hours=1))
    return hour.filter(pk__lte=arrival.pk).count() > settings.MAIL_MOST_PER_HOUR


def _write(arrival: Arrival, mail: ParsedMail, sender: Sender, content: Content) -> _Become:
    thread = thread_of(mail, sender)
    others = others_of(mail, sender)
    if thread.case is None:
        case = _open(arrival, sender, content, named=thread.named)
        copied = copy_others(others, case=case, sender=sender, is_proved=True)
        return _Become(outcome=Outcome.CREATED, case=case, copied=copied)
    case, person = thread.case, sender.person
    is_proved = answers_letter_to(sender, mail, case)
    if person and permissions.speaks_for_desk(person, case) and not is_proved:
        # Anybody can write an agent's address into From; what the desk says in public must be beyond doubt.
        domain.add_note(
            actor=person,
            case=case,
            text=content.text,
            files=content.files,
            channel=Channel.MAIL,
            submission=_number(arrival),
        )
        copied = Copied(also_sent_to=others)
        return _Become(outcome=Outcome.REPLIED, reason=Reason.NOTE, case=case, copied=copied)
    entry = domain.reply(
        actor=person if sender.speaks_as_person_in(case) else None,
        case=case,
        text=content.text,
        files=content.files,
        channel=Channel.MAIL,
        author_name=sender.name or sender.address,
        message_id=arrival.message_id,
        quoted=content.quoted,
        submission=_number(arrival),
    )
    is_same = entry.case_id == case.pk
    copied = copy_others(others, case=entry.case, sender=sender, is_proved=is_proved)
    return _Become(outcome=Outcome.REPLIED if is_same else Outcome.CREATED, case=entry.case, copied=copied)


def _open(arrival: Arrival, sender: Sender, content: Content, *, named: Case | None) -> Case:
    organisations = sender.organisations()
    organisation: Organisation | None = organisations[0] if len(organisations) == 1 else None
    return domain.open_ticket(
        actor=sender.person,
        requester=sender.person,
        requester_email=sender.address,
        requester_name=sender.name,
        organisation=organisation,
        kind=Kind.QUESTION,
        subject=content.subject,
        text=content.text,
        instance=organisation.platform_host if organisation else "",
        channel=Channel.MAIL,
        files=content.files,
        submission=_number(arrival),
        message_id=arrival.message_id,
        quoted=content.quoted,
        warning=_warning(sender, organisations, named),
        queue=arrival.queue,
    )


def _warning(sender: Sender, organisations: list[Organisation], named: Case | None) -> str:
    if named:
        return Warned.NAMES.of(named.reference)
    if sender.person is None:
        return Warned.UNKNOWN.of()
    return Warned.SEVERAL.of() if len(organisations) > 1 else ""


def _number(arrival: Arrival) -> UUID:
    """The same mail is the same message, even if it were read twice."""
    return UUID(hex=arrival.digest[:32])


def _settle(arrival: Arrival, become: _Become) -> None:
    """Write what became of a mail, unless another process was first; `arrival` says what is written."""
    facts = {
        "outcome": become.outcome,
        "reason": become.reason,
        "detail": _storable(become.detail)[:500],
        "case": become.case,
        "put_in_copy": become.copied.put_in_copy,
        "also_sent_to": become.copied.also_sent_to,
    }
    if Arrival.objects.filter(pk=arrival.pk, outcome=Outcome.WAITING).update(**facts):
        for name, value in facts.items():
            setattr(arrival, name, value)
    else:
        arrival.refresh_from_db()


def _receipt(arrival: Arrival) -> Receipt:
    waits = arrival.outcome == Outcome.WAITING
    reason = ": ".join(part for part in (arrival.reason, arrival.detail) if part)
    return Receipt(
        action=Outcome.QUARANTINED if waits else arrival.outcome,
        ticket=arrival.case.reference if arrival.case else "",
        reason=reason or ("waiting: it is being read" if waits else ""),
    )
