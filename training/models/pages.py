"""Courses as editors write them: a course, its modules, their lessons and quizzes.

What somebody who takes a course reads is not these pages but the version of them that they began (`versions.py`). A
page's `translation_key` is its name for ever: it stays when the page is edited, moved or translated.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.http import Http404, HttpResponseRedirect
from django.utils.choices import CallableChoiceIterator
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page
from wagtail.url_routing import RouteResult

from knowledge_base.public import Audience, OurPage, nearest_first, reading_language, topics

from ..blocks import LessonBlock
from ..question_blocks import QuestionsBlock

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

INDEX_SLUG = "formacio"
"""The address of the whole tree: `config.urls` hands everything under it that is not ours to Wagtail."""
RESERVED_SLUGS = {
    "certificat", "curs", "equip", "gestio", "invitacio", "paquet", "paquets", "progres", "prova", "sessions",
}  # fmt: skip
"""Addresses of ours under the index, which no course may take."""
PASS_MARK = 70  # percent
DEEPEST = 2  # floors under a course: a module and its lesson


class TopicSelect(forms.Select):
    """The topics of the frequent questions, which tickets have too, as they are when the form is drawn."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, choices=CallableChoiceIterator(_topic_choices))


def _topic_choices() -> list[tuple[str, str]]:
    return [("", "–"), *((topic.slug, topic.label) for topic in topics())]


class TrainingPage(OurPage):
    """A page of this tree. It is served by the views of this app, whichever the page."""

    class Meta:
        abstract = True

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        from .. import views  # noqa: PLC0415  Wagtail asks the page itself; what is shown is the views' matter

        return views.serve(request, self, **kwargs)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        from .. import views  # noqa: PLC0415  as above

        return views.preview(request, self)


class CourseIndexPage(TrainingPage):
    introduction = models.TextField(_("introduction"), blank=True, max_length=500)

    content_panels = [*Page.content_panels, FieldPanel("introduction")]
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["training.CoursePage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("training: front page")

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """The course, in the reader's language where there is one; what is under it is the view's to find, because a
        lesson may be in the version that somebody began and among the pages no more."""
        if not path_components:
            return super().route(request, path_components)
        slug, *inside = path_components
        course = course_called(slug)
        if course is None or len(inside) > DEEPEST:
            raise Http404
        return RouteResult(course, kwargs={"inside": "/".join(inside)})

    def clean(self) -> None:
        super().clean()
        if self.slug != INDEX_SLUG:
            raise ValidationError({"slug": _("This address is fixed: %(slug)s.") % {"slug": INDEX_SLUG}})


class CoursePage(TrainingPage):
    """`key` is the name of a course that came with the product, "" for the editors' own."""

    summary = models.TextField(_("summary"), max_length=500, blank=True)
    written_for = models.CharField(_("written for"), max_length=200, blank=True)
    taken_as = models.CharField(
        _("how it is taken"),
        max_length=200,
        blank=True,
        help_text=_("Such as: online, with a live session at the end."),
    )
    audience = models.CharField(
        _("who may read it"), max_length=10, choices=Audience.choices, default=Audience.SIGNED_IN
    )
    is_initial = models.BooleanField(
        _("new referents are enrolled"),
        default=False,
        help_text=_("Whoever becomes the referent of an organisation is enrolled by itself."),
    )
    valid_for = models.PositiveSmallIntegerField(
        _("the certificate holds for"), default=0, help_text=_("Months. Nothing: it does not expire.")
    )
    needed_for = models.SlugField(
        _("whoever asks for rights needs it"),
        max_length=80,
        blank=True,
        db_index=False,
        help_text=_(
            "The topic of the tickets that ask for rights. They show whether who asks has completed this course."
        ),
    )
    key = models.CharField(max_length=40, blank=True, editable=False)

    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        FieldPanel("written_for"),
        FieldPanel("taken_as"),
        MultiFieldPanel([FieldPanel("audience"), FieldPanel("is_initial")], heading=_("Who takes it")),
        InlinePanel("prerequisites", heading=_("Before it"), label=_("course"), max_num=5),
        FieldPanel("valid_for"),
        FieldPanel("needed_for", widget=TopicSelect),
    ]
    parent_page_types = ["training.CourseIndexPage"]
    subpage_types = ["training.ModulePage", "training.QuizPage"]

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        constraints = [models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="training_a_key_once")]

    def clean(self) -> None:
        super().clean()
        if self.slug in RESERVED_SLUGS:
            raise ValidationError({"slug": _("This address is taken by a page of the product. Choose another.")})

    @cached_property
    def source(self) -> CoursePage:
        """The Catalan page, whose tree says what the course is made of; itself when there is none."""
        if self.is_source:
            return self
        return self.translated().order_by("path").filter(locale__language_code="ca").first() or self


def course_called(slug: str) -> CoursePage | None:
    """The published course of an address, in the reader's language where there is one. One query, or two."""
    language = reading_language()
    found = CoursePage.objects.live().filter(slug=slug, alias_of=None)
    course = nearest_first(found, language=language).first()
    return course.nearest_translation(language=language) if course else None


class CoursePrerequisite(Orderable):
    page = ParentalKey(CoursePage, on_delete=models.CASCADE, related_name="prerequisites")
    course = models.ForeignKey(CoursePage, models.CASCADE, related_name="+", verbose_name=_("course"))

    panels = [FieldPanel("course")]

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint(fields=["page", "course"], name="training_required_once")]


class InsidePage(TrainingPage):
    """A page inside a course: its address is the course's and what is inside of it."""

    class Meta:
        abstract = True

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Wagtail finds courses only (`CourseIndexPage.route`); whoever asks one of these goes to its address."""
        return HttpResponseRedirect(self.get_absolute_url())


class ModulePage(InsidePage):
    summary = models.TextField(_("summary"), max_length=500, blank=True)

    content_panels = [*Page.content_panels, FieldPanel("summary")]
    parent_page_types = ["training.CoursePage"]
    subpage_types = ["training.LessonPage", "training.QuizPage"]

    class Meta:
        verbose_name = _("module")
        verbose_name_plural = _("modules")


class LessonPage(InsidePage):
    objective = models.CharField(
        _("what one can do after it"),
        max_length=250,
        blank=True,
        help_text=_("Such as: open tickets that are solved soon."),
    )
    minutes = models.PositiveSmallIntegerField(
        _("minutes it takes"), default=10, validators=[MinValueValidator(1), MaxValueValidator(600)]
    )
    body = StreamField(LessonBlock(), verbose_name=_("lesson"))

    content_panels = [
        *Page.content_panels,
        FieldPanel("objective"),
        FieldPanel("minutes"),
        FieldPanel("body"),
    ]
    parent_page_types = ["training.ModulePage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")

    def plain_body(self) -> str:
        """The lesson's words, for the search."""
        words = self.body.stream_block.get_searchable_content(self.body)
        return " ".join([self.objective, *(" ".join(str(piece).split()) for piece in words)]).strip()


class QuizPage(InsidePage):
    introduction = models.TextField(_("introduction"), max_length=500, blank=True)
    minutes = models.PositiveSmallIntegerField(
        _("minutes it takes"), default=10, validators=[MinValueValidator(1), MaxValueValidator(600)],
        help_text=_("How long it takes, more or less."),
    )  # fmt: skip
    questions = StreamField(QuestionsBlock(), verbose_name=_("questions"))
    draw = models.PositiveSmallIntegerField(
        _("questions in an attempt"), default=0, help_text=_("Drawn by lot from those below. Nothing: all of them.")
    )
    pass_mark = models.PositiveSmallIntegerField(
        _("pass mark"), default=PASS_MARK, validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("Percent of right answers."),
    )  # fmt: skip
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, help_text=_("Nothing: as many as one wants."))
    time_limit = models.PositiveSmallIntegerField(
        _("time limit"), default=0, help_text=_("Minutes for an attempt. Nothing: no limit.")
    )

    content_panels = [
        *Page.content_panels,
        FieldPanel("introduction"),
        FieldPanel("minutes"),
        MultiFieldPanel(
            [FieldPanel("draw"), FieldPanel("pass_mark"), FieldPanel("attempts"), FieldPanel("time_limit")],
            heading=_("How it is taken"),
        ),
        FieldPanel("questions"),
    ]
    parent_page_types = ["training.CoursePage", "training.ModulePage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("quiz")
        verbose_name_plural = _("quizzes")
