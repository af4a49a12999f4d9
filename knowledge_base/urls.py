from django.urls import path, register_converter
from django.urls.converters import IntConverter
from wagtail.views import serve

from . import views
from .feeds import AnswersFeed
from .models import INDEX_SLUG


class IdConverter(IntConverter):
    """An id that a database can hold."""

    regex = "[1-9][0-9]{0,17}"


register_converter(IdConverter, "id")

app_name = "knowledge_base"
urlpatterns = [
    path("", serve, {"path": f"{INDEX_SLUG}/"}, name="index"),
    path("atom/", AnswersFeed(), name="feed"),
    path("pdf/<id:pk>/", views.topic_pdf, name="topic_pdf"),
    path("suggeriments/", views.suggestions, name="suggestions"),
    path("suggeriments/compta/", views.offered, name="offered"),
    path("suggeriments/resolt/", views.solved, name="solved"),
    path("valoracio/<id:pk>/", views.rate, name="rate"),
]
