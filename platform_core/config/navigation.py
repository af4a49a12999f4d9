"""What the menu of this release has, in its order. A new app adds its line here; `AppConfig.ready` registers them."""

from django.utils.translation import pgettext_lazy

from platform_core.base.navigation import NavItem, register, signed_in, staff

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
        visible=signed_in,
    ),
    NavItem(
        name="hours",
        label=pgettext_lazy("menu", "Hours"),
        icon="clock",
        url_name="officehours:hours",
        order=30,
        shortcut="o",
        sections=("horari",),
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
