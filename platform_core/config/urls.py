"""Every address of the product. Catalan has no prefix; Spanish and English have theirs."""

from allauth.account.decorators import secure_admin_login
from csp.constants import SELF
from csp.decorators import csp_replace, csp_update
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path, re_path
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls
from wagtail.utils.urlpatterns import decorate_urlpatterns
from wagtail.views import serve

from knowledge_base.files import image
from knowledge_base.sitemaps import sitemap
from platform_core.base.views import preview_text

from . import missing, notices, searching, statements, styleguide
from .doors import editors_door
from .pages import home

# One way in: Django's own form knows neither throttling nor second factors.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

# Wagtail writes inline scripts for its date fields, choosers and inline panels; only its own pages may run them
# (docs/decisions/0011-inline-scripts-in-the-editors-room.md).
editors_room = decorate_urlpatterns(
    wagtailadmin_urls.urlpatterns, csp_update({"script-src": ["'unsafe-inline'"], "style-src": ["'unsafe-inline'"]})
)
# Its preview shows a page inside a frame of itself.
editors_room = decorate_urlpatterns(editors_room, csp_replace({"frame-src": [SELF]}))

# Before Wagtail's own, which answers everything under /gestio/.
urlpatterns = i18n_patterns(
    path("gestio/estil/", include(styleguide.urlpatterns)),
    path("gestio/buscat/", missing.failed, name="failed_searches"),
    re_path(r"^gestio/buscat/(?P<pk>[1-9][0-9]{0,17})/fet/$", missing.settle, name="failed_search_done"),
    re_path(r"^gestio/buscat/(?P<pk>[1-9][0-9]{0,17})/$", missing.answer, name="failed_search_answer"),
    prefix_default_language=False,
)

urlpatterns += [
    path("admin/", admin.site.urls),
    path("gestio/login/", editors_door, name="editors_door"),
    path("gestio/", include(editors_room)),
    path("documents/", include(wagtaildocs_urls)),
    path("media/<path:name>", image, name="image"),
    path("sitemap.xml", sitemap, name="sitemap"),
    # In no language: the pages of a package know one address of each other.
    path("", include("training.packages.urls")),
]

urlpatterns += i18n_patterns(
    path("", home, name="home"),
    path("avisos/", notices.page, name="notices"),
    path("avisos/nombre/", notices.count, name="notices_count"),
    path("avisos/vist/", notices.seen, name="notices_seen"),
    path("cerca/", searching.page, name="search"),
    path("cerca/suggeriments/", searching.suggestions, name="search_suggestions"),
    path("accessibilitat/", statements.accessibility, name="accessibility"),
    path("privacitat/", statements.privacy, name="privacy"),
    path("ens/", include("platform_core.organisations.urls")),
    path("suport/", include("helpdesk.desk.urls")),
    path("agora/", include("agora.urls")),
    path("faq/", include("knowledge_base.urls")),
    path("novetats/", include("knowledge_base.news.urls")),
    path("formacio/", include("training.urls")),
    # The rest under these is Wagtail's: its trees of questions, of news and of courses; it has no other pages.
    re_path(r"^((?:faq|novetats|formacio)/(?:[\w-]+/)*)$", serve, name="wagtail_serve"),
    path("text/vista-previa/", preview_text, name="preview_text"),
    path("horari/", include("platform_core.officehours.urls")),
    path("compte/", include("allauth.urls")),
    path("", include("platform_core.accounts.urls")),
    prefix_default_language=False,
)

handler500 = "platform_core.config.failures.server_error"
