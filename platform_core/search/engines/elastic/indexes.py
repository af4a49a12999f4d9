"""Which index is read and which are written: never a moment without one.

An index is made under a name of its own and reached by aliases: people read `<prefix>-read`; what changes is written to
every index behind `<prefix>-write`, which is the one that is read and, during a rebuild, the one being filled. Each is
written through an alias of its own (`<name>-in`, required): writing to an index that is gone must not make one.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone
from elasticsearch import NotFoundError

from .client import FEED_LIMIT, connect, or_away
from .mapping import definition

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch


def reading() -> str:
    return f"{settings.SEARCH_ES_PREFIX}-read"


def _writing() -> str:
    return f"{settings.SEARCH_ES_PREFIX}-write"


def door(index: str) -> str:
    """Through which an index is written."""
    return f"{index}-in"


def current() -> str:
    """The index that is read, or "". Raises Away."""
    return next(iter(_behind(reading())), "")


def targets() -> list[str]:
    """The indexes that a change is written to; none before the first build. Raises Away."""
    return _behind(_writing())


def create() -> str:
    """A new, empty index, which is written to from now on."""
    name = f"{settings.SEARCH_ES_PREFIX}-{timezone.now():%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
    _patient().indices.create(index=name, **definition(), aliases={_writing(): {}, door(name): {}})
    return name


def publish(name: str) -> None:
    """From now on this one is read, and it alone; in one step. The others are dropped."""
    others = [index for index in targets() if index != name]
    read_until_now = _behind(reading())
    actions = [{"remove": {"index": index, "alias": reading()}} for index in read_until_now if index != name]
    _patient().indices.update_aliases(actions=[{"add": {"index": name, "alias": reading()}}, *actions])
    drop({*others, *read_until_now} - {name})


def unfinished() -> list[str]:
    """Indexes of builds that never ended, or that are under way elsewhere."""
    return [index for index in targets() if index != current()]


def drop(names: set[str] | list[str]) -> None:
    for name in names:
        _patient().indices.delete(index=name, ignore_unavailable=True)


def refresh() -> None:
    """Make what was written findable now, not within the second."""
    for name in targets():
        _patient().indices.refresh(index=name)


def _behind(alias: str) -> list[str]:
    with or_away():
        try:
            return sorted(_patient().indices.get_alias(name=alias))
        except NotFoundError:
            return []


def _patient() -> Elasticsearch:
    return connect().options(request_timeout=FEED_LIMIT)
