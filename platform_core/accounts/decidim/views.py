"""The two steps of the sign-in: to the host, and back with a code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.internal.decorators import login_not_required
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2Adapter, OAuth2CallbackView, OAuth2LoginView
from allauth.utils import build_absolute_uri
from django.http import Http404
from django.utils import translation

from .errors import UnreadableAnswer

if TYPE_CHECKING:
    from allauth.socialaccount.models import SocialLogin, SocialToken
    from django.http import HttpRequest, HttpResponse

LANGUAGE = "decidim_language"


class DecidimAdapter(OAuth2Adapter):
    def __init__(self, request: HttpRequest, provider_id: str) -> None:
        self.provider_id = provider_id
        super().__init__(request)

    @property
    def authorize_url(self) -> str:
        return f"{self.get_provider().url}/oauth/authorize"

    @property
    def access_token_url(self) -> str:
        return f"{self.get_provider().url}/oauth/token"

    @property
    def profile_url(self) -> str:
        return f"{self.get_provider().url}/oauth/me"

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        path = self.get_provider().get_callback_url()
        return str(build_absolute_uri(request, path, self.redirect_uri_protocol))

    def get_access_token_data(self, request: HttpRequest, app: SocialApp, client: Any, **kwargs: Any) -> dict[str, Any]:
        try:
            data = super().get_access_token_data(request, app, client, **kwargs)
        except (TypeError, AttributeError, KeyError) as problem:  # JSON, or nothing at all, where an object was due
            raise UnreadableAnswer("the token is not an object") from problem
        if not isinstance(data, dict):
            raise UnreadableAnswer("the token is not an object")
        return data

    def parse_token(self, data: dict[str, Any]) -> SocialToken:
        try:
            return super().parse_token(data)
        except (TypeError, ValueError) as problem:
            raise UnreadableAnswer("the life of the token is not a number") from problem

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any) -> SocialLogin:
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.profile_url, headers={"Authorization": f"Bearer {token.token}"})
        if answer.status_code in (401, 403):
            raise OAuth2Error("the host refused the token")
        answer.raise_for_status()
        profile = answer.json()
        if not isinstance(profile, dict):
            raise UnreadableAnswer("the profile is not an object")
        return self.get_provider().sociallogin_from_response(request, profile)


@login_not_required
def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    request.session[LANGUAGE] = translation.get_language()
    return _view(OAuth2LoginView, request, provider_id)


@login_not_required
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    # The way back has one address for all languages; the reader goes on in the one they left in.
    if language := request.session.pop(LANGUAGE, None):
        translation.activate(language)
        request.LANGUAGE_CODE = language
    return _view(OAuth2CallbackView, request, provider_id)


def _view(view: Any, request: HttpRequest, provider_id: str) -> HttpResponse:
    try:
        return view.adapter_view(DecidimAdapter(request, provider_id))(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
