"""For the editors: which answers help and which do not, and what people wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.permission_policies import ModelPermissionPolicy

from .models import QuestionPage, Rating
from .queries import comments, rated_questions

if TYPE_CHECKING:
    from django.db.models import QuerySet

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
    list_export = ["title", "yes", "no", "comments", "last_rated"]
    is_searchable = False
    columns = [
        TitleColumn("title", label=_("Question"), url_name="wagtailadmin_pages:edit"),
        Column("yes", label=_("Yes"), width="10%"),
        Column("no", label=_("Not quite"), width="10%"),
        Column("comments", label=_("Comments"), width="10%"),
        DateColumn("last_rated", label=_("Last said"), width="20%"),
    ]

    def get_base_queryset(self) -> QuerySet[QuestionPage]:
        return rated_questions()


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
