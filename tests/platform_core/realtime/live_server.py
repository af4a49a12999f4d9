"""The product's sockets on a real Daphne, in a thread of the test process or as a process beside it.

As a process: `python -m tests.platform_core.realtime.live_server`, with DATABASE_NAME naming the test database and
REDIS_URL; it prints its port, and then its counts after each line that it reads.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from functools import cache
from typing import Any


class LiveServer:
    """One a process: Twisted's reactor starts only once."""

    def __init__(self) -> None:
        from daphne.server import Server  # noqa: PLC0415  installs the asyncio reactor

        from platform_core.config.asgi import application  # noqa: PLC0415  apps must be loaded

        self._ready = threading.Event()
        self._server = Server(
            application, endpoints=["tcp:port=0:interface=127.0.0.1"], signal_handlers=False, ready_callable=None
        )
        server_listens = self._server.listen_success

        def listen_success(port: Any) -> Any:
            server_listens(port)
            self.port = int(port.getHost().port)
            self._ready.set()
            return port

        self._server.listen_success = listen_success
        self._thread = threading.Thread(target=self._server.run, name="daphne", daemon=True)
        self._thread.start()
        assert self._ready.wait(30)

    def stop(self) -> None:
        """Also a second time."""
        if not self._thread.is_alive():
            return
        from twisted.internet import reactor  # noqa: PLC0415  installed by Daphne

        reactor.callFromThread(self._server.stop)
        self._thread.join(15)


@cache
def the_server() -> LiveServer:
    """That of this process, whoever asks first."""
    return LiveServer()


def set_up() -> None:
    """Django as another process of the test that started this one."""
    import django  # noqa: PLC0415
    from django.conf import settings  # noqa: PLC0415

    settings.DATABASES["default"]["NAME"] = os.environ["DATABASE_NAME"]
    settings.CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.core.RedisChannelLayer",
            "CONFIG": {"hosts": [os.environ["REDIS_URL"]], "capacity": 1000},
        }
    }
    django.setup()
    from tests.platform_core.realtime import kinds  # noqa: F401, PLC0415


def main() -> None:
    set_up()
    from platform_core.realtime.counts import counts  # noqa: PLC0415

    server = LiveServer()
    print(server.port, flush=True)
    for _line in sys.stdin:
        print(json.dumps(counts), flush=True)
    server.stop()


if __name__ == "__main__":
    main()
