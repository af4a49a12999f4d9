from django.urls import path

from . import views

app_name = "knowledge_base"
urlpatterns = [
    path("suggeriments/", views.suggestions, name="suggestions"),
    path("valoracio/<int:pk>/", views.rate, name="rate"),
]
