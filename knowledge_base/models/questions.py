"""Frequent questions: an index, its topics and their questions."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from functools import cached_property, reduce
from operator import or_
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.forms import CheckboxSelectMultiple
from django.http import Http404
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page
from wagtail.url_routing import RouteResult

from ..blocks import AnswerBlock
from .components import Component
from .tree import Audience, OurPage, nearest_first, reading_language

if TYPE_CHECKING:
    from django.http import HttpRequest

LONGEST_WORDINGS = 5000
"""Characters of all the ways to ask one question."""
INDEX_SLUG = "faq"
"""The address of the whole tree: `config.urls` hands everything under it to Wagtail."""
RESERVED_SLUGS = {"atom", "pdf", "suggeriments", "valoracio"}
"""Addresses of ours under the index, which no topic may take."""


class FaqIndexPage(OurPage):
    introduction = models.TextField(_("introduction"), blank=True, max_length=500)

    content_panels = [*Page.content_panels, FieldPanel("introduction")]
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["knowledge_base.TopicPage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("questions: front page")

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Wagtail walks floor by floor and reads each page twice; this tree has two floors, and each is read once.

        What is not in the reader's language is shown in Catalan, at the same address under the prefix of theirs.
        """
        if not path_components:
            return super().route(request, path_components)
        topic_slug, *rest = path_components
        language = reading_language()
        # The same topic may stand in the tree of each language, and a slug may be that of another language.
        topics = list(nearest_first(TopicPage.objects.live().filter(slug=topic_slug), language=language))
        if not topics or len(rest) > 1:
            raise Http404
        if not rest:
            topic = topics[0]
            return RouteResult(topic if topic.locale.language_code == language else topic.in_tree_of(language))
        under = reduce(or_, (Q(path__startswith=topic.path, depth=topic.depth + 1) for topic in topics))
        found = nearest_first(QuestionPage.objects.live().filter(under, slug=rest[0], alias_of=None), language=language)
        question = found.first()
        if question is None:
            raise Http404
        question = question.nearest_translation(language=language)
        question.topic = next((topic for topic in topics if question.is_child_of(topic)), None) or question.topic
        return RouteResult(question)

    def clean(self) -> None:
        super().clean()
        if self.slug != INDEX_SLUG:
            raise ValidationError({"slug": _("This address is fixed: %(slug)s.") % {"slug": INDEX_SLUG}})


class TopicPage(OurPage):
    class Icon(models.TextChoices):
        """Icons of ours (platform_core/base/icons) that suit a topic."""

        QUESTION = "help-circle", _("question mark")
        LINK = "link", _("link")
        PALETTE = "palette", _("palette")
        SERVER = "server", _("server")
        REFRESH = "refresh", _("renewal")
        USER = "user-check", _("person")
        USERS = "users-group", _("people")
        SHIELD = "shield-check", _("shield")
        BOOK = "book", _("book")
        SCHOOL = "school", _("learning")
        LIFEBUOY = "lifebuoy", _("lifebuoy")
        HISTORY = "history", _("phases")
        BULB = "bulb", _("bulb")
        CHART = "chart-bar", _("chart")
        CHECKLIST = "checklist", _("checklist")
        CALENDAR = "calendar-event", _("calendar")
        MAIL = "mail", _("letter")
        FLAG = "flag", _("flag")
        LOCK = "lock", _("lock")
        DOWNLOAD = "download", _("download")
        TOOLS = "tools", _("tools")
        PHOTO = "photo", _("picture")
        KEY = "key", _("key")

    icon = models.CharField(_("icon"), max_length=30, choices=Icon.choices, default=Icon.QUESTION)
    introduction = models.TextField(_("introduction"), blank=True, max_length=500)

    content_panels = [*Page.content_panels, FieldPanel("icon"), FieldPanel("introduction")]
    parent_page_types = ["knowledge_base.FaqIndexPage"]
    subpage_types = ["knowledge_base.QuestionPage"]

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")

    def in_tree_of(self, language: str) -> TopicPage:
        """The same topic among the pages of a language, even if it only stands for this one there; else itself."""
        same = TopicPage.objects.live().filter(translation_key=self.translation_key)
        return nearest_first(same, language=language).first() or self

    def clean(self) -> None:
        super().clean()
        if self.slug in RESERVED_SLUGS:
            raise ValidationError({"slug": _("This address is taken by a page of the product. Choose another.")})


def next_review(since: date | None = None) -> date:
    """The day by which an answer that was checked on `since` (today) is to be checked again."""
    months = settings.ANSWER_REVIEW_MONTHS
    day = since or timezone.localdate()
    years, month = divmod(day.month - 1 + months, 12)
    last = monthrange(day.year + years, month + 1)[1]
    return day.replace(year=day.year + years, month=month + 1, day=min(day.day, last))


class Confidence(models.TextChoices):
    CONFIRMED = "confirmed", _("Confirmed")
    TO_CONFIRM = "to_confirm", _("The service must still confirm it")


class QuestionPage(OurPage):
    """The title is the question. `key` is the name of an answer that came with the product, "" for the editors' own."""

    answer = StreamField(AnswerBlock(), verbose_name=_("answer"))
    audience = models.CharField(
        _("who may read it"), max_length=10, choices=Audience.choices, default=Audience.SIGNED_IN
    )
    confidence = models.CharField(
        _("confidence"), max_length=12, choices=Confidence.choices, default=Confidence.CONFIRMED
    )
    last_checked = models.DateField(
        _("last checked"), default=timezone.localdate, help_text=_("The day on which somebody saw that it still holds.")
    )
    answer_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who looks after it"),
        limit_choices_to={"is_staff": True, "is_active": True},
    )
    review_by = models.DateField(
        _("check it again by"), default=next_review, help_text=_("After this day readers are told that we review it.")
    )
    components = ParentalManyToManyField(
        Component,
        blank=True,
        related_name="+",
        verbose_name=_("components it speaks of"),
        help_text=_("A release that changes one of them asks for this answer to be checked."),
    )
    keywords = models.CharField(
        _("other words for it"), max_length=300, blank=True, help_text=_("As people say it; commas between them.")
    )
    wordings = models.TextField(
        _("other ways to ask it"),
        max_length=LONGEST_WORDINGS,
        blank=True,
        help_text=_("One a line, in any language, as people would say it. Readers do not see them: the search does."),
    )
    sources = models.TextField(_("sources"), blank=True, help_text=_("One a line: an address, or what it was."))
    key = models.CharField(max_length=40, blank=True, editable=False)

    content_panels = [
        *Page.content_panels,
        FieldPanel("answer"),
        MultiFieldPanel(
            [
                FieldPanel("audience"),
                FieldPanel("confidence"),
                FieldPanel("last_checked"),
                FieldPanel("review_by"),
                FieldPanel("answer_owner"),
                FieldPanel("components", widget=CheckboxSelectMultiple),
            ],
            heading=_("Who reads it and who vouches for it"),
        ),
        MultiFieldPanel(
            [FieldPanel("keywords"), FieldPanel("wordings"), FieldPanel("sources")],
            heading=_("To find it and to check it"),
        ),
        InlinePanel("related_questions", heading=_("Related questions"), label=_("question"), max_num=6),
    ]
    parent_page_types = ["knowledge_base.TopicPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="knowledge_base_a_key_once"),
        ]

    @cached_property
    def topic(self) -> TopicPage:
        return TopicPage.objects.get(path=self.path[: -self.steplen])

    @property
    def needs_confirmation(self) -> bool:
        return self.confidence == Confidence.TO_CONFIRM

    @property
    def is_overdue(self) -> bool:
        return self.review_by < timezone.localdate()

    def source_list(self) -> list[str]:
        return [line.strip() for line in self.sources.splitlines() if line.strip()]

    def plain_answer(self) -> str:
        """The answer's words, for the search and for a glance."""
        words = self.answer.stream_block.get_searchable_content(self.answer)
        return " ".join(" ".join(str(piece).split()) for piece in words)

    def glance(self) -> str:
        return Truncator(self.plain_answer()).chars(180)


class RelatedQuestion(Orderable):
    page = ParentalKey(QuestionPage, on_delete=models.CASCADE, related_name="related_questions")
    question = models.ForeignKey(QuestionPage, models.CASCADE, related_name="+", verbose_name=_("question"))

    panels = [FieldPanel("question")]

    class Meta(Orderable.Meta):
        constraints = [
            models.UniqueConstraint(fields=["page", "question"], name="knowledge_base_related_once"),
        ]

    def __str__(self) -> str:
        return str(self.question)
