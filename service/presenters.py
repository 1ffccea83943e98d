"""The JSON shapes of the API: dataclasses to dicts, and nowhere else. Used by the web and the command line."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

from index.errors import shown_name
from index.models import Difference, Match, PairJudgement, Statement
from service.elsewhere import Elsewhere, elsewhere_of, name_search
from service.explaining import moment_of, neighbours_of
from service.models import Article, Check, CheckedClaim, JudgedMatch, Problem, ScoredSentence
from service.moments import present_moment as present_moment
from service.pictures import Corners, PagePicture, Recognition
from service.rationale import rationale_of
from service.revisions import present_revisions, revised_words, verdict_then
from service.twins import for_reader
from service.versions import Versions
from service.wording import headline_of_claim, summarize_check

Json = dict[str, Any]


def present_check(check: Check, language: str, include_text: bool = False) -> Json:
    """A check as API.md shows it; `language` (de, en) is that of the reader: of headlines, titles, the first twin."""
    check = for_reader(check, language)
    result = check.result
    return {
        "id": check.id,
        "state": check.state.value,
        "stage": check.stage.value if check.stage else None,
        "created_at": present_moment(check.created_at),
        "finished_at": present_moment(check.finished_at),
        "url": check.request.url,
        "canonical_url": (result.article.canonical_url if result.article else None) or result.final_url,
        "reference": check.request.reference,
        "action": check.decision.action.value if check.decision else None,
        "policy": _decision(check, language),
        "article": _article_of_check(check, result.article, include_text) if result.article else None,
        "verdict": verdict_then(check, language),
        "claims": [_checked_claim(checked, language, result.article) for checked in result.claims],
        "sentences": result.sentences,
        "looked_at": result.sentences if result.looked_at is None else result.looked_at,
        "index": _index(result.versions),
        "models": _models(result.versions),
        "versions": _versions(result.versions),
        "times": {time.stage.value: round(time.seconds, 4) for time in result.times},
        "revised_at": present_moment(check.revised_at),
        "revisions": present_revisions(check, language),
        "problem": present_problem(result.problem, language) if result.problem else None,
        "summary": _summary(check, language),
    }


def present_article(article: Article) -> Json:
    """An article as /v1/extract shows it."""
    return {"url": article.url, "canonical_url": article.canonical_url, **_about(article), "text": article.text}


def present_sentences(article: Article, claims: Iterable[ScoredSentence], looked_at: int) -> Json:
    """Every sentence with its check-worthiness, as /v1/claims shows them, and how many were looked at."""
    sentences = [
        {
            "text": claim.sentence.text,
            "start": claim.sentence.start,
            "end": claim.sentence.end,
            "checkworthiness": round(claim.checkworthiness, 4),
            "is_claim": claim.is_claim,
        }
        for claim in claims
    ]
    about = {"language": article.language, "is_whole": article.is_whole}
    return {**about, "sentences": sentences, "looked_at": looked_at}


def present_match(match: Match) -> Json:
    """A statement that the search found, with how well."""
    return {
        "statement": present_statement(match.statement),
        "similarity": round(match.similarity, 4),
        "confidence": round(match.confidence, 4),
        "is_match": match.is_match,
    }


def present_stanced(match: Match) -> Json:
    """A match with how the text stands to its statement, and how they differ."""
    judged = match.judgement
    return _evidence(JudgedMatch(match, judged.stance, judged.stance_confidence, judged.differences))


def present_judgement(judgement: PairJudgement, min_confidence: float) -> Json:
    """What a pair model says of one pair, as /v1/stance shows it."""
    return {
        "confidence": round(judgement.confidence, 4),
        "is_match": judgement.confidence >= min_confidence,
        "stance": judgement.stance.value,
        "probabilities": {
            "supports": round(judgement.supports, 4),
            "refutes": round(judgement.refutes, 4),
            "neutral": round(judgement.neutral, 4),
        },
        "differences": [_difference(difference) for difference in judgement.differences],
    }


def present_statement(statement: Statement) -> Json:
    """A verified statement, its rating in the publisher's own words."""
    rating = statement.rating
    return {
        "id": statement.id,
        "claim_reviewed": statement.claim_reviewed,
        "language": statement.language,
        "url": statement.url,
        "headline": statement.headline,
        "publisher": {"name": statement.publisher.name, "site": statement.publisher.site},
        "author": statement.author,
        "claimant": statement.claimant,
        "date_published": statement.date_published.isoformat() if statement.date_published else None,
        "explanation": statement.explanation,
        "rating": {
            "alternate_name": rating.alternate_name,
            "rating_value": rating.rating_value,
            "best_rating": rating.best_rating,
            "worst_rating": rating.worst_rating,
            "normalized": rating.normalized.value,
        },
        "cluster": statement.cluster,
        "license": statement.license,
        "citations": [{"url": each.url, "title": each.title} for each in statement.citations],
        "valid_from": statement.valid_from.isoformat() if statement.valid_from else None,
        "valid_until": statement.valid_until.isoformat() if statement.valid_until else None,
        "owner": statement.owner,
    }


def present_problem(problem: Problem, language: str) -> Json:
    """Why a check failed, and at which stage."""
    return {**problem_fields(problem.code, problem.detail, language), "stage": problem.stage.value}


def problem_fields(code: str, detail: str, language: str) -> Json:
    """The members that every problem has (RFC 9457), with its code."""
    return {"type": f"/docs#{code}", "title": problem_title(code, language), "detail": detail, "code": code}


def problem_title(code: str, language: str) -> str:
    """What kind of problem a code stands for, in words of the language."""
    titles = problem_titles().get(code) or problem_titles()["internal-error"]
    title = titles.get(language.partition("-")[0]) or titles["en"]
    return title.replace("ß", "ss") if language == "de-CH" else title


@cache
def problem_titles() -> dict[str, dict[str, str]]:
    """Every problem's title by code and language."""
    titles: dict[str, dict[str, str]] = json.loads(files("service").joinpath("problem_titles.json").read_bytes())
    return titles


# ---------------------------------------------------------------- pieces


def _about(article: Article) -> Json:
    return {
        "title": article.title,
        "author": article.author,
        "date_published": article.date_published.isoformat() if article.date_published else None,
        "site_name": article.site_name,
        "language": article.language,
        "is_whole": article.is_whole,
    }


def _article_of_check(check: Check, article: Article, include_text: bool) -> Json:
    review, picture = article.review, article.picture
    shown = {
        "kind": check.kind.value,
        **_about(article),
        "picture": _picture(picture) if picture else None,
        "pictures": [_page_picture(each) for each in article.pictures],
        "is_fact_check": article.is_fact_check,
        "review": {"claim_reviewed": review.claim_reviewed, "alternate_name": review.alternate_name, "url": review.url}
        if review
        else None,
    }
    return {**shown, "text": article.text} if include_text else shown


def _picture(picture: Recognition) -> Json:
    return {"width": picture.width, "height": picture.height, "moves": picture.moves}


def _page_picture(picture: PagePicture) -> Json:
    seen = picture.recognition
    return {
        "url": picture.url,
        "alt": picture.alt,
        "start": picture.start,
        "end": picture.end,
        "picture": _picture(seen) if seen else None,
        "problem": picture.problem,
    }


def _decision(check: Check, language: str) -> Json | None:
    policy, decided = check.request.policy, check.decision
    if policy is None:
        return None
    return {
        "id": policy,
        "rule": decided.rule if decided else None,
        "rule_name": decided.rule_name if decided else None,
        "claim": decided.claim if decided else None,
        "statement": decided.statement if decided else None,
        "rationale": rationale_of(check, decided, language) if decided else None,
    }


def _summary(check: Check, language: str) -> Json:
    summary = summarize_check(check, language)
    said = {"state": summary.state, "lead": summary.lead, "detail": summary.detail, "advice": summary.advice}
    return {**said, "revised": revised_words(check, language)}


def _checked_claim(checked: CheckedClaim, language: str, article: Article | None) -> Json:
    claim, spoken = checked.claim, article.language if article else None
    boxes = article.boxes_of(claim.sentence.start, claim.sentence.end) if article else None
    moment = moment_of(claim, article)
    return {
        "text": claim.sentence.text,
        "start": claim.sentence.start,
        "end": claim.sentence.end,
        "boxes": _boxes(boxes) if boxes is not None else None,
        "picture": article.picture_at(claim.sentence.start) if article else None,
        "moment": moment and moment._asdict(),
        "checkworthiness": round(claim.checkworthiness, 4),
        "features": [{"name": feature.name, "weight": feature.weight} for feature in claim.features],
        "mode": claim.mode.value,
        "cue": claim.cue,
        "hints": list(claim.hints),
        "query": claim.query,
        "neighbours": _neighbours(claim),
        "compared": checked.compared,
        "verdict": {
            "code": checked.verdict.code.value,
            "confidence": round(checked.verdict.confidence, 4),
            "headline": headline_of_claim(checked, language),
        },
        "evidence": [{**_evidence(each), "cluster": each.cluster} for each in checked.evidence],
        "candidates": [_candidate(candidate) for candidate in checked.candidates],
        "elsewhere": _elsewhere(elsewhere_of(checked, spoken, language), language),
    }


def _boxes(boxes: Iterable[Corners]) -> list[Any]:
    return [[list(point) for point in corners] for corners in boxes]


def _neighbours(claim: ScoredSentence) -> Json | None:
    found = neighbours_of(claim)
    return {"before": found.before, "after": found.after} if found else None


def _elsewhere(found: Elsewhere | None, language: str) -> Json | None:
    if found is None:
        return None
    searches = [{"name": name_search(search, language), "url": search.url} for search in found.searches]
    return {"words": found.words, "searches": searches}


def _evidence(evidence: JudgedMatch) -> Json:
    return {
        **present_match(evidence.match),
        "stance": evidence.stance.value,
        "stance_confidence": round(evidence.stance_confidence, 4),
        "differences": [_difference(difference) for difference in evidence.differences],
    }


def _candidate(candidate: JudgedMatch) -> Json:
    return {**_evidence(candidate), "shortfalls": [reason.value for reason in candidate.shortfalls]}


def _difference(difference: Difference) -> Json:
    return {"kind": difference.kind.value, "claim": difference.claim, "statement": difference.statement}


def _index(versions: Versions | None) -> Json | None:
    return {"checkpoint": versions.index_checkpoint, "statements": versions.index_statements} if versions else None


def _models(versions: Versions | None) -> Json | None:
    if versions is None:
        return None
    return {
        "embedder": shown_name(versions.embedder),
        "pair": shown_name(versions.pair),
        "thresholds": versions.thresholds,
        "min_confidence": versions.min_confidence,
    }


def _versions(versions: Versions | None) -> Json | None:
    if versions is None:
        return None
    return {
        "program": versions.program,
        "index": versions.index_checkpoint,
        "models": {
            "embedder": shown_name(versions.embedder),
            "pair": shown_name(versions.pair),
            "weights": dict(versions.weights),
        },
        "thresholds": {"digest": versions.thresholds, "values": dict(versions.values)},
        "cues": dict(versions.cues),
        "negatives": versions.negatives,
    }
