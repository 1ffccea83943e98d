"""A house on a web of its own, and the shapes that sources come in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sites import Says, Sites, connect, open_sites

from service.sources import Source, SourceKind, SourcePlan
from service.work.worker import Worker


@dataclass
class Desk:
    """A house with sources, and the web that they are on."""

    house: Any
    application: Any
    web: Sites

    def add(self, kind: str, address: str, key: str | None = None, **plan: Any) -> str:
        """A source; returns its id."""
        wanted = SourcePlan(SourceKind(kind), self.web.url(address), plan.pop("name", "A source"), **plan)
        return self.application.sources.add(wanted, key).id

    def run(self, id: str) -> Source:
        """Read a source now, to the end of its run."""
        self.application.sources.refresh(id)
        self.work()
        return self.get(id)

    def work(self) -> None:
        worker = Worker(self.application)
        for _ in range(1000):
            if not worker.run_once():
                return
        raise AssertionError("the queue does not end")

    def get(self, id: str) -> Source:
        return self.application.sources.get(id)

    def claims(self) -> set[str]:
        """The claims of all statements but the one that was there before."""
        page = self.application.statements.select(limit=500)
        return {statement.claim_reviewed for statement in page.statements} - {
            "Hot lemon water cures diabetes within seven days."
        }

    def article(self, address: str, claim: str, rating: str = "Falsch", **headers: str) -> str:
        """Put a fact-check on the web; returns its URL."""
        self.web[address] = Says(article(self.web.url(address), claim, rating), headers=headers)
        return self.web.url(address)


@pytest.fixture
def desk(house) -> Iterator[Desk]:
    with open_sites() as web:
        application = connect(house.application, web, house.clock)
        yield Desk(house, application, web)


def review(url: str, claim: str, rating: str = "Falsch", **more: Any) -> dict[str, Any]:
    about = {"@type": "ClaimReview", "url": url, "claimReviewed": claim, "inLanguage": "de"}
    said = {"@type": "Rating", "alternateName": rating}
    return {"@context": "https://schema.org", **about, "reviewRating": said, "headline": "Nein", **more}


def article(url: str, claim: str, rating: str = "Falsch") -> str:
    markup = json.dumps(review(url, claim, rating))
    return f'<!doctype html><html><head><script type="application/ld+json">{markup}</script></head><p>Text.</p></html>'


def rss(*items: tuple[str, str]) -> str:
    """A feed of (address, date)."""
    listed = "".join(f"<item><link>{link}</link><pubDate>{date}</pubDate></item>" for link, date in items)
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Faktenchecks</title>{listed}</channel></rss>'
