"""What people write where a topic meets the desk or the knowledge base. The rules are the domain's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from helpdesk.desk.forms.portal import ABOUT
from helpdesk.desk.models import Kind
from platform_core.base.forms import MarkdownInput
from platform_core.organisations.models import Organisation

from .domain import LONGEST_TEXT, LONGEST_TITLE

if TYPE_CHECKING:
    from platform_core.accounts.models import User
    from platform_core.participation.models import Space


class TicketForm(forms.Form):
    kind = forms.TypedChoiceField(
        label=_("What do you need?"),
        coerce=Kind,
        choices=[(kind, kind.label) for kind in ABOUT],
        widget=forms.RadioSelect,
        initial=Kind.QUESTION,
    )
    subject = forms.CharField(
        label=_("In one sentence"),
        max_length=LONGEST_TITLE,
        error_messages={"required": _("Write in a few words what it is about.")},
    )
    organisation = forms.TypedChoiceField(label=_("In the name of"), required=False, empty_value=None)
    text = forms.CharField(
        label=_("In detail"),
        widget=MarkdownInput(attrs={"rows": 8, "data-identity": ""}),
        max_length=LONGEST_TEXT,
        error_messages={"required": _("Write something first.")},
    )
    brings_answer = forms.BooleanField(
        label=_("When it is solved, publish the answer in the topic"),
        required=False,
        initial=True,
        help_text=_("Without names, addresses nor telephones. It helps who comes after you."),
    )

    def __init__(self, *args: Any, author: User, is_mine: bool, **kwargs: Any) -> None:
        ours = author.memberships.current().values("organisation")
        organisations = {str(one.pk): one for one in Organisation.objects.filter(pk__in=ours)}
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        field.choices = [("", _("only mine")), *organisations.items()]  # type: ignore[attr-defined]
        field.coerce = organisations.get  # type: ignore[attr-defined]
        if organisations:
            field.initial = next(iter(organisations))
        else:
            del self.fields["organisation"]
        if not is_mine:  # they are asked
            del self.fields["brings_answer"]


class AskForm(forms.Form):
    space = forms.TypedChoiceField(
        label=_("Community"), empty_value=None, error_messages={"required": _("Choose a community.")}
    )
    title = forms.CharField(
        label=_("The question, in one sentence"),
        max_length=LONGEST_TITLE,
        error_messages={"required": _("Write the question in one sentence.")},
    )
    text = forms.CharField(
        label=_("In detail"),
        widget=MarkdownInput(attrs={"rows": 8}),
        max_length=LONGEST_TEXT,
        help_text=_("Without names, addresses nor anything that tells who asks."),
        error_messages={"required": _("Write something first.")},
    )

    def __init__(self, *args: Any, spaces: list[Space], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        by_key = {str(space.pk): space for space in spaces}
        self.fields["space"].choices = [("", "—"), *by_key.items()]  # type: ignore[attr-defined]
        self.fields["space"].coerce = by_key.get  # type: ignore[attr-defined]
