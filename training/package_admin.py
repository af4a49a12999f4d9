"""The room where editors upload packages: under «Packages» in the editors' menu."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from platform_core.base.errors import Refusal
from platform_core.files.public import normalise

from .domain import packages as domain
from .models import Package, PackageState
from .packages import access, host, serving
from .permissions import packages_previewed_by

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile
    from django.db.models import QuerySet
    from django.http import HttpResponse

    from .packages.contents import Contents


class PackageField(forms.FileField):
    """A package, read to its end; cleaned to what was read. What is wrong with it stands beside it."""

    actor: Any = None

    def clean(self, data: Any, initial: Any = None) -> Contents:
        file: UploadedFile = super().clean(data, initial)
        try:
            found = domain.read_package(actor=self.actor, file=file)
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal.message)) from refusal
        self.name = normalise(file.name or "")
        return found


class UploadForm(WagtailAdminModelForm):
    file = PackageField(
        label=_("File"),
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip"}),
        help_text=_(
            "A ZIP of SCORM 1.2, SCORM 2004 or plain web pages, of at most 100 MB. It runs apart from the rest of the "
            "site, which it can neither read nor change."
        ),
    )

    class Meta:
        model = Package
        fields = ["title"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].actor = self.for_user


class ChangeForm(WagtailAdminModelForm):
    class Meta:
        model = Package
        fields = ["title", "state"]
        help_texts = {
            "state": _(
                "The file of a package never changes: upload another one, put it into the lesson and retire this one. "
                "Who is taking the lesson goes on with the one that they began."
            )
        }


class Saves:
    """What both forms do: leave the change to the domain, and put what it refuses beside its field."""

    request: Any

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            answer: HttpResponse = super().form_valid(form)  # type: ignore[misc]  # Wagtail's view
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal.message))
            answer = self.form_invalid(form)  # type: ignore[attr-defined]  # Wagtail's view
        return answer


class AddView(Saves, generic.CreateView):
    def save_instance(self) -> Package:
        field, cleaned = self.form.fields["file"], self.form.cleaned_data
        return domain.add_package(
            actor=self.request.user, title=cleaned["title"], name=field.name, found=cleaned["file"]
        )


class EditView(Saves, generic.EditView):
    def save_instance(self) -> Package:
        cleaned = self.form.cleaned_data
        return domain.change_package(
            actor=self.request.user,
            package=self.object,
            title=cleaned["title"],
            state=PackageState(cleaned["state"]),
        )


class DeleteView(generic.DeleteView):
    def form_valid(self, form: Any) -> HttpResponse:
        try:
            answer: HttpResponse = super().form_valid(form)
        except Refusal as refusal:
            messages.error(self.request, str(refusal.message))
            return HttpResponseRedirect(reverse(self.edit_url_name, args=[self.object.pk]))
        return answer

    def delete_action(self) -> None:
        domain.delete_package(actor=self.request.user, package=self.object)


class InspectView(generic.InspectView):
    """What a package is, and a link that opens it as it will be."""

    def get_fields(self) -> list[str]:
        return [
            "title",
            "state",
            "kind",
            "original_name",
            "zipped_size",
            "unpacked_size",
            "uploaded_at",
            "launch",
            "files",
        ]

    def get_field_label(self, field_name: str, field: Any) -> Any:
        if field_name in ("launch", "files"):
            return {"launch": _("Look at it"), "files": _("Files")}[field_name]
        return super().get_field_label(field_name, field)

    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        match field_name:
            case "zipped_size" | "unpacked_size":
                return filesizeformat(getattr(self.object, field_name))
            case "files":
                count = self.object.files.count()
                return ngettext("%(count)d file", "%(count)d files", count) % {"count": count}
            case "launch":
                token = access.for_editor(person=self.request.user, package=self.object)
                address = f"{serving.packages_origin(self.request)}{host.address(token, self.object.launch)}"
                link = '<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>'
                return format_html(link, address + self.object.launch_query, self.object.launch)
        return super().get_field_display_value(field_name, field)


class PackageViewSet(ModelViewSet):
    model = Package
    name = "packages"
    icon = "code"
    menu_label = _("Packages")
    add_to_admin_menu = True
    menu_order = 350
    copy_view_enabled = False
    inspect_view_enabled = True
    add_view_class = AddView
    edit_view_class = EditView
    delete_view_class = DeleteView
    inspect_view_class = InspectView
    search_fields = ["title"]
    list_display = [
        "title",
        Column("kind", label=capfirst(_("kind")), accessor="get_kind_display"),
        Column("state", label=capfirst(_("state")), accessor="get_state_display"),
        DateColumn("uploaded_at", label=capfirst(_("uploaded"))),
    ]
    list_filter = ["kind", "state"]

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm]:
        return ChangeForm if for_update else UploadForm

    def get_queryset(self, request: Any) -> QuerySet[Package]:
        return packages_previewed_by(request.user)


packages = PackageViewSet()
