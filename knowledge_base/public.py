"""What other apps may use of the questions: the topics that a ticket may have, the answers closest to a text, and a
draft that they propose to the editors, and the last news."""

from .deflection import filed_anyway
from .drafting import LONGEST_ANSWER, LONGEST_TITLE, Proposed, draft_answer, proposed
from .failed import can_see_failed, failed_searches, note_failed, settle_failed
from .models import reading_language
from .news.queries import latest as latest_news
from .queries import TopicName as Topic
from .queries import suggest
from .queries import topic_names as topics

__all__ = [
    "LONGEST_ANSWER",
    "LONGEST_TITLE",
    "Proposed",
    "Topic",
    "can_see_failed",
    "draft_answer",
    "failed_searches",
    "filed_anyway",
    "latest_news",
    "note_failed",
    "proposed",
    "reading_language",
    "settle_failed",
    "suggest",
    "topics",
]
