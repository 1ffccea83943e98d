"""The worst inputs of a regular expression, made from the expression itself: what it repeats is repeated, what it needs
at the end is left out.

From the parsed pattern come, for each repetition, texts that lead into it, pump it and then fail; texts that begin it
again and again; and for each branch near misses in a row. Runs of each kind of character that the pattern tells apart
are added, alone and in pairs.
"""

from __future__ import annotations

import re
import re._constants as op  # type: ignore[import-not-found]  # the standard library's own parser has no public name
import re._parser as parser  # type: ignore[import-not-found]
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, permutations
from typing import Any

REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)
PUMPED_FROM = 8  # repetitions that are allowed at least, for a repetition to be worth pumping
BRANCHES = 10  # of an alternation that are tried whole, taken evenly
PUMPS = 3  # different texts for the body of a repetition
LETTERS = "a0 \n-.,A:ä'\"!_/<=]"
ENDINGS = ("", "!", "\0", "x")
KINDS = [(op.IN, [(op.CATEGORY, kind)]) for kind in (op.CATEGORY_WORD, op.CATEGORY_SPACE, op.CATEGORY_DIGIT)]
CATEGORIES = {
    op.CATEGORY_DIGIT: r"\d", op.CATEGORY_NOT_DIGIT: r"\D", op.CATEGORY_SPACE: r"\s", op.CATEGORY_NOT_SPACE: r"\S",
    op.CATEGORY_WORD: r"\w", op.CATEGORY_NOT_WORD: r"\W",
}  # fmt: skip

Nodes = Sequence[tuple[Any, Any]]


@dataclass(frozen=True)
class WorstCase:
    """A text of any length: `before`, then `pump` as often as there is room, then `after`."""

    before: str
    pump: str
    after: str

    def build(self, size: int) -> str:
        """The text at about `size` characters."""
        return self.before + self.pump * max(1, size // len(self.pump)) + self.after


def worst_cases(pattern: re.Pattern[Any]) -> list[WorstCase]:
    """Each once, in the order found."""
    return list(dict.fromkeys(case for case in _Attack(pattern).cases() if case.pump))


class _Attack:
    def __init__(self, pattern: re.Pattern[Any]) -> None:
        self._nodes = list(parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG))
        literals = dict.fromkeys(chr(code) for code in _literals(self._nodes) if code < 0x110000)
        self._letters = "".join(dict.fromkeys([*LETTERS, *list(literals)[:24]]))
        marks = [(op.IN, [(op.LITERAL, ord(letter))]) for letter in literals if not letter.isalnum()]
        self._classes = [*_classes(self._nodes), *KINDS, *marks]
        self._endings = (*ENDINGS, *self._forbidden(self._nodes))

    def cases(self) -> Iterator[WorstCase]:
        yield from self._runs()
        for whole in self._texts(self._nodes, BRANCHES):
            for pump in (whole, whole[:-1], whole + " ", whole[:-1] + "!"):
                yield WorstCase("", pump, "")
                yield WorstCase(whole, whole[-1:], "!")
        yield from self._pumped(self._nodes, "", "")

    def _runs(self) -> Iterator[WorstCase]:
        apart: dict[tuple[bool, ...], str] = {}
        for letter in self._letters:
            apart.setdefault(tuple(_holds(one, letter) for one in self._classes), letter)
        letters = list(apart.values())[:9]
        for letter in letters:
            yield from (WorstCase("", letter, ending) for ending in ("", "!", "\0"))
        for one, other in permutations(letters, 2):
            yield WorstCase("", one + other, "\0")

    def _pumped(self, nodes: Nodes, before: str, after: str) -> Iterator[WorstCase]:
        """For each repetition at this level and below: led into by `before`, followed by `after`."""
        for place, (kind, value) in enumerate(nodes):
            lead = before + self._text(nodes[:place])
            rest = self._text(nodes[place + 1 :]) + after
            if kind in REPEATS:
                least, most, body = value
                if most >= PUMPED_FROM:
                    for pump in self._texts(body, PUMPS):
                        yield from self._attacks(lead, pump, rest)
                yield from self._pumped(body, lead + self._text(body) * max(0, least - 1), rest)
            else:
                for inner in _inner(kind, value):
                    yield from self._pumped(inner, lead, rest)

    def _attacks(self, lead: str, pump: str, rest: str) -> Iterator[WorstCase]:
        for ending in (*self._endings, rest[:-1] + "\0"):
            yield WorstCase(lead, pump, ending)
        for again in (lead + pump, pump + rest, lead + pump + rest[:-1], lead + pump + "!"):
            yield WorstCase("", again, "\0")
        yield WorstCase("", pump, "\0" + rest)

    def _forbidden(self, nodes: Nodes) -> list[str]:
        """What the pattern must not be followed by: at the end of a text, it makes a match fail late."""
        texts = [self._texts(value[1], 4) for kind, value in _walk(nodes) if kind is op.ASSERT_NOT and value[0] > 0]
        return list(dict.fromkeys(chain.from_iterable(texts)))[:4]

    def _text(self, nodes: Nodes) -> str:
        return next(iter(self._texts(nodes, 1)), "")

    def _texts(self, nodes: Nodes, limit: int) -> list[str]:
        """Texts that the nodes match, roughly: what they look at ahead and behind is put in as well."""
        texts = [""]
        for kind, value in nodes:
            pieces = self._pieces(kind, value, limit)
            if pieces:
                long = max(len(texts), len(pieces))
                texts = [texts[n % len(texts)] + pieces[n % len(pieces)] for n in range(min(long, limit))]
        return list(dict.fromkeys(texts))

    def _pieces(self, kind: Any, value: Any, limit: int) -> list[str]:
        if kind is op.LITERAL:
            return [chr(value)]
        if kind in (op.NOT_LITERAL, op.ANY, op.IN):
            return self._letters_of((kind, value))[:limit]
        if kind is op.BRANCH:
            branches = value[1]
            step = max(1, len(branches) / limit)
            chosen = [branches[int(n * step)] for n in range(min(limit, len(branches)))]
            return list(chain.from_iterable(self._texts(branch, max(1, limit // len(chosen))) for branch in chosen))
        if kind in REPEATS:
            least, most, body = value
            return [text * max(least, 1 if most else 0) for text in self._texts(body, limit)]
        if kind is op.ASSERT_NOT:
            return []
        return list(chain.from_iterable(self._texts(inner, limit) for inner in _inner(kind, value)))

    def _letters_of(self, node: tuple[Any, Any]) -> list[str]:
        """Letters of a class that other parts of the pattern tell apart."""
        apart: dict[tuple[bool, ...], str] = {}
        for letter in self._letters:
            if _holds(node, letter):
                apart.setdefault(tuple(_holds(one, letter) for one in self._classes), letter)
        if not apart and node[0] is op.IN:
            return [chr(code) for code in _codes(node[1])][:1]
        # Those that most parts match are the most confusing ones.
        return [letter for _, letter in sorted(apart.items(), key=lambda item: -sum(item[0]))]


def _inner(kind: Any, value: Any) -> list[Nodes]:
    """The sequences inside a node that is neither a repetition nor a character."""
    if kind is op.BRANCH:
        return list(value[1])
    if kind is op.SUBPATTERN:
        return [value[3]]
    if kind in (op.ASSERT, op.ASSERT_NOT):
        return [value[1]]
    if kind is op.ATOMIC_GROUP:
        return [value]
    if kind is op.GROUPREF_EXISTS:
        return [part for part in value[1:] if part is not None]
    return []


def _walk(nodes: Nodes) -> Iterator[tuple[Any, Any]]:
    for kind, value in nodes:
        yield kind, value
        for inner in [value[2]] if kind in REPEATS else _inner(kind, value):
            yield from _walk(inner)


def _literals(nodes: Nodes) -> Iterator[int]:
    for kind, value in _walk(nodes):
        if kind in (op.LITERAL, op.NOT_LITERAL):
            yield value
        elif kind is op.IN:
            yield from _codes(value)


def _codes(items: Nodes) -> Iterator[int]:
    for kind, value in items:
        if kind is op.LITERAL:
            yield value
        elif kind is op.RANGE:
            yield value[0]


def _classes(nodes: Nodes) -> Iterator[tuple[Any, Any]]:
    return (node for node in _walk(nodes) if node[0] in (op.IN, op.ANY, op.NOT_LITERAL))


def _holds(node: tuple[Any, Any], letter: str) -> bool:
    kind, value = node
    if kind is op.ANY:
        return letter != "\n"
    if kind is op.NOT_LITERAL:
        return ord(letter) != value
    items = list(value)
    negated = bool(items) and items[0][0] is op.NEGATE
    return any(_holds_item(item, letter) for item in items[negated:]) != negated


def _holds_item(item: tuple[Any, Any], letter: str) -> bool:
    kind, value = item
    if kind is op.LITERAL:
        return ord(letter) == value
    if kind is op.RANGE:
        return value[0] <= ord(letter) <= value[1]
    return re.match(CATEGORIES[value], letter) is not None
