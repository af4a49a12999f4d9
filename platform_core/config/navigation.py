"""What the menu of this release has, in its order. A new app adds its line here; `AppConfig.ready` registers them."""

from typing import Any

from django.utils.translation import pgettext_lazy

from helpdesk.desk.permissions import is_desk
from platform_core.base.navigation import NavItem, register, signed_in, staff


def works_at_desk(user: Any) -> bool:
    """Only who works for the service costs a look at the roles."""
    return staff(user) and is_desk(user)


ITEMS = [
    NavItem(name="home", label=pgettext_lazy("menu", "Home"), icon="home", url_name="home", order=10, shortcut="h"),
    NavItem(
        name="organisations",
        label=pgettext_lazy("menu", "Local bodies"),
        icon="building-community",
        url_name="organisations:list",
        order=20,
        shortcut="e",
        sections=("ens",),
        is_more=True,
        visible=signed_in,
    ),
    NavItem(
        name="support",
        label=pgettext_lazy("menu", "Support"),
        icon="lifebuoy",
        url_name="desk:mine",
        order=12,
        shortcut="s",
        sections=("suport",),
        visible=lambda user: signed_in(user) and not works_at_desk(user),
    ),
    NavItem(
        name="desk",
        label=pgettext_lazy("menu", "Desk"),
        icon="layout-board",
        url_name="desk:board",
        order=14,
        shortcut="t",
        sections=("suport",),
        visible=works_at_desk,
    ),
    NavItem(
        name="faq",
        label=pgettext_lazy("menu", "Questions"),
        icon="help-circle",
        url_name="knowledge_base:index",
        order=16,
        shortcut="f",
        sections=("faq",),
    ),
    NavItem(
        name="agora",
        label=pgettext_lazy("menu", "Àgora"),
        icon="messages",
        url_name="agora:communities",
        order=17,
        shortcut="a",
        sections=("agora",),
    ),
    NavItem(
        name="training",
        label=pgettext_lazy("menu", "Training"),
        icon="school",
        url_name="training:catalogue",
        order=18,
        shortcut="l",
        sections=("formacio",),
    ),
    NavItem(
        name="news",
        label=pgettext_lazy("menu", "News"),
        icon="bulb",
        url_name="news:index",
        order=19,
        shortcut="v",
        sections=("novetats",),
        is_more=True,
        visible=lambda user: not staff(user),  # who works for the service has a full menu, and the news at home
    ),
    NavItem(
        name="hours",
        label=pgettext_lazy("menu", "Hours"),
        icon="clock",
        url_name="officehours:hours",
        order=30,
        shortcut="o",
        sections=("horari",),
        is_more=True,
    ),
    NavItem(
        name="management",
        label=pgettext_lazy("menu", "Management"),
        icon="tools",
        url_name="wagtailadmin_home",
        order=90,
        shortcut="m",
        sections=("gestio",),
        visible=staff,
    ),
]


def register_all() -> None:
    for item in ITEMS:
        register(item)
