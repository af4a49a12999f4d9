"""The codes that INE, the statistics institute, gives to municipalities: five digits and a check digit.

The rule is INE's («Relación de municipios y sus códigos por provincias», note on the DC); the tables below were
checked against all the municipalities that ship in `data/municipis.csv`.
"""

from __future__ import annotations

import re

#: Province codes run from 01 to 52: a code of this one can never be given to a real municipality.
FICTIONAL_PROVINCE = "99"

_WEIGHTS = ((0, 2, 4, 6, 8, 1, 3, 5, 7, 9), (0, 3, 8, 2, 7, 4, 1, 5, 9, 6), (0, 1, 2, 3, 4, 5, 6, 7, 8, 9))
_BY_POSITION = (_WEIGHTS[0], _WEIGHTS[1], _WEIGHTS[2], _WEIGHTS[0], _WEIGHTS[1])
_FIVE_DIGITS = re.compile(r"[0-9]{5}", re.ASCII)
_SIX_DIGITS = re.compile(r"[0-9]{6}", re.ASCII)


def check_digit(ine5: str) -> str:
    """The sixth digit of a code of five. Raises ValueError when `ine5` is not five digits."""
    if not _FIVE_DIGITS.fullmatch(ine5):
        raise ValueError(f"{ine5!r} is not five digits.")
    total = sum(weights[int(digit)] for weights, digit in zip(_BY_POSITION, ine5, strict=True))
    return str(-total % 10)


def is_valid(code: str) -> bool:
    """Whether `code` is six digits and the last one is the check digit of the first five."""
    return bool(_SIX_DIGITS.fullmatch(code)) and check_digit(code[:5]) == code[5]
