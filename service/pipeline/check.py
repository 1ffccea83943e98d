"""Checker: the stages of a check in their order, timed, with whatever was found before a fault kept."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Protocol
from weakref import ref

from index.errors import IndexFault, IndexUnavailable
from index.model.embedder import Embedder
from index.model.remembering import RememberingEmbedder
from index.pairs.memory import texts_remembered
from index.retrieval.search import StatementIndex
from service.config import Settings
from service.errors import BodyTooLarge, CheckFault, IndexNotReady
from service.models import (
    Article,
    CheckedClaim,
    CheckRequest,
    CheckResult,
    Hint,
    Page,
    Problem,
    ScoredSentence,
    Stage,
    StageTime,
)  # fmt: skip
from service.negatives import NegativeList
from service.pipeline.article import refuse_unreadable
from service.pipeline.budget import MAX_LISTED, choose_sentences
from service.pipeline.checked import show_claims
from service.pipeline.checkworthiness import encoder_of
from service.pipeline.claims import is_post, select_claims, within_budget
from service.pipeline.evidence import find_matches
from service.pipeline.fetch import Fetcher, supplied_page
from service.pipeline.inputs import article_of_input
from service.pipeline.linking import link_evidence
from service.pipeline.modes import cue_of
from service.pipeline.pictures.gathering import PictureGatherer
from service.pipeline.provenance import thresholds_in_force, versions_of
from service.pipeline.reader import DirectReader, Reader
from service.pipeline.sentences import sentence_bounds
from service.pipeline.stance import consider, find_all
from service.pipeline.verdict import placed_findings, rejudge
from service.sentences import Sentences
from service.thresholds import configured_thresholds
from service.tracing import Tracer, Untraced, code_of
from service.versions import Versions

Report = Callable[[Stage], None]


class IndexSource(Protocol):
    """Where the index in force comes from: LiveIndex."""

    @property
    def embedder(self) -> Embedder:
        """The one that the index was built with."""

    def current(self) -> StatementIndex:
        """The index as it is now. Raises IndexUnavailable."""


class RatingHistory(Protocol):
    """Knows earlier versions of statements: StatementStore."""

    def rerated(self, keys: Sequence[int]) -> frozenset[int]:
        """Those of these statements' keys that had another rating before. Raises StoreUnavailable."""


class NegativeSource(Protocol):
    """Where the negative list comes from: NegativeStore."""

    def current(self) -> NegativeList:
        """The list as it is now. Raises StoreUnavailable."""


class NoNegatives:
    """Nothing is ruled out."""

    def current(self) -> NegativeList:
        """An empty list."""
        return NegativeList()


class Checker:
    """Checks one page or text. Every door calls this one; safe to use from many threads."""

    def __init__(
        self,
        fetcher: Fetcher,
        index_source: IndexSource,
        settings: Settings,
        history: RatingHistory,
        reader: Reader | None = None,
        negatives: NegativeSource | None = None,
        tracer: Tracer | None = None,
        picture_reader: Reader | None = None,
    ) -> None:
        self._fetcher, self._index_source, self._history = fetcher, index_source, history
        self._reader: Reader = reader or DirectReader()
        self._picture_reader: Reader = picture_reader or self._reader
        self._negatives: NegativeSource = negatives or NoNegatives()
        self._tracer: Tracer = tracer or Untraced()
        self._thresholds, self._reads_pictures = configured_thresholds(settings), settings.read_pictures
        # Asked with every request. An index that was replaced is not held for it.
        self._made_with: tuple[ref[StatementIndex], Versions] | None = None

    def versions(self) -> Versions:
        """What a check would be made with now. Raises IndexUnavailable."""
        index = self._index_source.current()
        made_with = self._made_with
        ruled_out = self._negatives.current().digest
        if made_with is None or made_with[0]() is not index or made_with[1].negatives != ruled_out:
            versions = replace(versions_of(index, self._thresholds), negatives=ruled_out)
            self._made_with = made_with = (ref(index), versions)
        return made_with[1]

    @texts_remembered()
    def run(self, request: CheckRequest, report: Report = lambda _stage: None) -> CheckResult:
        """Walk all stages. A fault is never raised: it becomes `problem`, and what was found before it stays.

        `report` hears of each stage when it begins, and now and then while it goes on; what it raises ends the check.
        """
        clock = Clock(report, self._tracer)
        result = CheckResult()
        with self._tracer.span("check") as span:
            try:
                for result in self._walk(request, clock):  # noqa: B007 - the last one reached is the result
                    pass
            except (CheckFault, IndexFault) as fault:
                result = replace(result, problem=problem_of(fault, clock.current))
                span.fail(code_of(fault))
            span.note(sentences=result.sentences, claims=len(result.claims))
        return replace(result, times=tuple(clock.times))

    def read_claims(self, article: Article) -> tuple[tuple[ScoredSentence, ...], int]:
        """Every sentence of an article, scored, in order, and how many of them were looked at.

        The others are scored by their words alone. Raises BodyTooLarge past MAX_LISTED sentences.
        """
        sentences = sentences_of(article, self._reader)
        if len(sentences) > MAX_LISTED:
            raise BodyTooLarge(
                f"This text has {len(sentences):,} sentences; at most {MAX_LISTED:,} can be scored one by one. "
                "Send it in parts."
            )
        encode = encoder_of(self._index_source.embedder)
        looked_at = choose_sentences(sentences, self._thresholds.budget)
        claims = select_claims(article, sentences, self._thresholds, encode, encoded=set(looked_at))
        return claims, len(looked_at)

    def _walk(self, request: CheckRequest, clock: Clock) -> Iterator[CheckResult]:
        """The result as it grows, one a stage."""
        reader = self._reader.asking(clock.go_on)
        with clock.stage(Stage.FETCH):
            page = self._page(request)
        yield (result := fetched_as(page))
        with clock.stage(Stage.ARTICLE):
            seeing = self._picture_reader.asking(clock.go_on)
            gatherer = PictureGatherer(self._fetcher, reader, seeing, clock.go_on)
            article = article_of_input(page, request, gatherer, always=self._reads_pictures)
        yield (result := replace(result, article=article))
        if not article.text.strip() and page is not None:
            reader.read(refuse_unreadable, page)
        with clock.stage(Stage.SENTENCES):
            sentences = sentences_of(article, reader)
            places = choose_sentences(sentences, self._thresholds.budget)
        yield (result := replace(result, sentences=len(sentences), looked_at=len(places)))
        with clock.stage(Stage.CLAIMS):
            embedder = RememberingEmbedder(self._index_source.embedder, clock.go_on)
            encode = encoder_of(embedder)
            selected = select_claims(article, sentences, self._thresholds, encode, places=places)
            searched, left = within_budget(article, selected, self._thresholds.claims)
        with clock.stage(Stage.EVIDENCE):
            index = replace(self._index(), embedder=embedder)
            thresholds = thresholds_in_force(self._thresholds, index)
            post = article.text if is_post(article, thresholds.claims) else None
            offers = find_matches(index, searched, post, thresholds)
        ruled_out = self._negatives.current()
        versions = replace(versions_of(index, thresholds, len(searched)), negatives=ruled_out.digest)
        yield (result := replace(result, versions=versions))
        with clock.stage(Stage.STANCE):
            considered = consider(searched, offers, left, selected)
            findings = find_all(considered, cue_of(article, thresholds.modes), post, embedder, thresholds.short)
            findings = ruled_out.without(findings, article.text)
        with clock.stage(Stage.VERDICT):
            decision = rejudge(findings, thresholds)
            suggests = is_post(article, thresholds.claims, thresholds.short.suggested_words)
            claims = show_claims(decision, considered, findings, thresholds, article.date_published, suggests)
            claims = hint_at_revisions(link_evidence(claims, index), self._history)
        findings = placed_findings(findings, decision, thresholds)
        yield replace(result, claims=tuple(claims), verdict=decision.verdict, findings=findings)

    def _page(self, request: CheckRequest) -> Page | None:
        if request.html is not None:
            return supplied_page(request.html, request.url)
        return self._fetcher.fetch(request.url) if request.url is not None else None

    def _index(self) -> StatementIndex:
        try:
            return self._index_source.current()
        except IndexUnavailable as error:
            raise IndexNotReady(str(error)) from error


class Clock:
    """Announces each stage and keeps how long it took, also where it failed."""

    def __init__(self, report: Report, tracer: Tracer) -> None:
        self._report, self._tracer = report, tracer
        self.current = Stage.FETCH
        self.times: list[StageTime] = []

    def go_on(self) -> None:
        """Say that the current stage goes on; whoever is told may end it by raising."""
        self._report(self.current)

    @contextmanager
    def stage(self, stage: Stage) -> Iterator[None]:
        """Time what happens inside."""
        self.current = stage
        self._report(stage)
        started = time.perf_counter()
        try:
            with self._tracer.span(f"stage {stage}"):
                yield
        finally:
            self.times.append(StageTime(stage, time.perf_counter() - started))


def fetched_as(page: Page | None) -> CheckResult:
    """What is known once there is a page: under which address the service itself fetched it, if it did."""
    if page is None or not page.fetched:
        return CheckResult()
    return CheckResult(fetched=True, final_url=page.final_url)


def sentences_of(article: Article, reader: Reader) -> Sentences:
    """An article cut into sentences."""
    return Sentences(article.text, reader.read(sentence_bounds, article.text, article.language))


def hint_at_revisions(checked: Sequence[CheckedClaim], history: RatingHistory) -> list[CheckedClaim]:
    """The claims, with a hint at evidence whose rating was another one before."""
    keys = sorted({item.match.statement.key for claim in checked for item in claim.evidence})
    rerated = history.rerated(keys) if keys else frozenset()
    return [
        replace(claim, claim=replace(claim.claim, hints=(*claim.claim.hints, Hint.RATING_REVISED)))
        if any(item.match.statement.key in rerated for item in claim.evidence)
        else claim
        for claim in checked
    ]


def problem_of(fault: CheckFault | IndexFault, stage: Stage) -> Problem:
    """A fault as it is stored and shown; of the index's own only one has a code in the API."""
    if isinstance(fault, CheckFault):
        return Problem(fault.code, str(fault), stage)
    code = IndexNotReady.code if isinstance(fault, IndexUnavailable) else CheckFault.code
    return Problem(code, str(fault), stage)
