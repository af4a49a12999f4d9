"""Working time at a terminal: `manage.py office_hours add --calendar suport 2026-09-23T12:40+02:00 8h`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from platform_core.base.console import console_language
from platform_core.officehours.arithmetic import FIRST_YEAR, LAST_YEAR, FarAway, NeverOpen, WorkSchedule
from platform_core.officehours.hours import read_duration
from platform_core.officehours.models import Calendar
from platform_core.officehours.queries import schedule


class Command(BaseCommand):
    help = (
        "Working time of a calendar. Moments are ISO 8601 with an offset (2026-09-23T12:40+02:00) or 'now'; "
        "durations are hours, minutes and seconds (8h, 2h30m, -45m, PT8H). "
        "Exits with 0, or with 1 and a message; 'open' exits with 0 open or closed, and prints which."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True, metavar="add|between|open")
        add = acts.add_parser("add", help="the moment when so much open time has passed")
        add.add_argument("start")
        add.add_argument("duration", help="8h, 2h30m, PT8H; for a negative one write -- before the arguments")
        between = acts.add_parser("between", help="the open time between two moments")
        between.add_argument("start")
        between.add_argument("end")
        is_open = acts.add_parser("open", help="open or closed, and when that changes")
        is_open.add_argument("at", nargs="?", default="now")
        for act in (add, between, is_open):
            act.add_argument("--calendar", required=True, metavar="SLUG")

    def handle(self, *, act: str, calendar: str, **options: Any) -> str:
        with translation.override(console_language()):
            working = _schedule(calendar)
            try:
                return getattr(self, f"_{act}")(working, options)  # type: ignore[no-any-return]
            except NeverOpen:
                raise CommandError(_("There is no more open time in this calendar.")) from None
            except (FarAway, OverflowError):
                text = _("This is too far away: the calendars go from %(first)s to %(last)s.")
                raise CommandError(text % {"first": FIRST_YEAR, "last": LAST_YEAR}) from None

    def _add(self, working: WorkSchedule, options: dict[str, Any]) -> str:
        return working.add(_moment(options["start"]), _duration(options["duration"])).isoformat()

    def _between(self, working: WorkSchedule, options: dict[str, Any]) -> str:
        return _iso(working.between(_moment(options["start"]), _moment(options["end"])))

    def _open(self, working: WorkSchedule, options: dict[str, Any]) -> str:
        at = _moment(options["at"])
        if not working.is_open(at):
            return f"closed until {working.next_open(at).isoformat()}"
        horizon = at + timedelta(days=8)
        until = next(end for _start, end in working.intervals(at, horizon))
        return f"open until {until.isoformat()}" if until < horizon else "open"


def _schedule(slug: str) -> WorkSchedule:
    try:
        return schedule(slug)
    except Calendar.DoesNotExist:
        known = ", ".join(Calendar.objects.values_list("slug", flat=True))
        if not known:
            raise CommandError(_("There are no calendars yet. Run: manage.py seed_calendars")) from None
        text = _("There is no calendar “%(slug)s”. There are: %(known)s.")
        raise CommandError(text % {"slug": slug, "known": known}) from None


def _moment(text: str) -> datetime:
    if text == "now":
        return timezone.now()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        example = _("“%(text)s” is not a moment. Write it as 2026-09-23T12:40+02:00.")
        raise CommandError(example % {"text": text}) from None
    if moment.tzinfo is None:
        naive = _("“%(text)s” does not say its offset from UTC. Write it as 2026-09-23T12:40+02:00.")
        raise CommandError(naive % {"text": text})
    return moment


def _duration(text: str) -> timedelta:
    try:
        return read_duration(text)
    except ValueError:
        example = _("“%(text)s” is not a duration. Write hours, minutes and seconds: 8h, 2h30m, 45m or PT8H.")
        raise CommandError(example % {"text": text}) from None


def _iso(size: timedelta) -> str:
    """ISO 8601 in hours, minutes and seconds: PT7H30M, -PT45M, PT0S."""
    seconds, fraction = divmod(abs(size) // timedelta(microseconds=1), 1_000_000)
    parts = [(seconds // 3600, "H"), (seconds // 60 % 60, "M")]
    text = "".join(f"{number}{unit}" for number, unit in parts if number)
    if seconds % 60 or fraction or not text:
        text += f"{seconds % 60}" + (f".{fraction:06}".rstrip("0") if fraction else "") + "S"
    return ("-" if size < timedelta(0) else "") + "PT" + text
