"""Checker: the stages of a check in their order, timed, with whatever was found before a fault kept."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Protocol

from index.errors import IndexFault, IndexUnavailable
from index.model.embedder import Embedder
from index.model.remembering import RememberingEmbedder
from index.models import Match
from index.retrieval.search import StatementIndex
from service.config import Settings
from service.errors import BodyTooLarge, CheckFault, IndexNotReady
from service.models import (
    Article,
    CheckedClaim,
    CheckRequest,
    CheckResult,
    Hint,
    JudgedMatch,
    Page,
    Problem,
    ScoredSentence,
    Sentences,
    Stage,
    StageTime,
    Verdict,
    VerdictCode,
    Versions,
)  # fmt: skip
from service.pipeline.article import article_from_text, extract_article, refuse_unreadable, with_headline
from service.pipeline.budget import MAX_LISTED, choose_sentences
from service.pipeline.checkworthiness import encoder_of
from service.pipeline.claims import OLD_AFTER, SUGGESTED_WORDS, is_post, select_claims, within_budget
from service.pipeline.evidence import find_matches, required_confidence
from service.pipeline.fetch import Fetcher, supplied_page
from service.pipeline.modes import page_cue, settle_mode
from service.pipeline.reader import DirectReader, Reader
from service.pipeline.sentences import sentence_bounds
from service.pipeline.stance import divide_matches, suggestions
from service.pipeline.verdict import aggregate_verdict, deciding_first, judge_claim

Report = Callable[[Stage], None]

UNSEARCHED = Verdict(VerdictCode.NOT_ENOUGH_EVIDENCE, 0.0)


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


class Checker:
    """Checks one page or text. Every door calls this one; safe to use from many threads."""

    def __init__(
        self,
        fetcher: Fetcher,
        index_source: IndexSource,
        settings: Settings,
        history: RatingHistory,
        reader: Reader | None = None,
    ) -> None:
        self._fetcher, self._index_source, self._history = fetcher, index_source, history
        self._reader: Reader = reader or DirectReader()
        self._min_checkworthiness = settings.min_checkworthiness if settings.min_checkworthiness >= 0 else None

    def run(self, request: CheckRequest, report: Report = lambda _stage: None) -> CheckResult:
        """Walk all stages. A fault is never raised: it becomes `problem`, and what was found before it stays.

        `report` hears of each stage when it begins, and now and then while it goes on; what it raises ends the check.
        """
        clock = Clock(report)
        result = CheckResult()
        try:
            for result in self._walk(request, clock):  # noqa: B007 - the last one reached is the result
                pass
        except (CheckFault, IndexFault) as fault:
            result = replace(result, problem=problem_of(fault, clock.current))
        return replace(result, times=tuple(clock.times))

    def read_claims(self, article: Article) -> tuple[tuple[ScoredSentence, ...], int]:
        """Every sentence of an article, scored, in order, and how many of them were looked at.

        The others are scored by their words alone. Raises BodyTooLarge past MAX_LISTED sentences.
        """
        sentences = sentences_of(article, self._reader)
        if len(sentences) > MAX_LISTED:
            raise BodyTooLarge(
                f"This text has {len(sentences):,} sentences, and {MAX_LISTED:,} at most are answered one by one. "
                "Send it in parts."
            )
        encode, looked_at = encoder_of(self._index_source.embedder), choose_sentences(sentences)
        claims = select_claims(article, sentences, self._min_checkworthiness, encode, encoded=set(looked_at))
        return claims, len(looked_at)

    def _walk(self, request: CheckRequest, clock: Clock) -> Iterator[CheckResult]:
        """The result as it grows, one a stage."""
        reader = self._reader.asking(clock.go_on)
        with clock.stage(Stage.FETCH):
            page = self._page(request)
        result = CheckResult(fetched=page is not None and page.fetched)
        if page is not None and page.fetched:
            result = replace(result, final_url=page.final_url)
        yield result
        with clock.stage(Stage.ARTICLE):
            article = article_of(page, request, reader)
        yield (result := replace(result, article=article))
        if not article.text.strip() and page is not None:
            reader.read(refuse_unreadable, page)
        with clock.stage(Stage.SENTENCES):
            sentences = sentences_of(article, reader)
            places = choose_sentences(sentences)
        yield (result := replace(result, sentences=len(sentences), looked_at=len(places)))
        with clock.stage(Stage.CLAIMS):
            embedder = RememberingEmbedder(self._index_source.embedder, clock.go_on)
            encode = encoder_of(embedder)
            selected = select_claims(article, sentences, self._min_checkworthiness, encode, places=places)
            searched, left = within_budget(article, selected)
        with clock.stage(Stage.EVIDENCE):
            index = replace(self._index(), embedder=embedder)
            matches = find_matches(index, searched, article.text if is_post(article) else None)
        yield (result := replace(result, versions=versions_of(index, len(searched))))
        with clock.stage(Stage.STANCE):
            checked = judge_claims(article, searched, matches)
            checked = hint_at_revisions(checked, self._history)
        with clock.stage(Stage.VERDICT):
            checked += [
                CheckedClaim(replace(claim, hints=(*claim.hints, Hint.NOT_SEARCHED)), UNSEARCHED) for claim in left
            ]
            checked.sort(key=lambda item: item.claim.sentence.start)
            verdict = aggregate_verdict(checked, max((claim.checkworthiness for claim in selected), default=0.0))
        yield replace(result, claims=tuple(checked), verdict=verdict)

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

    def __init__(self, report: Report) -> None:
        self._report = report
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
            yield
        finally:
            self.times.append(StageTime(stage, time.perf_counter() - started))


def article_of(page: Page | None, request: CheckRequest, reader: Reader) -> Article:
    """The article of a page with headline and lead before its body, or a supplied text as it is."""
    if page is None:
        return reader.read(article_from_text, request.text or "", request.language)
    article = reader.read(extract_article, page, request.language)
    return with_headline(article) if article.text.strip() else article


def sentences_of(article: Article, reader: Reader) -> Sentences:
    """An article cut into sentences."""
    return Sentences(article.text, reader.read(sentence_bounds, article.text, article.language))


def judge_claims(
    article: Article, searched: Sequence[ScoredSentence], matches: Sequence[Sequence[Match]]
) -> list[CheckedClaim]:
    """The searched claims with what follows from their matches; doubtful ones only where they have evidence.

    Of a short text what comes near is worth showing too: whoever handed it over looks for it.
    """
    cue, alone = page_cue(article), is_post(article)
    judged = [judge_matches(claim, found, article, cue) for claim, found in zip(searched, matches, strict=True)]
    kept = [item for item in judged if item.claim.is_claim or item.evidence or (alone and item.candidates)]
    suggests = is_post(article, SUGGESTED_WORDS) and not any(item.evidence for item in kept)
    return [suggesting(item) if suggests and suggestions(item.candidates) else claimed(item) for item in kept]


def claimed(item: CheckedClaim) -> CheckedClaim:
    """What is shown is a claim, however doubtful it was."""
    return replace(item, claim=replace(item.claim, is_claim=True))


def suggesting(item: CheckedClaim) -> CheckedClaim:
    """A few words that are surely no statement, with the hint that one of those near may be meant."""
    hints = (*item.claim.hints, Hint.SUGGESTION)
    return replace(item, claim=replace(item.claim, is_claim=True, hints=hints))


def judge_matches(claim: ScoredSentence, matches: Sequence[Match], article: Article, cue: str | None) -> CheckedClaim:
    """A claim with its evidence, candidates and verdict, in the mode and with the hints that the evidence leaves it.

    `cue` is why the page as a whole does not speak in its own voice, where it does not.
    """
    evidence, candidates = divide_matches(claim, matches, is_post(article))
    settled = settle_mode(claim, evidence, cue)
    verdict = judge_claim(settled.mode, evidence, candidates)
    evidence = deciding_first(verdict, settled.mode, evidence)
    if evidence and is_older(evidence[0], article):
        settled = replace(settled, hints=(*settled.hints, Hint.OLDER_STATEMENT))
    return CheckedClaim(settled, verdict, evidence, candidates, compared=len(matches))


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


def is_older(item: JudgedMatch, article: Article) -> bool:
    """Whether a fact-check is so much older than the article that it may speak of another event."""
    checked, published = item.match.statement.date_published, article.date_published
    return checked is not None and published is not None and published - checked > OLD_AFTER


def versions_of(index: StatementIndex, claims: int = 0) -> Versions:
    """What must be known to replay a check, which searched so many claims."""
    return Versions(
        index.checkpoint,
        index.statements,
        index.embedder.model_id,
        index.pair_model.model_id,
        index.thresholds_id,
        required_confidence(index.min_confidence, claims),
    )


def problem_of(fault: CheckFault | IndexFault, stage: Stage) -> Problem:
    """A fault as it is stored and shown; of the index's own only one has a code in the API."""
    if isinstance(fault, CheckFault):
        return Problem(fault.code, str(fault), stage)
    code = IndexNotReady.code if isinstance(fault, IndexUnavailable) else CheckFault.code
    return Problem(code, str(fault), stage)
