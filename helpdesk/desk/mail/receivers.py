"""The letters that follow from facts. Each reaction writes rows in the transaction that marks it done: once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpdesk.desk.events import CopyAdded, Replied, StateChanged, TicketOpened
from helpdesk.desk.models import Case
from platform_core.activity.reactions import reaction

from . import letters

if TYPE_CHECKING:
    from platform_core.activity.models import Activity


@reaction("desk.mail", to=[TicketOpened, Replied, StateChanged, CopyAdded])
def write_letters(activity: Activity) -> None:
    case = Case.objects.select_related("ticket", "requester", "assignee").filter(pk=activity.subject_id).first()
    if case is None:
        return
    match activity.event:
        case TicketOpened() as event:
            letters.opened(case, event)
        case Replied() as event:
            letters.replied(case, event)
        case StateChanged() as event:
            letters.state_changed(case, event, actor_id=activity.actor_id)
        case CopyAdded() as event:
            letters.copied(case, event, actor_id=activity.actor_id)
