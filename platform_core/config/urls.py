"""Every address of the product. Catalan has no prefix; Spanish and English have theirs."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from . import statements, styleguide
from .pages import home

# Before Wagtail's own, which answers everything under /gestio/.
urlpatterns = i18n_patterns(path("gestio/estil/", include(styleguide.urlpatterns)), prefix_default_language=False)

urlpatterns += [
    path("admin/", admin.site.urls),
    path("gestio/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
]

urlpatterns += i18n_patterns(
    path("", home, name="home"),
    path("accessibilitat/", statements.accessibility, name="accessibility"),
    path("privacitat/", statements.privacy, name="privacy"),
    path("ens/", include("platform_core.organisations.urls")),
    path("compte/", include("allauth.urls")),
    path("", include("platform_core.accounts.urls")),
    prefix_default_language=False,
)
