"""The starter collection: every line whole, honest about who wrote it, in both languages, and no two the same."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter, defaultdict
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import combinations
from typing import Any
from urllib.parse import urlsplit

import pytest

from index.exchange.claimreview import read_review
from index.exchange.ratings import normalize_rating
from index.models import NormalizedRating
from index.starter import starter_reviews

TOPICS = {
    "health",
    "climate",
    "science",
    "elections",
    "migration",
    "money",
    "hoaxes",
    "satire",
    "media",
    "war",
    "history",
}


@cache
def reviews() -> tuple[dict[str, Any], ...]:
    return tuple(json.loads(line) for line in starter_reviews().decode("utf-8").splitlines())


def by_cluster() -> dict[str, list[dict[str, Any]]]:
    clusters: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for review in reviews():
        clusters[review["identifier"]].append(review)
    return clusters


def trigrams(text: str) -> set[str]:
    padded = f"  {text.casefold()} "
    return {padded[i : i + 3] for i in range(len(padded) - 2)}


def rating_of(review: dict[str, Any]) -> NormalizedRating:
    return normalize_rating(review["reviewRating"]["alternateName"], review["inLanguage"])


def test_there_are_at_least_150_statements_in_each_language() -> None:
    assert min(Counter(review["inLanguage"] for review in reviews()).values()) >= 150
    assert {review["inLanguage"] for review in reviews()} == {"de", "en"}


def test_every_line_is_a_claim_review_dated_when_it_was_written() -> None:
    for review in reviews():
        assert review["@type"] == "ClaimReview"
        assert date.fromisoformat(review["datePublished"]) >= date(2026, 11, 23)


def test_every_statement_comes_in_german_and_in_english_with_the_same_rating_and_topic() -> None:
    for cluster, pair in by_cluster().items():
        assert sorted(review["inLanguage"] for review in pair) == ["de", "en"], cluster
        assert len({rating_of(review) for review in pair}) == 1, cluster
        assert len({review["keywords"] for review in pair}) == 1, cluster


def test_every_line_says_that_it_is_ours_and_not_a_fact_checking_organisation_s() -> None:
    labels = {"de": "keine Faktencheck-Redaktion", "en": "not a fact-checking organisation"}
    for review in reviews():
        assert labels[review["inLanguage"]] in review["author"]["name"]
        assert (urlsplit(review["author"]["url"]).hostname or "").endswith(".gegencheck.invalid")
        assert "publicdomain/zero" in review["sdLicense"]


def test_every_claim_stands_alone_in_5_to_40_words() -> None:
    for review in reviews():
        assert 5 <= len(review["claimReviewed"].split()) <= 40, review["claimReviewed"]


@pytest.mark.parametrize("field", ["claimReviewed", "reviewBody"])
def test_claim_and_explanation_are_one_sentence_each(field: str) -> None:
    for review in reviews():
        text = review[field]
        assert text.endswith("."), text
        assert text == text.strip()
        assert not re.search(r"(?<!\d)[.!?] \S", text), text


def test_every_rating_is_one_the_map_knows() -> None:
    assert {rating_of(review) for review in reviews()} == set(NormalizedRating) - {NormalizedRating.UNMAPPED}


def test_at_least_25_statements_are_true() -> None:
    true = {NormalizedRating.TRUE, NormalizedRating.MOSTLY_TRUE}
    assert sum(rating_of(pair[0]) in true for pair in by_cluster().values()) >= 25


def test_all_topics_are_covered() -> None:
    topics = Counter(review["keywords"] for review in reviews())
    assert set(topics) == TOPICS
    assert min(topics.values()) >= 10


def test_no_claim_is_there_twice_or_nearly_twice_in_one_language() -> None:
    for language in ("de", "en"):
        claims = [review["claimReviewed"] for review in reviews() if review["inLanguage"] == language]
        grams = {claim: trigrams(claim) for claim in claims}
        assert len(grams) == len(claims)
        for one, other in combinations(grams, 2):
            shared = len(grams[one] & grams[other]) / len(grams[one] | grams[other])
            assert shared < 0.6, (one, other)


def test_german_and_english_are_not_mixed_up() -> None:
    german = re.compile(
        r"\b(der|die|das|und|nicht|ein|eine|ist|von|den|für|mit|wird|hat|sie|nie|bis|es|keine|sind|kann|zu|auf)\b",
        re.IGNORECASE,
    )
    english = re.compile(r"\b(the|and|of|is|to|are|that|for|has|were|by|on|with|from)\b", re.IGNORECASE)
    for review in reviews():
        text = f"{review['claimReviewed']} {review['reviewBody']}"
        counts = len(german.findall(text)), len(english.findall(text))
        assert (counts[0] > counts[1]) == (review["inLanguage"] == "de"), text


def test_every_line_cites_a_web_page_listed_with_how_it_was_confirmed() -> None:
    table = files("index.starter").joinpath("citations.tsv").read_text(encoding="utf-8").splitlines()
    rows = list(csv.DictReader(table, delimiter="\t"))
    listed = [(row["cluster"], row["language"], row["url"]) for row in rows]
    assert listed == [(review["identifier"], review["inLanguage"], review["url"]) for review in reviews()]
    assert {row["confirmed_by"] for row in rows} == {"research collection", "stored page"}
    assert {row["kind"] for row in rows} == {"fact-check", "authority", "public broadcaster"}
    for row in rows:
        address = urlsplit(row["url"])
        assert address.scheme in {"http", "https"}, row["url"]
        assert address.hostname
        assert " " not in row["url"]


def test_a_page_is_not_cited_for_more_than_one_statement() -> None:
    clusters: dict[str, set[str]] = defaultdict(set)
    for review in reviews():
        clusters[review["url"]].add(review["identifier"])
    assert [url for url, cited in clusters.items() if len(cited) > 1] == []


def test_the_importer_reads_every_line_without_a_warning_and_shows_us_as_publisher() -> None:
    for line, review in enumerate(reviews(), 1):
        parsed = read_review(review, line)
        assert parsed.statement is not None
        assert not parsed.warnings
        assert parsed.statement.publisher.site == "starter-collection.gegencheck.invalid"
        assert parsed.statement.explanation == review["reviewBody"]
        assert parsed.statement.cluster == review["identifier"]
        assert parsed.statement.rating.normalized is not NormalizedRating.UNMAPPED


def test_the_readme_counts_right() -> None:
    readme = files("index.starter").joinpath("README.md").read_text(encoding="utf-8")
    true = sum(
        pair[0]["reviewRating"]["alternateName"] in {"Richtig", "Größtenteils richtig"}
        for pair in by_cluster().values()
    )
    assert f"{len(by_cluster())} statements" in readme
    assert f"({len(reviews())} lines)" in readme
    assert f"{true} are true or mostly true" in readme
