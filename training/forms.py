from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from platform_core.base.forms import DayInput

from .domain import LONGEST_COMMENT
from .domain.enrolling import MOST_EXTRA_TIME
from .domain.sessions import SessionFacts
from .models import Clarity
from .permissions import manages_training

if TYPE_CHECKING:
    from platform_core.accounts.models import User
    from platform_core.organisations.public import Organisation

    from .models import CoursePage, LessonFeedback, Session

LARGEST = 1024 * 1024  # bytes of a list of people


class RollForm(forms.Form):
    """Whom to enrol. `people` and `file` are two ways to say the same."""

    course = forms.ChoiceField(label=_("Course"))
    people = forms.CharField(
        label=_("Whom"),
        widget=forms.Textarea(attrs={"rows": 6}),
        required=False,
        help_text=_("Their e-mail addresses, one a line."),
    )
    file = forms.FileField(
        label=_("Or a file"),
        required=False,
        help_text=_("CSV with a column called “correu”. Nothing is enrolled by halves."),
    )
    group = forms.CharField(
        label=_("Group"),
        required=False,
        max_length=120,
        help_text=_("Those who take it together, such as “Tardor 2026”."),
    )

    def __init__(
        self, *args: Any, actor: User, courses: list[CoursePage], organisations: list[Organisation], **kwargs: Any
    ) -> None:
        """`organisations` are those that a referent invites to; none for who works for the service."""
        super().__init__(*args, **kwargs)
        self.organisations = {str(each.pk): each for each in organisations}
        self.courses = {str(course.translation_key): course for course in courses}
        choices = [(key, course.title) for key, course in self.courses.items()]
        self.fields["course"] = forms.ChoiceField(label=_("Course"), choices=choices, widget=forms.Select)
        if not manages_training(actor):
            del self.fields["group"]
        if len(organisations) > 1:
            named = [(pk, each.name) for pk, each in self.organisations.items()]
            self.fields["organisation"] = forms.ChoiceField(label=_("Local body to invite to"), choices=named)

    @property
    def organisation(self) -> Organisation | None:
        """The one that was chosen, or the only one."""
        chosen = self.cleaned_data.get("organisation")
        return self.organisations[chosen] if chosen else next(iter(self.organisations.values()), None)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and file.size > LARGEST:
            raise forms.ValidationError(_("This file is too large: a list of people has less than 1 MB."))
        return file

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and bool(cleaned.get("people", "").strip()) == bool(cleaned.get("file")):
            self.add_error("people", _("Write the addresses, or choose a file: one of the two."))
        return cleaned


class _Moment(forms.DateTimeInput):
    """A day and an hour, as browsers let people choose them."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%dT%H:%M")


class GroupForm(forms.Form):
    """Its days are of the service's time zone, both included."""

    name = forms.CharField(label=_("Group"), max_length=120)
    starts_on = forms.DateField(label=_("First day"), widget=DayInput)
    ends_on = forms.DateField(label=_("Last day"), required=False, widget=DayInput)


class ExtraTimeForm(forms.Form):
    percent = forms.IntegerField(
        label=_("Extra time in quizzes"),
        min_value=0,
        max_value=MOST_EXTRA_TIME,
        help_text=_("Percent of the time limit; from the next attempt on. Who needs it does not have to say why."),
    )


class ClarityForm(forms.Form):
    """`clarity` is the button that was pressed; the comment is there only in the second step."""

    clarity = forms.ChoiceField(choices=Clarity.choices, widget=forms.HiddenInput)
    comment = forms.CharField(
        label=_("What would have made it clearer, or what helped?"),
        required=False,
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Who writes the course reads it, without your name. Please write no personal data."),
    )

    @classmethod
    def of(cls, said: LessonFeedback | None) -> ClarityForm:
        return cls(initial={"clarity": said.clarity, "comment": said.comment} if said else None)


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Attendance code"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class SessionForm(forms.Form):
    """A session; its hours are of the service's time zone."""

    title = forms.CharField(label=_("Title"), max_length=150)
    starts_at = forms.DateTimeField(label=_("Begins"), widget=_Moment)
    ends_at = forms.DateTimeField(label=_("Ends"), widget=_Moment)
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    url = forms.URLField(
        label=_("Address to join"),
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=_("Only who has a place sees it."),
    )
    places = forms.IntegerField(
        label=_("Places"), min_value=0, max_value=10000, initial=0, help_text=_("0: for everybody.")
    )
    attendance_code = forms.CharField(
        label=_("Attendance code"),
        max_length=12,
        required=False,
        help_text=_("Say it in the session: who writes it has attended."),
    )
    completes = forms.BooleanField(label=_("Who attends completes the course"), required=False)
    recording = forms.URLField(label=_("Recording"), required=False, max_length=500, assume_scheme="https")
    materials = forms.CharField(label=_("Materials"), required=False, max_length=2000, widget=forms.Textarea)

    def facts(self) -> SessionFacts:
        return SessionFacts(**self.cleaned_data)

    @staticmethod
    def of(session: Session | None) -> dict[str, Any]:
        if session is None:
            return {}
        return {name: getattr(session, name) for name in SessionForm.base_fields}
