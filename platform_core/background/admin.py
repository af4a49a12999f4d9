"""The schedule, the runners and the parked jobs, for those who run the installation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.auth import get_permission_codename
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_tasks_db.admin import DBTaskResultAdmin
from django_tasks_db.models import DBTaskResult

from . import worker
from .models import Runner, ScheduledJob

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

# The library registers its table when its admin is imported, above; ours adds the way out of parking.
admin.site.unregister(DBTaskResult)


@admin.register(DBTaskResult)
class JobAdmin(DBTaskResultAdmin):
    list_filter = ("status", "priority", "queue_name")
    actions = ["retry"]
    show_full_result_count = False

    def has_retry_permission(self, request: HttpRequest) -> bool:
        codename = get_permission_codename("change", self.opts)
        return request.user.has_perm(f"{self.opts.app_label}.{codename}")

    @admin.action(description=_("Run the parked ones again"), permissions=["retry"])
    def retry(self, request: HttpRequest, queryset: QuerySet[DBTaskResult]) -> None:
        count = worker.put_back(list(queryset.values_list("pk", flat=True)))
        message = ngettext("%d job will run again.", "%d jobs will run again.", count) % count
        self.message_user(request, message, messages.SUCCESS if count else messages.WARNING)


@admin.register(ScheduledJob)
class ScheduledJobAdmin(admin.ModelAdmin):
    list_display = ["name", "every", "enabled", "next_run", "last_run", "went_well"]
    fields = ["name", "every", "enabled", "next_run", "last_run", "last_error"]
    readonly_fields = ["name", "every", "next_run", "last_run", "last_error"]
    actions = ["run_now"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("went well"), boolean=True)
    def went_well(self, job: ScheduledJob) -> bool | None:
        return None if job.last_run is None else not job.last_error

    @admin.action(description=_("Run now"), permissions=["change"])
    def run_now(self, request: HttpRequest, queryset: QuerySet[ScheduledJob]) -> None:
        queryset.update(next_run=timezone.now())
        self.message_user(request, _("They run at the next look at the schedule, within some seconds."))


@admin.register(Runner)
class RunnerAdmin(admin.ModelAdmin):
    list_display = ["role", "machine", "pid", "started_at", "seen_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
