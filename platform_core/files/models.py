"""What the malware scanner still owes or has found. A clean file leaves no row, whichever app it belongs to."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class FileScan(models.Model):
    """One file of the private storage, by its name there, for every FileField of every app."""

    class State(models.TextChoices):
        PENDING = "pending", _("waits for the malware scanner")
        INFECTED = "infected", _("infected, removed")
        REFUSED = "refused", _("infected, never kept")

    storage_name = models.CharField(_("name in the storage"), max_length=255, unique=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.PENDING)
    found = models.CharField(_("what was found"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("since"), auto_now_add=True)
    checked_at = models.DateTimeField(_("last tried"))

    class Meta:
        verbose_name = _("file scan")
        verbose_name_plural = _("file scans")
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["state", "checked_at"], name="files_scan_next")]

    def __str__(self) -> str:
        return f"{self.storage_name} {self.get_state_display()}"
