"""A topic: what a community talks about under one title."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from platform_core.participation.models import Space

if TYPE_CHECKING:
    from datetime import datetime

LONGEST_TITLE = 200


class TopicKind(models.TextChoices):
    QUESTION = "question", _("Question")
    DISCUSSION = "discussion", _("Discussion")
    ANNOUNCEMENT = "announcement", _("Announcement")
    POLL = "poll", _("Poll")


class Tag(models.Model):
    """A word that topics of all communities may carry."""

    name = models.CharField(_("name"), max_length=40)
    slug = models.SlugField(_("name in addresses"), max_length=50, unique=True)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class Topic(models.Model):
    """Its posts are numbered 1, 2, 3… without gaps; the first is what it was opened with."""

    space = models.ForeignKey(Space, models.PROTECT, related_name="topics", verbose_name=_("community"))
    kind = models.CharField(_("kind"), max_length=12, choices=TopicKind.choices, default=TopicKind.DISCUSSION)
    title = models.CharField(_("title"), max_length=LONGEST_TITLE)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("author")
    )
    tags = models.ManyToManyField(Tag, related_name="topics", blank=True)
    created_at = models.DateTimeField(_("opened"), default=timezone.now)
    last_post_at = models.DateTimeField(_("last post"), default=timezone.now)
    # Whose word is the last; kept here, so that a list needs no look at the posts.
    last_author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    # Those that can be read: without deleted, hidden and moved ones.
    post_count = models.PositiveIntegerField(default=0)
    last_number = models.PositiveIntegerField(default=0)
    me_too_count = models.PositiveIntegerField(default=0)
    accepted = models.ForeignKey("agora.Post", models.SET_NULL, null=True, blank=True, related_name="+")
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    is_pinned = models.BooleanField(_("pinned"), default=False)
    pinned_until = models.DateTimeField(_("pinned until"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    hidden_at = models.DateTimeField(_("hidden"), null=True, blank=True)
    merged_into = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    # The number that a post has there is the one that it had here plus this.
    merged_offset = models.PositiveIntegerField(default=0)
    # Grows with each change of what stands above the posts: title, kind, tags.
    version = models.PositiveIntegerField(default=1)
    submission = models.UUIDField(null=True, blank=True, unique=True, editable=False)

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["-last_post_at", "-id"]
        indexes = [
            models.Index(fields=["space", "-last_post_at", "-id"], name="agora_topics_of_space"),
            models.Index(fields=["-last_post_at", "-id"], name="agora_topics_by_news"),
            models.Index(fields=["space"], condition=Q(is_pinned=True), name="agora_pinned_topics"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=TopicKind.values), name="agora_topic_kind"),
            models.CheckConstraint(
                condition=Q(pinned_until=None) | Q(is_pinned=True), name="agora_pinned_until_needs_pin"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("agora:topic", args=[self.space.slug, self.pk])

    def url_of(self, number: int) -> str:
        """The address of one of its posts."""
        return f"{self.get_absolute_url()}?n={number}#post-{number}"

    @property
    def reference(self) -> str:
        """How a text names it, without the `#`."""
        return f"T-{self.pk}"

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    @property
    def is_question(self) -> bool:
        return self.kind == TopicKind.QUESTION

    @property
    def reply_count(self) -> int:
        return max(0, self.post_count - 1)

    def is_pinned_at(self, moment: datetime) -> bool:
        return self.is_pinned and (self.pinned_until is None or self.pinned_until > moment)
