"""What the other apps may call."""

from .arithmetic import FarAway, NeverOpen, WorkSchedule
from .domain import seed_calendars
from .queries import Kind, Reason, Status, reasons, schedule, status

__all__ = [
    "FarAway",
    "Kind",
    "NeverOpen",
    "Reason",
    "Status",
    "WorkSchedule",
    "reasons",
    "schedule",
    "seed_calendars",
    "status",
]
