"""What a topic of kind poll asks. It gathers opinions; what binds is voted elsewhere."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .topic import Topic

LONGEST_OPTION = 120


class Poll(models.Model):
    topic = models.OneToOneField(Topic, models.CASCADE, primary_key=True, related_name="poll")
    is_multiple = models.BooleanField(_("several answers each"), default=False)
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    voters = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("poll")
        verbose_name_plural = _("polls")

    def __str__(self) -> str:
        return str(self.topic_id)

    @property
    def is_open(self) -> bool:
        return self.closes_at is None or self.closes_at > timezone.now()


class PollOption(models.Model):
    poll = models.ForeignKey(Poll, models.CASCADE, related_name="options")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=LONGEST_OPTION)
    votes = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("option of a poll")
        verbose_name_plural = _("options of polls")
        ordering = ["poll", "position"]
        constraints = [models.UniqueConstraint(fields=["poll", "position"], name="agora_poll_option_place")]

    def __str__(self) -> str:
        return self.text


class PollVote(models.Model):
    option = models.ForeignKey(PollOption, models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("vote in a poll")
        verbose_name_plural = _("votes in polls")
        constraints = [models.UniqueConstraint(fields=["option", "person"], name="agora_poll_vote_once")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.option_id}"
