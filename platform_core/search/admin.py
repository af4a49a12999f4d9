"""What Elasticsearch refused, for whoever runs the installation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .models import IndexChange

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


@admin.register(IndexChange)
class IndexChangeAdmin(admin.ModelAdmin):
    list_display = ["entry_id", "version", "tries", "due_at", "parked_at", "problem"]
    list_filter = [("parked_at", admin.EmptyFieldListFilter)]
    readonly_fields = ["entry_id", "version", "stamp", "due_at", "tries", "problem", "parked_at"]
    actions = ["try_again"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: IndexChange | None = None) -> bool:
        return False

    @admin.action(description=_("Try again"), permissions=["change"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[IndexChange]) -> None:
        queryset.update(tries=0, problem="", parked_at=None, due_at=timezone.now())
