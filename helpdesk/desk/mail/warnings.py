"""What the desk is told about a message that came by mail: kept as a code in `Entry.warning`, said in words here."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext as _


class Warned(StrEnum):
    NAMES = "names"
    """It names a ticket that its sender has no part in."""

    UNKNOWN = "unknown"
    """No account has proved that the address is its own."""

    SEVERAL = "several"
    """The sender works for several organisations."""

    def of(self, reference: str = "") -> str:
        """The code, as `Entry.warning` keeps it."""
        return f"{self.value}:{reference}" if reference else self.value


def describe(warning: str) -> str:
    """A warning in words, in the reader's language; "" for none or one that we do not know."""
    code, _colon, reference = warning.partition(":")
    if code == Warned.NAMES:
        return _(
            "This mail names %(reference)s, and its sender has no part in that ticket. If they belong together, "
            "answer here and say so."
        ) % {"reference": reference}
    if code == Warned.UNKNOWN:
        return _("Nobody has an account with this address: check who it is before you give any details.")
    if code == Warned.SEVERAL:
        return _("This person works for several organisations: choose whose ticket it is.")
    return ""
