"""Whether Elasticsearch answers and follows, where it is used."""

from __future__ import annotations

from typing import Any

from .engines import is_remote
from .models import IndexChange


def remote_health(*, limit: float) -> dict[str, Any] | None:
    """For a probe: whether it answers within `limit` seconds and has an index to read, how many changes it has not been
    told yet and how many were refused and set aside. None where the database alone answers.
    """
    if not is_remote():
        return None
    from .engines.elastic import client, indexes  # noqa: PLC0415  the client, only where it is used

    try:
        answers = bool(client.connect().options(request_timeout=limit).indices.exists_alias(name=indexes.reading()))
    except client.FAILURES:
        answers = False
    return {
        "ok": answers,
        "waiting": IndexChange.objects.filter(parked_at=None).count(),
        "parked": IndexChange.objects.exclude(parked_at=None).count(),
    }
