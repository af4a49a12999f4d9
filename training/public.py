"""What other apps may use of the training: what somebody learns, and whether they hold a certificate."""

from .content import load_course
from .domain import enrol
from .domain.completing import holds
from .queries import Learning, learning_of

__all__ = ["Learning", "enrol", "holds", "learning_of", "load_course"]
