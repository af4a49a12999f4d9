"""The service levels, for who coordinates the service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin

from .domain.policies import change_policy
from .models import Policy

if TYPE_CHECKING:
    from django.http import HttpRequest


@admin.register(Policy)
class PolicyAdmin(admin.ModelAdmin):
    list_display = ("kind", "priority", "calendar", "response", "resolution", "update_every")
    list_filter = ("kind", "calendar")
    list_select_related = ("calendar",)

    def save_model(self, request: HttpRequest, obj: Policy, _form: Any, _change: bool) -> None:
        change_policy(actor=request.user, policy=obj)  # type: ignore[arg-type]  # the admin is behind a sign-in

    def has_delete_permission(self, _request: HttpRequest, _obj: Policy | None = None) -> bool:
        """A kind and priority without a level would promise nothing."""
        return False
