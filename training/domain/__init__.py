"""The verbs of the training: the only place that changes who takes what and how far they are."""

from .enrolling import (
    NOWHERE,
    Outcome,
    Place,
    change_group,
    enrol,
    enrol_many,
    give_extra_time,
    leave,
    missing_before,
    renew,
    take_newest,
)
from .feedback import LONGEST_COMMENT, say_clear
from .inviting import (
    accept_for,
    enrol_roll,
    forget_old,
    has_proved,
    invite_to_course,
    send_again,
    withdraw,
    withdraw_with_seat,
)
from .progress import Mark, mark, see
from .versions import current_version

__all__ = [
    "LONGEST_COMMENT",
    "NOWHERE",
    "Mark",
    "Outcome",
    "Place",
    "accept_for",
    "change_group",
    "current_version",
    "enrol",
    "enrol_many",
    "enrol_roll",
    "forget_old",
    "give_extra_time",
    "has_proved",
    "invite_to_course",
    "leave",
    "mark",
    "missing_before",
    "renew",
    "say_clear",
    "see",
    "send_again",
    "take_newest",
    "withdraw",
    "withdraw_with_seat",
]
