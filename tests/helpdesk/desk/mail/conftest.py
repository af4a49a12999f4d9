"""What the tests of mail ask for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from platform_core.background.worker import Worker
from tests.factories.desk import seed_desk
from tests.factories.organisations import deliver_all
from tests.mail_servers import imap_server, queue_of, smtp_server  # noqa: F401  fixtures


@pytest.fixture
def desk(db: None) -> None:
    """The calendars and service levels."""
    seed_desk()


@pytest.fixture
def deliver() -> Callable[[], None]:
    """What the worker does with what is due: reactions, then the jobs that they left."""

    def run() -> None:
        deliver_all()
        Worker().drain()

    return run
