"""Asking clamd whether a file is infected: its INSTREAM command, over TCP or a Unix socket. And whether it is there.

clamd's manual (clamd(8), "INSTREAM"): the command, then chunks of a 4-byte length in network order and the bytes, then
a length of zero. Answers are "stream: OK", "stream: NAME FOUND" or "… ERROR". A command with z ends with NUL.
"""

from __future__ import annotations

import logging
import socket
import struct
from dataclasses import dataclass
from enum import StrEnum
from typing import IO, TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    from django.core.files import File

logger = logging.getLogger(__name__)

CHUNK = 64 * 1024
"""Bytes handed over at once."""

CONNECT_LIMIT = 3.0
"""Seconds to be let in."""

SILENCE_LIMIT = 20.0
"""Seconds that clamd may take for any one step; it scans 15 MB in one or two."""

LONGEST_ANSWER = 4096
"""Bytes."""


class Verdict(StrEnum):
    CLEAN = "clean"
    INFECTED = "infected"
    UNAVAILABLE = "unavailable"
    """A scanner is configured and gave no answer: the file must wait."""

    OFF = "off"
    """No scanner is configured."""


@dataclass(frozen=True, kw_only=True)
class ScanResult:
    """`found` is the scanner's name of what is in an infected file."""

    verdict: Verdict
    found: str = ""


def is_configured() -> bool:
    return bool(settings.CLAMD_ADDRESS)


def scan(file: File[Any] | IO[bytes]) -> ScanResult:
    """What the scanner says of a file that can seek; it is left at its start. Never raises for a scanner that fails.

    It may take CONNECT_LIMIT and some SILENCE_LIMIT: never inside a transaction.
    """
    if not is_configured():
        return ScanResult(verdict=Verdict.OFF)
    file.seek(0)
    try:
        with _connect(settings.CLAMD_ADDRESS) as line:
            answer = _ask(line, file)
    except OSError as problem:
        logger.warning("The malware scanner does not answer: %s", problem)
        return ScanResult(verdict=Verdict.UNAVAILABLE)
    finally:
        file.seek(0)
    return _read(answer)


def answers(*, limit: float) -> bool:
    """Whether a scanner that is configured is there, by clamd's command PING; `limit` are seconds for each step.

    Raises OSError when nobody answers.
    """
    with _connect(settings.CLAMD_ADDRESS) as line:
        line.settimeout(limit)
        line.sendall(b"zPING\0")
        return line.recv(LONGEST_ANSWER).rstrip(b"\0\n") == b"PONG"


def _connect(address: str) -> socket.socket:
    if address.startswith("/"):
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(CONNECT_LIMIT)
        try:
            line.connect(address)
        except OSError:
            line.close()
            raise
    else:
        host, _colon, port = address.rpartition(":")
        line = socket.create_connection((host.strip("[]"), int(port)), timeout=CONNECT_LIMIT)
    line.settimeout(SILENCE_LIMIT)
    return line


def _ask(line: socket.socket, file: File[Any] | IO[bytes]) -> str:
    try:
        line.sendall(b"zINSTREAM\0")
        while chunk := file.read(CHUNK):
            line.sendall(struct.pack("!I", len(chunk)) + chunk)
        line.sendall(struct.pack("!I", 0))
    except (BrokenPipeError, ConnectionResetError):
        # clamd hangs up on a stream that is longer than its StreamMaxLength, after it has said so.
        pass
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER and (part := line.recv(LONGEST_ANSWER)):
        answer += part
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")


def _read(answer: str) -> ScanResult:
    if answer == "stream: OK":
        return ScanResult(verdict=Verdict.CLEAN)
    if answer.endswith(" FOUND"):
        return ScanResult(verdict=Verdict.INFECTED, found=answer.removeprefix("stream: ").removesuffix(" FOUND")[:200])
    logger.warning("The malware scanner did not scan: %s", answer or "no answer")
    return ScanResult(verdict=Verdict.UNAVAILABLE)
