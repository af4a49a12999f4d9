"""For the editors: which of the answers that are offered to who writes a ticket spare it, and which do not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.reports import ReportView

from .deflection import report
from .models import Deflection
from .reports import _ForEditors

if TYPE_CHECKING:
    from django.db.models import QuerySet


class DeflectionReport(ReportView):
    page_title = _("Tickets that answers spare")
    header_icon = "clipboard-list"
    index_url_name = "knowledge_base_deflection"
    index_results_url_name = "knowledge_base_deflection_results"
    model = Deflection
    permission_policy = _ForEditors(Deflection)
    any_permission_required = {"view"}
    list_export = ["title", "kind", "object_id", "total_shown", "total_opened", "total_solved", "total_anyway"]
    is_searchable = False
    default_ordering = None
    columns = [
        Column("title", label=_("Answer"), accessor=lambda row: row["title"] or f"{row['kind']}:{row['object_id']}"),
        Column("total_shown", label=_("Shown"), width="12%"),
        Column("total_opened", label=_("Opened"), width="12%"),
        Column("total_solved", label=_("It solved it"), width="12%"),
        Column("total_anyway", label=_("A ticket all the same"), width="16%"),
    ]

    def get_base_queryset(self) -> QuerySet[Deflection, Any]:
        return report()
