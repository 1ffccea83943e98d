"""What people read of a check or a claim, in sentences. No page, no markup.

Catalogues and formats (catalogue.py) and the words of a fact-check (citing.py) are passed on, so that whoever speaks to
people asks one module for words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from index.models import NormalizedRating, Stance
from service.catalogue import (
    LANGUAGES,
    SWISS,
    Message,
    catalogue,
    choose_language,
    format_date,
    format_decimal,
    format_fraction,
    format_number,
    format_share,
    name_language,
    say,
)
from service.citing import (
    also_checked_words,
    cited_url,
    fact_check_link,
    foreign_name,
    is_link,
    publisher_words,
    rating_label,
    reason_of,
)  # fmt: skip
from service.models import (
    ArticleKind,
    Check,
    CheckedClaim,
    CheckRequest,
    CheckResult,
    CheckState,
    Hint,
    JudgedMatch,
    Mode,
    Stage,
    Verdict,
    VerdictCode,
)  # fmt: skip
from service.suggestions import did_you_mean, differing_words, suggested

__all__ = (
    "LANGUAGES", "SWISS", "Message", "also_checked_words", "catalogue", "choose_language", "fact_check_link",
    "foreign_name", "format_date", "format_decimal", "format_fraction", "format_number", "format_share", "is_link",
    "name_language",
    "publisher_words", "rating_label", "reason_of", "say", "suggested",
)  # fmt: skip

MIN_STRONG = 0.9  # confidence from which a match is called strong rather than fair
OWN_WORDS = (NormalizedRating.SATIRE, NormalizedRating.ALTERED_MEDIA, NormalizedRating.MISSING_CONTEXT)
REPEATED_IN_VAIN = ("work-interrupted", "work-too-long")  # problems that trying again rarely mends
BUSY = ("overload", "service-busy", "too-many-requests")
GONE = ("draft-gone", "claim-gone", "statement-unknown", "statement-not-published")  # no check failed


@dataclass(frozen=True, slots=True)
class Summary:
    """A check in words: `state` names the screen and its icon, `lead` is bold, `detail` and `advice` may be empty."""

    state: str
    lead: str
    detail: str = ""
    advice: str = ""

    @property
    def headline(self) -> str:
        """All of it as running text."""
        return " ".join(part for part in (self.lead, self.detail, self.advice) if part)


# ---------------------------------------------------------------- a check


def headline_of_check(check: Check, language: str) -> str:
    """A check, whatever its state, in running text for a person."""
    return summarize_check(check, language).headline


def summarize_check(check: Check, language: str, retry_seconds: int | None = None) -> Summary:
    """A check, whatever its state, in words."""
    result = check.result
    if result.problem is not None:
        return summarize_problem(
            result.problem.code, language, supplied=not check.request.is_fetched, retry_seconds=retry_seconds
        )
    if result.verdict is None:
        waiting = "queued" if check.state is CheckState.QUEUED else "running"
        return _summary(waiting, language)
    code = result.verdict.code
    of = check.kind
    if code in (VerdictCode.REFUTED, VerdictCode.FACT_CHECK_FOUND) or _asks(result.claims, result.verdict):
        return _rated(check, result.verdict, language)
    if code is VerdictCode.SUPPORTED:
        n = sum(item.verdict.code is code for item in result.claims)
        return _summary("supported", language, of=of, n=n)
    if code is VerdictCode.NOT_ENOUGH_EVIDENCE:
        n, m = len(result.claims), result.versions.index_statements if result.versions else 0
        counted = "count.claims_some" if result.left else "count.claims"
        claims = say(language, counted, n=n, compared=n - result.left)
        searched = say(language, "count.statements", n=m)
        summary = _summary(code.value, language, n=n, claims=claims, statements=searched)
        # Where nothing was found for a short text, what may be meant comes first.
        meant = [did_you_mean(item, language) for item in result.claims if Hint.SUGGESTION in item.claim.hints][:1]
        return replace(summary, detail=" ".join([*meant, summary.detail]))
    return _summary(code.value, language, of=of)


def stage_key(stage: Stage, request: CheckRequest) -> str:
    """The catalogue's name of a stage: reading a picture is other work than reading a page."""
    own = f"stage.{stage.value}.picture"
    return own if request.is_picture and own in catalogue("en") else f"stage.{stage.value}"


def deciding_claim(claims: Sequence[CheckedClaim], verdict: Verdict) -> CheckedClaim | None:
    """The claim that decides on a page's verdict; for checks of before it was kept the first with that code."""
    if verdict.claim is not None and verdict.claim < len(claims):
        return claims[verdict.claim]
    return next((item for item in claims if item.verdict.code is verdict.code and item.evidence), None)


def deciding_claim_first(result: CheckResult) -> list[CheckedClaim]:
    """The claims in the page's order, but before them the one that the verdict speaks of: people see it below that."""
    first = deciding_claim(result.claims, result.verdict) if result.verdict else None
    return sorted(result.claims, key=lambda item: item is not first)


def summarize_problem(code: str, language: str, supplied: bool = False, retry_seconds: int | None = None) -> Summary:
    """Why there is no verdict. `supplied`: the text or HTML came from the person, no page was asked for."""
    reason = f"{reason_words(code, language)}."
    if code == "link-spent":
        return Summary("failed", reason, say(language, "link_spent.detail"), say(language, "link_spent.advice"))
    if code in GONE:
        return Summary("failed", reason)
    if code == "index-not-ready":
        lead = say(language, "index_not_ready.lead")
        return Summary("index_not_ready", lead, advice=_later_words(language, retry_seconds))
    if code in BUSY:
        return Summary("failed", say(language, "busy.lead"), reason, _later_words(language, retry_seconds))
    if code.startswith("picture-"):
        own = f"could_not_read.advice.{code}"
        advice = say(language, own if own in catalogue(language) else "could_not_read_picture.advice")
        return Summary("could_not_read", say(language, "could_not_read_picture.lead"), reason, advice)
    if code.startswith("page-") or code == "address-refused":
        general = "could_not_read.advice_supplied" if supplied else "could_not_read.advice"
        own = f"could_not_read.advice.{code}"
        advice = say(language, own if own in catalogue(language) and not supplied else general)
        return Summary("could_not_read", say(language, "could_not_read.lead"), reason, advice)
    return Summary("failed", say(language, "failed.lead"), reason, _advice_after(code, language, supplied))


def _advice_after(code: str, language: str, supplied: bool) -> str:
    """What to do after a failure: what is known to help after this one, else to try again."""
    if code == "key-required":
        return say(language, "key_required.advice")
    own = f"failed.advice.{code}{'_supplied' if supplied else ''}"
    return say(language, own if own in catalogue(language) else "failed.advice")


def _later_words(language: str, seconds: int | None) -> str:
    if seconds is None:
        return say(language, "index_not_ready.advice")
    return say(language, "index_not_ready.advice_seconds", n=seconds)


def reason_words(code: str, language: str) -> str:
    """A problem's code in words, without a full stop; an unknown one is a fault of the service."""
    key = f"reason.{code}"
    return say(language, key if key in catalogue(language) else "reason.error")


def _rated(check: Check, verdict: Verdict, language: str) -> Summary:
    """A verdict that names who rated the deciding claim's statement, and how."""
    deciding, of = deciding_claim(check.result.claims, verdict), check.kind
    if deciding is None or not deciding.evidence:
        return _summary(verdict.code.value, language, of=of)
    words = rating_words(deciding.evidence[0], deciding.claim.mode, language)
    summary = _summary(verdict.code.value, language, detail=words, of=of)
    if verdict.code is VerdictCode.MENTIONS_REFUTED:
        lead, advice = (say(language, f"mentions_refuted.{part}.asked") for part in ("lead", "advice"))
        return replace(summary, lead=lead, advice=advice)
    alike = verdict.alike
    return replace(summary, lead=say(language, f"refuted.lead.{alike.value}")) if alike else summary


def _asks(claims: Sequence[CheckedClaim], verdict: Verdict) -> bool:
    deciding = deciding_claim(claims, verdict) if verdict.code is VerdictCode.MENTIONS_REFUTED else None
    return deciding is not None and deciding.claim.mode is Mode.ASKED


def _summary(
    state: str, language: str, detail: str | None = None, *, of: ArticleKind = ArticleKind.PAGE, **values: object
) -> Summary:
    """The parts of a state. A text or a picture is no page and has no link: where that matters it has own words."""
    said = catalogue(language)

    def part(name: str) -> str:
        own = f"{state}.{name}.{of.value}"
        key = own if own in said else f"{state}.{name}"
        return say(language, key, **values) if key in said else ""

    return Summary(state, part("lead"), part("detail") if detail is None else detail, part("advice"))


# ---------------------------------------------------------------- a claim and its statements


def headline_of_claim(checked: CheckedClaim, language: str) -> str:
    """What was found for one claim: who rated what, and when, or that nothing was found."""
    if not checked.evidence:
        suggests = Hint.SUGGESTION in checked.claim.hints
        return did_you_mean(checked, language) if suggests else say(language, "claim.no_match")
    if len(sides := disagreeing_sides(checked)) > 1:
        return say(language, "claim.disagree", ratings=", ".join(one_rating(item, language) for item in sides))
    return rating_words(checked.evidence[0], checked.claim.mode, language)


def disagreeing_sides(checked: CheckedClaim) -> list[JudgedMatch]:
    """The sides of a disputed claim; of any other none."""
    disputed = checked.verdict.code is VerdictCode.CONFLICTING_EVIDENCE
    return sides_of(item for item in checked.evidence if item.decides) if disputed else []


def sides_of(evidence: Iterable[JudgedMatch]) -> list[JudgedMatch]:
    """The first evidence of each rating and stance, in the order in which it is shown."""
    sides: dict[tuple[NormalizedRating, Stance], JudgedMatch] = {}
    for item in evidence:
        sides.setdefault((item.match.statement.rating.normalized, item.stance), item)
    return list(sides.values())


def one_rating(evidence: JudgedMatch, language: str) -> str:
    """A publisher with its rating, as part of a sentence."""
    statement = evidence.match.statement
    publisher, rating = publisher_words(statement, language, inside=True), rating_label(statement, language)
    return say(language, f"claim.one_rating.{evidence.stance.value}", publisher=publisher, rating=rating)


def rating_words(evidence: JudgedMatch, mode: Mode, language: str) -> str:
    """Who rated the statement how and when, what that has to do with the claim, and in what they differ."""
    return " ".join([_rated_words(evidence, mode, language), *differing_words(evidence, language)])


def _rated_words(evidence: JudgedMatch, mode: Mode, language: str) -> str:
    statement = evidence.match.statement
    key = _relation(evidence, mode)
    inside = key in ("rated.denied", "rated.asked")
    if statement.date_published is None:
        return say(
            language, f"{key}_undated", publisher=publisher_words(statement, language, inside),
            rating=rating_label(statement, language),
        )  # fmt: skip
    return say(
        language, key, publisher=publisher_words(statement, language, inside), rating=rating_label(statement, language),
        date=format_date(statement.date_published, language),
    )  # fmt: skip


def reply_text(check: Check, language: str) -> str:
    """What somebody may answer whoever sent them the page: who rated what and how, with the link; plain text.

    Where fact-checks disagree it names all sides; where there is none it says what was found, with the page's address.
    """
    verdict = check.result.verdict
    deciding = deciding_claim(check.result.claims, verdict) if verdict else None
    if deciding is None or not deciding.evidence:
        return "\n".join(part for part in (headline_of_check(check, language), check.request.url) if part)
    if len(sides := disagreeing_sides(deciding)) > 1:
        claim, statements = " ".join(deciding.claim.sentence.text.split()), [item.match.statement for item in sides]
        links = [cited_url(each, language) for each in statements if is_link(each.url)]
        return "\n".join([claim, headline_of_claim(deciding, language), *links])
    # That which decides, or where it has no link another that was rated alike: never one that says the opposite.
    first = deciding.evidence[0]
    alike = [item.match.statement for item in deciding.evidence if len(sides_of((first, item))) == 1]
    statement = next((each for each in alike if is_link(each.url)), alike[0])
    values = {
        "publisher": publisher_words(statement, language, inside=True),
        "statement": " ".join(statement.claim_reviewed.split()),
        "rating": rating_label(statement, language),
    }
    if statement.date_published is None:
        sentence = say(language, "reply_undated", **values)
    else:
        sentence = say(language, "reply", date=format_date(statement.date_published, language), **values)
    return f"{sentence}\n{cited_url(statement, language)}" if is_link(statement.url) else sentence


def strength_key(confidence: float, is_match: bool) -> str:
    """How strong a match is: strong, fair, or weak where it fell short."""
    if not is_match:
        return "weak"
    return "strong" if confidence >= MIN_STRONG else "fair"


def hint_words(hint: Hint, language: str, published: date | None) -> str:
    """A hint beside a claim in words; `published` is when the page was."""
    undated = f"hint.{hint}_undated"
    if published is None and undated in catalogue(language):
        return say(language, undated)
    return say(language, f"hint.{hint}", year=str(published.year) if published else "")


def _relation(evidence: JudgedMatch, mode: Mode) -> str:
    rating = evidence.match.statement.rating.normalized
    if evidence.stance is Stance.NEUTRAL:
        return "rated.near"
    if not evidence.decides:
        return "rated.unmapped" if rating is NormalizedRating.UNMAPPED else "rated.undecided"
    if evidence.stance is Stance.REFUTES:
        return "rated.opposite"
    if mode is Mode.DENIED:
        return "rated.denied"
    if mode is Mode.ASKED and rating not in OWN_WORDS:
        return "rated.asked"
    return f"rated.{rating.value}" if rating in OWN_WORDS else "rated.same"
