"""What the composition root adds to the editors' room."""

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from knowledge_base.public import can_see_failed

if TYPE_CHECKING:
    from django.http import HttpRequest


class FailedSearchesItem(MenuItem):
    def is_shown(self, request: "HttpRequest") -> bool:
        return can_see_failed(request.user)


@hooks.register("register_reports_menu_item")
def failed_searches_item() -> MenuItem:
    return FailedSearchesItem(
        _("Searched for and not found"),
        reverse("failed_searches"),
        icon_name="search",
        name="failed-searches",
        order=880,
    )
