"""Wagtail's pages for users, reduced to what is ours: e-mail, name, language, active.

Roles are granted in /admin/, where each one is recorded; Wagtail's group boxes would not.
"""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BooleanColumn, BulkActionsCheckboxColumn, Column, DateColumn
from wagtail.users.forms import UserCreationForm as WagtailCreationForm
from wagtail.users.forms import UserEditForm as WagtailEditForm
from wagtail.users.views.users import IndexView as WagtailIndexView
from wagtail.users.views.users import UserColumn
from wagtail.users.views.users import UserViewSet as WagtailUserViewSet

from .models import User


class _NoNames:
    """Drops what Wagtail's forms declare and our model does not have."""

    first_name = None
    last_name = None
    is_superuser = None


class UserCreationForm(_NoNames, WagtailCreationForm):
    class Meta:
        model = User
        fields = ["email", "name", "language"]

    def save(self, commit: bool = True) -> User:
        with transaction.atomic():
            user: User = super().save(commit=commit)
            if commit:
                EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
        return user

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).strip().lower()


class UserEditForm(_NoNames, WagtailEditForm):
    def __init__(self, *args: Any, editing_self: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, editing_self=False, **kwargs)
        self.fields["email"].disabled = True  # people change their own, which proves that it is theirs
        if editing_self:
            del self.fields["is_active"]

    class Meta:
        model = User
        fields = ["email", "name", "language", "is_active"]


class IndexView(WagtailIndexView):
    @property
    def columns(self) -> list[Column]:
        name = self._get_title_column_class(UserColumn)
        return [
            BulkActionsCheckboxColumn("bulk_actions", obj_type="user"),
            name("name", accessor=str, label=_("Name"), sort_key="name", get_url=self.get_edit_url, classname="name"),
            Column("email", label=_("E-mail"), sort_key="email", classname="username", width="25%"),
            BooleanColumn("is_staff", label=_("Works for the service"), sort_key="is_staff", width="15%"),
            BooleanColumn("is_active", label=_("Active"), sort_key="is_active", classname="status", width="10%"),
            DateColumn("last_login", label=_("Last sign-in"), sort_key="last_login", width="15%"),
        ]

    @property
    def search_fields(self) -> set[str]:
        return {"name", "email"}

    def order_queryset(self, queryset: Any) -> Any:
        if self.ordering in ("name", "-name"):
            return queryset.order_by(self.ordering, "pk")
        return super().order_queryset(queryset)


class UserViewSet(WagtailUserViewSet):
    model = User
    index_view_class = IndexView
    template_prefix = "wagtailusers/users/"

    def get_form_class(self, for_update: bool = False) -> type:
        return UserEditForm if for_update else UserCreationForm
