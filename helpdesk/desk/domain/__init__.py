"""What people do with tickets: the only place that changes them. One function a step of the story."""

from .clocks import close_resolved, promise_case_again, raise_alarms
from .linking import link, make_answer, unlink
from .opening import open_ticket
from .people import add_copy, rate, remove_copy
from .prescribing import learned, prescribe
from .talking import add_note, reply
from .working import assign, change_state, escalate, reclassify
from .writing import Changed

__all__ = [
    "Changed",
    "add_copy",
    "add_note",
    "assign",
    "change_state",
    "close_resolved",
    "escalate",
    "learned",
    "link",
    "make_answer",
    "open_ticket",
    "prescribe",
    "promise_case_again",
    "raise_alarms",
    "rate",
    "reclassify",
    "remove_copy",
    "reply",
    "unlink",
]
