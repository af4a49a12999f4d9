"""What other apps may use of the questions: the topics that a ticket may have, and the answers closest to a text."""

from .queries import TopicName as Topic
from .queries import suggest
from .queries import topic_names as topics

__all__ = ["Topic", "suggest", "topics"]
