"""How editors choose a package for a lesson: of those that are not retired, the newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import apps
from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.chooser import ChooserViewSet

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from .models import Package


class PackageChooserViewSet(ChooserViewSet):
    model = "training.Package"
    icon = "code"
    choose_one_text = _("Choose a package")
    choose_another_text = _("Choose another package")
    edit_item_text = _("Look at this package")

    def get_object_list(self) -> QuerySet[Package]:
        found: QuerySet[Package] = apps.get_model("training", "Package").objects.filter(state="in_use")
        return found


package_chooser = PackageChooserViewSet("package_chooser")
