"""Where a topic meets the desk and the knowledge base: a ticket of a post, a question of the desk, an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agora import domain, permissions, solved
from agora.forms_bridges import AskForm, TicketForm
from agora.models import CommunityQuestion, PostTicket, TopicAnswer
from helpdesk.desk.anonymity import parts_of
from helpdesk.desk.forms.answer import AnswerForm
from helpdesk.desk.models import Case
from helpdesk.desk.permissions import is_desk
from helpdesk.desk.queries import case_by_reference
from platform_core.base.errors import Refusal
from platform_core.participation.public import spaces_entered_by

from .doors import PAGES, me, post_of, reading_of, refuse

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@never_cache
@login_required
@require_http_methods(PAGES)
def ticket(request: HttpRequest, slug: str, pk: int, number: int) -> HttpResponse:
    """Make a ticket of a post: for who wrote it, and for the desk in their name."""
    read = reading_of(request, slug, pk)
    post = post_of(request, read, number)
    if not permissions.can_file(request.user, post) or post.author is None:
        raise Http404
    if made := PostTicket.objects.select_related("case").filter(post=post).first():
        return redirect(made.case)
    initial = {"subject": read.topic.title, "text": post.text}
    form = TicketForm(request.POST or None, author=post.author, is_mine=post.author == request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data
        try:
            case = domain.file_ticket(
                actor=me(request), post=post, kind=sent["kind"], subject=sent["subject"], text=sent["text"],
                organisation=sent.get("organisation"), brings_answer=sent.get("brings_answer"),
            )  # fmt: skip
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("We have your ticket. Its reference is %(reference)s.") % {"reference": case})
            return redirect(case)
    context = {"topic": read.topic, "space": read.topic.space, "post": post, "form": form}
    return render(request, "agora/post_ticket.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def agree_to_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """`si` or `no`: whether the answer to the ticket may be published where it was asked."""
    found = PostTicket.objects.select_related("post__topic__space", "case").filter(pk=pk).first()
    if (
        found is None
        or found.post.author_id != me(request).pk
        or not permissions.can_read_post(me(request), found.post)
    ):
        raise Http404
    domain.agree_to_answer(person=me(request), bridge=found, agrees=request.POST.get("fes") == "si")
    messages.success(request, _("Thank you. We will do so."))
    return redirect(found.post.topic.url_of(found.post.number))


@never_cache
@login_required
@require_http_methods(PAGES)
def ask(request: HttpRequest, reference: str) -> HttpResponse:
    """For the desk: what to ask a community about a ticket; who asked has to agree."""
    if not is_desk(request.user):
        raise Http404
    try:
        case = case_by_reference(me(request), reference)
    except Case.DoesNotExist as missing:
        raise Http404 from missing
    found = parts_of(case)
    parts = {"title": found["title"], "text": found["question"]}
    spaces = list(spaces_entered_by(case.requester).filter(closed_at=None).order_by("name")) if case.requester else []
    form = AskForm(
        request.POST or None, spaces=spaces, initial={name: stripped.text for name, stripped in parts.items()}
    )
    if request.method == "POST" and form.is_valid():
        try:
            domain.ask_community(actor=me(request), case=case, **form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("We have asked them whether they agree. The promise goes on meanwhile."))
            return redirect(case.get_bench_url())
    told = [(str(form.fields[name].label), stripped) for name, stripped in parts.items() if stripped.taken]
    context = {"case": case, "form": form, "parts": told, "spaces": spaces}
    return render(request, "agora/ask_community.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def agree_to_question(request: HttpRequest, pk: int) -> HttpResponse:
    """`si` or `no`: whether the desk may ask the community."""
    questions = CommunityQuestion.objects.select_related("case__ticket", "case__organisation", "space")
    found = questions.filter(pk=pk).first()
    if found is None or not domain.may_agree(me(request), found.case):
        raise Http404
    answered = domain.answer_question(person=me(request), question=found, agrees=request.POST.get("fes") == "si")
    messages.success(
        request, _("Thank you: the community has been asked.") if answered.is_agreed else _("We will not ask it.")
    )
    return redirect(found.case)


@never_cache
@login_required
@require_http_methods(PAGES)
def make_answer(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The accepted answer as a draft of the knowledge base."""
    read = reading_of(request, slug, pk)
    topic = read.topic
    if not permissions.can_make_answer(request.user, topic):
        raise Http404
    if TopicAnswer.objects.filter(topic=topic).exists():
        messages.info(request, _("An answer has been made of this topic already."))
        return redirect(topic)
    parts = solved.parts_of(topic)
    form = AnswerForm(request.POST or None, initial={name: stripped.text for name, stripped in parts.items()})
    if request.method == "POST" and form.is_valid():
        sent: dict[str, Any] = dict(form.cleaned_data)
        try:
            domain.make_answer(actor=me(request), topic=topic, faq_topic=sent.pop("topic"), **sent)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The editors have the draft: they review it and publish it."))
            return redirect(topic)
    told = [(str(form.fields[name].label), stripped) for name, stripped in parts.items() if stripped.taken]
    context = {"topic": topic, "space": topic.space, "form": form, "parts": told}
    return render(request, "agora/make_answer.html", context, status=422 if form.errors else 200)


@never_cache
@login_required
@require_GET
def found_again(request: HttpRequest) -> HttpResponse:
    """For editors: solved topics that people keep finding and that are no answer of the knowledge base yet."""
    if not solved.can_see_found(request.user):
        raise Http404
    return render(request, "agora/found_again.html", {"rows": solved.found_again(me(request))})
