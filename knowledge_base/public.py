"""What other apps may use of the questions: the topics that a ticket may have, the answers closest to a text, and a
draft that they propose to the editors, the last news; and what an app needs that has a tree of pages of its own."""

from .blocks import INLINE, WITH_LISTS, FileBlock, ImageBlock, NoticeBlock, VideoBlock
from .content import ground, plant
from .deflection import filed_anyway, helped, offer
from .drafting import LONGEST_ANSWER, LONGEST_TITLE, Proposed, draft_answer, proposed
from .failed import answer_failed, can_see_failed, failed_searches, note_failed, settle_failed
from .models import Audience, OurPage, reading_language
from .models.tree import nearest_first
from .news.queries import latest as latest_news
from .pdf import is_available as has_pdf
from .pdf import made as make_pdf
from .permissions import audiences_of, opens_files
from .permissions import visible_to as questions_for
from .queries import TopicName as Topic
from .queries import suggest
from .queries import topic_names as topics

__all__ = [
    "INLINE",
    "LONGEST_ANSWER",
    "LONGEST_TITLE",
    "WITH_LISTS",
    "Audience",
    "FileBlock",
    "ImageBlock",
    "NoticeBlock",
    "OurPage",
    "Proposed",
    "Topic",
    "VideoBlock",
    "answer_failed",
    "audiences_of",
    "can_see_failed",
    "draft_answer",
    "failed_searches",
    "filed_anyway",
    "ground",
    "has_pdf",
    "helped",
    "latest_news",
    "make_pdf",
    "nearest_first",
    "note_failed",
    "offer",
    "opens_files",
    "plant",
    "proposed",
    "questions_for",
    "reading_language",
    "settle_failed",
    "suggest",
    "topics",
]
