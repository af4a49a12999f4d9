"""How forms look: `FORM_RENDERER` makes `{{ form }}` and `{{ field.as_field_group }}` our fields (templates/forms)."""

from __future__ import annotations

from django.forms.renderers import TemplatesSetting


class ProductRenderer(TemplatesSetting):
    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
