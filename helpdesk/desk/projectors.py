"""How tickets are told to the search: what was said in public to all who may see them, internal notes to the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from knowledge_base.public import topics
from platform_core.base.markup import plain_text
from platform_core.search.public import Draft, Projector, for_person, for_referents, held_by, register

from .library import TicketCC
from .models import Case, Channel, Entry, EntryKind
from .permissions import can_see_internal, is_desk, visible_to

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from platform_core.accounts.roles import Someone

TICKET, NOTES = "desk.ticket", "desk.notes"
DESK = "desk"
"""The token of who works at the desk."""

LONGEST = 20_000
"""Characters of one message that can be found."""


def project_ticket(object_id: str) -> Draft | None:
    case = _case(object_id)
    return _draft(case, is_public=True, audience={DESK, *_parties(case)}) if case else None


def project_notes(object_id: str) -> Draft | None:
    """The internal notes of a ticket are one thing to find, of the desk alone."""
    case = _case(object_id)
    draft = _draft(case, is_public=False, audience={DESK}) if case else None
    return draft if draft and draft.body else None


def _case(object_id: str) -> Case | None:
    return Case.objects.select_related("ticket", "organisation").filter(pk=object_id).first()


def _draft(case: Case, *, is_public: bool, audience: set[str]) -> Draft:
    said = Entry.objects.filter(case=case, is_public=is_public, kind__in=[EntryKind.MESSAGE, EntryKind.NOTE])
    entries = list(said.select_related("followup").order_by("followup"))
    names = {topic.slug: topic.label for topic in topics()} if case.topic else {}
    return Draft(
        title=case.ticket.title,
        body="\n".join(_words(entry) for entry in entries),
        keywords=f"{case.reference} {case.organisation or ''}",
        path=case.get_absolute_url() if is_public else case.get_bench_url(),
        group=names.get(case.topic, ""),
        organisation_id=case.organisation_id,
        audience=frozenset(audience),
        # What the desk does among itself leaves no trace in what others find, not even its hour.
        updated_at=case.heard_at if is_public else case.signal_at,
        boost=0.8,
    )


def _words(entry: Entry) -> str:
    text = entry.followup.comment or ""
    return text if entry.channel == Channel.MAIL else plain_text(text, length=LONGEST)


def _parties(case: Case) -> Iterable[str]:
    if case.organisation_id:
        yield for_referents(case.organisation_id)
    if case.requester_id:
        yield for_person(case.requester_id, organisation_id=case.organisation_id)
    for person_id in TicketCC.objects.filter(ticket_id=case.pk, can_view=True).values_list("user", flat=True):
        if person_id:
            yield for_person(person_id)


def ids() -> Iterable[str]:
    return (str(pk) for pk in Case.objects.values_list("pk", flat=True).iterator())


def ids_with_notes() -> Iterable[str]:
    noted = Entry.objects.filter(kind=EntryKind.NOTE).values_list("case", flat=True).distinct()
    return (str(pk) for pk in noted.iterator())


def visible(viewer: Someone, wanted: Collection[str]) -> set[str]:
    return {str(pk) for pk in visible_to(viewer).filter(pk__in=wanted).values_list("pk", flat=True)}


def visible_notes(viewer: Someone, wanted: Collection[str]) -> set[str]:
    return set(wanted) if can_see_internal(viewer) else set()


held_by(lambda viewer: [DESK] if is_desk(viewer) else [])
register(Projector(kind=TICKET, project=project_ticket, ids=ids, visible=visible, label=_("Ticket"), icon="ticket"))
register(
    Projector(
        kind=NOTES,
        project=project_notes,
        ids=ids_with_notes,
        visible=visible_notes,
        label=_("Internal notes"),
        icon="lock",
    )
)
