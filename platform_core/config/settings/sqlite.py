"""The one way SQLite is opened, shared by the embedded and the test settings."""

from pathlib import Path
from typing import Any


def sqlite_database(path: Path | str) -> dict[str, Any]:
    """Django's settings for an SQLite file that several threads and processes write to.

    IMMEDIATE takes the write lock at BEGIN, so that a transaction that reads first and writes later waits its turn
    instead of failing; WAL lets readers go on meanwhile; a writer waits up to 20 seconds.
    """
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
        },
    }
