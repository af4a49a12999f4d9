"""What changes in the knowledge base besides its pages, which the editors change in Wagtail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from platform_core.activity.domain import record
from platform_core.base.errors import Refusal

from .events import AnswerRated
from .models import Rating
from .permissions import can_read

if TYPE_CHECKING:
    from platform_core.accounts.roles import Someone

    from .models import QuestionPage

LONGEST_COMMENT = 1000
"""Characters."""


@dataclass(frozen=True)
class Reader:
    """Who says whether an answer helped: a person, or the browser of who is not signed in (a random text of ours)."""

    user: Someone
    browser: str = ""

    @property
    def key(self) -> dict[str, object]:
        """The fields of a `Rating` that are this reader's."""
        return {"person_id": self.user.pk} if self.user.is_authenticated else {"browser": self.browser}


def rate(*, question: QuestionPage, reader: Reader, helped: bool, comment: str | None = None) -> Rating:
    """Keep what the reader says of the answer; the last word counts. `comment` None keeps what was written before.

    Raises Refusal for a comment over LONGEST_COMMENT, and for a question that the reader may not read.
    """
    if not can_read(reader.user, question):
        raise Refusal(_("This question is not here any more."))
    if comment is not None and len(comment.strip()) > LONGEST_COMMENT:
        words = _("This comment is too long: %(length)d characters, and the most is %(limit)d.")
        raise Refusal(words % {"length": len(comment.strip()), "limit": LONGEST_COMMENT}, field="comment")
    with transaction.atomic():
        rating, created = Rating.objects.select_for_update().get_or_create(
            question=question, **reader.key, defaults={"helped": helped}
        )
        changed_mind = not created and rating.helped != helped
        rating.helped = helped
        if comment is not None:
            rating.comment = comment.strip()
        elif changed_mind:
            rating.comment = ""  # it explained the other opinion
        rating.save()
        record(
            AnswerRated(helped=helped, changed_mind=changed_mind, has_comment=bool(rating.comment)),
            actor=reader.user if reader.user.is_authenticated else None,
            subject=question,
        )
    return rating
