"""The product's addresses, and the library's own pages under /theirs/."""

from django.urls import include, path

from platform_core.config.urls import urlpatterns as product

urlpatterns = [*product, path("theirs/", include("helpdesk.urls"))]
