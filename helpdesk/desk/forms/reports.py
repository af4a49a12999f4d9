"""What a report is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from platform_core.base.forms import DayInput

if TYPE_CHECKING:
    from uuid import UUID

    from training.public import CoursePage


class TrainingReturnForm(forms.Form):
    """The names are those of the address. What is empty asks for all; a course that is none of these, for the first."""

    curs = forms.CharField(label=_("Course"), required=False)
    des = forms.DateField(label=_("First completed from"), required=False, widget=DayInput)
    fins = forms.DateField(label=_("First completed until"), required=False, widget=DayInput)

    def __init__(self, *args: Any, courses: dict[UUID, CoursePage], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.courses = {str(key): course for key, course in courses.items()}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("des"), cleaned.get("fins")
        if since and until and until < since:
            self.add_error("fins", _("This day is before the first one."))
        return cleaned

    @property
    def course(self) -> CoursePage:
        """There is one at least."""
        return self.courses.get(self.cleaned_data.get("curs", "")) or next(iter(self.courses.values()))
