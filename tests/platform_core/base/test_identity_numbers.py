"""A ticket never keeps a national identity number."""

from __future__ import annotations

import pytest

from helpdesk.desk import queries
from platform_core.base.identity_numbers import redact
from tests.factories.desk import open_case


@pytest.mark.parametrize("number", ["12345678Z", "12.345.678-Z", "12345678 z", "X1234567L", "x-1234567-l", "00000000T"])
def test_a_number_with_its_right_letter_is_covered(number):
    assert redact(f"El DNI {number}, de la veïna.").startswith("El DNI •••••")
    assert redact(f"El DNI {number}, de la veïna.").endswith(", de la veïna.")


@pytest.mark.parametrize(
    "text", ["12345678A", "el tiquet 12345678", "123456789Z", "934 020 704", "12345678 zebres", ""]
)
def test_other_numbers_stay(text):
    assert redact(text) == text


@pytest.mark.django_db
def test_neither_the_subject_nor_the_text_of_a_ticket_keeps_it():
    case = open_case(subject="La veïna 12345678Z", text="Es diu 12345678-Z i vota.")
    [line] = queries.conversation(case, internal=True)
    assert "12345678" not in case.ticket.title + case.ticket.description + line.text
    assert line.text == "Es diu •••••678Z i vota."
