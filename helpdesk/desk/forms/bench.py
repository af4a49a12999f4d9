"""What agents write at the workbench and on the phone. Each form carries the version of the case that was read."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_domain_name, validate_slug
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helpdesk.desk.models import Kind, Level, Priority, State
from platform_core.accounts.models import User
from platform_core.base.forms import MarkdownInput
from platform_core.files.public import MultipleFileField
from platform_core.organisations.models import Organisation, fold

if TYPE_CHECKING:
    from helpdesk.desk.models import Case

A_DAY = 24 * 60
LONGEST_ID = 18
LONGEST_HOST = 253
LONGEST_ADDRESS = 2000
_END_OF_HOST = re.compile(r"[/?#:]")


class OrganisationField(forms.CharField):
    """An organisation by its name, its INE code or its name in addresses; no query to show it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=120, **kwargs)

    def clean(self, value: Any) -> Organisation | None:
        text = " ".join(super().clean(value).split())
        if not text:
            return None
        same = Q(name=text) | Q(index_name=text) | Q(sort_key=fold(text)) | Q(ine_code=text) | Q(slug=text)
        found: Organisation | None = Organisation.objects.filter(same).order_by("pk").first()
        if found is None:
            raise forms.ValidationError(
                _("We know no organisation called “%(name)s”. Write its whole name or its INE code."),
                params={"name": text},
            )
        return found


class HostField(forms.CharField):
    """The host of a platform, in lower case; of a whole address, which people paste, what is its host."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=LONGEST_ADDRESS, **kwargs)
        self.widget.attrs |= {
            "inputmode": "url",
            "autocomplete": "off",
            "autocapitalize": "none",
            "spellcheck": "false",
        }

    def clean(self, value: Any) -> str:
        text = super().clean(value).strip().casefold()
        host = _END_OF_HOST.split(text.rpartition("://")[2], maxsplit=1)[0].rstrip(".")
        if not text:
            return ""
        try:
            validate_domain_name(host)
        except ValidationError:
            host = ""
        if not host or len(host) > LONGEST_HOST:
            raise ValidationError(_("This is not the address of a platform. Write it as in: participa.vila.cat"))
        return str(host)


class MinutesField(forms.IntegerField):
    """Minutes as a length of time; None for none."""

    def __init__(self) -> None:
        super().__init__(label=_("Minutes spent"), required=False, min_value=0, max_value=A_DAY)
        self.widget.attrs["inputmode"] = "numeric"

    def clean(self, value: Any) -> timedelta | None:
        minutes = super().clean(value)
        return timedelta(minutes=minutes) if minutes else None


class CaseForm(forms.Form):
    """`version`: of the case when the page was made. What cannot be one counts as never having read it."""

    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        kwargs["initial"] = {"version": case.version, **kwargs.pop("initial", {})}
        super().__init__(*args, **kwargs)

    def clean_version(self) -> int:
        text = self.cleaned_data["version"]
        return int(text) if text.isascii() and text.isdigit() and len(text) < LONGEST_ID else 0

    def reread(self, case: Case) -> None:
        """The person has been shown the case as it is now, beside what they typed."""
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data[self.add_prefix("version")] = str(case.version)  # type: ignore[index]


class WritingForm(CaseForm):
    """A text with files. `submission` is the same when the form is sent twice, and another on each new page."""

    text = forms.CharField(required=False, widget=MarkdownInput(attrs={"rows": 5, "class": "compose__area"}))
    files = MultipleFileField(label=_("Files"), required=False)  # type: ignore[assignment]
    minutes = MinutesField()
    submission = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        kwargs["initial"] = {"submission": uuid4()}
        super().__init__(*args, **kwargs)
        self.fields["files"].actor = actor  # type: ignore[attr-defined]

    def clean_submission(self) -> UUID | None:
        return read_uuid(self.cleaned_data["submission"])


class ReplyForm(WritingForm):
    then = forms.TypedChoiceField(
        label=_("After sending"),
        coerce=State,
        choices=[
            (State.OPEN, _("it stays in progress")),
            (State.WAITING, _("we wait for their answer")),
            (State.RESOLVED, _("it is resolved")),
        ],
        initial=State.OPEN,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("Answer")


class NoteForm(WritingForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="note_%s", **kwargs)
        self.fields["text"].label = _("Internal note")


class StateForm(CaseForm):
    to = forms.TypedChoiceField(coerce=State, choices=[(state, state.label) for state in State if state != State.NEW])


class AssignForm(CaseForm):
    """`assignee`: the id of somebody of the desk, "" for nobody."""

    assignee = forms.CharField(label=_("Who has it"), required=False)

    def clean_assignee(self) -> User | None:
        text = self.cleaned_data["assignee"]
        if not text:
            return None
        number = int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_ID else 0
        person: User | None = User.objects.filter(pk=number, is_active=True).first()
        if person is None:
            raise forms.ValidationError(_("Choose somebody of the desk."))
        return person


class EscalateForm(CaseForm):
    level = forms.TypedChoiceField(label=_("Level"), coerce=lambda value: Level(int(value)), choices=Level.choices)
    reason = forms.CharField(label=_("Why"), required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, case=case, auto_id="pass_%s", **kwargs)
        self.fields["level"].choices = [  # type: ignore[attr-defined]
            (value, label) for value, label in Level.choices if value != case.level
        ]


class PropertiesForm(CaseForm):
    kind = forms.TypedChoiceField(label=_("Kind"), coerce=Kind, choices=Kind.choices)
    priority = forms.TypedChoiceField(
        label=_("Priority"), coerce=lambda value: Priority(int(value)), choices=Priority.choices
    )
    topic = forms.CharField(label=_("Topic"), required=False, max_length=80)
    organisation = OrganisationField(label=_("Organisation"), required=False)
    instance = HostField(label=_("Platform"), help_text=_("Its address, such as participa.vila.cat."))

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        now = {
            "kind": case.kind,
            "priority": case.priority,
            "topic": case.topic,
            "organisation": case.organisation.name if case.organisation else "",
            "instance": case.instance,
        }
        super().__init__(*args, case=case, initial=now, auto_id="is_%s", **kwargs)
        self.fields["topic"].widget.attrs["list"] = "topics"
        self.fields["organisation"].widget.attrs["autocomplete"] = "off"

    def clean_topic(self) -> str:
        topic: str = self.cleaned_data["topic"].strip()
        if topic:
            validate_slug(topic)
        return topic

    def clean(self) -> dict[str, Any]:
        """With another organisation comes its platform, unless somebody wrote one."""
        cleaned: dict[str, Any] = super().clean() or {}
        organisation = cleaned.get("organisation")
        if organisation and "organisation" in self.changed_data and "instance" not in self.changed_data:
            cleaned["instance"] = organisation.platform_host
        return cleaned


class CopyForm(CaseForm):
    """`remove`: the id of who is in copy no longer, instead of an address to add."""

    email = forms.EmailField(label=_("E-mail"), required=False, max_length=254)
    remove = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="copy_%s", **kwargs)


def read_uuid(text: str) -> UUID | None:
    """None for what is no UUID: a form without a number is only not protected against being sent twice."""
    try:
        return UUID(text)
    except ValueError:
        return None
