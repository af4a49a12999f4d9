"""The verbs of the training: the only place that changes who takes what and how far they are."""

from .enrolling import (
    NOWHERE,
    Outcome,
    Place,
    enrol,
    enrol_many,
    give_extra_time,
    leave,
    missing_before,
    renew,
    take_newest,
)
from .feedback import LONGEST_COMMENT, say_clear
from .progress import Mark, mark, see
from .versions import current_version

__all__ = [
    "LONGEST_COMMENT",
    "NOWHERE",
    "Mark",
    "Outcome",
    "Place",
    "current_version",
    "enrol",
    "enrol_many",
    "give_extra_time",
    "leave",
    "mark",
    "missing_before",
    "renew",
    "say_clear",
    "see",
    "take_newest",
]
