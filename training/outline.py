"""What a course is made of, in order: of its pages as they are published, or of a version that somebody began."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.conf import settings
from django.utils import translation

Words = dict[str, str]
"""The same words by language ("ca", "es", "en")."""


def said(words: Words) -> str:
    """In the reader's language, else in Catalan, else in any."""
    language = (translation.get_language() or settings.LANGUAGE_CODE)[:2]
    return words.get(language) or words.get(settings.LANGUAGE_CODE) or next(iter(words.values()), "")


def language_of(words: Words) -> str:
    """The language that `said` answers in."""
    language = (translation.get_language() or settings.LANGUAGE_CODE)[:2]
    for code in (language, settings.LANGUAGE_CODE):
        if words.get(code):
            return code
    return next(iter(words), settings.LANGUAGE_CODE)


class ItemKind(StrEnum):
    LESSON = "lesson"
    QUIZ = "quiz"


@dataclass(frozen=True)
class Item:
    """A lesson or a quiz. `key` is its name for ever, `path` its address inside the course, `kept` the rows of its
    version by language; empty for an outline of pages."""

    key: str
    kind: ItemKind
    path: str
    titles: Words
    minutes: int
    kept: dict[str, int] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return said(self.titles)

    @property
    def language(self) -> str:
        return language_of(self.titles)

    @property
    def kept_id(self) -> int | None:
        """The row of the version that the reader is shown."""
        return self.kept.get(self.language)

    @property
    def is_quiz(self) -> bool:
        return self.kind == ItemKind.QUIZ


@dataclass(frozen=True)
class Section:
    """A module, or, with no key, what stands in the course outside of them."""

    key: str
    titles: Words
    summaries: Words
    items: tuple[Item, ...]

    @property
    def title(self) -> str:
        return said(self.titles)

    @property
    def summary(self) -> str:
        return said(self.summaries)

    @property
    def minutes(self) -> int:
        return sum(item.minutes for item in self.items)


@dataclass(frozen=True)
class Outline:
    titles: Words
    slug: str
    sections: tuple[Section, ...]

    def title(self) -> str:
        return said(self.titles)

    @cached_property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for section in self.sections for item in section.items)

    @cached_property
    def keys(self) -> frozenset[str]:
        return frozenset(item.key for item in self.items)

    @property
    def minutes(self) -> int:
        return sum(item.minutes for item in self.items)

    def at(self, path: str) -> Item | None:
        return next((item for item in self.items if item.path == path), None)

    def get(self, key: str) -> Item | None:
        return next((item for item in self.items if item.key == key), None)

    def section_of(self, item: Item) -> Section:
        return next(section for section in self.sections if item in section.items)

    def beside(self, item: Item) -> tuple[Item | None, Item | None]:
        """The one before and the one after."""
        place = self.items.index(item)
        after = self.items[place + 1] if place + 1 < len(self.items) else None
        return (self.items[place - 1] if place else None), after

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Outline:
        sections = []
        for section in data["sections"]:
            items = tuple(Item(**{**item, "kind": ItemKind(item["kind"])}) for item in section["items"])
            sections.append(Section(**{**section, "items": items}))
        return cls(titles=data["titles"], slug=data["slug"], sections=tuple(sections))
