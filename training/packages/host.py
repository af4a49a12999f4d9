"""Where packages are served: under `/formacio/paquet/`, and in production better on a host that has nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import split_domain_port
from django.urls import reverse
from django.utils.translation import override

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

URLCONF = "training.packages.urls"


def is_of_packages(request: HttpRequest) -> bool:
    """Whether it came to the host of the setting PACKAGES_ORIGIN."""
    theirs = urlsplit(settings.PACKAGES_ORIGIN).hostname
    return bool(theirs) and split_domain_port(request.get_host())[0] == theirs


def address(token: str, path: str) -> str:
    """The address of a file of a package, without a host and in no language: pages of a package know only that one."""
    with override(settings.LANGUAGE_CODE):
        found: str = reverse("package_file", args=[token, path], urlconf=URLCONF)
    return found


class PackagesHost:
    """The host of packages knows their files and no other address: whatever a package does there, there is nothing of
    ours to find, and no session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.PACKAGES_ORIGIN and is_of_packages(request):
            request.urlconf = URLCONF
            request.COOKIES.clear()
        return self.get_response(request)
