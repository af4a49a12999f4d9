from django.urls import path

from . import views

app_name = "accounts"

urlpatterns = [
    path("perfil/", views.profile, name="profile"),
    path("codi-etic/", views.code_of_ethics, name="code"),
    path("codi-etic/acceptar/", views.accept, name="accept_code"),
]
