"""News and release notes, who wants to hear of them, and which answers a release puts in doubt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.forms import CheckboxSelectMultiple
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable, Page
from wagtail.url_routing import RouteResult

from platform_core.organisations.public import Kind

from ..blocks import INLINE, AnswerBlock
from .components import Component
from .questions import QuestionPage
from .tree import Audience, OurPage, nearest_first, reading_language

if TYPE_CHECKING:
    from django.http import HttpRequest

NEWS_SLUG = "novetats"
NEWS_RESERVED = {"atom", "subscripcio", "atura"}
"""Addresses of ours under the index, which no page may take."""


class NewsKind(models.TextChoices):
    NEWS = "news", _("News")
    RELEASE = "release", _("Release notes")
    INCIDENT = "incident", _("Incident")


class NewsIndexPage(OurPage):
    introduction = models.TextField(_("introduction"), blank=True, max_length=500)

    content_panels = [*Page.content_panels, FieldPanel("introduction")]
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["knowledge_base.NewsPage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("news: front page")

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """The page of an address in whatever language it was written, in the reader's if it is there."""
        if not path_components:
            return super().route(request, path_components)
        slug, *rest = path_components
        language = reading_language()
        pages = NewsPage.objects.live().filter(slug=slug, alias_of=None)
        page = None if rest else nearest_first(pages, language=language).first()
        if page is None:
            raise Http404
        return RouteResult(page.nearest_translation(language=language))

    def clean(self) -> None:
        super().clean()
        if self.slug != NEWS_SLUG:
            raise ValidationError({"slug": _("This address is fixed: %(slug)s.") % {"slug": NEWS_SLUG}})


class NewsPage(OurPage):
    kind = models.CharField(_("kind"), max_length=10, choices=NewsKind.choices, default=NewsKind.NEWS)
    version = models.CharField(
        _("version"), max_length=20, blank=True, help_text=_("Of the platform, such as 0.31.2. For release notes only.")
    )
    date = models.DateField(
        _("date"), default=timezone.localdate, help_text=_("The day of the change, not of the writing.")
    )
    closed_on = models.DateField(
        _("solved on"),
        null=True,
        blank=True,
        help_text=_("Of an incident. While it is empty, it is open: who writes a ticket about it is led here."),
    )
    summary = models.TextField(_("in one sentence"), max_length=300)
    components = ParentalManyToManyField(
        Component,
        blank=True,
        related_name="+",
        verbose_name=_("components it touches"),
        help_text=_("The answers that speak of them will have to be checked."),
    )
    audience = models.CharField(_("who may read it"), max_length=10, choices=Audience.choices, default=Audience.PUBLIC)
    body = StreamField(AnswerBlock(), verbose_name=_("text"), blank=True)
    is_example = models.BooleanField(default=False, editable=False)

    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        MultiFieldPanel(
            [
                FieldPanel("kind"),
                FieldPanel("version"),
                FieldPanel("date"),
                FieldPanel("closed_on"),
                FieldPanel("audience"),
            ],
            heading=_("What it is"),
        ),
        FieldPanel("components", widget=CheckboxSelectMultiple),
        FieldPanel("body"),
        InlinePanel("changes", heading=_("What changes for you"), label=_("for whom"), max_num=8),
    ]
    parent_page_types = ["knowledge_base.NewsIndexPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("news or release notes")
        verbose_name_plural = _("news and release notes")

    @property
    def is_release(self) -> bool:
        return self.kind == NewsKind.RELEASE

    @property
    def is_open_incident(self) -> bool:
        return self.kind == NewsKind.INCIDENT and self.closed_on is None

    @property
    def kind_label(self) -> str:
        """What it is, for readers: of an incident also whether it is open."""
        if self.kind != NewsKind.INCIDENT:
            return str(self.get_kind_display())
        return str(_("Open incident") if self.is_open_incident else _("Solved incident"))

    def plain_body(self) -> str:
        """Its words, for the search."""
        words = self.body.stream_block.get_searchable_content(self.body)
        return " ".join([self.summary, *(" ".join(str(piece).split()) for piece in words)])

    def clean(self) -> None:
        super().clean()
        if self.slug in NEWS_RESERVED:
            raise ValidationError({"slug": _("This address is taken by a page of the product. Choose another.")})
        if self.kind == NewsKind.RELEASE and not self.version:
            raise ValidationError({"version": _("Say which version these release notes are of.")})
        if self.closed_on and self.kind != NewsKind.INCIDENT:
            raise ValidationError({"closed_on": _("Only an incident is solved on a day. Leave it empty.")})
        if self.closed_on and self.closed_on < self.date:
            raise ValidationError({"closed_on": _("It cannot be solved before it began.")})


class Change(Orderable):
    """What a page of news changes for some readers, in the editors' words."""

    page = ParentalKey(NewsPage, on_delete=models.CASCADE, related_name="changes")
    for_kind = models.CharField(
        _("who works in"), max_length=20, choices=Kind.choices, blank=True, help_text=_("Empty: everybody.")
    )
    text = RichTextField(_("what changes"), features=INLINE)

    panels = [FieldPanel("for_kind"), FieldPanel("text")]

    class Meta(Orderable.Meta):
        verbose_name = _("what changes for you")
        verbose_name_plural = _("what changes for you")

    def __str__(self) -> str:
        return f"{self.page}: {self.get_for_kind_display() or '*'}"


class Subscription(models.Model):
    """Somebody who wants a letter for each page of news that is published from `since` on."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("person"))
    since = models.DateTimeField(_("since"), default=timezone.now)

    class Meta:
        verbose_name = _("subscription to the news")
        verbose_name_plural = _("subscriptions to the news")

    def __str__(self) -> str:
        return str(self.person)


class Doubt(models.Model):
    """A release that touches what an answer speaks of. One for both, for ever: a checked one is not raised again."""

    question = models.ForeignKey(QuestionPage, models.CASCADE, related_name="doubts", verbose_name=_("question"))
    release = models.ForeignKey(NewsPage, models.CASCADE, related_name="+", verbose_name=_("release notes"))
    raised_at = models.DateTimeField(_("raised"), auto_now_add=True)
    cleared_at = models.DateTimeField(_("checked"), null=True, blank=True)
    cleared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("checked by")
    )

    class Meta:
        verbose_name = _("answer to be checked")
        verbose_name_plural = _("answers to be checked")
        constraints = [models.UniqueConstraint(fields=["question", "release"], name="knowledge_base_a_doubt_once")]
        indexes = [
            models.Index(
                fields=["question"], condition=models.Q(cleared_at__isnull=True), name="knowledge_base_open_doubts"
            )
        ]

    def __str__(self) -> str:
        return f"{self.question} ({self.release.version})"
