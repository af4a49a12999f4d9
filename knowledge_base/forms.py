"""What readers fill in."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from .domain import LONGEST_COMMENT


class RatingForm(forms.Form):
    """`helped` is the button that was pressed; the comment is there only in the second step."""

    helped = forms.TypedChoiceField(
        choices=[("yes", _("Yes")), ("no", _("Not quite"))],
        coerce=lambda value: value == "yes",
        widget=forms.HiddenInput,
    )
    comment = forms.CharField(
        label=_("What was missing, or what helped?"),
        required=False,
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only the editors read it. Please write no personal data."),
    )
