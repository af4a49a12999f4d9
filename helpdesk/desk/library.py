"""The one door to django-helpdesk: its tables are the record of the tickets, and nothing else of it is used.

Its pages, mail and functions are not (docs/decisions/0016 says why); only this module imports from `helpdesk.*`.
"""

from helpdesk.models import (
    FollowUp,
    FollowUpAttachment,
    IgnoreEmail,
    Queue,
    Ticket,
    TicketCC,
    TicketChange,
    TicketDependency,
)

__all__ = [
    "FollowUp",
    "FollowUpAttachment",
    "IgnoreEmail",
    "Queue",
    "Ticket",
    "TicketCC",
    "TicketChange",
    "TicketDependency",
]
