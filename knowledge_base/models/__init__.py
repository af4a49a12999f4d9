"""Data of the knowledge base, a file for each matter."""

from .components import Component
from .deflections import Deflection
from .failed_searches import FailedSearch
from .news import (
    NEWS_SLUG,
    Change,
    Doubt,
    NewsIndexPage,
    NewsKind,
    NewsPage,
    Subscription,
)
from .questions import (
    INDEX_SLUG,
    LONGEST_WORDINGS,
    RESERVED_SLUGS,
    Confidence,
    FaqIndexPage,
    QuestionPage,
    RelatedQuestion,
    TopicPage,
    next_review,
)
from .ratings import Rating
from .tree import Audience, OurPage, reading_language

__all__ = [
    "INDEX_SLUG",
    "LONGEST_WORDINGS",
    "NEWS_SLUG",
    "RESERVED_SLUGS",
    "Audience",
    "Change",
    "Component",
    "Confidence",
    "Deflection",
    "Doubt",
    "FailedSearch",
    "FaqIndexPage",
    "NewsIndexPage",
    "NewsKind",
    "NewsPage",
    "OurPage",
    "QuestionPage",
    "Rating",
    "RelatedQuestion",
    "Subscription",
    "TopicPage",
    "next_review",
    "reading_language",
]
