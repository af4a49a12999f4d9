"""Packages that other tools made, the files in them, and what they keep about who takes them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .taking import Enrolment


class PackageKind(models.TextChoices):
    SCORM12 = "scorm12", _("SCORM 1.2")
    SCORM2004 = "scorm2004", _("SCORM 2004")
    HTML = "html", _("web pages")


class PackageState(models.TextChoices):
    IN_USE = "in_use", _("may be put into lessons")
    RETIRED = "retired", _("only for who takes it already")


class Package(models.Model):
    """What somebody uploaded, as it was: another file is another package, so that who began one goes on with it.

    `launch` is the file that it begins with and `launch_query` what follows it in the address. Sizes are bytes.
    """

    title = models.CharField(_("title"), max_length=150)
    state = models.CharField(_("state"), max_length=10, choices=PackageState.choices, default=PackageState.IN_USE)
    kind = models.CharField(_("kind"), max_length=10, choices=PackageKind.choices, editable=False)
    launch = models.CharField(max_length=240, editable=False)
    launch_query = models.CharField(max_length=2000, blank=True, editable=False)
    launch_data = models.TextField(blank=True, editable=False)
    original_name = models.CharField(_("file"), max_length=120, editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    zipped_size = models.PositiveBigIntegerField(_("size"), editable=False)
    unpacked_size = models.PositiveBigIntegerField(_("size once unpacked"), editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    uploaded_at = models.DateTimeField(_("uploaded"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("package")
        verbose_name_plural = _("packages")
        ordering = ["-uploaded_at", "-id"]

    def __str__(self) -> str:
        return self.title


class PackageFile(models.Model):
    """One file of a package: `path` is what its pages call it, `file` the name in the private storage, which tells
    nothing. A path that has no row does not exist, whatever is on the disk."""

    package = models.ForeignKey(Package, models.CASCADE, related_name="files")
    path = models.CharField(max_length=240)
    file = models.CharField(max_length=255)
    content_type = models.CharField(max_length=60)
    size = models.PositiveBigIntegerField()

    class Meta:
        verbose_name = _("file of a package")
        verbose_name_plural = _("files of packages")
        constraints = [models.UniqueConstraint(fields=["package", "path"], name="training_a_package_path_once")]

    def __str__(self) -> str:
        return self.path


class PackageData(models.Model):
    """What a package has kept about who takes it: elements of SCORM by their names, of those that `packages.cmi` knows.

    `ticket` and `seq` say which message was the last that counted: a session of the package has a ticket, which is the
    server's clock when it began, and numbers its messages. `total` is how long it was taken, `total_before` the same
    without the last session, in hundredths of a second.
    """

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="package_data")
    package = models.ForeignKey(Package, models.PROTECT, related_name="data")
    version = models.CharField(max_length=4)
    values = models.JSONField(default=dict)
    ticket = models.PositiveBigIntegerField(default=0)
    seq = models.PositiveIntegerField(default=0)
    is_finished = models.BooleanField(default=False)
    total = models.PositiveBigIntegerField(default=0)
    total_before = models.PositiveBigIntegerField(default=0)
    began_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("data of a package")
        verbose_name_plural = _("data of packages")
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "package"], name="training_package_data_once"),
            models.CheckConstraint(condition=Q(version__in=("1.2", "2004")), name="training_package_data_version"),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} · {self.package_id}"
