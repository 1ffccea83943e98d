"""CORRECTIV: what is new by its REST interface, with the verdict; the claim by the article's own markup.

The headline is no claim (it often denies one), so an article without markup makes no statement.
"""

from __future__ import annotations

from dataclasses import replace

from index.exchange.claimreview import ParsedReview
from index.exchange.ratings import normalize_rating
from index.models import Rating
from service.errors import CheckFault
from service.pipeline.fact_checks import read_reviews_of
from service.pipeline.polite import Fetched, SiteAsksToWait
from service.pipeline.wordpress import first_page, read_posts, verdict_words
from service.store.source_documents import Document
from service.work.sources.listed import read_listed
from service.work.sources.visit import Visit


def read_correctiv(visit: Visit) -> None:
    """Read what changed; by the feed where the interface cannot be read."""
    try:
        read_listed(visit, first_page(visit.plan.address), read_posts, take_article)
    except SiteAsksToWait:
        raise
    except CheckFault as fault:
        if visit.plan.fallback is None or visit.run.tally.pages:
            raise
        visit.say(f"the interface cannot be read, so the feed is read instead ({fault})")
        read_listed(visit, visit.plan.fallback, read_posts, take_article)


def take_article(visit: Visit, document: Document, fetched: Fetched) -> int:
    """Take an article's review, with the verdict that the interface names."""
    read: list[ParsedReview] = visit.application.reader.read(read_reviews_of, fetched.page())
    slug = document.said.get("verdict")
    words = verdict_words(slug)
    if slug and words is None:
        visit.say(f"the verdict {str(slug)[:40]!r} is not known: the article's own rating is kept")
    found = [review for review in read if review.statement]
    if words and len(found) == 1:  # of several reviews nobody can say which one it is about
        return visit.take([rated(found[0], words)])
    return visit.take(read)


def rated(review: ParsedReview, words: str) -> ParsedReview:
    """A review with these rating words; numbers of others are dropped."""
    statement = review.statement
    if statement is None or normalize_rating(statement.rating.alternate_name, "de") is normalize_rating(words, "de"):
        return review
    return replace(review, statement=replace(statement, rating=Rating(words, normalized=normalize_rating(words, "de"))))
