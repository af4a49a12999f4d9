"""People and codes of ethics in /admin/. What changes roles or publishes goes through the domain, so it is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.utils.translation import gettext_lazy as _

from platform_core.base.errors import Refusal

from .domain import publish_code, set_roles
from .forms import CODE_TEXTS, CodeForm
from .models import Acceptance, CodeOfEthics, User
from .roles import Role

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


def roles_field() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("Roles"), choices=Role.choices, required=False, widget=forms.CheckboxSelectMultiple
    )


class PersonChangeForm(UserChangeForm):
    roles = roles_field()

    class Meta:
        model = User
        fields = ["email", "name", "language", "theme", "phone", "is_active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].initial = [name for name in self.instance.role_names if name in Role.values]

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).strip().lower()


class PersonCreationForm(AdminUserCreationForm):
    roles = roles_field()

    class Meta:
        model = User
        fields = ["email", "name", "language"]

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).strip().lower()


class RoleFilter(admin.SimpleListFilter):
    title = _("role")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Role.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        return queryset.filter(groups__name=self.value()) if self.value() in Role.values else queryset


@admin.register(User)
class PersonAdmin(DjangoUserAdmin):
    form = PersonChangeForm
    add_form = PersonCreationForm
    list_display = ["email", "name", "roles", "is_active", "last_login"]
    list_filter = [RoleFilter, "is_active", "is_staff", "language"]
    search_fields = ["email", "name"]
    ordering = ["email"]
    filter_horizontal = []
    readonly_fields = ["is_staff", "is_superuser", "has_accepted_code", "last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["email", "name", "phone", "password"]}),
        (_("Preferences"), {"fields": ["language", "theme"]}),
        (_("In the service"), {"fields": ["roles", "is_active", "is_staff", "is_superuser"]}),
        (_("Dates"), {"fields": ["last_login", "date_joined", "has_accepted_code"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["email", "name", "language", "usable_password", "password1", "password2", "roles"]})
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description=_("Roles"))
    def roles(self, user: User) -> str:
        return ", ".join(
            sorted(str(Role(group.name).label) for group in user.groups.all() if group.name in Role.values)
        )

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            # Who creates the account answers for the address; the person did not go through the sign-up.
            EmailAddress.objects.create(user=obj, email=obj.email, primary=True, verified=True)
        elif "email" in form.changed_data:
            EmailAddress.objects.filter(user=obj).delete()
            EmailAddress.objects.create(user=obj, email=obj.email, primary=True, verified=True)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if "roles" not in form.cleaned_data:
            return
        try:
            set_roles(
                user=form.instance,
                roles=[Role(name) for name in form.cleaned_data["roles"]],
                actor=cast("User", request.user),
            )
        except Refusal as refusal:
            self.message_user(request, refusal.message, messages.ERROR)


@admin.register(CodeOfEthics)
class CodeAdmin(admin.ModelAdmin):
    """Read the published versions, and publish the next one. What people accepted is never changed."""

    form = CodeForm
    list_display = ["version", "published_at", "accepted_by"]

    def accepted_by(self, code: CodeOfEthics) -> int:
        return code.acceptances.count()

    accepted_by.short_description = _("accepted by")  # type: ignore[attr-defined]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        last = CodeOfEthics.objects.first()
        return {name: getattr(last, name) for name in CODE_TEXTS} if last else {}

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: CodeOfEthics, form: Any, change: bool) -> None:
        code = publish_code(actor=cast("User", request.user), **form.cleaned_data)
        obj.pk, obj.version, obj.published_at = code.pk, code.version, code.published_at
        obj._state.adding = False


@admin.register(Acceptance)
class AcceptanceAdmin(admin.ModelAdmin):
    list_display = ["user", "code", "at"]
    list_filter = ["code"]
    list_select_related = ["user", "code"]
    search_fields = ["user__email", "user__name"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
