"""The form field for uploads: several files, each looked at and scanned, errors beside the field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from .domain import Upload, accept
from .inspection import MAX_FILES, MAX_MEGABYTES, MAX_SIZE, BadFiles

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser
    from django.core.files.uploadedfile import UploadedFile


class UploadsInput(forms.FileInput):
    """A plain file input, which `uploads.js` turns into a list with drag and drop."""

    allow_multiple_selected = True
    template_name = "components/uploads.html"

    class Media:
        css = {"all": ["css/writing.css"]}
        js = [forms.Script("js/uploads.js", type="module")]

    def format_value(self, value: Any) -> None:
        """Nothing: a browser fills in no file."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        return list(files.getlist(name) if hasattr(files, "getlist") else files.get(name) or [])

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        chosen = [file.name for file in value if file] if isinstance(value, list | tuple) else []
        limits = {"max_files": MAX_FILES, "max_size": MAX_SIZE, "max_megabytes": MAX_MEGABYTES}
        return {**context, **limits, "chosen_before": chosen}


class MultipleFileField(forms.FileField):
    """Up to MAX_FILES files of MAX_SIZE; cleaned to a list of `Upload`, empty when there is none and none is needed.

    Set `actor` in the form's `__init__`, so that the log knows who sent an infected file. Cleaning asks the malware
    scanner, so clean the form outside of a transaction.
    """

    widget = UploadsInput
    actor: AbstractBaseUser | AnonymousUser | None = None

    def bound_data(self, data: Any, initial: Any) -> Any:
        return data

    def clean(self, data: Any, initial: Any = None) -> list[Upload]:
        files: list[UploadedFile] = [file for file in data or [] if file is not None]
        if not files:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return []
        try:
            return accept(files, actor=self.actor)
        except BadFiles as refusal:
            raise ValidationError(list(refusal.messages)) from refusal
