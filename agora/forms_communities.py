"""What people write about communities. The rules are the domain's; here are the fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from platform_core.base.forms import MarkdownInput
from platform_core.files.public import MultipleFileField
from platform_core.organisations.public import person_with_email
from platform_core.participation.public import Joining, OrganKind, Visibility

if TYPE_CHECKING:
    from platform_core.accounts.models import User


class JoinForm(forms.Form):
    """What somebody says when they join: that they accept the charter of a version, and a word to who moderates."""

    charter = forms.IntegerField(required=False, widget=forms.HiddenInput)
    accepts = forms.BooleanField(label=_("I have read the charter and accept it"), required=False)
    message = forms.CharField(
        label=_("A word to who moderates"),
        required=False,
        max_length=1000,
        help_text=_("Who you are and why you would like to join."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, has_charter: bool, asks: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_charter:
            del self.fields["accepts"]
        if not asks:
            del self.fields["message"]

    def clean(self) -> dict[str, Any]:
        sent = super().clean() or {}
        if "accepts" in self.fields and not sent.get("accepts"):
            self.add_error("accepts", _("Accept the charter to go on."))
        return sent


class ExperienceForm(forms.Form):
    experience = forms.CharField(
        label=_("What you have run"),
        required=False,
        max_length=600,
        help_text=_("Participatory budgets, councils, consultations… so that the others know whom to ask."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class InviteForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail of the person"),
        help_text=_("Of somebody who has an account."),
        error_messages={"required": _("Write an address."), "invalid": _("This is not an address.")},
    )


class DeclineForm(forms.Form):
    reason = forms.CharField(label=_("Why not"), required=False, max_length=300, help_text=_("The person reads it."))


class SpaceForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    summary = forms.CharField(label=_("Summary"), max_length=300, required=False, help_text=_("In one sentence."))
    about = forms.CharField(label=_("What it is for"), required=False, widget=MarkdownInput(attrs={"rows": 6}))
    charter = forms.CharField(
        label=_("Charter"),
        required=False,
        help_text=_("How people treat each other here. Who joins accepts it."),
        widget=MarkdownInput(attrs={"rows": 8}),
    )
    ask_again = forms.BooleanField(
        label=_("It is a new charter: ask everybody to accept it again"),
        required=False,
        help_text=_("Until then they can read and not write."),
    )
    visibility = forms.ChoiceField(label=_("Who can read it"), choices=Visibility.choices, widget=forms.RadioSelect)
    joining = forms.ChoiceField(label=_("How one joins"), choices=Joining.choices, widget=forms.RadioSelect)
    image = MultipleFileField(label=_("Image"), required=False)


class OpenForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120, error_messages={"required": _("Write a name.")})
    slug = forms.SlugField(
        label=_("Name in the address"), max_length=80,
        help_text=_("In lower case and without accents, with dashes between the words."),
        error_messages={"required": _("Write it: the address of the community ends with it.")},
    )  # fmt: skip
    organ_kind = forms.ChoiceField(
        label=_("What is it?"), choices=OrganKind.choices, initial=OrganKind.AGORA, widget=forms.RadioSelect
    )
    summary = forms.CharField(label=_("Summary"), max_length=300, required=False, help_text=_("In one sentence."))
    charter = forms.CharField(
        label=_("Charter"),
        required=False,
        help_text=_("How people treat each other here. Who joins accepts it."),
        widget=MarkdownInput(attrs={"rows": 8}),
    )
    visibility = forms.ChoiceField(
        label=_("Who can read it"), choices=Visibility.choices, initial=Visibility.MEMBERS, widget=forms.RadioSelect
    )
    joining = forms.ChoiceField(
        label=_("How one joins"), choices=Joining.choices, initial=Joining.REQUEST, widget=forms.RadioSelect
    )
    moderators = forms.CharField(
        label=_("Who moderates it"),
        help_text=_("E-mail addresses of people who have an account, one a line."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Name at least one person who moderates it.")},
    )

    def clean_moderators(self) -> list[User]:
        found = []
        for address in str(self.cleaned_data["moderators"]).split():
            person = person_with_email(address.strip(",;"))
            if person is None or not person.is_active:
                raise forms.ValidationError(
                    _("Nobody has an account with the address %(address)s."), params={"address": address[:100]}
                )
            found.append(person)
        return list(dict.fromkeys(found))


class DocumentForm(forms.Form):
    title = forms.CharField(
        label=_("Title"), required=False, max_length=160, help_text=_("Without one, the name of the file.")
    )
    documents = MultipleFileField(label=_("Files"), required=True)


class MeetingForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=160, error_messages={"required": _("Write a title.")})
    starts_at = forms.DateTimeField(
        label=_("Starts"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"required": _("Say when."), "invalid": _("This is not a date with an hour.")},
    )
    ends_at = forms.DateTimeField(
        label=_("Ends"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"required": _("Say when."), "invalid": _("This is not a date with an hour.")},
    )
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    link = forms.URLField(
        label=_("Link"), max_length=500, required=False, assume_scheme="https",
        help_text=_("Where people meet, if it is on line."),
    )  # fmt: skip
    places = forms.IntegerField(
        label=_("Places"),
        required=False,
        min_value=1,
        max_value=10_000,
        help_text=_("Without a number, for everybody."),
    )
    agenda = forms.CharField(
        label=_("Agenda"), required=False, max_length=10_000, widget=MarkdownInput(attrs={"rows": 5})
    )
    minutes = forms.CharField(
        label=_("Minutes"), required=False, max_length=30_000, widget=MarkdownInput(attrs={"rows": 6}),
        help_text=_("What was said and agreed, once it has been."),
    )  # fmt: skip
