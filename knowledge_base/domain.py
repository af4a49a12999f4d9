"""What changes in the knowledge base besides its pages, which the editors change in Wagtail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Locale

from platform_core.activity.domain import record
from platform_core.base.errors import Refusal

from .caching import STREAM
from .events import AnswerChecked, AnswerDoubted, AnswerRated, QuestionChanged
from .models import LONGEST_WORDINGS, Doubt, QuestionPage, Rating, next_review
from .permissions import can_read

if TYPE_CHECKING:
    from platform_core.accounts.models import User
    from platform_core.accounts.roles import Someone

    from .models import NewsPage, TopicPage

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


def check_answer(*, actor: User, question: QuestionPage) -> QuestionPage:
    """`actor` has seen that a published answer still holds: it is checked today, due again after the setting's months,
    and no release puts it in doubt any more. Raises Refusal for who may not change it.
    """
    if not question.live or not question.permissions_for_user(actor).can_edit():
        raise Refusal(_("You may not change this answer."))
    today = timezone.localdate()
    with transaction.atomic():
        question = QuestionPage.objects.select_for_update().get(pk=question.pk)
        question.last_checked, question.review_by = today, next_review(today)
        QuestionPage.objects.filter(pk=question.pk).update(last_checked=today, review_by=question.review_by)
        days = {"last_checked": today.isoformat(), "review_by": question.review_by.isoformat()}
        _tell_draft(question, days)
        open_doubts = Doubt.objects.filter(question=question, cleared_at=None)
        releases = tuple(open_doubts.order_by("pk").values_list("release_id", flat=True))
        open_doubts.update(cleared_at=timezone.now(), cleared_by=actor)
        event = AnswerChecked(review_by=question.review_by, releases=releases)
        record(event, actor=actor, subject=question, streams=[STREAM])
    return question


def add_wording(*, actor: User, question: QuestionPage, text: str) -> QuestionPage:
    """Have a published answer found by one more way to ask it. What is there already changes nothing.

    Raises Refusal for who may not change the answer, and when it has no room for more.
    """
    if not question.live or not question.permissions_for_user(actor).can_edit():
        raise Refusal(_("You may not change this answer."))
    wording = " ".join(text.split())
    with transaction.atomic():
        question = QuestionPage.objects.select_for_update().get(pk=question.pk)
        known = question.wordings
        question.wordings = _with_line(known, wording)
        if question.wordings == known:
            return question
        if len(question.wordings) > LONGEST_WORDINGS:
            raise Refusal(
                _("This answer has so many ways to ask it that there is no room for one more. Take some away.")
            )
        QuestionPage.objects.filter(pk=question.pk).update(wordings=question.wordings)
        draft = question.get_latest_revision()
        _tell_draft(
            question, {"wordings": _with_line(str(draft.content.get("wordings", "")) if draft else "", wording)}
        )
        record(QuestionChanged(is_live=True), actor=actor, subject=question, streams=[STREAM])
    return question


def doubt_answers(*, release: NewsPage) -> int:
    """Have the answers that speak of what `release` touches checked; returns how many are newly in doubt.

    Once for an answer and a release: what was checked is not asked for again when the notes are published anew.
    """
    if not release.is_release:
        return 0
    with transaction.atomic():
        touching = QuestionPage.components.through.objects.filter(component__in=release.components.all())
        touched = QuestionPage.objects.live().filter(alias_of=None, pk__in=touching.values("questionpage"))
        new = list(touched.exclude(pk__in=Doubt.objects.filter(release=release).values("question")))
        Doubt.objects.bulk_create([Doubt(question=question, release=release) for question in new])
        for question in new:
            record(AnswerDoubted(release_id=release.pk, release_version=release.version), actor=None, subject=question)
    return len(new)


def mirror(*, topic: TopicPage) -> None:
    """Have a place for the translations of a topic's questions: a page of each other language that stands for it,
    until somebody translates it. Once or many times is the same."""
    with transaction.atomic():
        for locale in Locale.objects.exclude(pk=topic.locale_id):
            if not topic.has_translation(locale):
                topic.copy_for_translation(locale, copy_parents=True, alias=True)


def _with_line(lines: str, line: str) -> str:
    """The lines and one more, unless it says nothing or is there already, in whatever case."""
    known = lines.splitlines()
    return lines if not line or line.casefold() in map(str.casefold, known) else "\n".join([*known, line])


def _tell_draft(question: QuestionPage, facts: dict[str, str]) -> None:
    """A draft that is being written would bring the old facts back when it is published."""
    draft = question.get_latest_revision()
    if draft is None:
        return
    draft.content |= facts
    draft.save(update_fields=["content"])
