"""How a domain verb says no."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Refusal(Exception):
    """A domain verb refuses, with a message for the person who asked.

    `message` is translatable and names what to do next; `field` is the form field that it belongs beside, if any.
    Views turn it into a form error; commands print it and exit with 1. Nothing has been written when it is raised.
    """

    def __init__(self, message: str | _StrPromise, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
