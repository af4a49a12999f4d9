"""The audit list and the deliveries, for those who run the installation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.auth import get_permission_codename
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from . import deliveries, events
from .models import Activity, Delivery, Purge, Seal

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


class ReadOnly(admin.ModelAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class TypeFilter(admin.SimpleListFilter):
    """The declared types: asking the table for its distinct values would read it whole."""

    title = _("event")
    parameter_name = "type"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, name) for name in events.event_names()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Activity]) -> QuerySet[Activity]:
        return queryset.filter(type=self.value()) if self.value() else queryset


@admin.register(Activity)
class ActivityAdmin(ReadOnly):
    list_display = ["at", "type", "who", "subject_type", "subject_id", "data"]
    list_filter = [TypeFilter, "actor_kind", "at"]
    list_select_related = ["actor"]
    # An e-mail finds what a person did; "=" compares whole values, which the indexes know.
    search_fields = ["=actor__email", "=subject_id"]
    search_help_text = _("The whole e-mail of the actor, or the whole id of the subject")
    fields = ["at", "type", "version", "who", "subject_type", "subject_id", "data"]
    show_full_result_count = False
    list_per_page = 50

    @admin.display(description=_("actor"))
    def who(self, activity: Activity) -> str:
        if activity.actor_erased:
            return str(_("an erased person"))
        return str(activity.actor or _("the system"))


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"
    states: dict[str, tuple[Any, dict[str, Any]]] = {
        "parked": (_("parked"), {"parked_at__isnull": False}),
        "waiting": (_("waiting"), {"parked_at": None, "done_at": None}),
        "done": (_("done"), {"done_at__isnull": False}),
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(key, label) for key, (label, _condition) in self.states.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> QuerySet[Delivery]:
        return queryset.filter(**self.states[value][1]) if (value := self.value()) in self.states else queryset


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly):
    list_display = ["activity", "reaction", "tries", "done_at", "parked_at"]
    list_filter = [StateFilter]
    list_select_related = ["activity"]
    ordering = ["-pk"]
    actions = ["retry"]
    show_full_result_count = False

    def has_retry_permission(self, request: HttpRequest) -> bool:
        codename = get_permission_codename("change", self.opts)
        return request.user.has_perm(f"{self.opts.app_label}.{codename}")

    @admin.action(description=_("Try the parked ones again"), permissions=["retry"])
    def retry(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        count = deliveries.retry_parked(queryset.values_list("pk", flat=True))
        message = ngettext("%d delivery will be tried again.", "%d deliveries will be tried again.", count) % count
        self.message_user(request, message, messages.SUCCESS if count else messages.WARNING)


@admin.register(Purge)
class PurgeAdmin(ReadOnly):
    list_display = ["at", "older_than", "removed"]
    ordering = ["-at"]


@admin.register(Seal)
class SealAdmin(ReadOnly):
    list_display = ["pk", "at", "digest"]
    ordering = ["-pk"]
