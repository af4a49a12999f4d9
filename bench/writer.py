"""Somebody who writes in a topic, in a process without sockets: `python -m bench.writer TOPIC AUTHOR PER_SECOND`.

By the domain's own verb, one post after the other, as many in all as the last number that standard input has said; it
ends with standard input. 0 a second is as fast as it goes.
"""

from __future__ import annotations

import sys
import time

import django


def main(topic_id: int, author_id: int, per_second: float) -> None:
    django.setup()
    from agora import domain  # noqa: PLC0415  Django is set up by now
    from agora.models import Topic  # noqa: PLC0415
    from platform_core.accounts.models import User  # noqa: PLC0415

    topic, author = Topic.objects.select_related("space").get(pk=topic_id), User.objects.get(pk=author_id)
    written = 0
    for line in sys.stdin:
        while written < int(line):
            began = time.monotonic()
            written += 1
            domain.post(actor=author, topic=topic, text=f"Aportació **{written}**, escrita en un altre procés.")
            if per_second:
                time.sleep(max(0.0, began + 1 / per_second - time.monotonic()))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
