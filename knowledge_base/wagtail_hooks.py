"""What the knowledge base adds to Wagtail's administration."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from . import files
from .deflection_report import DeflectionReport
from .reports import CommentsReport, RatingsReport, ShelfReport, checked

hooks.register("before_serve_document", files.guard_document)

REPORTS: dict[str, Any] = {
    "ratings": RatingsReport,
    "comments": CommentsReport,
    "deflection": DeflectionReport,
    "shelf": ShelfReport,
}


@hooks.register("register_admin_urls")
def report_addresses() -> list[URLPattern]:
    return [
        path("reports/faq/checked/<int:pk>/", checked, name="knowledge_base_checked"),
        *_of_reports(),
    ]


def _of_reports() -> list[URLPattern]:
    return [
        pattern
        for name, view in REPORTS.items()
        for pattern in (
            path(f"reports/faq/{name}/", view.as_view(), name=f"knowledge_base_{name}"),
            path(
                f"reports/faq/{name}/results/", view.as_view(results_only=True), name=f"knowledge_base_{name}_results"
            ),
        )
    ]


class ReportItem(MenuItem):
    def is_shown(self, request: object) -> bool:
        return True  # the menu itself is shown to whoever may enter


@hooks.register("register_reports_menu_item")
def ratings_item() -> MenuItem:
    return ReportItem(_("Has it helped?"), reverse("knowledge_base_ratings"), icon_name="help", order=900)


@hooks.register("register_reports_menu_item")
def comments_item() -> MenuItem:
    return ReportItem(_("Comments on the answers"), reverse("knowledge_base_comments"), icon_name="comment", order=910)


@hooks.register("register_reports_menu_item")
def deflection_item() -> MenuItem:
    label = _("Tickets that answers spare")
    return ReportItem(label, reverse("knowledge_base_deflection"), icon_name="clipboard-list", order=920)


@hooks.register("register_reports_menu_item")
def shelf_item() -> MenuItem:
    return ReportItem(_("Answers to check"), reverse("knowledge_base_shelf"), icon_name="calendar-check", order=890)
