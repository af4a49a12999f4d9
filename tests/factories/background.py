"""Jobs that only tests enqueue; worker processes import them by their path."""

from __future__ import annotations

import socket
from datetime import timedelta

from django.contrib.auth.models import Group
from django.db import OperationalError

from platform_core.background.public import once, retry, task


def meet(address: str) -> None:
    """Tell the test at this Unix socket that we are here, and wait until it lets go."""
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(address)
        line.recv(1)


def take_effect(key: str) -> None:
    """A group named after the key and how often this took effect: two effects would make two groups."""
    Group.objects.create(name=f"{key} {Group.objects.filter(name__startswith=f'{key} ').count() + 1}")


def effects(key: str) -> int:
    """How often `take_effect` happened for the key."""
    return Group.objects.filter(name__startswith=f"{key} ").count()


@task()
def note(key: str) -> None:
    with once(key) as first:
        if first:
            take_effect(key)


@task()
def meet_then_note(key: str, address: str) -> None:
    meet(address)
    note.func(key)


@task(takes_context=True)
def meet_first_then_note(context, key: str, address: str) -> None:
    """Meet in the first run only, before the effect."""
    if context.attempt == 1:
        meet(address)
    note.func(key)


@task(takes_context=True)
def note_then_meet_first(context, key: str, address: str) -> None:
    """Meet in the first run only, after the effect has been committed."""
    note.func(key)
    if context.attempt == 1:
        meet(address)


@task()
def fail() -> None:
    raise RuntimeError("no luck")


@task()
@retry(tries=3, first=timedelta(minutes=1))
def fail_thrice() -> None:
    raise RuntimeError("no luck")


@task()
def miss_the_database() -> None:
    raise OperationalError("server closed the connection unexpectedly")


@task()
def leave() -> None:
    raise SystemExit(3)
