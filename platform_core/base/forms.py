"""How forms look: `FORM_RENDERER` makes `{{ form }}` and `{{ field.as_field_group }}` our fields (templates/forms)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.urls import reverse_lazy


class ProductRenderer(TemplatesSetting):
    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"


class DayInput(forms.DateInput):
    """A day, as browsers let people choose it."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class MarkdownInput(forms.Textarea):
    """A textarea whose text is shown with `|markdown`; preview.js gives it the tabs "Write" and "Preview".

    The page has `{{ form.media }}` in its block `styles`; the field is inside a form with its CSRF token.
    """

    template_name = "forms/markdown.html"

    class Media:
        css = {"all": ["css/writing.css"]}
        js = [forms.Script("js/preview.js", type="module")]

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"rows": 8, "data-preview": reverse_lazy("preview_text"), **(attrs or {})})
