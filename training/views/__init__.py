"""Pages of the training. Wagtail finds the course of an address; what of it is shown depends on who looks."""

from .reading import preview, serve

__all__ = ["preview", "serve"]
