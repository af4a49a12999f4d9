"""One topic: its posts by page, an answer, and the parts that an open page asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agora import domain, forms, letters, queries
from agora.drawing import draw
from agora.models import Follow, FollowLevel, Post, ReactionKind
from platform_core.base.errors import Refusal
from platform_core.participation.public import sanctions_of

from .doors import PAGES, is_fragment, me, number_in, post_of, reading_of, refuse

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from agora.queries import Reading

MOST_NEWS = 60
"""Posts that an open page is given at once; after more it is loaded anew."""


@never_cache
@require_http_methods(PAGES)
def topic(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """`?n=57`: the page with post 57; without it, the first that the reader has not read. Sent to it, an answer."""
    read = reading_of(request, slug, pk)
    if moved := _moved(request, read):
        return moved
    if request.method == "POST":
        return _answer(request, read)
    if "n" not in request.GET and (unread := queries.first_unread(read)) > queries.PAGE_SIZE:
        return redirect(read.topic.url_of(unread))
    return _page(request, read)


def _answer(request: HttpRequest, read: Reading) -> HttpResponse:
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    form = _answer_form(read, request)
    if form.is_valid():
        sent = form.cleaned_data
        reply_to = Post.objects.filter(topic=read.topic, number=sent["reply_to"]).first() if sent["reply_to"] else None
        try:
            written = domain.post(
                actor=me(request), topic=read.topic, text=sent["text"], reply_to=reply_to, submission=sent["submission"]
            )
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return redirect(read.topic.url_of(written.number))
    return _page(request, read, form)


def _moved(request: HttpRequest, read: Reading) -> HttpResponse | None:
    """What was merged leads to where its posts are."""
    into = read.topic.merged_into
    if into is None:
        return None
    number = number_in(request.GET.get("n", ""), otherwise=1)
    return redirect(into.url_of(number + read.topic.merged_offset))


def _answer_form(read: Reading, request: HttpRequest | None = None) -> forms.AnswerForm:
    preview = reverse("agora:preview", args=[read.topic.space.slug])
    if request is not None:
        return forms.AnswerForm(request.POST, preview=preview)
    return forms.AnswerForm(preview=preview, initial={"text": read.draft[0]})


def _page(request: HttpRequest, read: Reading, form: forms.AnswerForm | None = None) -> HttpResponse:
    failed = form is not None
    asked = read.topic.last_number if failed else number_in(request.GET.get("n", ""), otherwise=1)
    page = queries.page(request.user, read, asked)
    context = {
        **shown(read),
        "page": page,
        "form": form or _answer_form(read),
        "failed": failed,
        "tags": list(read.topic.tags.all()),
        "choices": queries.choices_of(read),
        "levels": FollowLevel.choices,
        "sanctions": [] if read.takes_part else sanctions_of(request.user, read.topic.space),
    }
    return render(request, "agora/topic.html", context, status=422 if failed else 200)


def shown(read: Reading) -> dict[str, Any]:
    """What the parts of a topic's page are drawn with."""
    return {
        "read": read,
        "topic": read.topic,
        "space": read.topic.space,
    }


@never_cache
@require_GET
def news(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """`?des=57`: the posts after number 57, as fragments."""
    read = reading_of(request, slug, pk)
    since = number_in(request.GET.get("des", ""), otherwise=read.topic.last_number)
    posts = Post.objects.filter(topic=read.topic, number__gt=since, number__lte=since + MOST_NEWS)
    context = {**shown(read), "lines": queries.lines(request.user, read, posts)}
    return render(request, "agora/parts/posts.html", context)


@never_cache
@require_http_methods(PAGES)
def post(request: HttpRequest, slug: str, pk: int, number: int) -> HttpResponse:
    """One post, as a fragment; sent to it, what somebody does with it (`fes`)."""
    read = reading_of(request, slug, pk)
    if request.method == "POST":
        if not request.user.is_authenticated:
            return redirect_to_login(read.topic.url_of(number))
        try:
            _do(request, read, number)
        except Refusal as refusal:
            if is_fragment(request):
                return JsonResponse({"problem": str(refusal.message)}, status=409)
            messages.error(request, str(refusal.message))
        if not is_fragment(request):
            return redirect(read.topic.url_of(number))
        read = reading_of(request, slug, pk)
    elif not is_fragment(request):
        return redirect(read.topic.url_of(number))
    line = queries.line_of(request.user, read, number)
    if line is None:
        raise Http404
    return HttpResponse(draw(request, read, line))


def _do(request: HttpRequest, read: Reading, number: int) -> None:
    """`like+`, `like-`, `vota+1`, `desa+`, `accepta-`, `esborra`… Raises Refusal, and Http404 for what is none."""
    wanted = request.POST.get("fes", "")
    person = me(request)
    if wanted == "recupera":
        found = Post.objects.select_related("author").filter(topic=read.topic, number=number).first()
        if found is None:
            raise Http404
        found.topic = read.topic
        domain.restore_post(actor=person, post=found)
        return
    one = post_of(request, read, number)
    verb, is_on = wanted[:-1], wanted.endswith("+")
    verbs: dict[str, Callable[[], object]] = {
        "esborra": lambda: domain.delete_post(actor=person, post=one),
        "mostra": lambda: domain.show(actor=person, post=one),
        "desa+": lambda: domain.bookmark(person=person, post=one, is_on=True),
        "desa-": lambda: domain.bookmark(person=person, post=one, is_on=False),
        "accepta+": lambda: domain.accept_answer(actor=person, post=one),
        "accepta-": lambda: domain.unaccept_answer(actor=person, topic=read.topic),
        **{f"vota{value:+}": _vote(request, one, value) for value in (-1, 0, 1)},
    }
    if wanted in verbs:
        verbs[wanted]()
    elif verb in ReactionKind.values and wanted[-1] in "+-":
        domain.react(actor=person, post=one, kind=ReactionKind(verb), is_on=is_on)
    else:
        raise Http404


def _vote(request: HttpRequest, post: Post, value: int) -> Callable[[], object]:
    return lambda: domain.vote_answer(actor=me(request), post=post, value=value)


@require_POST
def act(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What somebody does with the whole topic (`fes`): me too, follow, vote in its poll, close, unpin."""
    read = reading_of(request, slug, pk)
    if not request.user.is_authenticated:
        return redirect_to_login(read.topic.get_absolute_url())
    try:
        _do_with_topic(request, read)
    except Refusal as refusal:
        if is_fragment(request):
            return JsonResponse({"problem": str(refusal.message)}, status=409)
        messages.error(request, str(refusal.message))
    if is_fragment(request):
        return _head(request, reading_of(request, slug, pk))
    return redirect(read.topic.url_of(number_in(request.POST.get("n", ""), otherwise=1)))


def _do_with_topic(request: HttpRequest, read: Reading) -> None:
    wanted, person, topic = request.POST.get("fes", ""), me(request), read.topic
    verbs: dict[str, Callable[[], object]] = {
        "jo-tambe+": lambda: domain.say_me_too(actor=person, topic=topic, is_on=True),
        "jo-tambe-": lambda: domain.say_me_too(actor=person, topic=topic, is_on=False),
        "segueix": lambda: domain.follow(person=person, topic=topic, level=_level(request)),
        "llegit": lambda: domain.mark_read(
            person=person, topic=topic, number=number_in(request.POST.get("fins", ""), otherwise=topic.last_number)
        ),
        "vota": lambda: domain.vote_in_poll(actor=person, topic=topic, options=_chosen(request)),
        "tanca": lambda: domain.close(actor=person, topic=topic),
        "reobre": lambda: domain.reopen(actor=person, topic=topic),
        "desfixa": lambda: domain.unpin(actor=person, topic=topic),
    }
    if wanted not in verbs:
        raise Http404
    verbs[wanted]()


def _level(request: HttpRequest) -> FollowLevel | None:
    level = request.POST.get("nivell", "")
    return FollowLevel(level) if level in FollowLevel.values else None


def _chosen(request: HttpRequest) -> list[int]:
    return [number_in(option, otherwise=0) for option in request.POST.getlist("opcio")]


@never_cache
@require_GET
def top(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What stands around the posts and changes while the page is open: as fragments."""
    return _head(request, reading_of(request, slug, pk))


def _head(request: HttpRequest, read: Reading) -> HttpResponse:
    context = {**shown(read), "choices": queries.choices_of(read), "levels": FollowLevel.choices}
    return render(request, "agora/parts/live_head.html", context)


@require_POST
def read_up_to(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """`fins=57`: the person has seen the posts up to 57. Answers with where they are now."""
    if not request.user.is_authenticated:
        return JsonResponse({"problem": _("You are no longer signed in.")}, status=403)
    read = reading_of(request, slug, pk)
    number = number_in(request.POST.get("fins", ""), otherwise=0)
    return JsonResponse({"mark": domain.mark_read(person=me(request), topic=read.topic, number=number)})


@csrf_exempt  # the link is the right: mail programs post to it by themselves (RFC 8058), and forging it needs our key
@never_cache
@require_http_methods(PAGES)
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """No more letters of a topic, without signing in. Looking at it changes nothing: mail scanners follow links."""
    found = letters.followed_by(token)
    if found is None:
        raise Http404
    person, followed = found
    if request.method == "POST":
        domain.mute(person=person, topic=followed)
    level = Follow.objects.filter(person=person, topic=followed).values_list("level", flat=True).first()
    return render(request, "agora/stop.html", {"is_stopped": level == FollowLevel.MUTED})
