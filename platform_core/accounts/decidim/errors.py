"""What can go wrong while talking with a Decidim host, beyond what OAuth and HTTP name themselves."""

from allauth.socialaccount.providers.oauth2.client import OAuth2Error


class UnreadableAnswer(OAuth2Error):
    """The host answered something that is not what Decidim answers."""
