"""A post becomes a ticket and its answer comes back; the desk asks a community about a ticket; an accepted answer
becomes one of the knowledge base. Nothing crosses over without the person whose words they are, nor their data with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from agora.events import CommunityAsked, CommunityQuestionAnswered, FaqDrafted, PostFiled
from agora.models import CommunityQuestion, Post, PostTicket, Topic, TopicAnswer, TopicKind
from agora.permissions import can_file, can_make_answer
from helpdesk.desk import domain as desk
from helpdesk.desk.anonymity import known_of, strip
from helpdesk.desk.models import Case, Channel, EntryKind, Kind, State
from helpdesk.desk.permissions import can_close, is_desk
from helpdesk.desk.queries import conversation
from knowledge_base.public import draft_answer
from platform_core.activity.domain import record
from platform_core.base.errors import Refusal
from platform_core.base.identity_numbers import redact
from platform_core.participation.public import spaces_entered_by

from .posts import post as write
from .topics import open_topic
from .writing import clean_text, clean_title, locked, locked_post, tell, to_people

if TYPE_CHECKING:
    from platform_core.accounts.models import User
    from platform_core.organisations.models import Organisation
    from platform_core.participation.models import Space

BRIDGES = UUID("6c1f3c0e-5a52-4d0e-9a53-0d8f0f5d3b11")
"""The name space of numbers that make what crosses a bridge twice arrive once."""


# ---- a post becomes a ticket ----


def file_ticket(
    *,
    actor: User,
    post: Post,
    kind: Kind,
    subject: str,
    text: str,
    organisation: Organisation | None,
    brings_answer: bool | None,
) -> Case:
    """Make a ticket of a post, for who wrote it. Made twice, it is the same ticket.

    `brings_answer` is whether its author agrees that the answer is published in the topic; None when somebody of the
    desk files it for them: they are asked. Raises Refusal when the actor neither wrote it nor is of the desk, or as
    `desk.domain.open_ticket`.
    """
    with transaction.atomic():
        topic, post = locked_post(post)
        if known := PostTicket.objects.select_related("case__ticket").filter(post=post).first():
            return known.case
        author = post.author
        if author is None or not can_file(actor, post):
            raise Refusal(_("Only who wrote this post, or the desk, can make a ticket of it."))
        case = desk.open_ticket(
            actor=actor, requester=author, organisation=organisation, kind=kind, subject=subject, text=text,
            channel=Channel.FORUM, submission=uuid5(BRIDGES, f"post:{post.pk}"),
        )  # fmt: skip
        agrees = brings_answer if actor == author else None
        made = PostTicket.objects.create(post=post, case=case, made_by=actor, brings_answer=agrees)
        # Nobody else learns that there is a ticket: not even that something happened in the topic.
        record(PostFiled(bridge_id=made.pk), actor=actor, subject=topic, streams=to_people([author.pk]))
    return case


def agree_to_answer(*, person: User, bridge: PostTicket, agrees: bool) -> None:
    """The author says whether the answer may be published. Raises Refusal for anybody else."""
    with transaction.atomic():
        fresh = PostTicket.objects.select_for_update(of=("self",)).select_related("post").get(pk=bridge.pk)
        if fresh.post.author_id != person.pk:
            raise Refusal(_("Only who wrote the post decides on this."))
        fresh.brings_answer = agrees
        fresh.save(update_fields=["brings_answer"])
    if agrees:
        bring_answer(case_id=fresh.case_id)


def bring_answer(*, case_id: int) -> Post | None:
    """Publish the desk's last answer in the topic of the post that became this ticket, once solved and if agreed to.

    Called again it does nothing; None when there is nothing to bring.
    """
    bridge = PostTicket.objects.select_related("case__ticket", "case__requester", "post__topic__space").filter(
        case=case_id, brings_answer=True, answer=None
    ).first()  # fmt: skip
    if bridge is None or bridge.case.state not in (State.RESOLVED, State.CLOSED) or not bridge.post.is_readable:
        return None
    lines = [line for line in conversation(bridge.case, internal=False) if line.entry.kind == EntryKind.MESSAGE]
    said = [line for line in lines if line.is_by_desk and line.text]
    if not said:
        return None
    with translation.override(settings.LANGUAGE_CODE):  # the language of the communities
        text = _("This is what the support team has answered:\n\n%(text)s")
    words = strip(said[-1].text, known_of(bridge.case, lines)).text
    with transaction.atomic():
        bridge = PostTicket.objects.select_for_update(of=("self",)).select_related("post").get(pk=bridge.pk)
        if bridge.answer_id is not None or not bridge.brings_answer:  # meanwhile
            return None
        answer = write(
            actor=None, author=said[-1].author, topic=bridge.post.topic, text=text % {"text": redact(words)},
            reply_to=bridge.post, submission=uuid5(BRIDGES, f"answer:{bridge.pk}"),
        )  # fmt: skip
        bridge.answer = answer
        bridge.save(update_fields=["answer"])
    return answer


# ---- the desk asks a community ----


def ask_community(*, actor: User, case: Case, space: Space, title: str, text: str) -> CommunityQuestion:
    """Write to who asked what the desk wants to ask a community, and wait until they agree. The promise goes on.

    Raises Refusal when the actor is not of the desk, it was asked already, nobody with an account asked, or they could
    not read the answer there.
    """
    title, text = redact(clean_title(title)), redact(clean_text(text))
    if not is_desk(actor):
        raise Refusal(_("Only the desk may do this."))
    requester = case.requester
    if requester is None or not requester.is_active:
        raise Refusal(_("Who asked has no account, and cannot agree to it."))
    if space.is_closed or not spaces_entered_by(requester).filter(pk=space.pk).exists():
        raise Refusal(_("Choose a community that who asked can read."), field="space")
    with transaction.atomic():
        if CommunityQuestion.objects.filter(case=case).exists():
            raise Refusal(_("A community has been asked about this ticket already."))
        made = CommunityQuestion.objects.create(case=case, space=space, title=title, text=text, asked_by=actor)
        with translation.override(requester.language):
            words = _(
                "We would like to ask the community %(space)s about this, without your name nor that of your "
                "organisation. These would be the words:\n\n**%(title)s**\n\n%(text)s\n\nSay on the page of this "
                "ticket whether you agree. We go on working on it meanwhile."
            ) % {"space": space.name, "title": title, "text": text}
        desk.reply(actor=actor, case=case, text=words)
        record(
            CommunityAsked(question_id=made.pk, space_id=space.pk), actor=actor, subject=case.ticket, streams=["desk"]
        )
    return made


def answer_question(*, person: User, question: CommunityQuestion, agrees: bool) -> CommunityQuestion:
    """Who asked the desk says whether the community may be asked. If so the topic is opened in the same moment, in the
    name of who works on the ticket. Said again, nothing changes. Raises Refusal for anybody else.
    """
    with transaction.atomic():
        fresh = CommunityQuestion.objects.select_for_update(of=("self",)).select_related(
            "case__ticket", "space", "asked_by"
        ).get(pk=question.pk)  # fmt: skip
        if not may_agree(person, fresh.case):
            raise Refusal(_("Only who asked decides on this."))
        if fresh.answered_at is not None:
            return fresh
        fresh.answered_at, fresh.answered_by, fresh.is_agreed = timezone.now(), person, agrees
        if agrees:
            fresh.topic = open_topic(
                actor=None, author=fresh.asked_by, space=fresh.space, kind=TopicKind.QUESTION, title=fresh.title,
                text=fresh.text, submission=uuid5(BRIDGES, f"question:{fresh.pk}"),
            )  # fmt: skip
        fresh.save(update_fields=["answered_at", "answered_by", "is_agreed", "topic"])
        with translation.override(settings.LANGUAGE_CODE):
            note = (
                _("They agree: the community has been asked in #T-%(topic)s.") % {"topic": fresh.topic.pk}
                if fresh.topic
                else _("They do not agree to ask the community.")
            )
        desk.add_note(actor=None, case=fresh.case, text=note)
        event = CommunityQuestionAnswered(question_id=fresh.pk, is_agreed=agrees)
        record(event, actor=person, subject=fresh.case.ticket, streams=["desk"])
    return fresh


def may_agree(person: User, case: Case) -> bool:
    """Who asked, or a referent of theirs; nobody of the desk in their place."""
    return can_close(person, case) and (person.pk == case.requester_id or not is_desk(person))


def tell_desk_of_answer(*, topic_id: int, post_id: int) -> None:
    """A note in the ticket that a topic comes from: the community has an answer. Once for each accepted answer."""
    question = CommunityQuestion.objects.select_related("case__ticket").filter(topic=topic_id).first()
    found = Post.objects.filter(pk=post_id, topic=topic_id).first()
    if question is None or found is None or not found.is_readable:
        return
    with translation.override(settings.LANGUAGE_CODE):
        text = _("The community has an answer, in #T-%(topic)s/%(number)s:\n\n%(text)s") % {
            "topic": topic_id,
            "number": found.number,
            "text": found.text,
        }
    desk.add_note(actor=None, case=question.case, text=text, submission=uuid5(BRIDGES, f"accepted:{post_id}"))


# ---- an answer for everybody ----


def make_answer(*, actor: User, topic: Topic, faq_topic: str, title: str, question: str, answer: str) -> TopicAnswer:
    """Propose to the editors an answer that comes from a topic. A second time gives the first one back.

    Raises Refusal when the actor may not or there is no accepted answer, and as `knowledge_base.public.draft_answer`.
    """
    with transaction.atomic():
        topic = locked(topic)
        if known := TopicAnswer.objects.filter(topic=topic).first():
            return known
        if not can_make_answer(actor, topic):
            raise Refusal(_("Only an editor or who moderates makes an answer of a solved topic."))
        pk = draft_answer(
            author=actor, topic=faq_topic, title=redact(title), question=redact(question), answer=redact(answer)
        )
        made = TopicAnswer.objects.create(topic=topic, question_id=pk, made_by=actor)
        tell(topic, FaqDrafted(question_id=pk), actor=actor)
    return made
