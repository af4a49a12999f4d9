"""The place in a list that an address names."""

import pytest

from platform_core.base.keys import moment_and_number


def test_a_place_is_a_moment_with_its_zone_and_a_number():
    assert moment_and_number("2026-11-02T09:00:00+01:00~42") == ("2026-11-02T09:00:00+01:00", 42)


@pytest.mark.parametrize(
    "text",
    ["", "~", "42", "2026-11-02~1", "2026-11-02T09:00:00~1", "2026-13-02T09:00:00+01:00~1", "2026-11-02T09:00:00Z~٣",
     "2026-11-02T09:00:00Z~-1", "2026-11-02T09:00:00Z~" + "9" * 19, "\x00~1"],
)  # fmt: skip
def test_what_is_no_place_is_nothing(text):
    assert moment_and_number(text) is None
