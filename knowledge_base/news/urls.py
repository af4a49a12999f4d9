from django.urls import path
from wagtail.views import serve

from ..models import NEWS_SLUG
from . import views
from .feeds import NewsFeed

app_name = "news"
urlpatterns = [
    path("", serve, {"path": f"{NEWS_SLUG}/"}, name="index"),
    path("atom/", NewsFeed(), name="feed"),
    path("subscripcio/", views.subscribe, name="subscribe"),
    path("atura/<str:token>/", views.stop, name="stop"),
]
