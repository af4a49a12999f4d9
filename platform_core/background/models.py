"""What background work keeps beside the library's own table of jobs (`django_tasks_db.DBTaskResult`)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Runner(models.Model):
    """A process that runs jobs or the schedule, as it last reported itself (see liveness.py)."""

    class Role(models.TextChoices):
        WORKER = "worker", _("worker")
        SCHEDULER = "scheduler", _("scheduler")

    id = models.CharField(max_length=64, primary_key=True)
    role = models.CharField(_("role"), max_length=10, choices=Role.choices)
    machine = models.CharField(_("machine"), max_length=200)
    pid = models.PositiveIntegerField(_("process"))
    process_start = models.CharField(max_length=32, blank=True)
    started_at = models.DateTimeField(_("started"))
    seen_at = models.DateTimeField(_("last seen"))

    class Meta:
        verbose_name = _("runner")
        verbose_name_plural = _("runners")

    def __str__(self) -> str:
        return f"{self.role} {self.pid}"


class ScheduledJob(models.Model):
    """When a periodic job declared in code (`@scheduled`) runs next, and how it went."""

    name = models.CharField(_("name"), max_length=100, primary_key=True)
    every = models.DurationField(_("every"))
    enabled = models.BooleanField(_("enabled"), default=True)
    next_run = models.DateTimeField(_("next run"))
    last_run = models.DateTimeField(_("last run"), null=True, blank=True)
    last_error = models.TextField(_("last error"), blank=True)
    job_id = models.UUIDField(null=True, blank=True, editable=False)
    """The job of the newest run; while it waits or runs, no second one is enqueued."""

    class Meta:
        verbose_name = _("scheduled job")
        verbose_name_plural = _("scheduled jobs")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Effect(models.Model):
    """The key of an effect that has happened, committed together with it (see once.py)."""

    key = models.CharField(max_length=200, primary_key=True)
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return self.key
