"""What people say of a post without words."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .post import Post
from .topic import Topic


class ReactionKind(models.TextChoices):
    LIKE = "like", pgettext_lazy("reaction", "Like")
    THANKS = "thanks", pgettext_lazy("reaction", "Thanks")
    IDEA = "idea", pgettext_lazy("reaction", "Good idea")
    SMILE = "smile", pgettext_lazy("reaction", "It made me smile")


class Reaction(models.Model):
    post = models.ForeignKey(Post, models.CASCADE, related_name="reactions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=ReactionKind.choices)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("reaction")
        verbose_name_plural = _("reactions")
        constraints = [models.UniqueConstraint(fields=["post", "person", "kind"], name="agora_one_reaction_of_a_kind")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind} {self.post_id}"


class MeToo(models.Model):
    """That somebody has the same question."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="me_too")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("“me too”")
        verbose_name_plural = _("“me too”")
        constraints = [models.UniqueConstraint(fields=["topic", "person"], name="agora_me_too_once")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.topic_id}"


class AnswerVote(models.Model):
    """Whether an answer to a question helps: 1, or −1."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="votes")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    value = models.SmallIntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("vote on an answer")
        verbose_name_plural = _("votes on answers")
        constraints = [
            models.UniqueConstraint(fields=["post", "person"], name="agora_one_vote_an_answer"),
            models.CheckConstraint(condition=Q(value__in=[-1, 1]), name="agora_vote_is_one"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.value:+} {self.post_id}"
