"""What other apps may use of the training: who learns what, who holds a certificate, and what they are to learn."""

from .beyond import BoardLink, link_from_board
from .completions import Completed, first_completions
from .content import load_course
from .domain import enrol
from .domain.completing import holds
from .models import CoursePage
from .prescribing import Task, assign, tasks_for, whose
from .queries import Learning, courses_for, learning_of
from .rights import Required, Standing, required_for

__all__ = [
    "BoardLink",
    "Completed",
    "CoursePage",
    "Learning",
    "Required",
    "Standing",
    "Task",
    "assign",
    "courses_for",
    "enrol",
    "first_completions",
    "holds",
    "learning_of",
    "link_from_board",
    "load_course",
    "required_for",
    "tasks_for",
    "whose",
]
