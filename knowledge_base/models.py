"""Frequent questions: an index, its topics, their questions, and what people said of each answer."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page
from wagtail.url_routing import RouteResult

from .blocks import AnswerBlock

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

INDEX_SLUG = "faq"
"""The address of the whole tree: `config.urls` hands everything under it to Wagtail."""
RESERVED_SLUGS = {"suggeriments", "valoracio"}
"""Addresses of ours under the index, which no topic may take."""


class OurPage(Page):
    """A page of this tree. Who may read it is its own field, so Wagtail's restrictions are not offered beside it."""

    private_page_options: list[str] = []

    class Meta:
        abstract = True

    @property
    def site_path(self) -> str:
        """Its address under the site's root, such as `faq/logotip/`; no query, whatever the language."""
        return str(self.url_path).split("/", 2)[2]

    def get_absolute_url(self) -> str:
        """Its address in the language of the reader, who may read Catalan answers on Spanish pages."""
        return reverse("wagtail_serve", args=[self.site_path])

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        from . import views  # noqa: PLC0415  Wagtail asks the page itself; what is shown is the views' matter

        return views.serve(request, self)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """A draft as its readers will see it."""
        from . import views  # noqa: PLC0415  as above

        return views.preview(request, self)


class FaqIndexPage(OurPage):
    introduction = models.TextField(_("introduction"), blank=True, max_length=500)

    content_panels = [*Page.content_panels, FieldPanel("introduction")]
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["knowledge_base.TopicPage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("questions: front page")

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Wagtail walks floor by floor and reads each page twice; this tree has two floors, and each is read once."""
        if not path_components:
            return super().route(request, path_components)
        topic_slug, *rest = path_components
        topic = TopicPage.objects.child_of(self).live().select_related("locale").filter(slug=topic_slug).first()
        if topic is None or len(rest) > 1:
            raise Http404
        if not rest:
            return RouteResult(topic)
        questions = QuestionPage.objects.child_of(topic).live().select_related("locale")
        question = get_object_or_404(questions, slug=rest[0])
        question.topic = topic
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

    def clean(self) -> None:
        super().clean()
        if self.slug in RESERVED_SLUGS:
            raise ValidationError({"slug": _("This address is taken by a page of the product. Choose another.")})


class Audience(models.TextChoices):
    PUBLIC = "public", _("Everybody")
    SIGNED_IN = "auth", _("Whoever is signed in")
    STAFF = "staff", _("Who works for the service")


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
    keywords = models.CharField(
        _("other words for it"), max_length=300, blank=True, help_text=_("As people say it; commas between them.")
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
                FieldPanel("answer_owner"),
            ],
            heading=_("Who reads it and who vouches for it"),
        ),
        MultiFieldPanel([FieldPanel("keywords"), FieldPanel("sources")], heading=_("To find it and to check it")),
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


class Rating(models.Model):
    """What one person, or one browser that nobody is signed in with, said of an answer: the last word counts."""

    question = models.ForeignKey(QuestionPage, models.CASCADE, related_name="ratings", verbose_name=_("question"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    browser = models.CharField(max_length=36, blank=True, editable=False)
    helped = models.BooleanField(_("it helped"))
    comment = models.TextField(_("comment"), blank=True)
    created_at = models.DateTimeField(_("first said"), auto_now_add=True)
    changed_at = models.DateTimeField(_("last said"), auto_now=True)

    class Meta:
        verbose_name = _("has it helped?")
        verbose_name_plural = _("has it helped?")
        ordering = ["-changed_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["question", "person"], condition=Q(person__isnull=False), name="knowledge_base_one_a_person"
            ),
            models.UniqueConstraint(
                fields=["question", "browser"], condition=~Q(browser=""), name="knowledge_base_one_a_browser"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question} ({'+' if self.helped else '−'})"
