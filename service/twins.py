"""What is shown together: statements that say the same in two languages, the reader's first, and clusters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from index.models import NormalizedRating, Statement
from service.catalogue import primary_of
from service.models import Check, CheckedClaim, JudgedMatch
from service.wording import strength_key


def for_reader(check: Check, language: str) -> Check:
    """The check with twins ordered: own ones first, then the page's language before the reader's before any other.

    Twins conclude the same, so no verdict depends on which of them is shown.
    """
    article = check.result.article
    wanted = (primary_of(article.language if article else None), primary_of(language))
    claims = tuple(_ordered(claim, wanted) for claim in check.result.claims)
    return replace(check, result=replace(check.result, claims=claims))


def are_twins(one: JudgedMatch, other: JudgedMatch) -> bool:
    """Whether two statements beside one claim say the same in two languages.

    So do those of one fact-check or publisher that were rated alike; of two publishers those that both surely match.
    """
    first, second = one.match.statement, other.match.statement
    languages = {primary_of(first.language), primary_of(second.language)}
    if "" in languages or len(languages) < 2 or one.stance is not other.stance:
        return False
    if first.rating.normalized is not second.rating.normalized:
        return False
    sure = {strength_key(each.match.confidence, each.match.is_match) for each in (one, other)} == {"strong"}
    return sure or _of_one_house(first, second)


def twins_of(shown: JudgedMatch, evidence: Sequence[JudgedMatch]) -> list[JudgedMatch]:
    """What one publisher says of the claim in other languages than in the statement that is shown."""
    statement = shown.match.statement
    return [item for item in evidence if are_twins(shown, item) and _of_one_house(statement, item.match.statement)]


def standing_alone(evidence: Sequence[JudgedMatch]) -> list[JudgedMatch]:
    """Of what was found the first of each cluster, under which its others are shown, and all that is in none."""
    return [item for place, item in enumerate(evidence) if not any(_together(item, each) for each in evidence[:place])]


def also_checked(shown: JudgedMatch, evidence: Sequence[JudgedMatch]) -> list[JudgedMatch]:
    """The others of a statement's cluster, but for its twins in other languages."""
    twins = twins_of(shown, evidence)
    return [item for item in evidence if item is not shown and _together(item, shown) and item not in twins]


def are_rated_otherwise(shown: JudgedMatch, evidence: Sequence[JudgedMatch]) -> bool:
    """Whether those who checked one claim came to different results; a rating that nobody mapped says nothing."""
    return not are_rated_alike(*(item.match.statement for item in evidence if item is shown or _together(item, shown)))


def are_rated_alike(*statements: Statement) -> bool:
    """Whether all ratings that are mapped are one."""
    return len({each.rating.normalized for each in statements} - {NormalizedRating.UNMAPPED}) <= 1


def _together(one: JudgedMatch, other: JudgedMatch) -> bool:
    return one.cluster is not None and one.cluster == other.cluster


def _of_one_house(one: Statement, other: Statement) -> bool:
    pairs = (
        (one.url, other.url), (one.cluster, other.cluster), (one.publisher.site, other.publisher.site),
        (one.publisher.name, other.publisher.name),
    )  # fmt: skip
    return any(first and first == second for first, second in pairs)


def _ordered(claim: CheckedClaim, wanted: Sequence[str]) -> CheckedClaim:
    return replace(
        claim,
        evidence=_clusters_together(_twins_first(claim.evidence, wanted, are_twins)),
        candidates=_twins_first(claim.candidates, wanted, _of_one_fact_check),
    )


def _twins_first(
    found: Sequence[JudgedMatch], wanted: Sequence[str], alike: Callable[[JudgedMatch, JudgedMatch], bool]
) -> tuple[JudgedMatch, ...]:
    """What was found in its order, but of those that are alike the one in the wanted language first."""
    left, ordered = list(found), []
    while left:
        twins = [left[0], *(item for item in left[1:] if alike(left[0], item))]
        chosen = min(twins, key=lambda item: _rank(item.match.statement, wanted))
        ordered.append(chosen)
        left = [item for item in left if item is not chosen]
    return tuple(ordered)


def _clusters_together(found: Sequence[JudgedMatch]) -> tuple[JudgedMatch, ...]:
    """What was found in its order, but those of a cluster right behind its first."""
    return tuple(
        item
        for first in standing_alone(found)
        for item in (first, *(each for each in found if each is not first and _together(each, first)))
    )


def _of_one_fact_check(one: JudgedMatch, other: JudgedMatch) -> bool:
    """Whether two statements are one in two languages, however the claim stands to them: it was not settled."""
    first, second = one.match.statement, other.match.statement
    pairs = ((first.url, second.url), (first.cluster, second.cluster))
    return primary_of(first.language) != primary_of(second.language) and any(a and a == b for a, b in pairs)


def _rank(statement: Statement, wanted: Sequence[str]) -> tuple[bool, int]:
    """What this house says before what others say, then by language."""
    language = primary_of(statement.language)
    return not statement.is_own, wanted.index(language) if language and language in wanted else len(wanted)
