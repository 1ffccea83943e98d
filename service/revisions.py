"""What a check said before it was judged anew: in a sentence for people, and as JSON."""

from __future__ import annotations

from dataclasses import replace

from service.models import Check, CheckResult, Earlier
from service.moments import present_moment
from service.wording import format_date, headline_of_check, say, summarize_check

Json = dict[str, object]


def revised_words(check: Check, language: str) -> str:
    """When it was checked, what it said then, and since when it says something else; empty where it always said so."""
    if not check.earlier or check.finished_at is None:
        return ""
    newest, before = check.earlier[0], known_statements(check.earlier[0].result)
    then, now = set(newest.result.ruled_out), set(check.result.ruled_out)
    if now - then:
        kind = "ruled_out"
    elif then - now:
        kind = "let_match"
    elif not before:
        kind = "added"
    elif known_statements(check.result) - before:
        kind = "further"
    elif before - known_statements(check.result):
        kind = "gone"
    elif is_read_anew(newest.result, check.result):
        kind = "mapped"
    else:
        kind = "changed"
    return say(
        language,
        f"revised.{kind}",
        checked=format_date(check.finished_at.date(), language),
        revised=format_date(newest.replaced_at.date(), language),
        before=summarize_check(as_it_was(check, newest), language).lead,
    )


def present_revisions(check: Check, language: str) -> list[Json]:
    """What a check said before, newest first, each from when until when."""
    return [
        {
            "concluded_at": present_moment(earlier.concluded_at),
            "replaced_at": present_moment(earlier.replaced_at),
            "verdict": verdict_then(as_it_was(check, earlier), language),
            "action": earlier.decision.action.value if earlier.decision else None,
        }
        for earlier in check.earlier
    ]


def as_it_was(check: Check, earlier: Earlier) -> Check:
    """A check as it was at that time, as far as that was kept."""
    result = replace(earlier.result, article=check.result.article)
    return replace(check, result=result, decision=earlier.decision)


def verdict_then(check: Check, language: str) -> Json | None:
    """The verdict that a check had."""
    verdict = check.result.verdict
    if verdict is None:
        return None
    return {
        "code": verdict.code.value,
        "confidence": round(verdict.confidence, 4),
        "headline": headline_of_check(check, language),
        "language": language,
        "claim": verdict.claim,
    }


def is_read_anew(before: CheckResult, now: CheckResult) -> bool:
    """Whether the publishers said the same all the time, and we learned what that means."""
    then, later = (
        {item.match.statement.key: item.match.statement.rating for claim in each.claims for item in claim.evidence}
        for each in (before, now)
    )
    words_then, words_later = ({key: rating.alternate_name for key, rating in each.items()} for each in (then, later))
    return words_then == words_later and then != later


def known_statements(result: CheckResult) -> set[int]:
    """The keys of the statements that are evidence in a result."""
    return {item.match.statement.key for claim in result.claims for item in claim.evidence}
