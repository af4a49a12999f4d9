"""For the editors: which answers help and which do not, what people wrote, and what is to be checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.permission_policies import ModelPermissionPolicy

from platform_core.base.errors import Refusal

from . import domain, shelf
from .models import QuestionPage, Rating
from .queries import comments, rated_questions

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

    from platform_core.accounts.roles import Someone


class _ForEditors(ModelPermissionPolicy):
    """Whoever works in the editors' room, which is where the report is."""

    def user_has_any_permission(self, user: Someone, actions: Any) -> bool:
        return bool(user.has_perm("wagtailadmin.access_admin"))


class RatingsReport(ReportView):
    page_title = _("Has it helped?")
    header_icon = "help"
    index_url_name = "knowledge_base_ratings"
    index_results_url_name = "knowledge_base_ratings_results"
    model = QuestionPage
    permission_policy = _ForEditors(QuestionPage)
    any_permission_required = {"view"}
    list_export = ["title", "yes", "no", "comments", "yes_now", "no_now", "yes_before", "no_before", "last_rated"]
    is_searchable = False
    columns = [
        TitleColumn("title", label=_("Question"), url_name="wagtailadmin_pages:edit"),
        Column("yes", label=_("Yes"), width="8%"),
        Column("no", label=_("Not quite"), width="8%"),
        Column("trend", label=_("Helped, last 90 days (and the 90 before)"), width="18%"),
        Column("comments", label=_("Comments"), width="10%"),
        DateColumn("last_rated", label=_("Last said"), width="16%"),
    ]

    def get_base_queryset(self) -> QuerySet[QuestionPage]:
        return rated_questions()

    def decorate_paginated_queryset(self, object_list: Any) -> Any:
        for question in object_list:
            question.trend = _trend(question)
        return object_list


class CommentsReport(ReportView):
    page_title = _("Comments on the answers")
    header_icon = "comment"
    index_url_name = "knowledge_base_comments"
    index_results_url_name = "knowledge_base_comments_results"
    model = Rating
    permission_policy = _ForEditors(Rating)
    any_permission_required = {"view"}
    list_export = ["question.title", "helped", "comment", "changed_at"]
    is_searchable = False
    columns = [
        Column("comment", label=_("Comment"), width="45%"),
        Column("said", label=_("It helped"), accessor=lambda rating: _("Yes") if rating.helped else _("Not quite")),
        Column("question", label=_("Question"), width="30%"),
        DateColumn("changed_at", label=_("Last said"), width="15%"),
    ]

    def get_base_queryset(self) -> QuerySet[Rating]:
        return comments()


class ShelfFilter(WagtailFilterSet):
    shelf = django_filters.ChoiceFilter(label=_("Why"), choices=shelf.Shelf.choices, method="on_shelf")

    class Meta:
        model = QuestionPage
        fields: list[str] = []

    def on_shelf(self, _queryset: Any, _name: str, value: str) -> QuerySet[QuestionPage]:
        return shelf.of(value)


class CheckedColumn(Column):
    """The button «Checked» of a row."""

    cell_template_name = "knowledge_base/reports/checked.html"


class ShelfReport(ReportView):
    """What is to be checked, what is due first at the top."""

    page_title = _("Answers to check")
    header_icon = "calendar-check"
    index_url_name = "knowledge_base_shelf"
    index_results_url_name = "knowledge_base_shelf_results"
    model = QuestionPage
    permission_policy = _ForEditors(QuestionPage)
    any_permission_required = {"view"}
    filterset_class = ShelfFilter
    list_export = ["title", "locale", "answer_owner", "last_checked", "review_by", "doubt_version", "behind"]
    is_searchable = False
    columns = [
        TitleColumn("title", label=_("Question"), url_name="wagtailadmin_pages:edit"),
        Column("locale", label=_("Language"), width="8%"),
        Column(
            "answer_owner", label=_("Who looks after it"), width="14%", accessor=lambda page: page.answer_owner or "—"
        ),
        Column(
            "checked_on", label=_("Last checked"), width="12%", accessor=lambda page: date_format(page.last_checked)
        ),
        Column("due", label=_("Check it again by"), width="12%", accessor=lambda page: date_format(page.review_by)),
        Column("why", label=_("Why"), width="16%"),
        CheckedColumn("checked", label="", width="10%"),
    ]

    def get_base_queryset(self) -> QuerySet[QuestionPage]:
        return shelf.with_facts()

    def decorate_paginated_queryset(self, object_list: Any) -> Any:
        for question in object_list:
            question.why = "; ".join(shelf.reasons(question)) or "—"
        return object_list


@require_POST
def checked(request: HttpRequest, pk: int) -> HttpResponse:
    """The button: this answer still holds."""
    question = get_object_or_404(QuestionPage, pk=pk)
    try:
        domain.check_answer(actor=request.user, question=question)  # type: ignore[arg-type]  # an editor, signed in
        messages.success(request, gettext("«%(title)s» is checked.") % {"title": question.title})
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("knowledge_base_shelf")


def _trend(question: Any) -> str:
    """Such as `80 % (60 %)`; a dash where nobody said anything."""
    return f"{_share(question.yes_now, question.no_now)} ({_share(question.yes_before, question.no_before)})"


def _share(yes: int, no: int) -> str:
    return f"{round(100 * yes / (yes + no))} %" if yes + no else "—"
