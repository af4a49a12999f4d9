"""A ticket taken by phone: everything on one screen, with one field for who calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from helpdesk.desk.models import Kind, Priority
from platform_core.accounts.models import User
from platform_core.base.forms import MarkdownInput
from platform_core.organisations.models import Membership
from platform_core.organisations.queries import person_with_email

from .bench import MinutesField, OrganisationField, read_uuid

if TYPE_CHECKING:
    from platform_core.organisations.models import Organisation


class IntakeForm(forms.Form):
    """Cleaned, it has `requester` (None for who has no account), `requester_email` and `organisation`."""

    who = forms.CharField(
        label=_("Who calls"), max_length=254,
        help_text=_("Name, e-mail or organisation. Whoever has no account is known by their e-mail."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-who": ""}),
    )  # fmt: skip
    name = forms.CharField(
        label=_("Their name, if they have no account"), required=False, max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    organisation = OrganisationField(label=_("Organisation"), required=False)
    kind = forms.TypedChoiceField(label=_("Kind"), coerce=Kind, choices=Kind.choices, initial=Kind.QUESTION)
    priority = forms.TypedChoiceField(
        label=_("Priority"),
        coerce=lambda value: Priority(int(value)),
        choices=Priority.choices,
        initial=Priority.NORMAL,
    )
    subject = forms.CharField(label=_("Subject"))
    text = forms.CharField(label=_("What they say"), widget=MarkdownInput(attrs={"rows": 5}))
    note = forms.CharField(
        label=_("Internal note"), required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Only the desk sees it."),
    )  # fmt: skip
    mine = forms.BooleanField(label=_("I take it"), required=False, initial=True)
    solved = forms.BooleanField(label=_("Resolved on the phone"), required=False)
    solution = forms.CharField(
        label=_("What we told them"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("They get it by mail, so that they have it in writing."),
    )  # fmt: skip
    minutes = MinutesField()
    submission = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"submission": uuid4()}
        super().__init__(*args, **kwargs)
        self.fields["organisation"].widget.attrs["autocomplete"] = "off"

    def clean_submission(self) -> UUID:
        return read_uuid(self.cleaned_data["submission"]) or uuid4()

    def clean_who(self) -> str:
        return " ".join(self.cleaned_data["who"].split())

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if "who" not in cleaned:
            return cleaned
        try:
            person = cleaned["requester"] = _person(cleaned["who"])
            cleaned["requester_email"] = person.email if person else cleaned["who"]
            if person and "organisation" in cleaned:
                cleaned["organisation"] = cleaned["organisation"] or _only_organisation(person)
        except ValidationError as problem:
            self.add_error(None if problem.code == "several_seats" else "who", problem)
        if cleaned.get("solved") and not cleaned.get("solution", "").strip():
            self.add_error("solution", _("Write what you told them."))
        return cleaned


def _person(who: str) -> User | None:
    """Whose address or whole name it is; None for the address of nobody. Raises ValidationError for anything else."""
    try:
        validate_email(who)
    except ValidationError:
        named = list(User.objects.filter(name__iexact=who, is_active=True)[:2])
        if len(named) == 1:
            return named[0]
        if named:
            text = _("Several people are called “%(name)s”. Write the e-mail of the one who calls.")
        else:
            text = _("Nobody here is called “%(name)s”. Write their e-mail.")
        raise ValidationError(text, params={"name": who}) from None
    return person_with_email(who)


def _only_organisation(person: User) -> Organisation | None:
    seats = Membership.objects.current().filter(person=person).select_related("organisation")[:10]
    organisations = {seat.organisation_id: seat.organisation for seat in seats}
    if len(organisations) > 1:
        names = ", ".join(sorted(str(organisation) for organisation in organisations.values()))
        text = _("%(name)s works for several organisations: write which one calls (%(names)s).")
        raise ValidationError(text, code="several_seats", params={"name": person, "names": names})
    return next(iter(organisations.values()), None)
