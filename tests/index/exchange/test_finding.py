"""Reviews wherever they are in structured data."""

from __future__ import annotations

import json
from typing import Any

import pytest

from index.exchange.claimreview import read_review
from index.exchange.finding import find_reviews
from index.models import Publisher

GOOD: dict[str, Any] = {
    "@type": "ClaimReview",
    "claimReviewed": "Cows can walk down stairs.",
    "url": "https://www.checks.example/cows",
    "reviewRating": {"@type": "Rating", "alternateName": "False"},
    "author": {"@type": "Organization", "name": "Example Checks"},
}


def only(data: Any) -> Any:
    (review,) = find_reviews(json.loads(json.dumps(data)))
    return read_review(review).statement


def test_reviews_are_found_wherever_they_are_wrapped() -> None:
    feed = {"@type": "DataFeed", "dataFeedElement": [None, {"item": [None, GOOD]}, {"item": {**GOOD}}]}
    graph = {"@context": "x", "@graph": [{"@type": "WebPage"}, {**GOOD, "@type": ["Review", "ClaimReview"]}]}
    typed = {**GOOD, "@type": "https://schema.org/ClaimReview"}
    assert [len(list(find_reviews(data))) for data in (GOOD, [GOOD, 3, [{**GOOD}]], feed, graph, typed, {}, 7)] == [
        1, 2, 2, 1, 1, 0, 0,
    ]  # fmt: skip


def test_endless_nesting_ends() -> None:
    deep: Any = GOOD
    for _ in range(500):
        deep = [deep]
    assert list(find_reviews(deep)) == []


@pytest.mark.parametrize(
    "wrapped",
    [
        {"@type": "NewsArticle", "about": GOOD},
        {"@type": "NewsArticle", "about": [{"@type": "Thing"}, GOOD]},
        {"@type": "WebPage", "mainEntity": {"@type": "NewsArticle", "subjectOf": GOOD}},
        {"@type": "MediaReview", "associatedClaimReview": GOOD},
        {"@type": "Claim", "associatedClaimReview": [GOOD]},
        {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "position": 1, "item": GOOD}]},
        {"@graph": [{"@type": "WebPage", "hasPart": {"review": GOOD}}]},
        {**GOOD, "@type": "schema:ClaimReview"},
        {**GOOD, "@type": "http://schema.org/ClaimReview"},
        {"type" if name == "@type" else name: value for name, value in GOOD.items()},
        {name if name == "@type" else f"schema:{name}": value for name, value in GOOD.items()},
        {name if name == "@type" else f"http://schema.org/{name}": [value] for name, value in GOOD.items()},
        {**GOOD, "@type": "Review"},
        {
            "@context": {"sdo": "https://schema.org/"},
            "@type": "sdo:ClaimReview",
            **{f"sdo:{name}": value for name, value in GOOD.items() if name != "@type"},
        },
        [
            {
                "@context": ["https://schema.org", {"s": "http://schema.org"}],
                "@graph": [
                    {
                        "@type": "s:ClaimReview",
                        **{f"s:{name}": value for name, value in GOOD.items() if name != "@type"},
                    }
                ],
            }
        ],
    ],
)
def test_a_review_is_found_as_part_of_anything(wrapped: Any) -> None:
    statement = only(wrapped)
    assert statement.claim_reviewed == "Cows can walk down stairs."
    assert statement.url == "https://www.checks.example/cows"
    assert statement.rating.alternate_name == "False"


@pytest.mark.parametrize("vocabulary", ["schema:", "http://schema.org/", "https://schema.org/"])
def test_names_with_their_vocabulary_are_read_in_what_a_review_names_too(vocabulary: str) -> None:
    desk = {"type": "Organization", f"{vocabulary}name": "Example Checks"}
    ann = {"@type": f"{vocabulary}Person", f"{vocabulary}name": "Ann", f"{vocabulary}affiliation": [desk]}
    rating = {"@type": f"{vocabulary}Rating", f"{vocabulary}alternateName": "False"}
    statement = only({**GOOD, "author": ann, f"{vocabulary}reviewRating": rating, "reviewRating": rating})
    assert (statement.rating.alternate_name, statement.author, statement.publisher.name) == (
        "False", "Ann", "Example Checks",
    )  # fmt: skip


@pytest.mark.parametrize(
    "graph",
    [
        [{**GOOD, "author": {"@id": "#desk"}}, {"@id": "#desk", "@type": "Organization", "name": "Example Checks"}],
        [{"@id": "#desk", "@type": "Organization", "name": "Example Checks"}, {**GOOD, "author": "#desk"}],
        [{**GOOD, "author": [{"@id": "#ann"}]}, {"@id": "#ann", "@type": "Person", "name": "Ann", "affiliation": {"@id": "#desk"}},
         {"@id": "#desk", "@type": "Organization", "name": "Example Checks"}],
        [{**GOOD, "reviewRating": {"@id": "#r"}}, {"@id": "#r", "@type": "Rating", "alternateName": "False"}],
        [{**GOOD, "claimReviewed": {"@id": "#c"}}, {"@id": "#c", "@type": "Claim", "text": "Cows can walk down stairs."}],
        [{"@id": "#cr", **{name: GOOD[name] for name in ("@type", "url", "author")}},
         {"@id": "#cr", **{name: GOOD[name] for name in ("@type", "claimReviewed", "reviewRating")}}],
        [{"@type": "WebPage", "mainEntity": {"@id": "#cr"}}, {**GOOD, "@id": "#cr"}],
        [{"@type": "WebPage", "mainEntity": {"@id": "#cr", "@type": "ClaimReview"}}, {**GOOD, "@id": "#cr"}],
    ],
)  # fmt: skip
def test_references_are_followed(graph: Any) -> None:
    statement = only({"@context": "https://schema.org", "@graph": graph})
    assert statement.claim_reviewed == "Cows can walk down stairs."
    assert statement.publisher == Publisher("Example Checks", "checks.example")
    assert statement.rating.alternate_name == "False"


def test_two_claims_under_one_name_stay_two() -> None:
    graph = [{**GOOD, "@id": "#cr"}, {**GOOD, "@id": "#cr", "claimReviewed": "Cows can fly."}]
    assert [review["claimReviewed"] for review in find_reviews(graph)] == [
        "Cows can walk down stairs.",
        "Cows can fly.",
    ]


def test_a_review_within_a_claim_is_about_that_claim() -> None:
    review = {name: value for name, value in GOOD.items() if name != "claimReviewed"}
    claim = {"@type": "Claim", "text": "Cows fly.", "author": {"@type": "Person", "name": "Max"}, "review": [review]}
    assert (only(claim).claim_reviewed, only(claim).claimant) == ("Cows fly.", "Max")
    assert only({**claim, "review": GOOD}).claim_reviewed == GOOD["claimReviewed"]
    assert (
        only(
            {**claim, "claimReview": {**review, "itemReviewed": {"@type": "Claim", "text": "Pigs fly."}}, "review": []}
        ).claim_reviewed
        == "Pigs fly."
    )


def test_names_of_other_vocabularies_are_not_taken_for_ours() -> None:
    context = {"s": "https://schema.org/", "og": "https://ogp.example/"}
    review = {"s:claimReviewed": "Cows fly.", "og:claimReviewed": "Never.", "s:url": GOOD["url"]}
    rating = {"@type": "s:Rating", "s:alternateName": "False", "og:alternateName": "True"}
    found = only({"@context": context, "@type": "s:ClaimReview", **review, "s:reviewRating": rating})
    assert (found.claim_reviewed, found.rating.alternate_name) == ("Cows fly.", "False")


def test_references_in_a_circle_end() -> None:
    graph = [{**GOOD, "author": {"@id": "#a"}}, {"@id": "#a", "name": "A", "affiliation": {"@id": "#b"}},
             {"@id": "#b", "name": "B", "memberOf": {"@id": "#a"}}]  # fmt: skip
    assert only(graph).publisher.name == "B"


def test_what_a_review_lacks_is_taken_from_its_article_and_never_from_a_list() -> None:
    bare = {name: GOOD[name] for name in ("@type", "claimReviewed", "reviewRating")}
    around = {
        "url": "https://checks.example/a",
        "publisher": GOOD["author"],
        "datePublished": "2024-05-03",
        "inLanguage": "en",
    }
    statement = only({"@type": "NewsArticle", **around, "headline": "Cows", "about": bare})
    assert (statement.url, statement.publisher.name, statement.language, statement.headline, str(statement.date_published)) == (
        "https://checks.example/a", "Example Checks", "en", "Cows", "2024-05-03",
    )  # fmt: skip
    assert only({"@type": "DataFeed", **around, "dataFeedElement": [bare]}) is None


def test_the_reply_of_a_claim_search_is_read() -> None:
    review = {
        "publisher": {"name": "Prüfstelle", "site": "pruefstelle.example"}, "url": "https://pruefstelle.example/1",
        "title": "Nein, sie ist offen", "reviewDate": "2024-05-03T00:00:00Z", "textualRating": "Falsch", "languageCode": "de",
    }  # fmt: skip
    statement = only({"claims": [{"text": "Die Brücke ist zu.", "claimant": "Ein Nutzer", "claimReview": [review]}]})
    assert statement.claim_reviewed == "Die Brücke ist zu."
    assert statement.publisher == Publisher("Prüfstelle", "pruefstelle.example")
    assert (statement.claimant, statement.headline, statement.language) == ("Ein Nutzer", "Nein, sie ist offen", "de")
    assert (statement.rating.alternate_name, str(statement.date_published)) == ("Falsch", "2024-05-03")


@pytest.mark.parametrize(
    "odd",
    [{"claims": [{"text": 1, "claimReview": [None, {"publisher": "x"}, 3]}]}, {"@id": ["a"], "@type": {"b": 1}},
     {"@type": ["ClaimReview", 7], "@id": {"c": 1}, "author": {"@id": ["d"]}}, [[[None]]], {"@id": "a", "author": {"@id": "a"}}],
)  # fmt: skip
def test_odd_shapes_never_raise(odd: Any) -> None:
    for review in find_reviews(odd):
        assert read_review(review).rejection
