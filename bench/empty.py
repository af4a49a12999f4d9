"""The view that answers at once: what it costs is what stands before it."""

from django.http import HttpRequest, HttpResponse


def empty(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"ok", content_type="text/plain")
