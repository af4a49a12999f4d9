"""What people outside the desk write: a new ticket, an answer, a colleague in copy, what they thought of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from helpdesk.desk.models import Kind, Rating, State
from platform_core.base.forms import MarkdownInput
from platform_core.files.public import MultipleFileField
from platform_core.organisations.models import Organisation

from .bench import HostField, read_uuid

if TYPE_CHECKING:
    from platform_core.accounts.models import User

ABOUT = {
    Kind.CONFIGURATION: _("How something is done, where it is changed, what is better"),
    Kind.QUESTION: _("Somebody cannot enter, vote or register"),
    Kind.INCIDENT: _("Something that worked and now does not"),
    Kind.IMPROVEMENT: _("Something that would serve more than one organisation"),
    Kind.OUTAGE: _("No page opens. If it is this, you can also ring us."),
}
"""What each kind is, in the order in which they are offered."""


class WritingForm(forms.Form):
    """A text with files. `submission` is the same when the form is sent twice, and another on each new page."""

    text = forms.CharField(widget=MarkdownInput(attrs={"rows": 6, "data-identity": ""}))
    files = MultipleFileField(label=_("Files"), required=False)  # type: ignore[assignment]  # a field, made by the class
    submission = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, person: User, initial: dict[str, Any] | None = None, **kwargs: Any) -> None:
        kwargs["initial"] = {"submission": uuid4(), **(initial or {})}
        super().__init__(*args, **kwargs)
        self.fields["files"].actor = person  # type: ignore[attr-defined]

    def clean_submission(self) -> UUID | None:
        return read_uuid(self.cleaned_data["submission"])


class NewTicketForm(WritingForm):
    kind = forms.TypedChoiceField(
        label=_("What do you need?"),
        coerce=Kind,
        choices=[(kind, kind.label) for kind in ABOUT],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you need.")},
    )
    subject = forms.CharField(
        label=_("In one sentence"),
        max_length=200,
        help_text=_("As you would tell the colleague beside you."),
        widget=forms.TextInput(attrs={"data-identity": ""}),
        error_messages={"required": _("Write in a few words what it is about.")},
    )
    organisation = forms.TypedChoiceField(label=_("In the name of"), required=False, empty_value=None)
    instance = HostField(label=_("Platform"), help_text=_("The address of the one that it is about."))
    topic = forms.ChoiceField(label=_("Topic"), required=False)

    field_order = ["kind", "subject", "organisation", "instance", "topic", "text", "files", "submission"]

    def __init__(self, *args: Any, person: User, topics: list[tuple[str, str]], **kwargs: Any) -> None:
        ours = person.memberships.current().values("organisation")
        self.organisations = list(Organisation.objects.filter(pk__in=ours))
        first = {}
        if self.organisations:
            first = {"organisation": self.organisations[0].pk, "instance": self.organisations[0].platform_host}
        super().__init__(*args, person=person, initial={"kind": Kind.CONFIGURATION, **first}, **kwargs)
        self.fields["text"].label = _("In detail")
        self.fields["text"].help_text = _(
            "Which process, what you expected, what happened. You can paste screenshots here."
        )
        self.fields["text"].error_messages["required"] = _("Tell us what happens, with your own words.")
        # The list that is read already: a field of the database would read it again, to show it and to check.
        by_key = {str(one.pk): one for one in self.organisations}
        self.fields["organisation"].choices = [("", _("only mine")), *by_key.items()]  # type: ignore[attr-defined]
        self.fields["organisation"].coerce = by_key.get  # type: ignore[attr-defined]
        self.fields["topic"].choices = [("", _("I do not know")), *topics]  # type: ignore[attr-defined]
        self.fields["instance"].widget.attrs["list"] = "hosts"
        if not topics:
            del self.fields["topic"]
        if not self.organisations:
            del self.fields["organisation"]


class ReplyForm(WritingForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("Your answer")
        self.fields["text"].widget.attrs["class"] = "compose__area"
        self.fields["text"].required = False  # files alone are an answer too; the verb asks for one of the two


class CopyForm(forms.Form):
    email = forms.EmailField(label=_("E-mail of the colleague"), max_length=254)


class StateForm(forms.Form):
    to = forms.TypedChoiceField(coerce=State, choices=[(State.CLOSED, ""), (State.OPEN, "")])


class RateForm(forms.Form):
    rating = forms.TypedChoiceField(
        label=_("How did we do?"),
        coerce=lambda value: Rating(int(value)),
        choices=Rating.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the three.")},
    )
    comment = forms.CharField(
        label=_("What should we know?"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
