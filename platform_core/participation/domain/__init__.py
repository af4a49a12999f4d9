"""What people do in spaces. The only place that changes them.

Every verb locks the row of the space first, so that two people who change the same one take turns.
"""

from .documents import add_documents, remove_document
from .meetings import (
    cancel_meeting,
    change_meeting,
    new_calendar_key,
    plan_meeting,
    register_for,
    remind_of_meetings,
    unregister_from,
)
from .members import (
    accept_charter,
    answer_request,
    change_role,
    describe_experience,
    invite,
    join,
    leave,
    remove_member,
    request_to_join,
    revoke_invitation,
    seat,
    withdraw_request,
)
from .sanctions import LONGEST_SUSPENSION, acknowledge, lift, suspend, warn
from .spaces import change_space, close_space, open_space, reopen_space

__all__ = [
    "LONGEST_SUSPENSION",
    "accept_charter",
    "acknowledge",
    "add_documents",
    "answer_request",
    "cancel_meeting",
    "change_meeting",
    "change_role",
    "change_space",
    "close_space",
    "describe_experience",
    "invite",
    "join",
    "leave",
    "lift",
    "new_calendar_key",
    "open_space",
    "plan_meeting",
    "register_for",
    "remind_of_meetings",
    "remove_document",
    "remove_member",
    "reopen_space",
    "request_to_join",
    "revoke_invitation",
    "seat",
    "suspend",
    "unregister_from",
    "warn",
    "withdraw_request",
]
