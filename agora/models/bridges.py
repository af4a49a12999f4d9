"""What leads from a topic to the desk or the knowledge base, and from a ticket to a topic."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from helpdesk.desk.models import Case
from platform_core.participation.models import Space

from .post import Post
from .topic import LONGEST_TITLE, Topic


class PostTicket(models.Model):
    """The ticket that a post became, for its author. Once it is solved the answer comes back, if the author agrees."""

    post = models.OneToOneField(Post, models.CASCADE, related_name="ticket", verbose_name=_("post"))
    case = models.OneToOneField(Case, models.CASCADE, related_name="+", verbose_name=_("ticket"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    # None until the author has been asked and has said so.
    brings_answer = models.BooleanField(null=True, blank=True)
    answer = models.OneToOneField(Post, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("ticket of a post")
        verbose_name_plural = _("tickets of posts")

    def __str__(self) -> str:
        return f"{self.post} → S-{self.case_id}"

    @property
    def reference(self) -> str:
        return f"S-{self.case_id}"

    @property
    def case_url(self) -> str:
        """Without reading the ticket: its address is made of its number."""
        return Case(pk=self.case_id).get_absolute_url()


class CommunityQuestion(models.Model):
    """What the desk wants to ask a community about a ticket: words without personal data, published when who asked the
    desk agrees. The promise of the ticket goes on meanwhile.
    """

    case = models.OneToOneField(Case, models.CASCADE, related_name="+", verbose_name=_("ticket"))
    space = models.ForeignKey(Space, models.CASCADE, related_name="+", verbose_name=_("community"))
    title = models.CharField(_("title"), max_length=LONGEST_TITLE)
    text = models.TextField(_("text"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    is_agreed = models.BooleanField(null=True, blank=True)
    topic = models.OneToOneField(Topic, models.SET_NULL, null=True, blank=True, related_name="community_question")

    class Meta:
        verbose_name = _("question of the desk to a community")
        verbose_name_plural = _("questions of the desk to communities")
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None, is_agreed=None, topic=None)
                | Q(answered_at__isnull=False, is_agreed__isnull=False),
                name="agora_community_question_state",
            )
        ]

    def __str__(self) -> str:
        return f"S-{self.case_id} → {self.space}"


class TopicAnswer(models.Model):
    """The answer of the knowledge base that came from a topic, and who made it. One a topic."""

    topic = models.OneToOneField(Topic, models.CASCADE, related_name="made_answer", verbose_name=_("topic"))
    question = models.ForeignKey("knowledge_base.QuestionPage", models.CASCADE, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("answer made of a topic")
        verbose_name_plural = _("answers made of topics")

    def __str__(self) -> str:
        return f"T-{self.topic_id}: {self.question_id}"
