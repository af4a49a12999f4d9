"""From our question to Elasticsearch's, and from its answer to entries of the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from elasticsearch.dsl import A, Q, Search

from platform_core.search.engines.database import by_count
from platform_core.search.engines.question import FACETS, MOST_RANKED, Answer, Away, Counts, Match
from platform_core.search.engines.widening import MOST_RELATED, related_words
from platform_core.search.models import EntryAudience, SearchEntry

from .client import connect, or_away
from .indexes import reading
from .mapping import LANGUAGES

if TYPE_CHECKING:
    from elasticsearch.dsl.aggs import Agg
    from elasticsearch.dsl.query import Query as Part
    from elasticsearch.dsl.response import Response

    from platform_core.search.engines.question import Filters, Query

WEIGHTS = {"title": 4.0, "keywords": 2.5, "body": 1.0}
OTHER_LANGUAGE = 0.8
"""What the words read as Catalan weigh for who reads another language, in which they weigh 1."""

TIE_BREAKER = 0.3
"""How much the other reading of the words counts besides the better one."""

RELATED_WEIGHT = 0.4
"""What a word that may have been meant weighs, beside one that was written."""

RECENCY = 0.1
"""The share of the score that a thing may lose by its age; half of it in two years."""

MOST_VALUES = 100
"""Values of a facet."""

FIELDS = {"kinds": "kind", "groups": "group", "languages": "language", "organisations": "organisation"}


class ElasticEngine:
    """Asks the index behind the reading alias. Raises Away whenever that gives no answer."""

    def find(self, query: Query) -> list[Match]:
        return _matches(_ask(request_of(query)), query)

    def answer(self, query: Query) -> Answer:
        response = _ask(counting_request_of(query))
        return Answer(_matches(response, query), _counts(response))


def _ask(search: Search) -> Response:
    with or_away():
        response = search.using(connect()).index(reading()).execute()
    if response.timed_out or response.to_dict()["_shards"]["failed"]:
        raise Away("a part of the index did not answer")
    return response


def request_of(query: Query) -> Search:
    """The wanted part, best first."""
    return _search(query, Q("bool", must=[_fits(query)], filter=[_audience(query), *_chosen(query.filters)]))


def counting_request_of(query: Query) -> Search:
    """The same with the counts. What is chosen narrows after them: a facet is not narrowed by its own choice."""
    found = Q("bool", must=[_fits(query)], filter=[_audience(query)])
    search = _search(query, found).extra(track_total_hits=MOST_RANKED)
    if query.filters:
        search = search.post_filter("bool", filter=_chosen(query.filters))
    for facet, asked in query.for_facets().items():
        if values := _values(facet, query):
            search.aggs.bucket(facet, A("filter", Q("bool", filter=_chosen(asked.filters)))).bucket("values", values)
    return search


def _values(facet: str, query: Query) -> Agg | None:
    """What counts the values of a facet; nothing when there is nothing to count."""
    if facet == "periods":
        later = {name: Q("range", updated_at={"gte": moment.isoformat()}) for name, moment in query.periods}
        return A("filters", filters=later) if later else None
    if facet == "organisations":
        ours = list(query.organisations)
        return A("terms", field=FIELDS[facet], include=ours, size=len(ours)) if ours else None
    return A("terms", field=FIELDS[facet], size=MOST_VALUES)


def _search(query: Query, found: Part) -> Search:
    search = Search().query(_weighed(found)).source(False).extra(track_total_hits=False)
    # Those that fit equally well come by their id, so that a page follows the other.
    search = search.sort("-updated_at" if query.newest_first else "_score", "entry").extra(track_scores=True)
    return search[query.offset : query.offset + query.limit]


def _fits(query: Query) -> Part:
    """Any word is enough; the more and the rarer, the better."""
    question = query.question
    own = question.language if question.language in LANGUAGES else "ca"
    # As one text whose parts weigh differently: with each part by itself, a word that is rare in keywords, which few
    # entries have, would count for nothing.
    readings = [
        Q("combined_fields", query=question.text, fields=[f"{name}.{language}^{WEIGHTS[name]}" for name in WEIGHTS],
          boost=1 if language == own else OTHER_LANGUAGE)
        for language in dict.fromkeys(("ca", own))
    ]  # fmt: skip
    ways = [Q("dis_max", queries=readings, tie_breaker=TIE_BREAKER)]
    if related := related_words(question, query.tokens):
        text = " ".join(related[:MOST_RELATED])
        fields = [f"{name}.ca^{weight}" for name, weight in WEIGHTS.items()]
        ways.append(Q("combined_fields", query=text, fields=fields, boost=RELATED_WEIGHT))
    if question.beginning:
        ways += [
            Q("match", **{"title.edge": {"query": question.beginning, "boost": 0.5}}),
            Q("match", **{"keywords.edge": {"query": question.beginning, "boost": 0.25}}),
            Q("prefix", body={"value": question.beginning, "boost": 0.05}),
        ]
    return Q("bool", should=ways, minimum_should_match=1)


def _weighed(found: Part) -> Part:
    age = [
        {"weight": 1 - RECENCY},
        {"weight": RECENCY, "exp": {"updated_at": {"origin": "now", "scale": "730d", "decay": 0.5}}},
    ]
    by_age = Q("function_score", query=found, functions=age, score_mode="sum", boost_mode="multiply")
    return Q("function_score", query=by_age, field_value_factor={"field": "boost", "missing": 1})


def _audience(query: Query) -> Part:
    return Q("terms", audience=sorted(query.tokens))


def _chosen(filters: Filters) -> list[Part]:
    parts = []
    for field, wanted in (("kind", filters.kinds), ("group", filters.groups), ("language", filters.languages)):
        if wanted:
            parts.append(Q("terms", **{field: list(wanted)}))
    if filters.organisation is not None:
        parts.append(Q("term", organisation=filters.organisation))
    if filters.since is not None:
        parts.append(Q("range", updated_at={"gte": filters.since.isoformat()}))
    return parts


def _matches(response: Response, query: Query) -> list[Match]:
    """The entries as they are now. What is gone from the database, or no longer for this audience, is left out."""
    scores: dict[int, Any] = {int(hit.meta.id): hit.meta.score for hit in response}
    held = EntryAudience.objects.filter(entry__in=list(scores), token__in=query.tokens).values("entry")
    entries = SearchEntry.objects.filter(pk__in=held).in_bulk()
    return [Match(entries[pk], score or 0.0) for pk, score in scores.items() if pk in entries]


def _counts(response: Response) -> Counts:
    answer = response.to_dict()
    facets = {facet: _read(answer["aggregations"].get(facet, {}).get("values", {})) for facet in FACETS}
    return Counts(answer["hits"]["total"]["value"], facets)


def _read(values: dict[str, Any]) -> list[tuple[str, int]]:
    """What it counted: a list of buckets with keys, or for the periods a bucket under each name."""
    buckets = values.get("buckets", [])
    pairs = buckets.items() if isinstance(buckets, dict) else ((bucket["key"], bucket) for bucket in buckets)
    found = [(str(value), int(bucket["doc_count"])) for value, bucket in pairs if value and bucket["doc_count"]]
    return sorted(found, key=by_count)
