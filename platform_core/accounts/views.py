"""The profile page and the code of ethics. Signing in, passwords and second factors are allauth's pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import get_adapter as get_social_adapter
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.template.loader import select_template
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from platform_core.base.errors import Refusal

from .domain import accept_code, update_profile
from .forms import AcceptForm, ProfileForm
from .pending import is_our_address, take_what_was_sent
from .queries import accepted_at, current_code
from .theme import remember_theme

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from .models import User

OTHER_SECTIONS = ["organisations/profile_section.html", "accounts/profile/no_section.html"]


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    user = cast("User", request.user)
    form = ProfileForm(request.POST or None, initial=_profile_of(user))
    if request.method == "POST" and form.is_valid():
        try:
            update_profile(user=user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(refusal.field, refusal.message)
        else:
            with translation.override(user.language):
                messages.success(request, _("Saved."))
                response = redirect("accounts:profile")
            return remember_theme(response, user.theme)
    return render(request, "accounts/profile.html", {"form": form, **_security_of(request)}, status=_status(form))


def _profile_of(user: User) -> dict[str, str]:
    return {"name": user.name, "phone": user.phone, "language": user.language, "theme": user.theme}


def _security_of(request: HttpRequest) -> dict[str, object]:
    user = request.user
    kinds = list(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    linked = list(SocialAccount.objects.filter(user=user).order_by("date_joined"))
    return {
        "has_app": Authenticator.Type.TOTP in kinds,
        "keys": kinds.count(Authenticator.Type.WEBAUTHN),
        "has_recovery_codes": Authenticator.Type.RECOVERY_CODES in kinds,
        "sessions": UserSession.objects.filter(user=user).count(),
        "emails": list(EmailAddress.objects.filter(user=user).order_by("-primary", "email")),
        "linked": [account.get_provider_account() for account in linked],
        "decidim_hosts": get_social_adapter().list_providers(request),
        "memberships_section": select_template(OTHER_SECTIONS).template.name,
    }


def _status(form: ProfileForm | AcceptForm) -> int:
    return 422 if form.is_bound and form.errors else 200


@require_safe
def code_of_ethics(request: HttpRequest) -> HttpResponse:
    """The code in force, for anyone to read."""
    code = current_code()
    if code is None:
        raise Http404
    accepted = accepted_at(request.user, code) if request.user.is_authenticated else None
    context = {"code": code, "sections": code.sections(get_language() or "ca"), "accepted": accepted}
    return render(request, "accounts/code.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def accept(request: HttpRequest) -> HttpResponse:
    """Ask for the code in force, and then go where the person was going."""
    user = cast("User", request.user)
    code = current_code()
    asked_for = request.POST.get("next") or request.GET.get("next") or ""
    going_to = asked_for if is_our_address(request, asked_for) else reverse("accounts:code")
    if code is None or (request.method == "GET" and user.has_accepted_code):
        return redirect(going_to)
    form = AcceptForm(request.POST or None, initial={"version": code.version})
    if request.method == "POST" and form.is_valid():
        try:
            accept_code(user=user, version=form.cleaned_data["version"])
        except Refusal as refusal:
            form = AcceptForm(initial={"version": code.version})
            messages.warning(request, refusal.message)
        else:
            return _go_on(request, going_to)
    context = {
        "code": code,
        "sections": code.sections(get_language() or "ca"),
        "form": form,
        "next": going_to,
        "is_new_version": code.version > 1,
    }
    return render(request, "accounts/accept_code.html", context, status=_status(form))


def _go_on(request: HttpRequest, going_to: str) -> HttpResponse:
    kept = take_what_was_sent(request)
    if kept and is_our_address(request, kept["action"]):
        return render(request, "accounts/send_again.html", {"kept": kept, "going_to": going_to})
    messages.success(request, _("Thank you. You can go on."))
    return redirect(going_to)
