"""The script that the server puts at the top of every page of a package: `api.js`, and what it begins with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.crypto import salted_hmac

from ..models import PackageData
from . import cmi

if TYPE_CHECKING:
    from .access import Grant

SOURCE = (Path(__file__).parent / "api.js").read_text()
_UNSAFE = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


def script(grant: Grant, *, ticket: int) -> str:
    """The whole script for one session of a package; `ticket` names it (`domain.packages.ticket`). One query."""
    return f"{SOURCE}({_literal(_boot(grant, ticket))});\n"


def _literal(facts: dict[str, Any]) -> str:
    """JSON that is one harmless expression wherever a browser meets it."""
    return json.dumps(facts, separators=(",", ":")).translate(_UNSAFE)


def _boot(grant: Grant, ticket: int) -> dict[str, Any]:
    kept = (
        PackageData.objects.filter(enrolment=grant.enrolment, package=grant.package).first()
        if grant.enrolment
        else None
    )
    person = grant.person
    who = salted_hmac("training.packages.person", str(person.pk)).hexdigest()[:20]
    name = person.name or person.get_short_name()
    entry = _entry(kept)
    total = kept.total if kept else 0
    data = grant.package.launch_data
    return {
        "package": grant.package.pk,
        "ticket": ticket,
        "version": kept.version if kept else "",
        "values": cmi.without_session(kept.version, kept.values) if kept else {},
        "once": cmi.ONCE,
        "table": cmi.table(),
        "known": {
            cmi.V12: {
                "cmi.core.student_id": who,
                "cmi.core.student_name": name,
                "cmi.core.entry": entry,
                "cmi.core.total_time": cmi.told(cmi.V12, total),
                "cmi.launch_data": data,
            },
            cmi.V2004: {
                "cmi.learner_id": who,
                "cmi.learner_name": name,
                "cmi.entry": entry,
                "cmi.total_time": cmi.told(cmi.V2004, total),
                "cmi.launch_data": data,
            },
        },
    }


def _entry(kept: PackageData | None) -> str:
    """SCORM's word for whether somebody goes on: also after a session that broke off without an end."""
    if kept is None:
        return "ab-initio"
    return "resume" if not kept.is_finished or cmi.was_suspended(kept.version, kept.values) else ""
