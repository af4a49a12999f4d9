"""What people write about organisations. The rules are the domain's; here are the fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from platform_core.base.forms import DayInput

from .models import Membership, MembershipRole

if TYPE_CHECKING:
    import datetime


class MemberForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail"), max_length=254,
        help_text=_("If we do not know the address, we send an invitation that is valid for 14 days."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    role = forms.ChoiceField(
        label=_("Role"), choices=MembershipRole.choices, initial=MembershipRole.TECHNICIAN,
        help_text=_("A referent answers for the platform and manages who works in the organisation."),
    )  # fmt: skip

    def clean_role(self) -> MembershipRole:
        return MembershipRole(self.cleaned_data["role"])


class _LeaveWithoutReferent(forms.Form):
    """The box that only coordinators see: see `domain.guard_referent`."""

    leave_without_referent = forms.BooleanField(
        label=_("Leave the organisation without a referent"), required=False,
        help_text=_("The service looks after it until there is one."),
    )  # fmt: skip

    def __init__(self, *args: Any, may_override: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_override:
            del self.fields["leave_without_referent"]

    @property
    def leaves_without_referent(self) -> bool:
        return bool(self.cleaned_data.get("leave_without_referent"))


class RoleForm(_LeaveWithoutReferent):
    role = forms.ChoiceField(label=_("Role"), choices=MembershipRole.choices)
    field_order = ["role", "leave_without_referent"]

    def clean_role(self) -> MembershipRole:
        return MembershipRole(self.cleaned_data["role"])


class EndForm(_LeaveWithoutReferent):
    until = forms.DateField(
        label=_("First day out"), initial=timezone.localdate,
        help_text=_("From this day on the person no longer sees anything of the organisation."),
        widget=DayInput,
    )  # fmt: skip
    field_order = ["until", "leave_without_referent"]

    def clean_until(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["until"]
        return day


class SuccessorField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Membership) -> str:
        return f"{obj.person} · {obj.get_role_display()}"


class HandoverForm(forms.Form):
    successor = SuccessorField(
        label=_("Who takes over"), queryset=Membership.objects.none(), empty_label=_("Choose a person"),
        error_messages={
            "invalid_choice": _("The successor must be a member of the same organisation. Add them first."),
        },
    )  # fmt: skip

    def __init__(self, *args: Any, successors: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["successor"].queryset = successors  # type: ignore[attr-defined]
