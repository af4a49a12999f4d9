"""The small pieces of the account's pages."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

register = template.Library()

#: What a browser calls itself, the more special first: Edge also says Chrome, and Chrome also says Safari.
BROWSERS = {"Edg": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "FxiOS/": "Firefox", "CriOS/": "Chrome"}
BROWSERS |= {"Chrome/": "Chrome", "Safari/": "Safari"}
SYSTEMS = {"iPhone": "iPhone", "iPad": "iPad", "Android": "Android", "Windows": "Windows", "Mac OS X": "macOS"}
SYSTEMS |= {"CrOS": "ChromeOS", "Linux": "Linux"}


@register.filter
def device(user_agent: str) -> str:
    """What a person would recognise in a User-Agent: *Firefox on Windows*. A hint, since programs may lie in it."""
    browser = next((name for mark, name in BROWSERS.items() if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS.items() if mark in user_agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Another browser or program")
