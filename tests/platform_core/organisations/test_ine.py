import csv
from pathlib import Path

import pytest

from platform_core import organisations
from platform_core.organisations import ine

SHIPPED = Path(organisations.__file__).parent / "data" / "municipis.csv"


def test_every_municipality_of_the_province_has_the_check_digit_that_we_compute():
    with SHIPPED.open(encoding="utf-8") as file:
        codes = [row["codi_ine6"] for row in csv.DictReader(file)]
    assert len(codes) == 311
    assert all(ine.is_valid(code) for code in codes)


def test_a_digit_that_is_wrong_is_always_noticed():
    for place in range(6):
        for digit in "0123456789":
            wrong = "080193"[:place] + digit + "080193"[place + 1 :]
            assert ine.is_valid(wrong) == (wrong == "080193")


@pytest.mark.parametrize("code", ["", "08019", "0801933", "08019x", "٠٨٠١٩٣", "080 93", "080193\n"])
def test_what_is_not_six_digits_is_no_code(code):
    assert not ine.is_valid(code)
    with pytest.raises(ValueError, match="five digits"):
        ine.check_digit(code) if len(code) != 5 else ine.check_digit("x")
