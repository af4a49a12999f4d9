"""What the desk adds to the editors' room: the answers that it proposes, and the ticket that an answer came from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.admin.widgets import Button

from knowledge_base.public import proposed

from .models import Case, MadeAnswer
from .permissions import visible_to

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest
    from wagtail.models import Page

    from platform_core.accounts.models import User

MOST_DRAFTS = 20


class ProposedAnswers(Component):
    """The drafts of the desk that are not published yet. Their tickets are named to who may see them."""

    order = 50
    template_name = "desk/editors/proposed.html"

    def __init__(self, viewer: User) -> None:
        self.viewer = viewer

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        drafts = MadeAnswer.objects.filter(question__live=False).select_related("made_by").order_by("-pk")
        rows = list(drafts[:MOST_DRAFTS])
        answers = proposed([row.question_id for row in rows], viewer=self.viewer)
        seen = visible_to(self.viewer).in_bulk([row.case_id for row in rows])
        shown = [(answers[row.question_id], row, seen.get(row.case_id)) for row in rows if row.question_id in answers]
        return {"rows": [row for row in shown if row[0].url]}


@hooks.register("construct_homepage_panels")
def proposed_answers(request: HttpRequest, panels: list[Component]) -> None:
    panels.append(ProposedAnswers(request.user))  # type: ignore[arg-type]  # nobody gets here without signing in


@hooks.register("register_page_header_buttons")
def came_from(page: Page, user: User, **_where: Any) -> Iterator[Button]:
    """«From S-42, by Oriol»: to who may see the ticket."""
    made = MadeAnswer.objects.filter(question_id=page.pk).select_related("made_by").first()
    if made is None or not visible_to(user).filter(pk=made.case_id).exists():
        return
    case = Case(pk=made.case_id)
    names = {"reference": case.reference, "name": made.made_by or _("somebody")}
    label = _("From %(reference)s, by %(name)s") % names
    yield Button(label, case.get_bench_url(), icon_name="mail", priority=5)
