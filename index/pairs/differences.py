"""The ways in which two similar sentences differ: numbers, dates, names, negation, attribution, reach (de, en).

A difference is reported only where both sides say something of the same kind and it does not agree (negation and
attribution: where one side has it and the other has not). Where it is unsure, there is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from index.characters import visible_text
from index.models import Difference, DifferenceKind
from index.pairs.dates import Day, find_dates
from index.pairs.memory import remembered
from index.pairs.names import find_names
from index.pairs.quantities import Quantity, find_quantities
from index.pairs.reach import causation_differs, extent_differs
from index.pairs.words import MAX_READ, content_words, main_language

MAX_COMPARED = 2500  # numbers or dates of one side times those of the other: between lists nothing is sure

# ---------------------------------------------------------------- negation and attribution

NEGATION = re.compile(
    r"\b(?:nicht|kein(?:e[nmrs]?|erlei|esfalls|eswegs)?|nie(?:mals|mand\w*)?|nirgend\w*|weder|ohne|nein|nichts|"
    r"not|no|never|none|nobody|nothing|neither|nor|without|cannot|"
    r"\w+n['’]t|falsch(?:e[nmrs]?|meldung|behauptung)?|erfunden\w*|unwahr|widerlegt|widerspricht|dementier\w*|bestreite\w*|"
    r"false(?:ly)?|untrue|hoax|fake|debunked|den(?:y|ies|ied)|refut\w+|fabricated|unfounded|baseless|"
    r"haltlos|unbegründet|lüge|gerücht|mythos|myth|rumou?r)\b",
    re.I,
)
CLAUSE = re.compile(r"(?<=[.!?;:,])\s+|\s[–—-]\s|\n+")
BRIEF = 5  # words
# A clause that tells more of something, or why: "who was never popular", "weil er nicht kam". It denies nothing else.
ASIDE = re.compile(
    r"(?:d(?:er|ie|en|em|essen|eren|as)|welche[rnms]?|whose?|whom|which"
    r"|weil|obwohl|wenn|während|because|although|though|if|while)"
    r"\s(?!(?:ist|sind|war|waren|stimmt|is|are)\b)",
)  # written small: with a capital it is a sentence of its own, "Das geht gar nicht."
FEW = 2  # clauses
# These do not turn a sentence round: "nicht nur", "no longer" keep their own sense, "not only" adds.
NOT_NEGATING = re.compile(
    r"\b(?:nicht nur|not only|nicht zuletzt|ohne zweifel|no doubt|ohnehin|no matter|kein wunder|no wonder)\b", re.I
)
ATTRIBUTION = re.compile(
    r"\b(?:laut(?=\s(?:(?-i:[A-ZÄÖÜ„])|eine[rm]?\b|de[rmn]\b))|zufolge|angeblich\w*|behaupte(?:n|t|te|ten)\b(?!\ssich)"
    r"|sagt(?:e|en)?|erklärt(?:e|en)?|heißt es|soll(?:en)?\b(?=.{0,400}\b(?:haben|sein)\b)|"
    r"according to|alleged(?:ly)?|claim(?:s|ed|ing)?(?=\s(?:that|to|it|he|she|they|the|an?)\b)|says?|said"
    r"|report(?:s|ed)(?=\s(?:that|to)\b)|reportedly|purport\w*)\b",
    re.I,
)


def negations(text: str) -> list[str]:
    """The words that negate or deny."""
    plain = NOT_NEGATING.sub(" ", text)
    found = list(NEGATION.finditer(plain))
    # German "Not" is distress, and "None" within a text a name or a slip.
    return [match[0] for match in found if match[0] not in ("Not", "None") or match.start() == 0]


# Where the same preposition leads to another name, it is another place, person or body.
PLACED_NAME = re.compile(r"\b(of|in|from|at|near|to|by)\s+(?:the\s)?([A-Z][a-z]+(?:\s[A-Z][a-z]+)*)\b")


def clauses_about(text: str, other: str) -> str:
    """The clauses of a text that share content words with the other text, and what may deny them.

    A "not" in a side remark denies the remark alone.
    """
    clauses = [clause for clause in CLAUSE.split(text) if clause.strip()]
    words = content_words(other)
    shared = [len(content_words(clause) & words) for clause in clauses]
    best = max(shared, default=0)
    if len(clauses) <= FEW or best == 0:
        return text if len(clauses) <= FEW else ""
    near = [n for n, count in enumerate(shared) if count * 2 >= best and (count > 1 or best == 1)]
    # What stands right before or after in few words may deny the whole: "Nein, …", "…: Das ist falsch."
    beside = {place for n in near for place in (n - 1, n + 1)}
    brief = [
        n
        for n, clause in enumerate(clauses)
        if n in beside and len(clause.split()) <= BRIEF and not ASIDE.match(clause)
    ]
    return " ".join(clauses[n] for n in sorted({*near, *brief}))


# ---------------------------------------------------------------- all together


def find_differences(claim: str, statement: str) -> tuple[Difference, ...]:
    """How the claim departs from the statement, by the first MAX_READ characters of each; empty where none is sure."""
    return _compared(claim[:MAX_READ], statement[:MAX_READ])


# A pair is compared twice, to choose it and to judge it, and a text with every statement that is proposed for it.
@remembered
def _compared(claim: str, statement: str) -> tuple[Difference, ...]:
    claim, statement = visible_text(claim), visible_text(statement)
    found: list[Difference | None] = [
        _unmatched(DifferenceKind.NUMBER, _quantities(claim), _quantities(statement)),
        _unmatched(DifferenceKind.DATE, _dates(claim), _dates(statement)),
        _names_differ(claim, statement),
        _negation_differs(claim, statement),
        _attribution_differs(claim, statement),
        extent_differs(claim, statement),
        causation_differs(claim, statement),
    ]
    return tuple(difference for difference in found if difference is not None)


@remembered
def _quantities(text: str) -> tuple[Quantity, ...]:
    return tuple(find_quantities(text))


@remembered
def _dates(text: str) -> tuple[Day, ...]:
    return tuple(find_dates(text))


@remembered
def _names(text: str) -> Mapping[str, Mapping[str, str]]:
    return find_names(text)


def _unmatched(
    kind: DifferenceKind, here: Sequence[Quantity] | Sequence[Day], there: Sequence[Quantity] | Sequence[Day]
) -> Difference | None:
    if len(here) * len(there) > MAX_COMPARED:
        return None
    # Only where each side has something that the other lacks: a number more is a detail, not a contradiction.
    only_here = [item for item in here if not any(item.agrees(other) for other in there)]  # type: ignore[arg-type]
    only_there = [item for item in there if not any(item.agrees(other) for other in here)]  # type: ignore[arg-type]
    if not only_here or not only_there:
        return None
    if kind is DifferenceKind.NUMBER and not _same_unit(only_here, only_there):  # type: ignore[arg-type]
        return None
    return Difference(kind, only_here[0].words, only_there[0].words)


def _same_unit(here: Iterable[Quantity], there: Iterable[Quantity]) -> bool:
    return bool({quantity.unit for quantity in here} & {quantity.unit for quantity in there})


def _names_differ(claim: str, statement: str) -> Difference | None:
    here, there = _names(claim), _names(statement)
    for group in here:  # in the order of the claim's words, so that every run says the same
        if group in there and not here[group].keys() & there[group].keys():
            return Difference(DifferenceKind.NAME, next(iter(here[group].values())), next(iter(there[group].values())))
    return None if here or there else _other_names_differ(claim, statement)


def _other_names_differ(claim: str, statement: str) -> Difference | None:
    """Names on no list, in English alone: German writes every noun with a capital."""
    if main_language(claim) != "en" or main_language(statement) != "en":
        return None
    here = {found[1].lower(): found[2] for found in PLACED_NAME.finditer(claim) if found[2] not in statement}
    there = {found[1].lower(): found[2] for found in PLACED_NAME.finditer(statement) if found[2] not in claim}
    place = next((word for word in here if word in there), None)
    return Difference(DifferenceKind.NAME, here[place], there[place]) if place else None


def _negation_differs(claim: str, statement: str) -> Difference | None:
    here, there = negations(clauses_about(claim, statement)), negations(clauses_about(statement, claim))
    # Where both deny, it is hardly ever the one thing that the other leaves standing.
    if (here and there) or len(here) % 2 == len(there) % 2:
        return None
    return Difference(DifferenceKind.NEGATION, ", ".join(here), ", ".join(there))


def _attribution_differs(claim: str, statement: str) -> Difference | None:
    here = ATTRIBUTION.search(claim)
    if here is None or ATTRIBUTION.search(statement):
        return None
    return Difference(DifferenceKind.ATTRIBUTION, here[0], "")
