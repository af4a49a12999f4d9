"""The addresses of packages. They are all that a host of their own has; the product has them too."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import re_path

from ..views import packages

PATTERN = r"^formacio/paquet/(?P<token>[A-Za-z0-9~._-]{1,300})/(?P<path>.{0,300})$"
urlpatterns = [re_path(PATTERN, packages.file, name="package_file")]


def nothing_here(_request: HttpRequest, **_facts: Any) -> HttpResponse:
    return HttpResponse("404", status=404, content_type="text/plain")


handler404 = nothing_here
