"""Which data of SCORM are taken, and what they come to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.packages import cmi

GOOD = [
    ("1.2", "cmi.core.lesson_status", "incomplete"),
    ("1.2", "cmi.core.lesson_location", "pàgina 3"),
    ("1.2", "cmi.core.score.raw", "100"),
    ("1.2", "cmi.core.score.raw", ""),
    ("1.2", "cmi.core.session_time", "00:10:05.5"),
    ("1.2", "cmi.core.exit", "time-out"),
    ("1.2", "cmi.suspend_data", "a\nb" * 5000),
    ("1.2", "cmi.interactions.249.objectives.9.id", "x"),
    ("1.2", "cmi.objectives.0.status", "not attempted"),
    ("2004", "cmi.completion_status", "completed"),
    ("2004", "cmi.score.scaled", "-0.5"),
    ("2004", "cmi.session_time", "PT1H5M2.25S"),
    ("2004", "cmi.interactions.0.type", "long-fill-in"),
    ("2004", "cmi.interactions.0.timestamp", "2026-11-29T10:00:00.0Z"),
    ("2004", "cmi.exit", ""),
]
BAD = [
    ("1.2", "cmi.core.lesson_status", "not attempted"),
    ("1.2", "cmi.core.lesson_status", "COMPLETED"),
    ("1.2", "cmi.core.score.raw", "101"),
    ("1.2", "cmi.core.score.raw", "molt bé"),
    ("1.2", "cmi.core.score.raw", "٣"),
    ("1.2", "cmi.core.student_id", "1"),
    ("1.2", "cmi.core.total_time", "00:00:01"),
    ("1.2", "cmi.core.session_time", "10 minuts"),
    ("1.2", "cmi.core.lesson_location", "x" * 256),
    ("1.2", "cmi.suspend_data", "x" * (cmi.LONGEST + 1)),
    ("1.2", "cmi.suspend_data", "a\0b"),
    ("1.2", "cmi.suspend_data", "\ud800"),
    ("1.2", "cmi.suspend_data", 7),
    ("1.2", "cmi.interactions.250.id", "x"),
    ("1.2", "cmi.interactions.01.id", "x"),
    ("1.2", "cmi.interactions.n.id", "x"),
    ("1.2", "cmi.interactions.-1.id", "x"),
    ("1.2", "cmi.interactions.0.objectives.10.id", "x"),
    ("1.2", "cmi.completion_status", "completed"),
    ("1.2", "cmi.core.0.lesson_status", "passed"),
    ("1.2", "una.altra.cosa", "x"),
    ("2004", "cmi.core.lesson_status", "passed"),
    ("2004", "cmi.score.scaled", "1.01"),
    ("2004", "cmi.progress_measure", "-0.1"),
    ("2004", "cmi.session_time", "P"),
    ("2004", "cmi.session_time", "PT"),
    ("2004", "adl.nav.request", "continue"),
    ("2004", "cmi.learner_name", "x"),
    ("1.3", "cmi.location", "x"),
]


@pytest.mark.parametrize(("version", "element", "value"), GOOD)
def test_what_scorm_knows_is_taken(version, element, value):
    cmi.check(version, {element: value})


@pytest.mark.parametrize(("version", "element", "value"), BAD)
def test_everything_else_is_refused(version, element, value):
    with pytest.raises(ValueError):  # noqa: PT011  the element, whichever it is
        cmi.check(version, {element: value})


def test_more_elements_than_a_package_needs_are_refused():
    many = {f"cmi.interactions.{number % 250}.id": "x" for number in range(250)}
    cmi.check("1.2", many)
    with pytest.raises(ValueError):  # noqa: PT011  as above
        cmi.check("1.2", {**many, **{f"x{number}": "x" for number in range(cmi.MOST_ELEMENTS)}})


@pytest.mark.parametrize(
    ("version", "values", "is_completed"),
    [
        ("1.2", {"cmi.core.lesson_status": "completed"}, True),
        ("1.2", {"cmi.core.lesson_status": "passed"}, True),
        ("1.2", {"cmi.core.lesson_status": "failed"}, False),
        ("1.2", {"cmi.core.lesson_status": "browsed"}, False),
        ("1.2", {}, False),
        ("2004", {"cmi.completion_status": "completed"}, True),
        ("2004", {"cmi.success_status": "passed"}, True),
        ("2004", {"cmi.completion_status": "completed", "cmi.success_status": "failed"}, False),
        ("2004", {"cmi.completion_status": "incomplete"}, False),
    ],
)
def test_when_a_package_is_completed(version, values, is_completed):
    assert cmi.is_completed(version, values) is is_completed


@pytest.mark.parametrize(
    ("version", "said", "hundredths"),
    [
        ("1.2", "01:02:03.5", 372350),
        ("1.2", "0000:00:07", 700),
        ("2004", "PT1H2M3.5S", 372350),
        ("2004", "P1DT1S", 8640100),
        ("2004", "PT90S", 9000),
        ("2004", "P1Y2M", 100 * 86400 * (365 + 60)),
    ],
)
def test_how_long_it_was(version, said, hundredths):
    element = {"1.2": "cmi.core.session_time", "2004": "cmi.session_time"}[version]
    cmi.check(version, {element: said})
    assert cmi.session_time(version, {element: said}) == hundredths
    assert cmi.session_time(version, {}) == 0


@given(st.integers(0, 9999 * 360_000), st.sampled_from(["1.2", "2004"]))
def test_a_length_that_is_told_is_read_as_the_same(hundredths, version):
    element = {"1.2": "cmi.core.session_time", "2004": "cmi.session_time"}[version]
    said = {element: cmi.told(version, hundredths)}
    cmi.check(version, said)
    assert cmi.session_time(version, said) == hundredths


def test_the_table_of_the_script_is_that_of_the_server():
    table = cmi.table()
    assert table["rules"]["2004"]["cmi.score.scaled"]["high"] == 1
    assert set(table["rules"]) == {"1.2", "2004"}
    assert all("\\d" not in rule["pattern"] for rules in table["rules"].values() for rule in rules.values())
