from django.urls import path

from .views import hours

app_name = "officehours"
urlpatterns = [path("", hours, name="hours")]
