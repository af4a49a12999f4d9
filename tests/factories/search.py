"""Things to be found that only tests know: notes, which say themselves who may see them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from platform_core.search.public import PUBLIC, Draft, Projector, refresh, tokens_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from platform_core.accounts.roles import Someone


@dataclass
class Notes:
    """An app with one kind of thing, kept in memory. `write` changes a note as a verb of its app would, and tells.

    `settle` is called after each change: what an engine outside the database needs before it finds it.
    """

    kind: str = "tests.note"
    drafts: dict[str, Draft] = field(default_factory=dict)
    settle: Callable[[], None] = lambda: None

    def projector(self) -> Projector:
        return Projector(kind=self.kind, project=self.drafts.get, ids=lambda: list(self.drafts), visible=self._visible)

    def write(self, object_id: str, title: str, body: str = "", **facts: Any) -> None:
        facts = {"audience": frozenset({PUBLIC}), "updated_at": datetime(2026, 11, 2, tzinfo=UTC), **facts}
        self.drafts[object_id] = Draft(title=title, body=body, path=f"/notes/{object_id}/", **facts)
        refresh(kind=self.kind, object_id=object_id)
        self.settle()

    def remove(self, object_id: str) -> None:
        self.drafts.pop(object_id, None)
        refresh(kind=self.kind, object_id=object_id)
        self.settle()

    def _visible(self, viewer: Someone, ids: Collection[str]) -> set[str]:
        held = tokens_of(viewer)
        return {pk for pk in ids if pk in self.drafts and not held.isdisjoint(self.drafts[pk].audience)}
