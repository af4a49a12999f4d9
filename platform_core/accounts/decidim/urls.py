from django.urls import path

from . import views

urlpatterns = [
    path("decidim/<slug:provider_id>/", views.login, name="decidim_login"),
    path("decidim/<slug:provider_id>/tornada/", views.callback, name="decidim_callback"),
]
