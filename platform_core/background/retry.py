"""How often and after which pauses a failed job is tried again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import InterfaceError, OperationalError

if TYPE_CHECKING:
    from collections.abc import Callable

Function = TypeVar("Function", bound="Callable[..., Any]")

CRASHES = 5
"""Runs after which a job whose worker died each time is parked: it may be what kills them."""


@dataclass(frozen=True, kw_only=True)
class Retry:
    """`tries` runs in all; the pause after the first failure is `first`, then doubles up to `longest`."""

    tries: int = 8
    first: timedelta = timedelta(seconds=10)
    longest: timedelta = timedelta(hours=1)

    def pause(self, runs: int) -> timedelta:
        """How long to wait after the run number `runs` (1 for the first) has failed."""
        doublings = min(max(runs, 1) - 1, 30)
        return min(self.first * 2**doublings, self.longest)

    def allows(self, problem: BaseException, *, runs: int) -> bool:
        """Whether a job that has failed with `problem` in its run number `runs` may run again."""
        # A database that is away says nothing about the job: even one without retries waits for it.
        tries = max(self.tries, CRASHES) if isinstance(problem, OperationalError | InterfaceError) else self.tries
        return runs < tries


NEVER = Retry(tries=1)
"""The policy of a job that declares none: a failure parks it at once."""

UNKNOWN = Retry(tries=8, first=timedelta(seconds=30))
"""The policy of a job whose function this program cannot find: during an upgrade another worker may know it."""


def retry(
    *,
    tries: int = Retry.tries,
    first: timedelta = Retry.first,
    longest: timedelta = Retry.longest,
) -> Callable[[Function], Function]:
    """Have the worker run the job again when it raises; written under `@task()`:

        @task()
        @retry(tries=5)
        def send_certificate(enrolment_id: int) -> None: ...

    After the last try the job is parked: it stays FAILED, is counted by `health()` and can be retried in the admin.
    A job may run more than once even without this (its worker may be killed): make its effect idempotent, see `once`.
    """
    policy = Retry(tries=tries, first=first, longest=longest)

    def mark(function: Function) -> Function:
        function.retry_policy = policy  # type: ignore[attr-defined]
        return function

    return mark


def policy_of(function: Callable[..., Any]) -> Retry:
    """The policy that `retry` gave to a job's function."""
    return getattr(function, "retry_policy", NEVER)
