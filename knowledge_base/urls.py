from django.urls import path
from wagtail.views import serve

from . import views
from .models import INDEX_SLUG

app_name = "knowledge_base"
urlpatterns = [
    path("", serve, {"path": f"{INDEX_SLUG}/"}, name="index"),
    path("suggeriments/", views.suggestions, name="suggestions"),
    path("valoracio/<int:pk>/", views.rate, name="rate"),
]
