"""Whatever a browser says is a command or a problem that has a name: nothing else comes out of reading it."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from platform_core.realtime import protocol
from platform_core.realtime.protocol import ProtocolError

OPS = ["subscribe", "unsubscribe", "typing", "ping", "pong"]
SIMPLE = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["test:a", "desk"])
ANYTHING = SIMPLE | st.lists(SIMPLE, max_size=3) | st.dictionaries(st.text(max_size=5), SIMPLE, max_size=3)
FIELDS = {"op": st.sampled_from(OPS) | ANYTHING, "stream": ANYTHING, "since": ANYTHING, "n": ANYTHING}


@settings(deadline=None)
@given(st.text(max_size=300) | st.none())
def test_any_text_is_a_command_or_a_problem_that_has_a_name(text):
    read(text)


@settings(deadline=None)
@given(st.fixed_dictionaries({}, optional=FIELDS))
def test_any_object_is_a_command_or_a_problem_that_has_a_name(frame):
    read(json.dumps(frame))


def read(text: str | None) -> None:
    try:
        command = protocol.read(text)
    except ProtocolError as problem:
        json.loads(protocol.error(problem))  # its code is one of Code, and what it says can be sent
    else:
        stream, since = getattr(command, "stream", "desk"), getattr(command, "since", None)
        assert isinstance(stream, str)
        assert since is None or (type(since) is int and since >= 0)
