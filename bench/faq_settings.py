"""The product with no page kept: what a page costs when Wagtail finds it and it is drawn each time."""

from bench.settings import *  # noqa: F403  the settings are one namespace by Django's design

PUBLIC_PAGES_KEPT = 0
