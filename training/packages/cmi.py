"""The data that a package keeps about who takes it, as SCORM names it: one table for the script and for the server.

SCORM 1.2 RTE 3.4 and SCORM 2004 4th edition RTE 4.2. What is not in the table is in neither: no package keeps anything
else here. A number in an element's name is `n` in the table.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

V12, V2004 = "1.2", "2004"
LONGEST = 32_000
"""Characters of `suspend_data`: with all the rest a message stays below what a browser sends while a page closes."""
MOST_ELEMENTS = 3000
COLLECTIONS = {
    "cmi.objectives": 50,
    "cmi.interactions": 250,
    "cmi.interactions.n.objectives": 10,
    "cmi.interactions.n.correct_responses": 10,
    "cmi.comments_from_learner": 50,
}
"""How many members each list may have."""

READ, WRITE, BOTH = "r", "w", "rw"
_ANY = r"[\s\S]*"
_NUMBER = r"-?[0-9]{1,10}(?:\.[0-9]{1,10})?"
_SPAN12 = r"[0-9]{2,4}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,2})?"
_CLOCK12 = r"[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,2})?"
_SPAN2004 = (
    r"P(?=[0-9T])(?:[0-9]{1,3}Y)?(?:[0-9]{1,4}M)?(?:[0-9]{1,5}D)?"
    r"(?:T(?=[0-9])(?:[0-9]{1,6}H)?(?:[0-9]{1,8}M)?(?:[0-9]{1,9}(?:\.[0-9]{1,2})?S)?)?"
)
_INSTANT = r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2}(?:T[0-9]{2}(?::[0-9]{2}(?::[0-9]{2}[0-9.Z:+-]{0,12})?)?)?)?)?"


@dataclass(frozen=True)
class Rule:
    """One element. `default` None: it has no value until it is set. `kept`: sent to the server and given back."""

    access: str = BOTH
    pattern: str = _ANY
    longest: int = 255
    low: float | None = None
    high: float | None = None
    default: str | None = None
    kept: bool = True

    def takes(self, value: str) -> bool:
        if len(value) > self.longest or not re.fullmatch(self.pattern, value):
            return False
        if value == "" or (self.low is None and self.high is None):
            return True
        number = float(value)
        return (self.low is None or number >= self.low) and (self.high is None or number <= self.high)


def _one_of(*words: str, access: str = BOTH, default: str | None = None) -> Rule:
    return Rule(access, "|".join(re.escape(word) for word in words), default=default)


def _said(default: str) -> Rule:
    """What we tell a package; it sets it never."""
    return Rule(READ, default=default, kept=False)


_KINDS = ("true-false", "choice", "fill-in", "matching", "performance", "sequencing", "likert", "numeric")
_RESULT12 = Rule(WRITE, rf"correct|wrong|unanticipated|neutral|{_NUMBER}")
_STATUS12 = ("passed", "completed", "failed", "incomplete", "browsed")
_SCORE12 = Rule(BOTH, rf"{_NUMBER}|", low=0, high=100, default="")
_TEXT = Rule(default="")

RULES12: dict[str, Rule] = {
    "cmi.core.student_id": _said(""),
    "cmi.core.student_name": _said(""),
    "cmi.core.lesson_location": _TEXT,
    "cmi.core.credit": _said("credit"),
    "cmi.core.lesson_status": _one_of(*_STATUS12, default="not attempted"),
    "cmi.core.entry": _said("ab-initio"),
    "cmi.core.score.raw": _SCORE12,
    "cmi.core.score.min": _SCORE12,
    "cmi.core.score.max": _SCORE12,
    "cmi.core.total_time": _said("0000:00:00.00"),
    "cmi.core.lesson_mode": _said("normal"),
    "cmi.core.exit": _one_of("time-out", "suspend", "logout", "", access=WRITE),
    "cmi.core.session_time": Rule(WRITE, _SPAN12),
    "cmi.suspend_data": Rule(longest=LONGEST, default=""),
    "cmi.launch_data": _said(""),
    "cmi.comments": Rule(longest=4096, default=""),
    "cmi.comments_from_lms": _said(""),
    "cmi.student_preference.audio": Rule(BOTH, _NUMBER, low=-1, high=100, default="0"),
    "cmi.student_preference.language": _TEXT,
    "cmi.student_preference.speed": Rule(BOTH, _NUMBER, low=-100, high=100, default="0"),
    "cmi.student_preference.text": Rule(BOTH, "-1|0|1", default="0"),
    "cmi.objectives.n.id": _TEXT,
    "cmi.objectives.n.score.raw": _SCORE12,
    "cmi.objectives.n.score.min": _SCORE12,
    "cmi.objectives.n.score.max": _SCORE12,
    "cmi.objectives.n.status": _one_of(*_STATUS12, "not attempted", default="not attempted"),
    "cmi.interactions.n.id": Rule(WRITE),
    "cmi.interactions.n.objectives.n.id": Rule(WRITE),
    "cmi.interactions.n.time": Rule(WRITE, _CLOCK12),
    "cmi.interactions.n.type": _one_of(*_KINDS, access=WRITE),
    "cmi.interactions.n.correct_responses.n.pattern": Rule(WRITE),
    "cmi.interactions.n.weighting": Rule(WRITE, _NUMBER),
    "cmi.interactions.n.student_response": Rule(WRITE),
    "cmi.interactions.n.result": _RESULT12,
    "cmi.interactions.n.latency": Rule(WRITE, _SPAN12),
}

_REAL = Rule(BOTH, _NUMBER)
_SCALED = Rule(BOTH, _NUMBER, low=-1, high=1)
_MEASURE = Rule(BOTH, _NUMBER, low=0, high=1)
_COMPLETION = _one_of("completed", "incomplete", "not attempted", "unknown", default="unknown")
_SUCCESS = _one_of("passed", "failed", "unknown", default="unknown")
_NAME = Rule(BOTH, r"[\s\S]+", longest=4000)
_WORDS = Rule(longest=4000)

RULES2004: dict[str, Rule] = {
    "cmi._version": _said("1.0"),
    "cmi.comments_from_learner.n.comment": _WORDS,
    "cmi.comments_from_learner.n.location": Rule(),
    "cmi.comments_from_learner.n.timestamp": Rule(BOTH, _INSTANT),
    "cmi.comments_from_lms._count": _said("0"),
    "cmi.completion_status": _COMPLETION,
    "cmi.completion_threshold": Rule(READ, kept=False),
    "cmi.credit": _said("credit"),
    "cmi.entry": _said("ab-initio"),
    "cmi.exit": _one_of("time-out", "suspend", "logout", "normal", "", access=WRITE),
    "cmi.interactions.n.id": _NAME,
    "cmi.interactions.n.type": _one_of(*_KINDS, "long-fill-in", "other"),
    "cmi.interactions.n.objectives.n.id": _NAME,
    "cmi.interactions.n.timestamp": Rule(BOTH, _INSTANT),
    "cmi.interactions.n.correct_responses.n.pattern": _WORDS,
    "cmi.interactions.n.weighting": _REAL,
    "cmi.interactions.n.learner_response": _WORDS,
    "cmi.interactions.n.result": Rule(BOTH, rf"correct|incorrect|unanticipated|neutral|{_NUMBER}"),
    "cmi.interactions.n.latency": Rule(BOTH, _SPAN2004),
    "cmi.interactions.n.description": Rule(),
    "cmi.launch_data": _said(""),
    "cmi.learner_id": _said(""),
    "cmi.learner_name": _said(""),
    "cmi.learner_preference.audio_level": Rule(BOTH, _NUMBER, low=0, default="1"),
    "cmi.learner_preference.language": _TEXT,
    "cmi.learner_preference.delivery_speed": Rule(BOTH, _NUMBER, low=0, default="1"),
    "cmi.learner_preference.audio_captioning": Rule(BOTH, "-1|0|1", default="0"),
    "cmi.location": Rule(longest=1000),
    "cmi.max_time_allowed": Rule(READ, kept=False),
    "cmi.mode": _said("normal"),
    "cmi.objectives.n.id": _NAME,
    "cmi.objectives.n.score.scaled": _SCALED,
    "cmi.objectives.n.score.raw": _REAL,
    "cmi.objectives.n.score.min": _REAL,
    "cmi.objectives.n.score.max": _REAL,
    "cmi.objectives.n.success_status": _SUCCESS,
    "cmi.objectives.n.completion_status": _COMPLETION,
    "cmi.objectives.n.progress_measure": _MEASURE,
    "cmi.objectives.n.description": Rule(),
    "cmi.progress_measure": _MEASURE,
    "cmi.scaled_passing_score": Rule(READ, kept=False),
    "cmi.score.scaled": _SCALED,
    "cmi.score.raw": _REAL,
    "cmi.score.min": _REAL,
    "cmi.score.max": _REAL,
    "cmi.session_time": Rule(WRITE, _SPAN2004),
    "cmi.success_status": _SUCCESS,
    "cmi.suspend_data": Rule(longest=LONGEST),
    "cmi.time_limit_action": _said("continue,no message"),
    "cmi.total_time": _said("PT0S"),
    "adl.nav.request": Rule(
        BOTH, "continue|previous|exit|exitAll|abandon|abandonAll|suspendAll|_none_", default="_none_", kept=False
    ),
    "adl.nav.request_valid.continue": _said("false"),
    "adl.nav.request_valid.previous": _said("false"),
}
RULES = {V12: RULES12, V2004: RULES2004}

_INDEX = re.compile(r"\.(0|[1-9][0-9]{0,3})(?=\.|$)", re.ASCII)
_LITERAL = re.compile(r"\.n(?=\.|$)")
_EXIT = {V12: "cmi.core.exit", V2004: "cmi.exit"}
_SESSION = {V12: "cmi.core.session_time", V2004: "cmi.session_time"}
ONCE = {version: [_EXIT[version], _SESSION[version]] for version in RULES}
"""What is of one session."""


def table() -> dict[str, Any]:
    """The rules as the script takes them: an expression of each pattern means the same in both languages."""
    return {
        "collections": COLLECTIONS,
        "rules": {version: {name: asdict(rule) for name, rule in rules.items()} for version, rules in RULES.items()},
    }


def check(version: str, values: Mapping[str, Any]) -> None:
    """Raises ValueError, naming the element, for anything that our script cannot have sent."""
    rules = RULES.get(version)
    if rules is None or len(values) > MOST_ELEMENTS:
        raise ValueError(version)
    for element, value in values.items():
        rule = None if _LITERAL.search(element) else rules.get(_INDEX.sub(".n", element))
        is_ours = rule is not None and rule.kept and rule.access != READ and _fits(element)
        if not is_ours or rule is None or not isinstance(value, str) or "\0" in value or not rule.takes(value):
            raise ValueError(element)
        value.encode()  # half of a pair of surrogates is no text: UnicodeEncodeError is a ValueError


def _fits(element: str) -> bool:
    """Whether each number in the name is below what its list may have."""
    for found in _INDEX.finditer(element):
        above = _INDEX.sub(".n", element[: found.start()])
        if int(found[1]) >= COLLECTIONS.get(above, 0):
            return False
    return True


def is_completed(version: str, values: Mapping[str, str]) -> bool:
    """Whether the package says that its work is done: completed or passed, and not failed."""
    if version == V12:
        return values.get("cmi.core.lesson_status") in ("completed", "passed")
    success = values.get("cmi.success_status")
    return success == "passed" or (values.get("cmi.completion_status") == "completed" and success != "failed")


def was_suspended(version: str, values: Mapping[str, str]) -> bool:
    return values.get(_EXIT[version]) == "suspend"


def without_session(version: str, values: Mapping[str, str]) -> dict[str, str]:
    """What the next session begins with: not how the last one ended, nor how long it was."""
    return {name: value for name, value in values.items() if name not in ONCE[version]}


def session_time(version: str, values: Mapping[str, str]) -> int:
    """How long this time has lasted by what the package says, in hundredths of a second."""
    said = values.get(_SESSION[version], "")
    if version == V12:
        return _hundredths(*said.split(":")) if said else 0
    days_part, _t, hours_part = said.removeprefix("P").partition("T")
    days = {"Y": 365, "M": 30, "D": 1}
    seconds = {"H": 3600, "M": 60, "S": 1}
    total = sum(int(number) * days[unit] * 86400 for number, unit in re.findall(r"([0-9]+)([YMD])", days_part))
    found = re.findall(r"([0-9.]+)([HMS])", hours_part)
    return round(100 * (total + sum(float(number) * seconds[unit] for number, unit in found)))


def _hundredths(hours: str, minutes: str, seconds: str) -> int:
    return round(100 * (int(hours) * 3600 + int(minutes) * 60 + float(seconds)))


def told(version: str, hundredths: int) -> str:
    """A length of time as SCORM writes it."""
    minutes, rest = divmod(max(0, hundredths), 6000)
    hours, minutes = divmod(minutes, 60)
    if version == V12:
        return f"{min(hours, 9999):04}:{minutes:02}:{rest // 100:02}.{rest % 100:02}"
    return f"PT{hours}H{minutes}M{rest // 100}.{rest % 100:02}S"
