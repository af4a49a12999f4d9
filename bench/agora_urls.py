"""The product's addresses, and django-machina's pages under /theirs/."""

from django.urls import include, path
from machina import urls as machina_urls

from platform_core.config.urls import urlpatterns as product

urlpatterns = [*product, path("theirs/", include(machina_urls))]
