"""What people write in topics. The rules are the domain's; here are the fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from platform_core.base.forms import MarkdownInput

from .domain import LONGEST_TITLE, words_of
from .models import TopicKind

if TYPE_CHECKING:
    from datetime import datetime

    from platform_core.participation.models import Space

ABOUT = {
    TopicKind.QUESTION: _("You need to know something, and one answer can be the good one"),
    TopicKind.DISCUSSION: _("You want to talk something over, or tell what you have done"),
    TopicKind.POLL: _("You want to know what the others prefer"),
    TopicKind.ANNOUNCEMENT: _("You have something to say to the whole community"),
}


class SentOnce(forms.Form):
    """`submission` is the same when the form is sent twice, and another on each new page."""

    submission = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, initial: dict[str, Any] | None = None, **kwargs: Any) -> None:
        kwargs["initial"] = {"submission": uuid4(), **(initial or {})}
        super().__init__(*args, **kwargs)

    def clean_submission(self) -> UUID | None:
        try:
            return UUID(self.cleaned_data["submission"])
        except ValueError:
            return None


class AnswerForm(SentOnce):
    text = forms.CharField(label=_("Your answer"), widget=MarkdownInput(attrs={"rows": 5, "class": "compose__area"}))
    reply_to = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, preview: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].widget.attrs["data-preview"] = preview
        self.fields["text"].error_messages["required"] = _("Write something first.")


class TopicForm(SentOnce):
    kind = forms.TypedChoiceField(
        label=_("What is it?"),
        coerce=TopicKind,
        choices=[(kind, kind.label) for kind in ABOUT],
        initial=TopicKind.QUESTION,
        widget=forms.RadioSelect,
    )
    title = forms.CharField(
        label=_("Title"),
        max_length=LONGEST_TITLE,
        help_text=_("In one sentence, as you would ask the person beside you."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Write a title: it is what the others read in the list.")},
    )
    text = forms.CharField(
        label=_("In detail"),
        widget=MarkdownInput(attrs={"rows": 8}),
        error_messages={"required": _("Write something first.")},
    )
    options = forms.CharField(
        label=_("Options of the poll"),
        required=False,
        help_text=_("One a line, from two to ten. Only for polls."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    is_multiple = forms.BooleanField(label=_("Each person may choose several"), required=False)
    closes_at = forms.DateTimeField(
        label=_("The poll closes"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    tags = forms.CharField(
        label=_("Tags"), required=False, max_length=300, help_text=_("Up to five, with commas between.")
    )

    field_order = ["kind", "title", "text", "options", "is_multiple", "closes_at", "tags", "submission"]

    def __init__(self, *args: Any, preview: str, announces: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].widget.attrs["data-preview"] = preview
        if not announces:
            kinds = [(kind, kind.label) for kind in ABOUT if kind != TopicKind.ANNOUNCEMENT]
            self.fields["kind"].choices = kinds  # type: ignore[attr-defined]

    def clean_options(self) -> list[str]:
        return str(self.cleaned_data["options"]).splitlines()

    def clean_tags(self) -> list[str]:
        return words_of(self.cleaned_data["tags"])


class ChangeForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=LONGEST_TITLE)
    kind = forms.TypedChoiceField(label=_("What is it?"), coerce=TopicKind, choices=TopicKind.choices)
    tags = forms.CharField(
        label=_("Tags"), required=False, max_length=300, help_text=_("Up to five, with commas between.")
    )
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def clean_tags(self) -> list[str]:
        return words_of(self.cleaned_data["tags"])


class EditForm(forms.Form):
    text = forms.CharField(
        label=_("Text"),
        widget=MarkdownInput(attrs={"rows": 8}),
        error_messages={"required": _("Write something first.")},
    )
    reason = forms.CharField(
        label=_("Why it changes"), required=False, max_length=200, help_text=_("It is read in the history of the post.")
    )
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, preview: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].widget.attrs["data-preview"] = preview


class PinForm(forms.Form):
    until = forms.DateTimeField(
        label=_("Pinned until"),
        required=False,
        help_text=_("Without a date, until somebody unpins it."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def moment(self) -> datetime | None:
        found: datetime | None = self.cleaned_data["until"]
        return found


class SplitForm(forms.Form):
    title = forms.CharField(label=_("Title of the new topic"), max_length=LONGEST_TITLE)
    numbers = forms.CharField(
        label=_("Posts to take there"),
        max_length=1000,
        help_text=_("Their numbers, with commas between; a dash takes all from one to another: 4, 7-9."),
    )

    def clean_numbers(self) -> list[int]:
        found: set[int] = set()
        for part in self.cleaned_data["numbers"].split(","):
            first, dash, last = part.strip().partition("-")
            if not _is_number(first) or (dash and not _is_number(last.strip())):
                raise forms.ValidationError(_("Write numbers of posts, such as 4, 7-9."))
            start, end = int(first), int(last) if dash else int(first)
            if end - start > MOST_NUMBERS:
                raise forms.ValidationError(_("These are too many posts at once."))
            found |= set(range(start, end + 1))
        return sorted(found)


class MoveForm(forms.Form):
    space = forms.TypedChoiceField(label=_("To the community"), empty_value=None)

    def __init__(self, *args: Any, spaces: list[Space], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        by_key = {str(space.pk): space for space in spaces}
        self.fields["space"].choices = [("", "—"), *by_key.items()]  # type: ignore[attr-defined]
        self.fields["space"].coerce = by_key.get  # type: ignore[attr-defined]


class MergeForm(forms.Form):
    into = forms.CharField(
        label=_("Behind the posts of"), max_length=300, help_text=_("The reference of the other topic, such as T-17.")
    )

    def clean_into(self) -> int:
        number = str(self.cleaned_data["into"]).strip().lstrip("#").upper().removeprefix("T-")
        if not _is_number(number):
            raise forms.ValidationError(_("This is not the reference of a topic: they are like T-17."))
        return int(number)


MOST_NUMBERS = 500
LONGEST_NUMBER = 9


def _is_number(text: str) -> bool:
    text = text.strip()
    return text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER
