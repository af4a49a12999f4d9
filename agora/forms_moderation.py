"""What people say when they flag, hide, warn, suspend and appeal. The rules are the domain's; here are the fields."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from platform_core.participation.public import LONGEST_REASON

from .models.moderation import LONGEST_APPEAL, LONGEST_NOTE, Reason

FIRST_SUSPENSION = timedelta(days=7)


class _ReasonForm(forms.Form):
    reason = forms.TypedChoiceField(
        label=_("What is wrong?"),
        coerce=Reason,
        choices=Reason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the reason.")},
    )
    note = forms.CharField(
        label=_("In your words"), required=False, max_length=LONGEST_NOTE, widget=forms.Textarea(attrs={"rows": 3})
    )


class FlagForm(_ReasonForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].help_text = _("Who moderates reads it, and your name; who wrote the post does not.")


class HideForm(_ReasonForm):
    takes_topic = forms.BooleanField(label=_("Hide the whole topic, with all its posts"), required=False)

    def __init__(self, *args: Any, is_first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].help_text = _("Who wrote the post reads it.")
        if not is_first:
            del self.fields["takes_topic"]


class WarnForm(forms.Form):
    reason = forms.CharField(
        label=_("What was not right"),
        max_length=LONGEST_REASON,
        help_text=_("The person reads it."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why: the person reads it.")},
    )


class SuspendForm(WarnForm):
    until = forms.DateTimeField(
        label=_("Until"),
        help_text=_("Until then they read, and do not write."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        week = timezone.localtime(timezone.now() + FIRST_SUSPENSION).replace(minute=0, second=0, microsecond=0)
        super().__init__(*args, **kwargs)
        self.fields["until"].initial = week


class LiftForm(forms.Form):
    reason = forms.CharField(
        label=_("Why it is taken back"),
        max_length=LONGEST_REASON,
        help_text=_("The person reads it."),
        error_messages={"required": _("Say why: the person reads it.")},
    )


class AppealForm(forms.Form):
    text = forms.CharField(
        label=_("Why it should be otherwise"),
        max_length=LONGEST_APPEAL,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Write something first.")},
    )


class AnswerAppealForm(forms.Form):
    is_upheld = forms.TypedChoiceField(
        label=_("What you decide"),
        coerce=lambda value: value == "1",
        choices=[("1", _("They are right: it is taken back")), ("0", _("It stands"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two.")},
    )
    answer = forms.CharField(
        label=_("Your answer"),
        max_length=LONGEST_APPEAL,
        help_text=_("The person reads it."),
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Write something first.")},
    )
