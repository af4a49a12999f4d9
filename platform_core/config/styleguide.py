"""`/gestio/estil/`: every component in every state, to look at and to test. For staff; to others it is not there.

The promises are those of one invented moment, Wednesday 23 September 2026 at 12.40, the day before la Mercè.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import wraps
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from csp.constants import UNSAFE_INLINE
from csp.decorators import csp_replace
from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from platform_core.base import icons, mail
from platform_core.base.forms import MarkdownInput
from platform_core.files.public import MultipleFileField
from platform_core.officehours.arithmetic import WorkSchedule
from platform_core.officehours.promise import Promise

if TYPE_CHECKING:
    from collections.abc import Callable

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
MERCE = date(2026, 9, 24)
NOW = datetime(2026, 9, 23, 12, 40, tzinfo=ZoneInfo("Europe/Madrid"))
COLOURS = ["page", "surface", "surface-2", "brand", "sun", "risk", "breach", "pause", "ok", "info"]


class SampleForm(forms.Form):
    """One field of each shape; shown as someone left it, with two things to put right."""

    subject = forms.CharField(label=gettext_lazy("In a sentence"), help_text=gettext_lazy("As you would say it aloud."))
    address = forms.URLField(label=gettext_lazy("Address of the page"), assume_scheme="https")
    kind = forms.ChoiceField(
        label=gettext_lazy("What do you need?"),
        choices=[("doubt", gettext_lazy("A doubt")), ("incident", gettext_lazy("Something that worked and does not"))],
        widget=forms.RadioSelect,
    )
    area = forms.ChoiceField(
        label=gettext_lazy("Area"),
        choices=[("", "—"), ("processes", gettext_lazy("Processes")), ("organs", gettext_lazy("Organs"))],
        required=False,
    )
    detail = forms.CharField(label=gettext_lazy("In detail"), widget=MarkdownInput, required=False)
    files = MultipleFileField(label=gettext_lazy("Files"), required=False)  # type: ignore[assignment]  # a field, made by the class
    copy = forms.BooleanField(label=gettext_lazy("Send me a copy by e-mail"), required=False)


def promises() -> dict[str, Promise]:
    schedule = WorkSchedule(
        weekly={day: [("09:00", "14:00"), ("15:00", "17:00")] for day in range(5)},
        tz="Europe/Madrid",
        closures={MERCE},
    )

    def promise(*, spent: timedelta, hours: float = 8, **facts: Any) -> Promise:
        """A promise of `hours` that has used `spent` of them by NOW."""
        made_at = schedule.add(NOW, -spent)
        due = schedule.add(made_at, hours * HOUR)
        closed = {MERCE: "la Mercè"}
        return Promise(schedule=schedule, allowance=hours * HOUR, made_at=made_at, due=due, closed=closed.get, **facts)

    paused_at = schedule.add(NOW, -4 * HOUR)
    return {
        "on": promise(spent=65 * MINUTE),
        "risk": promise(spent=430 * MINUTE),
        "paused": promise(spent=410 * MINUTE, paused_since=paused_at),
        "breached": promise(spent=730 * MINUTE),
        "kept": promise(spent=5 * HOUR, kept_at=schedule.add(NOW, -HOUR)),
        "short": promise(spent=35 * MINUTE, hours=1),
        "long": promise(spent=10 * HOUR, hours=35),
    }


def for_staff(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    @wraps(view)
    def checked(request: HttpRequest) -> HttpResponseBase:
        if not request.user.is_staff:
            raise Http404
        return view(request)

    return checked


@require_safe
@for_staff
def styleguide(request: HttpRequest) -> HttpResponse:
    left = {"subject": "", "address": "participa311", "kind": "incident", "detail": _("What I had typed stays here.")}
    return render(
        request,
        "config/styleguide.html",
        {
            "promises": promises(),
            "now": NOW,
            "icons": icons.names(),
            "colours": COLOURS,
            "form": SampleForm(left),
        },
    )


@require_safe
@for_staff
@csp_replace({"style-src": [UNSAFE_INLINE]})
def mail_preview(request: HttpRequest) -> HttpResponse:
    """The mail frame with an invented mail, as a page. Its styles are inline, as mail readers need."""
    sample = mail.message(
        to=settings.SERVICE_EMAIL,
        subject=_("Welcome to the Àgora"),
        template="mail/sample",
        context={"name": "Laia"},
        language=request.LANGUAGE_CODE,
    )
    html = next(str(part[0]) for part in sample.alternatives)
    return HttpResponse(html)


urlpatterns = [
    path("", styleguide, name="styleguide"),
    path("correu/", mail_preview, name="styleguide_mail"),
]
