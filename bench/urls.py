"""The product's addresses, and an empty view behind the whole of its middleware."""

from django.urls import path

from bench.empty import empty
from platform_core.config.urls import urlpatterns as product

urlpatterns = [*product, path("bench/empty", empty)]
