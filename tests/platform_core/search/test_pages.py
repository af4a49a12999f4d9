"""A page of results: totals, facets, filters, pages, spelling; and what is suggested while somebody types."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache

from platform_core.base.errors import Refusal
from platform_core.search.public import MOST_PAGES, SIGNED_IN, STAFF, Filters, search, suggest
from tests.factories.accounts import UserFactory
from tests.factories.organisations import OrganisationFactory

pytestmark = pytest.mark.django_db
NOBODY = AnonymousUser()


def ids(results):
    return [hit.object_id for hit in results.hits]


def test_counts_and_facets_are_those_of_what_the_viewer_may_find(notes):
    notes.write("a", "El cens", group="Votacions")
    notes.write("b", "El cens", group="Votacions", language="es")
    notes.write("c", "El cens", group="Registre", audience=frozenset({STAFF}))
    notes.write("d", "El cens", audience=frozenset({SIGNED_IN}))
    seen = search("cens", viewer=NOBODY)
    assert seen.total == 2
    assert seen.facets == {
        "kinds": [(notes.kind, 2)],
        "groups": [("Votacions", 2)],
        "languages": [("ca", 1), ("es", 1)],
        "organisations": [],
        "periods": [],
    }
    assert search("cens", viewer=UserFactory()).total == 3


def test_a_facet_is_counted_with_the_choices_of_the_others_and_not_with_its_own(notes):
    notes.write("a", "El cens", group="Votacions")
    notes.write("b", "El cens", group="Votacions", language="es")
    notes.write("c", "El cens", group="Registre")
    seen = search("cens", viewer=NOBODY, filters=Filters(groups=("Votacions",)))
    assert seen.total == 2
    assert seen.facets["groups"] == [("Votacions", 2), ("Registre", 1)]
    assert seen.facets["languages"] == [("ca", 1), ("es", 1)]
    both = search("cens", viewer=NOBODY, filters=Filters(groups=("Votacions",), languages=("es",)))
    assert ids(both) == ["b"]
    assert both.facets["groups"] == [("Votacions", 1)]
    assert both.facets["languages"] == [("ca", 1), ("es", 1)]


def test_those_of_an_organisation_and_of_a_period_are_counted_when_asked_for(notes):
    ours, theirs = OrganisationFactory(), OrganisationFactory()
    notes.write("old", "El cens", updated_at=datetime(2025, 1, 1, tzinfo=UTC), organisation_id=ours.pk)
    notes.write("new", "El cens", updated_at=datetime(2026, 11, 1, tzinfo=UTC), organisation_id=ours.pk)
    notes.write("not ours", "El cens", updated_at=datetime(2026, 11, 1, tzinfo=UTC), organisation_id=theirs.pk)
    asked = {
        "viewer": NOBODY,
        "organisations": [ours.pk],
        "periods": {"year": datetime(2026, 1, 1, tzinfo=UTC), "day": datetime(2026, 11, 2, tzinfo=UTC)},
    }
    seen = search("cens", **asked)
    assert seen.facets["organisations"] == [(str(ours.pk), 2)]
    assert seen.facets["periods"] == [("year", 2)]
    lately = search("cens", filters=Filters(organisation=ours.pk, since=datetime(2026, 1, 1, tzinfo=UTC)), **asked)
    assert ids(lately) == ["new"]
    assert lately.facets["organisations"] == [(str(ours.pk), 1)], "with the period chosen"
    assert lately.facets["periods"] == [("year", 1)], "with the organisation chosen"


def test_filters_narrow_and_the_newest_may_come_first(notes):
    ens = OrganisationFactory()
    notes.write("old", "El cens", group="Votacions", updated_at=datetime(2025, 1, 1, tzinfo=UTC))
    notes.write("new", "Notes", body="del cens", updated_at=datetime(2026, 11, 1, tzinfo=UTC), organisation_id=ens.pk)
    assert ids(search("cens", viewer=NOBODY)) == ["old", "new"]
    assert ids(search("cens", viewer=NOBODY, newest_first=True)) == ["new", "old"]
    for filters, left in (
        (Filters(since=datetime(2026, 1, 1, tzinfo=UTC)), ["new"]),
        (Filters(groups=("Votacions",)), ["old"]),
        (Filters(kinds=("res",)), []),
        (Filters(languages=("ca",)), ["old", "new"]),
        (Filters(organisation=ens.pk), ["new"]),
    ):
        assert ids(search("cens", viewer=NOBODY, filters=filters)) == left
        assert search("cens", viewer=NOBODY, filters=filters).total == len(left)


def test_pages_follow_each_other_and_end(notes):
    for number in range(23):
        notes.write(f"n{number:02}", "El cens")
    pages = [search("cens", viewer=NOBODY, page=page) for page in (1, 2, 3)]
    assert [hit for page in pages for hit in ids(page)] == [f"n{number:02}" for number in range(23)]
    assert [page.has_next for page in pages] == [True, True, False]
    assert {page.total for page in pages} == {23}
    assert search("cens", viewer=NOBODY, page=MOST_PAGES).hits == []
    for page in (0, MOST_PAGES + 1, 10_000):
        with pytest.raises(Refusal):
            search("cens", viewer=NOBODY, page=page)


def test_a_better_spelling_is_offered_of_public_words_alone(notes):
    cache.delete("search.known_words")
    notes.write("a", "Pressupostos participatius")
    notes.write("b", "Expedient Xarbotada", audience=frozenset({STAFF}))
    for typed in ("presupostoss", "pressupostoss", "PRESUPOSTS"):
        assert search(typed, viewer=NOBODY).did_you_mean == "pressupostos", typed
    assert search("xarbotadaa", viewer=UserFactory()).did_you_mean == ""
    assert search("pressupostos", viewer=NOBODY).did_you_mean == ""
    cache.delete("search.known_words")


def test_only_what_is_public_is_suggested_whoever_types(notes):
    notes.write("a", "Participació")
    notes.write("b", "Participació interna", audience=frozenset({STAFF}))
    assert [hit.object_id for hit in suggest("partici")] == ["a"]
    assert suggest("") == suggest("?!") == []


STRANGE = [
    '"',
    "AND OR NOT",
    "cens*",
    "title:cens",
    "(",
    "a" * 10_000,
    "\x00cens",
    "🗳️",
    "'; DROP TABLE x; --",
    "+-&|!{}[]^~",
]


@pytest.mark.parametrize("text", STRANGE)
def test_any_string_is_a_question(notes, text):
    notes.write("a", "El cens")
    search(text, viewer=NOBODY)
    suggest(text)
