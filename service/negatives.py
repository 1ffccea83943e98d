"""The negative list: texts that a person ruled out for a statement, and what is nearly the same text."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from index.models import Match
from index.pairs.differences import find_differences
from service.findings import SentenceFindings

WORD = re.compile(r"\w+")
MIN_SHARED = 0.8  # of the words of both texts, for one to be nearly the other. A choice: one word of ten is another.


@dataclass(frozen=True, slots=True)
class Negative:
    """A text that does not match a statement, whatever is measured. `feedback` is the id of the remark that said so."""

    id: str
    text: str
    statement: str  # its id
    owner: str
    created_at: datetime
    note: str | None = None
    feedback: str | None = None


class NegativeList:
    """The negatives as they are at one moment. `digest` names them; None where there are none."""

    def __init__(self, negatives: Iterable[Negative] = ()) -> None:
        self._of: dict[str, list[tuple[str, frozenset[str]]]] = {}
        self._ids: dict[str, set[str]] = {}
        ids = []
        for each in negatives:
            ids.append(each.id)
            self._ids.setdefault(each.statement, set()).add(each.id)
            self._of.setdefault(each.statement, []).append((each.text, words_of(each.text)))
        self.digest = hashlib.sha256(" ".join(sorted(ids)).encode()).hexdigest()[:16] if ids else None

    def beyond(self, other: NegativeList) -> set[str]:
        """The ids of statements that more was ruled out for than on another list."""
        return {statement for statement, ids in self._ids.items() if ids - other._ids.get(statement, set())}

    def rules_out(self, text: str, statement: str) -> bool:
        """Whether a text was ruled out for a statement, or is nearly one that was."""
        known = self._of.get(statement)
        words = words_of(text) if known else frozenset()
        return any(is_near(text, words, other, theirs) for other, theirs in known or ())

    def without(self, findings: Sequence[SentenceFindings], text: str) -> tuple[SentenceFindings, ...]:
        """The findings for the sentences of a text, without those that were ruled out."""
        if not self._of:
            return tuple(findings)
        return tuple(
            replace(
                sentence,
                findings=tuple(
                    finding
                    for finding in sentence.findings
                    if not self.rules_out(text[sentence.start : sentence.end], finding.statement_id)
                ),
            )
            for sentence in findings
        )

    def unmatched(self, text: str, matches: Sequence[Match]) -> list[Match]:
        """The matches of a text, those that were ruled out at the end and matches no more."""
        kept: list[Match] = []
        out: list[Match] = []
        for match in matches:
            (out if self.rules_out(text, match.statement.id) else kept).append(match)
        return [*kept, *(replace(match, confidence=0.0, is_match=False) for match in out)]


def words_of(text: str) -> frozenset[str]:
    """The words of a text, however they are written."""
    return frozenset(WORD.findall(text.casefold()))


def is_near(text: str, words: frozenset[str], other: str, theirs: frozenset[str]) -> bool:
    """Whether two texts are the same but for few words, none of which makes it another claim."""
    return len(words & theirs) >= MIN_SHARED * len(words | theirs) and not find_differences(text, other)
