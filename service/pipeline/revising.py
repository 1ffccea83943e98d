"""A past check judged anew beside statements that it did not know: only they are read, the rest stays as it was found.

What it then says is what `rejudge` makes of its findings and the new ones, under the check's own thresholds. For replay
all that it searched is searched again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from index.models import Match, PairJudgement, Stance, Statement
from index.pairs.site import SiteCalibration
from index.retrieval.fresh import Text
from index.retrieval.search import StatementIndex
from service.findings import Finding, SentenceFindings
from service.models import Article, CheckedClaim, CheckResult, Considered, Hint, Offer, ScoredSentence, Sentence
from service.negatives import NegativeList
from service.pipeline.check import NegativeSource, RatingHistory, hint_at_revisions
from service.pipeline.checked import show_claims
from service.pipeline.claims import is_post
from service.pipeline.evidence import find_matches, searched_texts
from service.pipeline.linking import link_evidence
from service.pipeline.modes import cue_of
from service.pipeline.stance import find_for
from service.pipeline.verdict import Decision, placed_findings, rejudge
from service.thresholds import Thresholds, thresholds_of

FOUND_ANEW = frozenset({Hint.NOT_SEARCHED, Hint.OLDER_STATEMENT, Hint.RATING_REVISED, Hint.SUGGESTION})

Lookup = Callable[[Sequence[int]], Mapping[int, Statement]]


@dataclass(frozen=True, slots=True)
class Reviser:
    """Judges past checks anew. `lookup` gives the statements of keys as they are now."""

    history: RatingHistory
    negatives: NegativeSource
    lookup: Lookup

    def revise(
        self,
        past: CheckResult,
        findings: Sequence[SentenceFindings],
        touched: Mapping[int, Collection[int]],
        index: StatementIndex,
    ) -> CheckResult | None:
        """What a finished check says beside the statements of some keys, by the place of the sentence that may match.

        None where its evidence stays what it was, or where it was made by other models or numbers than there are now.
        """
        thresholds = comparable(past, index)
        if thresholds is None or past.article is None:
            return None
        index = index.calibrated(site_of(thresholds))
        asked = frozenset(key for keys in touched.values() for key in keys)
        claims = claims_of(past, past.article, findings)
        found = read_again(past.article, findings, claims, touched, asked, index, thresholds)
        found = self.negatives.current().without(found, past.article.text)
        if worth(found, thresholds) == worth(findings, thresholds):
            return None
        shown = matches_of(past)
        known = self.lookup(sorted({each.statement_key for every in found for each in every.findings} - shown.keys()))
        old = {key: match.statement for key, match in shown.items()}
        statements = {**old, **known, **self.lookup(sorted(asked))}
        found = tuple(only(sentence, statements) for sentence in found)
        return self._concluded(past, findings, found, statements, index, thresholds)

    def rule_out(
        self, past: CheckResult, findings: Sequence[SentenceFindings], index: StatementIndex
    ) -> CheckResult | None:
        """What a finished check says without the matches that are on the negative list by now.

        None where its evidence stays what it was. Nothing is read again, so it may have been made by other models.
        """
        thresholds = recorded_thresholds(past)
        if thresholds is None or past.article is None:
            return None
        found = self.negatives.current().without(findings, past.article.text)
        if worth(found, thresholds) == worth(findings, thresholds):
            return None
        shown = matches_of(past)
        known = self.lookup(sorted({each.statement_key for every in found for each in every.findings} - shown.keys()))
        statements = {**{key: match.statement for key, match in shown.items()}, **known}
        found = tuple(only(sentence, statements) for sentence in found)
        return self._concluded(past, findings, found, statements, index, thresholds)

    def _concluded(
        self,
        past: CheckResult,
        before: Sequence[SentenceFindings],
        found: Sequence[SentenceFindings],
        statements: Mapping[int, Statement],
        index: StatementIndex,
        thresholds: Thresholds,
    ) -> CheckResult | None:
        """A check as it is with other findings than before; None where its evidence stays what it was."""
        decision, then = rejudge(found, thresholds), evidence_of(rejudge(before, thresholds))
        if past.article is None or evidence_of(decision) == then:
            return None
        claims = claims_of(past, past.article, before)
        considered = [
            Considered(claim, offers_of(sentence, statements, decision.min_confidence) if sentence.searched else None)
            for claim, sentence in zip(claims, found, strict=True)
        ]
        suggests = is_post(past.article, thresholds.claims, thresholds.short.suggested_words)
        shown_now = show_claims(decision, considered, found, thresholds, past.article.date_published, suggests)
        return replace(
            past,
            claims=tuple(hint_at_revisions(as_compared(past, link_evidence(shown_now, index)), self.history)),
            verdict=decision.verdict,
            findings=placed_findings(found, decision, thresholds),
            ruled_out=ruled_out_of(past, shown_now, self.negatives.current()),
        )

    def texts(
        self,
        past: CheckResult,
        findings: Sequence[SentenceFindings],
        touched: Collection[int],
        index: StatementIndex,
    ) -> list[Text]:
        """What `revise` searches for the sentences at these places."""
        thresholds = comparable(past, index)
        if thresholds is None or past.article is None:
            return []
        claims, post = claims_of(past, past.article, findings), post_of(past.article, thresholds)
        return [(text, text == post) for place in touched for text in searched_texts(claims[place])]


def post_of(article: Article, thresholds: Thresholds) -> str | None:
    """The text of an article that is a post."""
    return article.text if is_post(article, thresholds.claims) else None


def worth(findings: Sequence[SentenceFindings], thresholds: Thresholds) -> list[tuple[Finding, ...]]:
    """Of each sentence the findings that are candidates at least: nothing comes of the others."""
    least = thresholds.match.min_candidate
    return [tuple(each for each in sentence.findings if each.confidence >= least) for sentence in findings]


@dataclass(frozen=True, slots=True)
class FoundNow:
    """What is found now for the sentences of a check; `ruled_out` names what the negative list took away."""

    findings: tuple[SentenceFindings, ...]
    ruled_out: frozenset[tuple[int, int]] = frozenset()  # place of the sentence, key of the statement


def search_again(
    past: CheckResult, findings: Sequence[SentenceFindings], index: StatementIndex, negatives: NegativeList
) -> FoundNow | None:
    """What this index finds for the sentences that a check searched, each text with the others as then.

    Which sentences are searched stays as it was. None where the check was made by other models or numbers than there
    are now: what it was sure of then would mean another thing.
    """
    thresholds = comparable(past, index)
    if thresholds is None or past.article is None:
        return None
    index = index.calibrated(site_of(thresholds))
    article, claims = past.article, claims_of(past, past.article, findings)
    post = post_of(article, thresholds)
    cue = cue_of(article, thresholds.modes)
    places = [place for place, sentence in enumerate(findings) if sentence.searched]
    offers = find_matches(index, [claims[place] for place in places], post, thresholds)
    found = {
        place: find_for(Considered(claims[place], each), cue, post, thresholds.short).findings
        for place, each in zip(places, offers, strict=True)
    }
    anew = tuple(replace(each, findings=found.get(place, each.findings)) for place, each in enumerate(findings))
    kept = negatives.without(anew, article.text)
    return FoundNow(kept, frozenset(_keys(anew) - _keys(kept)))


def _keys(findings: Sequence[SentenceFindings]) -> set[tuple[int, int]]:
    return {(place, each.statement_key) for place, sentence in enumerate(findings) for each in sentence.findings}


def comparable(past: CheckResult, index: StatementIndex) -> Thresholds | None:
    """The thresholds of a check that this index can be asked about; None where confidences would mean another thing."""
    thresholds, versions = recorded_thresholds(past), past.versions
    if thresholds is None or versions is None:
        return None
    if (versions.embedder, versions.pair) != (index.embedder.model_id, index.pair_model.model_id):
        return None
    return thresholds if thresholds.match.calibration == index.pair_model.calibration_id else None


def recorded_thresholds(past: CheckResult) -> Thresholds | None:
    """The thresholds of a finished check; None where another version of the program had others."""
    if past.versions is None or past.verdict is None:
        return None
    try:
        return thresholds_of(past.versions.values)
    except ValueError:
        return None


def ruled_out_of(past: CheckResult, claims: Iterable[CheckedClaim], negatives: NegativeList) -> tuple[str, ...]:
    """The ids of statements that once counted for a check, and count no more because they are on the negative list."""
    counting = {item.match.statement.id for claim in claims for item in claim.evidence}
    gone = [
        item.match.statement.id
        for claim in past.claims
        for item in claim.evidence
        if negatives.rules_out(claim.claim.sentence.text, item.match.statement.id)
    ]
    return tuple(id for id in dict.fromkeys([*past.ruled_out, *gone]) if id not in counting)


def site_of(thresholds: Thresholds) -> SiteCalibration:
    """What confidences of a check were set right by."""
    return SiteCalibration(thresholds.site.slope, thresholds.site.offset)


def claims_of(past: CheckResult, article: Article, findings: Sequence[SentenceFindings]) -> list[ScoredSentence]:
    """The sentences of a check as they were selected. What was searched around others than claims is lost."""
    claims = []
    for each in findings:
        if each.claim is not None and each.claim < len(past.claims):
            shown = past.claims[each.claim].claim
            hints = tuple(hint for hint in shown.hints if hint not in FOUND_ANEW)
            claims.append(replace(shown, mode=each.mode, is_claim=each.is_claim, hints=hints))
        else:
            sentence = Sentence(article.text[each.start : each.end], each.start, each.end)
            claims.append(ScoredSentence(sentence, each.checkworthiness, each.is_claim, each.mode))
    return claims


def read_again(
    article: Article,
    findings: Sequence[SentenceFindings],
    claims: Sequence[ScoredSentence],
    touched: Mapping[int, Collection[int]],
    asked: Collection[int],
    index: StatementIndex,
    thresholds: Thresholds,
) -> tuple[SentenceFindings, ...]:
    """The findings, with what is found now for the sentences that were touched in the place of what was known of it."""
    places = sorted(touched)
    post = post_of(article, thresholds)
    cue = cue_of(article, thresholds.modes)
    offers = find_matches(index, [claims[n] for n in places], post, thresholds, among=asked)
    new = {
        place: find_for(Considered(claims[place], each), cue, post, thresholds.short).findings
        for place, each in zip(places, offers, strict=True)
    }
    return tuple(
        replace(
            sentence,
            findings=(*(each for each in sentence.findings if each.statement_key not in asked), *new[place]),
        )
        if place in new
        else sentence
        for place, sentence in enumerate(findings)
    )


def matches_of(past: CheckResult) -> dict[int, Match]:
    """The matches that a check shows, by the key of the statement."""
    return {
        item.match.statement.key: item.match for claim in past.claims for item in (*claim.candidates, *claim.evidence)
    }


def as_compared(past: CheckResult, claims: Iterable[CheckedClaim]) -> list[CheckedClaim]:
    """The claims, each compared with as many statements as before at least: those far away were not kept."""
    compared = {item.claim.sentence.start: item.compared for item in past.claims}
    return [replace(each, compared=max(each.compared, compared.get(each.claim.sentence.start, 0))) for each in claims]


def only(sentence: SentenceFindings, statements: Mapping[int, Statement]) -> SentenceFindings:
    """A sentence with the findings whose statements there still are."""
    kept = tuple(finding for finding in sentence.findings if finding.statement_key in statements)
    return replace(sentence, findings=kept)


def offers_of(sentence: SentenceFindings, statements: Mapping[int, Statement], minimum: float) -> tuple[Offer, ...]:
    """The statements found for a sentence, each judged as its finding says."""
    return tuple(
        Offer(match_of(finding, statements[finding.statement_key], minimum), finding.around)
        for finding in sentence.findings
    )


def match_of(finding: Finding, statement: Statement, minimum: float) -> Match:
    """A finding as the match that it was."""
    sure, rest = finding.stance_confidence, (1 - finding.stance_confidence) / 2
    supports, refutes, neutral = (
        sure if finding.stance is stance else rest for stance in (Stance.SUPPORTS, Stance.REFUTES, Stance.NEUTRAL)
    )
    judged = PairJudgement(finding.confidence, supports, refutes, neutral, finding.differences)
    return Match(statement, finding.similarity, finding.confidence, finding.confidence >= minimum, judged)


def evidence_of(decision: Decision) -> Iterable[object]:
    """What a decision rests on: for each sentence its statements, how they are rated and how it stands to them."""
    return {
        each.place: {(item.statement_key, item.rating, item.rating_words, item.stance) for item in each.evidence}
        for each in decision.claims
        if each.evidence
    }
