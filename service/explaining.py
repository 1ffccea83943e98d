"""Why: the way from a sentence to its verdict in plain words, for the web page and the command line."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import shorten

from index.models import Difference, DifferenceKind
from service.models import Article, ArticleKind, CheckedClaim, JudgedMatch, ScoredSentence, Shortfall
from service.timed import Moment, clock_words, moment_link
from service.wording import catalogue, format_share, say

# With one of these the statement is about something else, however alike it sounds.
DECISIVE = (DifferenceKind.NUMBER, DifferenceKind.DATE, DifferenceKind.NAME)

QUERY_LETTERS = 160  # of a wider query that are shown
NEIGHBOUR_LETTERS = 240  # before and after a sentence, of what was searched with it


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What was searched together with a sentence: the words before and after it, either may be empty."""

    before: str
    after: str


def neighbours_of(claim: ScoredSentence) -> Neighbours | None:
    """The words around a sentence that were searched with it; None where it was searched alone."""
    sentence = claim.sentence.text
    if claim.query is None or sentence not in claim.query:
        return None
    before, _, after = claim.query.partition(sentence)
    before, after = " ".join(before.split()), " ".join(after.split())
    if len(before) > NEIGHBOUR_LETTERS:
        before = f"… {before[-NEIGHBOUR_LETTERS:].partition(' ')[2]}"
    after = shorten(after, NEIGHBOUR_LETTERS, placeholder=" …")
    return Neighbours(before, after) if before or after else None


def differing_sides(difference: Difference, language: str, *, here: ArticleKind) -> str:
    """What stands where in a difference; where only one sentence has it, in which."""
    if not difference.statement:
        return say(language, f"difference.sides.only_{here.value}", words=difference.claim)
    if not difference.claim:
        return say(language, "difference.sides.only_statement", words=difference.statement)
    return say(language, f"difference.sides.{here.value}", claim=difference.claim, statement=difference.statement)


def explain_search(checked: CheckedClaim, language: str) -> list[str]:
    """Why the sentence was searched, with which words, how it was read, and how much was compared."""
    claim = checked.claim
    lines = [worth_words(claim, language)]
    if claim.query is not None:
        sentence = claim.sentence.text
        kind = "wider" if sentence in claim.query else "asked" if claim.query in sentence else "resolved"
        shown = shorten(claim.query, QUERY_LETTERS, placeholder=" …")
        lines.append(say(language, f"explain.{kind}", query=shown))
    if claim.cue:
        cue = say(language, "mode.cue", cue=claim.cue)
        lines.append(f"{say(language, f'mode.{claim.mode.value}')}, {cue}.")
    if checked.compared:
        lines.append(say(language, "explain.compared", n=checked.compared))
        if not checked.evidence and not checked.candidates:
            lines.append(say(language, "explain.nothing_near"))
    return lines


def worth_words(claim: ScoredSentence, language: str) -> str:
    """How check-worthy a sentence is and which features spoke for and against it, the strongest first."""
    parts = [say(language, "explain.worth", share=format_share(claim.checkworthiness, language))]
    for key, sign in (("explain.for", 1), ("explain.against", -1)):
        names = [feature.name for feature in claim.features if feature.weight * sign > 0]
        words = [say(language, f"feature.{name}") for name in names if f"feature.{name}" in catalogue(language)]
        if words:
            parts.append(say(language, key, features=", ".join(words)))
    return " ".join(parts)


def explain_drop(candidate: JudgedMatch, min_confidence: float | None, language: str) -> list[str]:
    """Why a candidate is no evidence, a line each; `min_confidence` is what a match needed (None: not recorded)."""
    lines = []
    for reason in candidate.shortfalls:
        if reason is Shortfall.DIFFERENCE:
            lines += [
                say(
                    language, "shortfall.difference", kind=say(language, f"difference.{difference.kind.value}"),
                    claim=difference.claim, statement=difference.statement,
                )
                for difference in candidate.differences
                if difference.kind in DECISIVE
            ]  # fmt: skip
        elif reason is Shortfall.CONFIDENCE and min_confidence is not None:
            confidence = format_share(candidate.match.confidence, language)
            minimum = format_share(min_confidence, language)
            lines.append(say(language, "shortfall.confidence", confidence=confidence, minimum=minimum))
        elif reason is Shortfall.SHORT:
            lines.append(say(language, "shortfall.short"))
    return lines


def place_of(claim: ScoredSentence, article: Article | None, otherwise: str) -> str:
    """The catalogue's name of where a claim stands: in a picture of the page, or what holds for all others."""
    in_picture = article is not None and article.picture_at(claim.sentence.start) is not None
    return "claim.in_a_picture_of_the_page" if in_picture else otherwise


def moment_of(claim: ScoredSentence, article: Article | None) -> Moment | None:
    """When a claim is said; None if it is written."""
    second = article.second_at(claim.sentence.start) if article is not None else None
    if article is None or second is None:
        return None
    return Moment(clock_words(second), moment_link(article.canonical_url or article.url, second), second)
