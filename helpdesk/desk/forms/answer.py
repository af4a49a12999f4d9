"""What an agent writes to tie tickets together and to make an answer of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from knowledge_base.public import LONGEST_ANSWER, LONGEST_TITLE, topics
from platform_core.base.forms import MarkdownInput

from .bench import CaseForm

if TYPE_CHECKING:
    from training.public import Task

LONGEST_REFERENCE = 40


class LinkForm(forms.Form):
    other = forms.CharField(label=_("Reference of the other ticket"), max_length=LONGEST_REFERENCE)
    remove = forms.BooleanField(required=False)


class AnswerForm(forms.Form):
    title = forms.CharField(
        label=_("The question, in one sentence"),
        max_length=LONGEST_TITLE,
        help_text=_("As people would ask it, and such that it ends in a question mark."),
        error_messages={"required": _("Write the question in one sentence.")},
    )
    topic = forms.ChoiceField(label=_("Topic"), error_messages={"required": _("Choose one of the topics.")})
    question = forms.CharField(
        label=_("What was asked, in detail"),
        required=False,
        max_length=LONGEST_ANSWER,
        widget=MarkdownInput(attrs={"rows": 5}),
        help_text=_("It stands before the answer. Leave it empty when the sentence above says it all."),
    )
    answer = forms.CharField(
        label=_("The answer"),
        max_length=LONGEST_ANSWER,
        widget=MarkdownInput(attrs={"rows": 12}),
        error_messages={"required": _("Write the answer.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(topic.slug, topic.label) for topic in topics()]
        self.fields["topic"].choices = [("", "—"), *choices]  # type: ignore[attr-defined]


class PrescribeForm(CaseForm):
    """`task` is a course, or a lesson of one, as `training.public.Task.key`; `tasks` are what may be chosen."""

    task = forms.ChoiceField(
        label=_("Lesson or course"), error_messages={"required": _("Choose a lesson or a course.")}
    )
    text = forms.CharField(
        label=_("Your words"),
        required=False,
        max_length=5000,
        help_text=_("Before the link, which we add: why it helps with this ticket."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, tasks: list[tuple[str, list[Task]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = [(course, [(task.key, task.title) for task in inside]) for course, inside in tasks]
        self.fields["task"].choices = [("", _("Choose…")), *groups]  # type: ignore[attr-defined]

    def clean_task(self) -> tuple[UUID, UUID | None]:
        course, _colon, lesson = self.cleaned_data["task"].partition(":")
        return UUID(course), UUID(lesson) if lesson else None
