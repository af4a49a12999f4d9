"""A post, what it said before, and the pictures in it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from platform_core.files.public import new_name, private_storage
from platform_core.participation.models import Space

from .topic import Topic


class Post(models.Model):
    """`html` is `text` rendered and cleaned when it was written; people and things named in it are marked, not shown.

    A deleted or hidden post keeps its number. So does one that was moved: an empty one stays in its place.
    """

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="posts", verbose_name=_("topic"))
    number = models.PositiveIntegerField(_("number"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="agora_posts", verbose_name=_("author")
    )
    text = models.TextField(_("text"), blank=True)
    html = models.TextField(blank=True, editable=False)
    created_at = models.DateTimeField(_("posted"), default=timezone.now)
    edited_at = models.DateTimeField(_("edited"), null=True, blank=True)
    deleted_at = models.DateTimeField(_("deleted"), null=True, blank=True)
    deleted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    hidden_at = models.DateTimeField(_("hidden"), null=True, blank=True)
    # When its words went for ever: retention had ended.
    emptied_at = models.DateTimeField(null=True, blank=True)
    moved_to = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    was_moved = models.BooleanField(
        default=False, help_text=_("An empty one in the place of one that is elsewhere now.")
    )
    reply_to = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="replies")
    # The sum of its votes as an answer.
    score = models.IntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    submission = models.UUIDField(null=True, blank=True, unique=True, editable=False)

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["topic", "number"]
        constraints = [models.UniqueConstraint(fields=["topic", "number"], name="agora_post_number")]
        indexes = [models.Index(fields=["author", "-created_at"], name="agora_posts_of_person")]

    def __str__(self) -> str:
        return f"T-{self.topic_id}/{self.number}"

    @property
    def reference(self) -> str:
        return str(self)

    @property
    def is_readable(self) -> bool:
        """Whether its words are there for who may enter the community."""
        return self.deleted_at is None and self.hidden_at is None and not self.was_moved


class PostRevision(models.Model):
    """What a post said up to an edit."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="revisions")
    version = models.PositiveIntegerField()
    text = models.TextField()
    # Who replaced it, and when.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("earlier version of a post")
        verbose_name_plural = _("earlier versions of posts")
        ordering = ["post", "version"]
        constraints = [models.UniqueConstraint(fields=["post", "version"], name="agora_post_revision")]

    def __str__(self) -> str:
        return f"{self.post_id} v{self.version}"


class Picture(models.Model):
    """Something pasted, dropped or attached while writing. Who may enter the community may see it.

    `post` is the one that shows it; without one it is a draft's, and its writer alone sees it.
    """

    space = models.ForeignKey(Space, models.CASCADE, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    post = models.ForeignKey(Post, models.SET_NULL, null=True, blank=True, related_name="pictures")
    file = models.FileField(storage=private_storage, upload_to=new_name, max_length=255)
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(help_text=_("Bytes."))
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("file of a post")
        verbose_name_plural = _("files of posts")
        ordering = ["id"]
        indexes = [models.Index(fields=["post", "created_at"], name="agora_pictures_of_drafts")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_image(self) -> bool:
        return self.content_type.startswith("image/")
