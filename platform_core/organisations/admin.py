"""Looking at organisations and memberships. What the admin changes goes through the domain, and into the log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin

from platform_core.base.errors import Refusal

from .models import Invitation, Membership, Organisation
from .register import FIELDS, Facts, check, create_organisation, update_organisation

if TYPE_CHECKING:
    from django.http import HttpRequest


class OrganisationForm(forms.ModelForm):
    class Meta:
        model = Organisation
        fields = FIELDS

    def clean(self) -> dict[str, Any]:
        facts: dict[str, Any] = super().clean() or {}
        if not self.errors:
            try:
                check(Facts(**facts))
            except Refusal as refusal:
                self.add_error(refusal.field if refusal.field in self.fields else None, str(refusal.message))
        return facts


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):
    form = OrganisationForm
    list_display = ["index_name", "ine_code", "comarca", "kind", "joined_on", "is_fictional"]
    list_filter = ["kind", "is_fictional", ("joined_on", admin.EmptyFieldListFilter), "comarca"]
    search_fields = ["name", "sort_key", "=ine_code"]
    readonly_fields = ["slug"]
    list_per_page = 50

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Organisation, form: Any, change: bool) -> None:
        facts = Facts(**form.cleaned_data)
        if change:
            update_organisation(actor=request.user, organisation=obj, facts=facts)  # type: ignore[arg-type]
        else:
            obj.pk = create_organisation(actor=request.user, facts=facts).pk  # type: ignore[arg-type]


class ReadOnly(admin.ModelAdmin):
    """Seats change on the pages of the organisation, where the rules are explained."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Membership)
class MembershipAdmin(ReadOnly):
    list_display = ["person", "organisation", "role", "since", "until"]
    list_filter = ["role", ("until", admin.EmptyFieldListFilter)]
    list_select_related = ["person", "organisation"]
    search_fields = ["person__name", "=person__email", "organisation__sort_key"]


@admin.register(Invitation)
class InvitationAdmin(ReadOnly):
    list_display = ["email", "organisation", "role", "created_at", "expires_at", "accepted_at", "revoked_at"]
    list_select_related = ["organisation"]
    search_fields = ["=email", "organisation__sort_key"]
