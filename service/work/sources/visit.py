"""One run of a source in a worker's hands: what it asks, what it takes, and what it writes down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta

from index.exchange.claimreview import ParsedReview
from index.exchange.importing import store_reviews
from index.exchange.keeping import of_others
from index.models import Statement
from index.store.rows import fingerprint
from service.bootstrap import Application
from service.pipeline.polite import Fetched, Known
from service.sources import MAX_HOST, Allowlist, Source, SourcePlan, SourceRun, host_and_path, vetted_hosts
from service.work.held import Work

SLICE_SECONDS = 20.0  # after which other bulk work gets its turn; the run goes on afterwards
SHOWN_NOTES = 15
KEPT = "statements that a person wrote or revised here were left as they are; import the fact-check to replace them"
TWO_RATINGS = "one claim of one article is there with two ratings: the first one counts"
TO_COME = "reviews with a date that is still to come: it was left out"
A_DAY_ON = timedelta(days=1)  # east of here it may be tomorrow already
MAX_UNVETTED = 2000  # hosts that are counted apart, ten times as many as are shown


class SliceOver(Exception):
    """The run goes on at its next turn."""


class Visit:
    """A run that goes on. What it has done is kept as it goes, so that it can be interrupted anywhere."""

    def __init__(self, application: Application, source: Source, run: SourceRun, work: Work) -> None:
        self.application, self.source, self._run, self._work = application, source, run, work
        self._unvetted: Counter[str] = Counter()  # what the run does not know of yet
        self.hosts = Allowlist(vetted_hosts(source.plan))
        self.changed = False  # whether the index has something to catch up with
        self._began = application.clock.read().steady

    @property
    def plan(self) -> SourcePlan:
        """What is wanted of the source."""
        return self.source.plan

    @property
    def run(self) -> SourceRun:
        """The run as it is now."""
        if self._unvetted:
            known = Counter(self._run.unvetted) + self._unvetted
            tally = self._run.tally.plus(unvetted=self._unvetted.total())
            self._run = replace(self._run, unvetted=dict(known), tally=tally)
            self._unvetted.clear()
        return self._run

    def go_on(self) -> None:
        """Called between steps. Raises Unwanted, SliceOver."""
        self._work.go_on()
        if self.application.clock.read().steady - self._began > SLICE_SECONDS:
            raise SliceOver

    def fetch(self, address: str, known: Known | None = None, accept: str = "*/*") -> Fetched:
        """What is at an address. Raises PageUnavailable or one of its children."""
        return self.application.polite.fetch(address, known, accept=accept)

    def take(self, reviews: Iterable[ParsedReview]) -> int:
        """Put reviews of vetted publishers into the store; returns how many were read. Raises StoreUnavailable."""
        read = 0
        ratings: dict[bytes, str] = {}

        def counted() -> Iterator[ParsedReview]:
            nonlocal read
            for review in reviews:
                if review.statement or review.rejection:
                    read += 1
                if (vetted := self._vet(review)) and self._is_first(vetted, ratings):
                    yield vetted

        # What a person deleted does not come back by itself, and what a person wrote stays.
        store = self.application.statements
        report = store_reviews(store, of_others(counted()), lambda *_: self._work.go_on(), unasked=True)
        self.changed = self.changed or bool(report.added or report.updated)
        self.count(
            added=report.added,
            updated=report.updated,
            unchanged=report.unchanged + report.kept,
            rejected=report.rejected_count,
        )
        if report.kept:
            self.say(KEPT)
        for note in report.rejected:
            self.say(f"rejected: {note.reason}")
        return read

    def unvet(self, address: str | None) -> None:
        """Count what is of a publisher that is not on the allowlist; of very many hosts the first by their names."""
        host = host_and_path(address or "")[0][:MAX_HOST] or "?"
        self._unvetted[host if host in self._unvetted or len(self._unvetted) < MAX_UNVETTED else "?"] += 1

    def count(self, **more: int) -> None:
        """Count up."""
        self._run = replace(self.run, tally=self.run.tally.plus(**more))

    def say(self, note: str) -> None:
        """Note something for whoever looks after the source; once."""
        if note not in self.run.notes and len(self.run.notes) < SHOWN_NOTES:
            self._run = replace(self.run, notes=(*self.run.notes, note))

    def keep(self) -> None:
        """Write down how far it is."""
        self.application.sources.runs.note(self.run)

    def _vet(self, review: ParsedReview) -> ParsedReview | None:
        if review.statement is None:
            return review if review.rejection else None
        if not self.hosts.holds(review.statement.url):
            self.unvet(review.statement.url)
            return None
        return replace(review, statement=self._kept_of(review.statement))

    def _is_first(self, review: ParsedReview, ratings: dict[bytes, str]) -> bool:
        """Whether a review is the first one of its claim among these; else the statement would change with each run."""
        if review.statement is None:
            return True
        mark, words = bytes.fromhex(fingerprint(review.statement)), review.statement.rating.alternate_name
        if mark not in ratings:
            ratings[mark] = words
            return True
        self.count(unchanged=1)
        if ratings[mark] != words:
            self.say(TWO_RATINGS)
        return False

    def _kept_of(self, statement: Statement) -> Statement:
        """What may be kept of a statement, with the source's licence where it names none itself."""
        statement = replace(statement, license=statement.license or self.plan.licence)
        latest = (self.application.clock.read().at + A_DAY_ON).date()
        if statement.date_published and statement.date_published > latest:
            self.say(TO_COME)
            statement = replace(statement, date_published=None)
        if self.plan.facts_only:
            return replace(statement, headline=None, author=None, explanation=None)
        return statement
