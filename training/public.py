"""What other apps may use of the training: who learns what, who holds a certificate, and what they are to learn."""

from .content import load_course
from .domain import enrol
from .domain.completing import holds
from .prescribing import Task, assign, tasks_for, whose
from .queries import Learning, learning_of
from .rights import Required, Standing, required_for

__all__ = [
    "Learning",
    "Required",
    "Standing",
    "Task",
    "assign",
    "enrol",
    "holds",
    "learning_of",
    "load_course",
    "required_for",
    "tasks_for",
    "whose",
]
