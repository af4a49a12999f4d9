"""What the other apps may call."""

from .arithmetic import FarAway, NeverOpen, WorkSchedule
from .domain import seed_calendars
from .promise import Promise
from .queries import Kind, Reason, Status, promise_on, reasons, schedule, status

__all__ = [
    "FarAway",
    "Kind",
    "NeverOpen",
    "Promise",
    "Reason",
    "Status",
    "WorkSchedule",
    "promise_on",
    "reasons",
    "schedule",
    "seed_calendars",
    "status",
]
