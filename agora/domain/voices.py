"""What people say without words: reactions, “me too”, votes on answers and in polls. Each may be taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from agora import permissions
from agora.events import AnswerVoted, MeTooSaid, PollVoted, Reacted
from agora.models import AnswerVote, MeToo, Poll, PollOption, PollVote, Reaction, ReactionKind
from platform_core.base.errors import Refusal

from .writing import locked, locked_post, tell_topic

if TYPE_CHECKING:
    from collections.abc import Collection

    from agora.models import Post, Topic
    from platform_core.accounts.models import User


def react(*, actor: User, post: Post, kind: ReactionKind, is_on: bool) -> int:
    """Put or take one's reaction of a kind; how many there are now. Raises Refusal when the person may not."""
    with transaction.atomic():
        topic, post = locked_post(post)
        _guard(actor, topic, post)
        changed = _set(Reaction, is_on=is_on, post=post, person=actor, kind=kind)
        count = Reaction.objects.filter(post=post, kind=kind).count()
        if changed:
            event = Reacted(post_id=post.pk, number=post.number, kind=ReactionKind(kind), is_on=is_on, count=count)
            tell_topic(topic, event, actor=actor)
    return count


def say_me_too(*, actor: User, topic: Topic, is_on: bool) -> int:
    """That one has the same question, or no longer; how many have it now. Raises Refusal when the person may not."""
    with transaction.atomic():
        topic = locked(topic)
        if not topic.is_question or not permissions.can_react(actor, topic):
            raise Refusal(_("You cannot do this here: only who takes part in the community can."))
        if is_on and topic.author_id == actor.pk:
            raise Refusal(_("It is your question: you count already."))
        if _set(MeToo, is_on=is_on, topic=topic, person=actor):
            topic.me_too_count = MeToo.objects.filter(topic=topic).count()
            topic.save(update_fields=["me_too_count"])
            tell_topic(topic, MeTooSaid(is_on=is_on, count=topic.me_too_count), actor=actor)
    return topic.me_too_count


def vote_answer(*, actor: User, post: Post, value: int) -> int:
    """Say whether an answer helps: 1, −1, or 0 to take it back; the sum of all. Raises Refusal when one may not."""
    with transaction.atomic():
        topic, post = locked_post(post)
        _guard(actor, topic, post)
        if not topic.is_question or post.number == 1 or value not in (-1, 0, 1):
            raise Refusal(_("Only answers to a question are voted on."))
        if post.author_id == actor.pk:
            raise Refusal(_("Your own answer is for the others to vote on."))
        votes = AnswerVote.objects.filter(post=post, person=actor)
        before = votes.values_list("value", flat=True).first() or 0
        if value == before:
            return post.score
        if value:
            AnswerVote.objects.update_or_create(post=post, person=actor, defaults={"value": value})
        else:
            votes.delete()
        post.score = AnswerVote.objects.filter(post=post).aggregate(sum=Sum("value"))["sum"] or 0
        post.save(update_fields=["score"])
        event = AnswerVoted(post_id=post.pk, number=post.number, value=value, score=post.score)
        tell_topic(topic, event, actor=actor)
    return post.score


def vote_in_poll(*, actor: User, topic: Topic, options: Collection[int]) -> Poll:
    """Choose options of a poll, by id, in the place of those chosen before; none takes the vote back.

    Raises Refusal when the person may not, the poll is over, or the options are not of it or too many.
    """
    with transaction.atomic():
        topic = locked(topic)
        poll = Poll.objects.select_for_update().filter(topic=topic).first()
        if poll is None or not permissions.can_react(actor, topic):
            raise Refusal(_("You cannot do this here: only who takes part in the community can."))
        if topic.is_closed or not poll.is_open:
            raise Refusal(_("This poll is over."), field="options")
        known = {option.pk: option for option in PollOption.objects.filter(poll=poll)}
        wanted = set(options)
        if not wanted <= known.keys():
            raise Refusal(_("Choose among the options of the poll."), field="options")
        if len(wanted) > 1 and not poll.is_multiple:
            raise Refusal(_("Choose one option."), field="options")
        before = set(PollVote.objects.filter(option__poll=poll, person=actor).values_list("option", flat=True))
        if before == wanted:
            return poll
        PollVote.objects.filter(option__in=before - wanted, person=actor).delete()
        PollVote.objects.bulk_create(PollVote(option=known[pk], person=actor) for pk in sorted(wanted - before))
        for pk in before ^ wanted:
            known[pk].votes += 1 if pk in wanted else -1
            known[pk].save(update_fields=["votes"])
        poll.voters += bool(wanted) - bool(before)
        poll.save(update_fields=["voters"])
        votes = {str(pk): option.votes for pk, option in sorted(known.items())}
        tell_topic(topic, PollVoted(votes=votes, voters=poll.voters), actor=actor)
    return poll


def _guard(actor: User, topic: Topic, post: Post) -> None:
    if not post.is_readable or not permissions.can_react(actor, topic):
        raise Refusal(_("You cannot do this here: only who takes part in the community can."))


def _set(model: type[Reaction] | type[MeToo], *, is_on: bool, **facts: Any) -> bool:
    """Whether there was anything to change."""
    if is_on:
        return bool(model.objects.get_or_create(**facts)[1])
    return bool(model.objects.filter(**facts).delete()[0])
