"""The doors of the staff's rooms: strangers go to the one sign-in, members find nothing there."""

from __future__ import annotations

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


def editors_door(request: HttpRequest) -> HttpResponse:
    """Where Wagtail sends whoever may not enter, instead of its own form.

    That form knows neither throttling nor second factors. Raises Http404 for a member: the room does not exist for
    them, and sending them to sign in again would go round in circles.
    """
    if request.user.is_authenticated:
        raise Http404
    wanted = request.GET.get(REDIRECT_FIELD_NAME, "")
    ours = {request.get_host()}
    if not url_has_allowed_host_and_scheme(wanted, allowed_hosts=ours, require_https=request.is_secure()):
        wanted = reverse("wagtailadmin_home")
    return redirect_to_login(wanted, reverse("account_login"))
