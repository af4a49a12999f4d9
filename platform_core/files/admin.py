from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin

from .models import FileScan

if TYPE_CHECKING:
    from django.http import HttpRequest


@admin.register(FileScan)
class FileScanAdmin(admin.ModelAdmin):
    """To be read: the task writes it."""

    list_display = ["storage_name", "state", "found", "created_at", "checked_at"]
    list_filter = ["state"]
    search_fields = ["storage_name", "found"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: FileScan | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: FileScan | None = None) -> bool:
        return False
