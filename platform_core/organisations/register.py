"""Which organisations there are: creating them and correcting what is known of them."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from platform_core.activity.domain import record
from platform_core.base.errors import Refusal

from . import ine
from .events import OrganisationChanged, OrganisationCreated, OrganisationRenamed
from .models import Kind, Organisation, fold

if TYPE_CHECKING:
    from datetime import date

    from platform_core.accounts.models import User

#: Addresses under /ens/ that are not organisations.
RESERVED_SLUGS = frozenset({"exporta", "invitacio"})


@dataclasses.dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known of an organisation. `index_name` is the name when empty."""

    name: str
    index_name: str = ""
    ine_code: str | None = None
    comarca_code: str = ""
    comarca: str = ""
    kind: Kind = Kind.MUNICIPALITY
    platform_host: str = ""
    joined_on: date | None = None
    is_fictional: bool = False


FIELDS = tuple(field.name for field in dataclasses.fields(Facts))


def facts_of(organisation: Organisation, **changes: Any) -> Facts:
    """What is known of an organisation, with some of it changed."""
    return Facts(**{**{name: getattr(organisation, name) for name in FIELDS}, **changes})


def create_organisation(*, actor: User | None, facts: Facts) -> Organisation:
    """Add an organisation, with an address of its own. `actor` is None when a command does it.

    Raises Refusal when the name is missing, or the code is wrong, missing or taken.
    """
    facts = check(facts)
    with transaction.atomic():
        _guard_code(facts)
        organisation = Organisation(slug=_free_slug(facts), sort_key=fold(facts.index_name))
        for name in FIELDS:
            setattr(organisation, name, getattr(facts, name))
        organisation.save()
        record(OrganisationCreated(), actor=actor, subject=organisation, streams=[f"org:{organisation.pk}"])
    return organisation


def update_organisation(*, actor: User | None, organisation: Organisation, facts: Facts) -> list[str]:
    """Correct what is known. Its address never changes. Returns the names of the fields that changed, often none.

    Raises Refusal as `create_organisation` does.
    """
    facts = check(facts)
    with transaction.atomic():
        fresh = Organisation.objects.select_for_update().get(pk=organisation.pk)
        changed = [name for name in FIELDS if getattr(fresh, name) != getattr(facts, name)]
        if not changed:
            return []
        if "ine_code" in changed:
            _guard_code(facts)
        before = fresh.name
        for name in changed:
            setattr(fresh, name, getattr(facts, name))
        fresh.sort_key = fold(fresh.index_name)
        fresh.save()
        stream = [f"org:{fresh.pk}"]
        if "name" in changed:
            record(OrganisationRenamed(before=before, after=fresh.name), actor=actor, subject=fresh, streams=stream)
        if others := [name for name in changed if name != "name"]:
            record(OrganisationChanged(fields=others), actor=actor, subject=fresh, streams=stream)
    return changed


def _guard_code(facts: Facts) -> None:
    if facts.ine_code and Organisation.objects.filter(ine_code=facts.ine_code).exists():
        raise Refusal(_("There is already an organisation with this INE code."), field="ine_code")


def check(facts: Facts) -> Facts:
    """The same facts, tidied. Raises Refusal when they are not enough."""
    name = " ".join(facts.name.split())
    if not name:
        raise Refusal(_("Write the name of the organisation."), field="name")
    facts = dataclasses.replace(
        facts, name=name, index_name=" ".join(facts.index_name.split()) or name, ine_code=facts.ine_code or None
    )
    if facts.ine_code and not ine.is_valid(facts.ine_code):
        raise Refusal(_("The INE code is not six digits with the right check digit."), field="ine_code")
    if facts.kind == Kind.MUNICIPALITY and not facts.ine_code:
        raise Refusal(_("A municipality needs its INE code."), field="ine_code")
    return facts


def _free_slug(facts: Facts) -> str:
    """From the name without its article: «Ametlla del Vallès, l'» lives at `ametlla-del-valles`."""
    base = slugify(facts.index_name.split(",")[0].replace("'", " "))[:70] or "ens"
    taken = set(Organisation.objects.filter(slug__startswith=base).values_list("slug", flat=True)) | RESERVED_SLUGS
    number, slug = 2, base
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug
