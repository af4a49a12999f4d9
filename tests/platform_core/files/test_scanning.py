"""The malware scanner, over its own protocol."""

from __future__ import annotations

import io
import socketserver
import threading
from pathlib import Path

import pytest

from platform_core.files.scanning import CHUNK, Verdict, scan
from tests.factories.files import EICAR, Scanner, _Talk, running_scanner
from tests.platform_core.background.processes import short_folder


def test_without_a_scanner_nothing_is_asked():
    assert scan(io.BytesIO(EICAR)).verdict == Verdict.OFF


def test_a_clean_file_is_handed_over_whole(scanner: Scanner):
    content = bytes(range(256)) * (CHUNK // 100)
    file = io.BytesIO(content)
    assert scan(file).verdict == Verdict.CLEAN
    assert scanner.scanned == [content]
    assert file.tell() == 0


def test_an_infected_file_is_called_by_what_is_in_it(scanner: Scanner):
    result = scan(io.BytesIO(b"abc" + EICAR))
    assert (result.verdict, result.found) == (Verdict.INFECTED, "Eicar-Test-Signature")


def test_a_scanner_that_is_away_is_no_verdict(scanner_away):
    assert scan(io.BytesIO(b"a")).verdict == Verdict.UNAVAILABLE


@pytest.mark.parametrize("says", [b"", b"stream: Can't allocate memory ERROR\0", b"UNKNOWN COMMAND\0", b"\xff\xfe"])
def test_an_answer_that_is_no_verdict_is_none(says: bytes, settings):
    with running_scanner(says) as scanner:
        settings.CLAMD_ADDRESS = scanner.address
        assert scan(io.BytesIO(b"a")).verdict == Verdict.UNAVAILABLE


def test_a_scanner_that_hangs_up_on_a_large_file_is_no_verdict(settings):
    with running_scanner(most=1000) as scanner:
        settings.CLAMD_ADDRESS = scanner.address
        assert scan(io.BytesIO(b"a" * 5_000_000)).verdict == Verdict.UNAVAILABLE


def test_the_scanner_may_listen_on_a_unix_socket(settings):
    class UnixScanner(socketserver.ThreadingUnixStreamServer):
        says, most, scanned = None, 1000, []

    with short_folder() as folder:
        path = str(Path(folder) / "clamd")
        with UnixScanner(path, _Talk) as server:
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
            thread.start()
            settings.CLAMD_ADDRESS = path
            assert scan(io.BytesIO(EICAR)).verdict == Verdict.INFECTED
            server.shutdown()
            thread.join()
