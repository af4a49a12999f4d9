"""The parts of a platform that a release changes and an answer speaks of."""

from __future__ import annotations

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.snippets.models import register_snippet


@register_snippet
class Component(models.Model):
    """Its names are data, not strings of the product: the editors add their own."""

    slug = models.SlugField(_("short name"), max_length=40, unique=True)
    name_ca = models.CharField(_("name in Catalan"), max_length=60)
    name_es = models.CharField(_("name in Spanish"), max_length=60, blank=True)
    name_en = models.CharField(_("name in English"), max_length=60, blank=True)

    panels = [FieldPanel("name_ca"), FieldPanel("name_es"), FieldPanel("name_en"), FieldPanel("slug")]

    class Meta:
        verbose_name = _("component of the platform")
        verbose_name_plural = _("components of the platform")
        ordering = ["name_ca"]

    def __str__(self) -> str:
        return {"es": self.name_es, "en": self.name_en}.get((get_language() or "")[:2], "") or self.name_ca
