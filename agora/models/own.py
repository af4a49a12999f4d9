"""What each person has for themself: nobody else sees it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .post import Post
from .topic import Topic


class FollowLevel(models.TextChoices):
    WATCHING = "watching", pgettext_lazy("a topic", "Every post")
    TRACKING = "tracking", pgettext_lazy("a topic", "What I have not read")
    MUTED = "muted", pgettext_lazy("a topic", "Nothing")


class Follow(models.Model):
    """How much a person wants to hear of a topic. Without a row: when they are named."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    topic = models.ForeignKey(Topic, models.CASCADE, related_name="follows")
    level = models.CharField(_("level"), max_length=8, choices=FollowLevel.choices)

    class Meta:
        verbose_name = _("followed topic")
        verbose_name_plural = _("followed topics")
        constraints = [models.UniqueConstraint(fields=["person", "topic"], name="agora_one_level_a_topic")]
        indexes = [models.Index(fields=["topic", "level"], name="agora_who_follows")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.level} {self.topic_id}"


class ReadMark(models.Model):
    """The number up to which a person has read a topic. It only grows."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    topic = models.ForeignKey(Topic, models.CASCADE, related_name="marks")
    number = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("reading position")
        verbose_name_plural = _("reading positions")
        constraints = [models.UniqueConstraint(fields=["person", "topic"], name="agora_one_mark_a_topic")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.topic_id} {self.number}"


class Bookmark(models.Model):
    post = models.ForeignKey(Post, models.CASCADE, related_name="bookmarks")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("bookmark")
        verbose_name_plural = _("bookmarks")
        constraints = [models.UniqueConstraint(fields=["person", "post"], name="agora_bookmark_once")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.post_id}"


class Draft(models.Model):
    """What a person is writing. `key` says where: `topic:42` an answer, `space:7` a new topic."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=40)
    title = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    # Grows with each save: who writes over a version that they have not seen is told.
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="agora_one_draft_a_place")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.key} v{self.version}"
