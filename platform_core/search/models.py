"""What can be found: one row for each thing, whatever it is. The truth for every engine."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from platform_core.organisations.models import Organisation

LONGEST_TITLE = 300
LONGEST_GROUP = 120


class SearchEntry(models.Model):
    """One thing, in the language it is written in, as its projector last told it. Engines keep their index beside it.

    `wordings` are found and never shown. `path` has no language prefix: the reader's is put before it. `boost`
    multiplies the score. `version` grows with every change, so that an engine outside this database can refuse an older
    state that arrives late.
    """

    kind = models.CharField(_("kind"), max_length=40)
    object_id = models.CharField(_("object"), max_length=40)
    language = models.CharField(_("language"), max_length=8)
    title = models.CharField(_("title"), max_length=LONGEST_TITLE)
    body = models.TextField(_("text"), blank=True)
    keywords = models.TextField(_("keywords"), blank=True)
    wordings = models.TextField(_("other ways to ask for it"), blank=True)
    path = models.CharField(_("address"), max_length=500)
    group = models.CharField(
        _("group"), max_length=LONGEST_GROUP, blank=True, help_text=_("The topic or place it belongs to.")
    )
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("organisation")
    )
    boost = models.FloatField(_("weight"), default=1.0)
    updated_at = models.DateTimeField(_("changed"))
    version = models.PositiveBigIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")
        ordering = ["kind", "object_id"]
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="search_one_entry_a_thing")]

    def __str__(self) -> str:
        return self.title


class EntryAudience(models.Model):
    """Who may find an entry: whoever holds one of its tokens (`audience.tokens_of`)."""

    entry = models.ForeignKey(SearchEntry, models.CASCADE, related_name="audience")
    token = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "token"], name="search_a_token_once")]
        indexes = [models.Index(fields=["token", "entry"], name="search_by_token")]

    def __str__(self) -> str:
        return self.token


class IndexChange(models.Model):
    """An entry that Elasticsearch must be told of, written in the transaction that changes the entry: one row each,
    however often it changes meanwhile. Only where Elasticsearch is used.

    `version` is that of the entry; of a deleted one, one more than its last. `stamp` is new with every change.
    """

    entry_id = models.BigIntegerField(primary_key=True)
    version = models.PositiveBigIntegerField()
    stamp = models.UUIDField(default=uuid4, unique=True)
    due_at = models.DateTimeField(_("next try"), default=timezone.now)
    tries = models.PositiveSmallIntegerField(_("refused"), default=0)
    problem = models.CharField(_("problem"), max_length=500, blank=True)
    parked_at = models.DateTimeField(_("set aside"), null=True, blank=True)

    class Meta:
        verbose_name = _("change for Elasticsearch")
        verbose_name_plural = _("changes for Elasticsearch")
        indexes = [
            models.Index(fields=["due_at", "entry_id"], condition=models.Q(parked_at=None), name="search_change_due")
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} ({self.version})"

    @classmethod
    def due(cls) -> models.QuerySet[IndexChange]:
        return cls.objects.filter(due_at__lte=timezone.now(), parked_at=None)
